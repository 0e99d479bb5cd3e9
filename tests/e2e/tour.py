"""Every page that a student meets, in each state, in any language: it goes by names and addresses.

Two people are needed: one for whom DUO is out of order at first, and a minor whom DUO doesn't
know, who gets every question.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
from playwright.sync_api import Page

from digistub.people import PEOPLE
from digistub.rio_data import OFFERS
from digistub.sbb_data import LONG_NAME
from tests.e2e.server import Server
from tests.e2e.student import Student
from tests.e2e.tour_interests import interests
from tests.e2e.tour_proof import checked
from tests.leerbedrijven import IDS as COMPANIES
from tests.portal import Student as Walker

SECRET, UNKNOWN = PEOPLE[3].bsn, PEOPLE[4].bsn
SCHOOLED = "999602950"  # at four schools
BUTTON = "main form[method=post]:not([action]) .actions button"
PAGES = {
    "start": "/",
    "inloggen": "/login",
    "zonder-digid": "/login/loginWithoutDigiD",
    "privacy": "/privacy",
    "beheer": "/beheer",
    "bewijs": "/controleer",
    "link-onbekend": "/aanmelden?opleiding=bestaat-niet",
    "404": "/bestaat-niet",
    "verlopen": "/sessie-verlopen",
}
# Programmes: with nothing open, with a long note, with many cohorts, with strange characters.
LOOKED_AT = ("office-bol", "verpleegkundige-bol", "kok-bol-zwolle", "bloem-bol")
# What is typed of an address, and for what street and place are filled in then.
LOOKED_UP = (
    ("adres-gevonden", "1234 AB", "12", "", "1234AB 12"),
    ("adres-toevoegingen", "1234 AB", "16", "C", "1234AB 16"),
    ("adres-lang", "8799 XZ", "9", "", "8799XZ 9"),
    ("adres-niet-gevonden", "9999 XZ", "1", "", ""),
)
# Programmes whose choice leads to a question of its own.
ASK_MORE = {
    "toegangscode": "verzorgende-bbl",
    "leerjaar": "ict-bol",
    "startdatum": "gastheer-ovo",
}
IDS = {offer.key: offer.id for offer in OFFERS}
ANSWERS = {
    "over-jou": {
        "first_names": "Isa Maria",
        "surname": "Terbeek",
        **{"birth_date-day": "14", "birth_date-month": "3", "birth_date-year": "2010"},
    },
    "adres": {"postcode": "1234 AB", "number": "12", "street": "Lindelaan", "place": "Ons Dorp"},
    "contact": {"email": "student@voorbeeld.nl", "phone": "06 12345678"},
    "school": {"school": "Het Voorbeeld", "year": "2026"},
    "ouders": {
        "first-first_names": "Anna",
        "first-surname": "Jansen",
        "first-phone": "06 12345678",
    },
}
CHOSEN = {"over-jou": ("sex",), "school": ("where", "diploma")}  # the first of each


class Tour:
    """Go through `stops()`; at each the page is there to be looked at. Scripts must run."""

    def __init__(self, page: Page, server: Server, language: str) -> None:
        self.page, self.server = page, server
        self.student = Student(page, server, javascript=True)
        self.language = language

    def stops(self) -> Iterator[str]:
        self.visit(f"/taal/{self.language}")
        for name, path in PAGES.items():
            self.visit(path)
            yield name
        yield from self.before_login()
        yield from self.what_duo_knows()
        yield from self.questions()
        yield from self.afterwards()
        yield from interests(self, IDS)

    def visit(self, path: str) -> None:
        self.page.goto(self.server.base + path)

    def presses(self) -> None:
        self.page.locator(BUTTON).first.click()

    def goes_on(self) -> None:
        """Press the button of the question; the next page is there."""
        here = self.page.url.split("?")[0]
        self.presses()
        self.page.wait_for_url(lambda url: url.split("?")[0] != here)
        self.student.settles()

    def before_login(self) -> Iterator[str]:
        links = {"link": "kok-bbl-zwolle", "link-keuze": "ict-bol", "link-dicht": "office-bol"}
        for name, key in links.items():
            self.visit(f"/aanmelden?{urlencode({'opleiding': IDS[key]})}")
            yield name
        self.visit("/login/digid")
        self.page.locator("button[value=annuleren]").click()
        self.page.wait_for_url(f"{self.server.base}/**")
        yield "geannuleerd"

    def what_duo_knows(self) -> Iterator[str]:
        self.page.context.clear_cookies(name="sid")
        bsn = self.server.fresh()
        self.server.world.set_fault("duo", "personen", bsn, "500")
        self.student.is_logged_in_as(bsn)
        yield "duo-stuk"
        self.server.world.mend()
        self.page.locator("main form[action] button").click()
        self.page.locator("main .letter").wait_for()
        yield "gegevens-van-duo"
        yield from self.logging_out()
        yield "uitgelogd"
        self.student.is_logged_in_as(SECRET)
        yield "geheim-adres"
        self.leaves()
        self.student.is_logged_in_as(SCHOOLED, at="vooropleiding")
        yield "vooropleiding-vier"
        self.leaves()

    def logging_out(self) -> Iterator[str]:
        """On the page that goes on to the provider by itself, which is held up here."""
        provider = f"{self.server.issuer}/logout*"
        self.page.route(provider, lambda route: route.abort("aborted"))
        with self.page.expect_event("requestfailed"):
            self.page.locator("header form button").click()
        yield "uitloggen"
        self.page.unroute(provider)
        self.page.locator("main .actions a").click()
        self.page.wait_for_url(f"{self.server.base}/uitgelogd")

    def leaves(self) -> None:
        self.page.locator("header form button").click()
        self.page.wait_for_url(f"{self.server.base}/uitgelogd")

    def questions(self) -> Iterator[str]:
        self.student.is_logged_in_as(UNKNOWN)
        while (name := self.student.at) != "controleren":
            yield name
            if name == "opleiding":
                yield from self.choice()
            elif name == "leerbedrijf":
                yield from self.leerbedrijf()
            elif name == "vooropleiding":
                yield from self.refused("vooropleiding-fout")
                self.page.locator("[name=which][value=anders]").check()
            elif name in ANSWERS:
                if name == "adres":
                    yield from self.addresses()
                yield from self.mistaken(name)
            self.goes_on()
        yield name
        yield from self.refused("controleren-fout")
        self.page.locator("[name=privacy]").check()

    def addresses(self) -> Iterator[str]:
        for stop, postcode, number, suffix, filled in LOOKED_UP:
            self.page.fill("#postcode", postcode)
            self.page.fill("#number", number)
            self.page.fill("#suffix", suffix)
            self.page.locator(f"[name=filled][value='{filled}']").wait_for(state="attached")
            yield stop
        self.page.locator("button[name=switch]").click()
        self.page.locator("#country").wait_for()
        self.student.settles()
        yield "adres-buitenland"
        self.page.fill("#country", "guin")
        self.page.fill("#line1", "Rue du Pont 3")
        yield from self.refused("adres-land")
        self.page.locator("button[name=switch]").click()
        self.page.locator("#postcode").wait_for()
        self.student.settles()

    def mistaken(self, name: str) -> Iterator[str]:
        for field in ANSWERS[name]:
            self.page.fill(f"[name={field}]", "")
        yield from self.refused(f"{name}-fout")
        for field, text in ANSWERS[name].items():
            self.page.fill(f"[name={field}]", text)
        for choice in CHOSEN.get(name, ()):
            self.page.locator(f"[name={choice}]").first.check()
        if name == "school":
            self.page.locator("[name=level]").select_option("vmbo-tl")
        yield f"{name}-ingevuld"

    def choice(self) -> Iterator[str]:
        address = self.page.url.removeprefix(self.server.base)
        self.visit(f"{address}?q=xyzzy")
        yield "opleiding-niets"
        self.visit(f"{address}?q=kok")
        yield "opleiding-gevonden"
        self.page.fill("#q", "zwolle")
        self.page.locator("#voorstellen [role=option]").first.wait_for()
        self.page.locator("#q").press("ArrowDown")
        yield "opleiding-typen"
        self.visit(f"{address}?q=zwolle")
        self.page.locator("#main a[href$='#verfijnen']").click()
        self.page.locator("#verfijnen[open]").wait_for()
        self.student.settles()
        yield "opleiding-verfijnen"
        self.visit(f"{address}?school=99XX&niveau=2")
        yield "opleiding-verfijnd"
        for key in LOOKED_AT:
            self.visit(f"{address}?programma={IDS[key]}")
            yield f"opleiding-{key}"
        self.visit(f"{address}?q=kok&programma={IDS['kok-bol-zwolle']}")
        yield from self.refused("opleiding-fout")
        for slug, key in ASK_MORE.items():
            self.visit(f"{address}?programma={IDS[key]}")
            self.page.locator("[name=cohort]").last.check()
            self.goes_on()
            yield slug
            yield from self.refused(f"{slug}-fout")
        self.visit(f"{address}?programma={IDS['software-bbl']}")
        self.page.locator("[name=cohort]").first.check()

    def leerbedrijf(self) -> Iterator[str]:
        address = self.page.url.removeprefix(self.server.base)
        self.visit(f"{address}?q=xyzzy")
        yield "leerbedrijf-niets"
        self.visit(f"{address}?q=")
        yield "leerbedrijf-gevonden"
        self.page.fill("#q", "e")
        self.page.locator("#voorstellen [role=option]").first.wait_for()
        self.page.locator("#q").press("ArrowDown")
        yield "leerbedrijf-typen"
        self.visit(f"{address}?bedrijf={COMPANIES[LONG_NAME]}")
        yield "leerbedrijf-lang-en-niet-erkend"
        self.visit(f"{address}?q=e&bedrijf={COMPANIES['Datadok']}")
        yield "leerbedrijf-erkend"
        self.server.world.set_fault("sbb", "erkenning", None, "expired")
        yield from self.refused("leerbedrijf-fout")
        self.server.world.mend()
        self.server.world.set_fault("sbb", "zoeken", None, "500")
        self.visit(f"{address}?q=e")
        yield "leerbedrijf-storing"
        self.server.world.mend()
        self.visit(f"{address}?bedrijf={COMPANIES['Datadok']}")

    def refused(self, name: str) -> Iterator[str]:
        self.presses()
        self.page.locator("#fouten").wait_for()
        self.student.settles()
        yield name

    def afterwards(self) -> Iterator[str]:
        self.goes_on()
        yield "verstuurd"
        self.page.reload()
        yield from checked(self)
        yield from self.sent(self.page.url.split("/")[-2])
        self.visit("/mijn")
        self.page.locator("form[action$=nieuw] button").click()
        self.page.wait_for_url("**/aanmelding/**")
        self.visit("/mijn")
        yield "mijn"

    def sent(self, draft: str) -> Iterator[str]:
        """An application: looked at, changed, offered a place and let go."""
        here, changes = f"/mijn/{draft}", f"/aanmelding/{draft}/verstuurd"
        self.visit(here)
        yield "aanmelding"
        self.visit(f"{changes}/contact")
        yield "contact-wijzigen"
        self.visit(f"{changes}/leerbedrijf")
        yield "leerbedrijf-wijzigen"
        self.visit(f"{here}/intrekken")
        yield "intrekken"
        self.applies_again()
        for code in ("AO", "LNI", "OA"):
            self.server.school_says(draft, code)
        self.visit(here)
        yield "aanmelding-plek"
        self.visit(f"{here}/kiezen")
        yield "kiezen"
        self.visit(f"{here}/intrekken")
        self.goes_on()
        yield "ingetrokken"

    def applies_again(self) -> None:
        """For something else, by plain requests."""
        with httpx.Client(base_url=self.server.base, trust_env=False, verify=False) as client:
            walker = Walker(client, UNKNOWN)
            walker.log_in()
            walker.get("/mijn")
            walker.post("/mijn/nieuw")
            assert walker.send().status_code == 200
