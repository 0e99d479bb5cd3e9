"""Somebody who applies, in words of their own. They see pages and press what stands on them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.e2e.server import Server
from tests.portal import Student as Walker

DATA = "Kloppen je gegevens?"
NO_DATA = "Je gegevens"  # DUO has none of them
WHO = "Wie ben je?"
ADDRESS = "Wat is je adres?"
CONTACT = "Hoe kan de school je bereiken?"
PICKED = "Wat is je vooropleiding?"
SCHOOL = "Wat deed je hiervoor?"
CHOICE = "Welke opleiding wil je doen?"
KEY = "Wat is de toegangscode?"
JOINING = "In welk leerjaar stap je in?"
START = "Wanneer wil je beginnen?"
GUARDIANS = "Wie is je ouder of verzorger?"
GROWN_UP = "Wil je een ouder of verzorger opgeven?"
LEERBEDRIJF = "Bij welk leerbedrijf ga je werken?"
CHECK = "Controleer je aanmelding"
SENT = "Je aanmelding is verstuurd"
MINE = "Mijn aanmeldingen"
LOGGED_OUT = "Je bent uitgelogd"

NEXT = "Opslaan en verder"
CHOOSE = "Kies deze opleiding"
SEND = "Verstuur je aanmelding"
LOG_IN = "Inloggen met DigiD"


@dataclass
class Student:
    page: Page
    server: Server
    javascript: bool

    # --- coming and going

    def opens(self, path: str) -> None:
        self.page.goto(self.server.base + path)

    def logs_in_as(self, bsn: str, button: str = LOG_IN) -> None:
        """On a page of the portal that offers it, through DigiStub's own page."""
        self.follows(button)
        self.tells_digid(bsn)

    def tells_digid(self, bsn: str) -> None:
        self.page.get_by_label("Of een ander BSN").fill(bsn)
        self.page.get_by_role("button", name="Inloggen", exact=True).click()
        self.page.wait_for_url(f"{self.server.base}/**")

    def is_logged_in_as(self, bsn: str, at: str = "") -> None:
        """By plain requests, which also answer everything before the step `at`; the browser
        gets the cookies and opens the page where that ended."""
        with httpx.Client(base_url=self.server.base, trust_env=False, verify=False) as client:
            walker = Walker(client, bsn)
            arrived = walker.log_in()
            assert arrived.status_code == 200, arrived.status_code
            if at:
                walker.walk_to(at)
            cookies = [
                {
                    "name": cookie.name,
                    "value": cookie.value or "",
                    "url": self.server.base,
                    "httpOnly": cookie.has_nonstandard_attr("HttpOnly"),
                }
                for cookie in client.cookies.jar
                if cookie.domain == "127.0.0.1"
            ]
        self.page.context.add_cookies(cookies)  # type: ignore[arg-type]
        self.page.goto(str(walker.page.url.copy_with(query=None)))

    def logs_out(self) -> None:
        self.page.get_by_role("button", name="Ben jij dit niet? Uitloggen").click()
        self.page.wait_for_url(f"{self.server.base}/uitgelogd")

    def is_warned(self) -> Locator:
        """Somebody new, who does nothing at `contact` until the session is about to end: the
        warning. The browser's clock is ours from then on."""
        self.page.clock.install()
        self.is_logged_in_as(self.server.fresh(), at="contact")
        self.page.clock.fast_forward("13:30")
        warning = self.page.get_by_role("dialog")
        expect(warning).to_be_visible()
        return warning

    # --- looking

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def heading(self) -> Locator:
        return self.page.locator("main h1")

    @property
    def at(self) -> str:
        """The last part of the address."""
        return self.page.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]

    def sees(self, heading: str) -> None:
        """This page is there, and what its scripts do is done."""
        expect(self.heading).to_have_text(heading)
        self.settles()

    def settles(self) -> None:
        """What HTMX brought has the focus: what is typed before that may end elsewhere."""
        self.page.wait_for_load_state("load")
        expect(self.page.locator(".htmx-request, .htmx-added")).to_have_count(0)

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).to_contain_text(text)

    def does_not_read(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).not_to_contain_text(text)

    def field(self, label: str) -> Locator:
        return self.main.get_by_label(re.compile(rf"^{re.escape(label)}")).first

    def finds(self, label: str, value: str) -> None:
        """What a field holds."""
        expect(self.field(label)).to_have_value(value)

    # --- doing

    def presses(self, button: str) -> None:
        self.main.get_by_role("button", name=button, exact=True).click()

    def follows(self, link: str) -> None:
        self.main.get_by_role("link", name=link, exact=True).first.click()

    def fills(self, **fields: str) -> None:
        """By label, with `_` for a blank: `fills(Roepnaam="Noor")`."""
        for label, text in fields.items():
            self.field(label.replace("_", " ")).fill(text)

    @property
    def search(self) -> Locator:
        """The field; beside a programme it is out of the way at first."""
        other = self.main.locator("summary", has_text="Zoek een andere opleiding")
        if other.is_visible():
            other.click()
        return self.field("Zoek op opleiding")

    def searches(self, words: str) -> None:
        self.search.fill(words)
        self.presses("Zoeken")
        asked = words.replace(" ", r"(\+|%20)")  # a browser's way, and HTMX's
        expect(self.page).to_have_url(re.compile(rf"[?&]q={asked}(&|$)"))

    def looks_at(self, programme: str) -> None:
        """One of those found."""
        self.follows(programme)
        self.sees_programme(programme)

    def sees_programme(self, name: str) -> None:
        expect(self.main.get_by_role("region", name=name, exact=True)).to_be_visible()
        self.settles()

    def chooses(self, *texts: str) -> None:
        """A card with all of these."""
        cards = self.main.locator("label.choice")
        for text in texts:
            cards = cards.filter(has_text=text)
        cards.first.click()

    def changes(self, part: str) -> None:
        """From the check page."""
        self.follows(f"Wijzig: {part}")

    # --- the questions, answered as usual

    def answers(self, heading: str) -> None:
        self.sees(heading)
        ANSWERS[heading](self)

    def answers_all(self, *headings: str) -> None:
        for heading in headings:
            self.answers(heading)

    def confirms_data(self) -> None:
        self.presses("Ja, dit klopt")

    def gives_contact(self) -> None:
        self.fills(**{"Roepnaam": "Sam", "E-mailadres": "sam@voorbeeld.nl"})
        self.presses(NEXT)

    def types_data(self) -> None:
        self.fills(Voornamen="Isa Maria", Achternaam="Terbeek", Dag="14", Maand="3", Jaar="2005")
        self.chooses("Vrouw")
        self.presses(NEXT)

    def gives_address(self) -> None:
        self.fills(Postcode="1234 ab", Huisnummer="12", Straat="Lindelaan", Woonplaats="Ons Dorp")
        self.presses(NEXT)

    def picks_schooling(self) -> None:
        """What DUO knows, where that is chosen already; else none at all."""
        if not self.main.get_by_role("radio", checked=True).count():
            self.chooses("Ik heb geen vooropleiding")
        self.presses(NEXT)

    def tells_schooling(self) -> None:
        self.chooses("In Nederland")
        self.fills(**{"Naam van de school": "Het Voorbeeld", "Jaar": "2026"})
        self.field("Niveau").select_option("Vmbo-t of mavo")
        self.main.get_by_role("radio", name="Ja", exact=True).check()
        self.presses(NEXT)

    def finds_programme(self) -> None:
        self.searches("kok zwolle")
        self.looks_at("Kok in het restaurant")
        self.chooses("Zwolle", "BOL")
        self.presses(CHOOSE)

    def picks_first_day(self) -> None:
        day = self.field("Startdatum")
        day.fill(day.get_attribute("min") or "")
        self.presses(NEXT)

    def joins(self) -> None:
        self.chooses("Ja, dat klopt")
        self.presses(NEXT)

    def names_guardian(self) -> None:
        offered = self.main.locator("summary", has_text="Ja, ik geef iemand op")
        grown_up = offered.is_visible()
        if grown_up:
            offered.click()
        self.fills(**{"Voornamen van je ouder": "Anna", "Achternaam": "Jansen"})
        self.fills(Telefoonnummer="06 12345678")
        self.presses("Verder" if grown_up else NEXT)

    def needs_nobody(self) -> None:
        self.presses("Verder")

    def works_nowhere_yet(self) -> None:
        self.presses("Ik heb nog geen leerbedrijf")

    @property
    def read(self) -> Locator:
        """The tick of who has read what happens with the data."""
        return self.main.get_by_role("checkbox", name="Ik heb de privacyverklaring gelezen")

    def sends(self) -> None:
        self.read.check()
        self.presses(SEND)


ANSWERS = {
    DATA: Student.confirms_data,
    WHO: Student.types_data,
    ADDRESS: Student.gives_address,
    CONTACT: Student.gives_contact,
    PICKED: Student.picks_schooling,
    SCHOOL: Student.tells_schooling,
    CHOICE: Student.finds_programme,
    START: Student.picks_first_day,
    JOINING: Student.joins,
    GUARDIANS: Student.names_guardian,
    GROWN_UP: Student.needs_nobody,
    LEERBEDRIJF: Student.works_nowhere_yet,
    CHECK: Student.sends,
}
