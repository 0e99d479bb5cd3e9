"""Everybody whose data may be nowhere walks every way there is, and runs into every fault: what is
left of that is the evidence (checklist item 44)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import sqlalchemy as sa

from app import access, clock, db
from app.models import metadata
from digistub.people import fresh_bsn
from tests import watch
from tests.canaries import COMPANY, HALF_A_STUDENT, KNOWN, LINK, MARK, TYPED, WALKERS, typed
from tests.choosing import LOCKED, choose, look_at
from tests.guests import comes_in, tries
from tests.leerbedrijven import COOK, IDS
from tests.letters import do_everything, links, mails, part, read
from tests.portal import Portal, Student
from tests.sis import number, sis
from tests.status_items import item, results

GONE = fresh_bsn("9997", 77)  # who removes everything in the end

FAULTS = ("access_denied", "bsn-elfproef", "sofi", "userinfo-other")
OUT_OF_ORDER = ("500", "wrong-types", "other-person")


@dataclass
class Overheard(httpx.BaseTransport):
    """What DUO said of persons, all of it."""

    works: httpx.BaseTransport
    said: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.works.handle_request(request)
        if request.url.path.endswith("/personen"):
            self.said.append(answer.read().decode())
        return answer


@dataclass
class Evidence:
    """What is left when everybody has been everywhere."""

    portal: Portal
    log: watch.Log
    duo: Overheard
    trail: watch.Trail = field(default_factory=watch.Trail)

    @property
    def addresses(self) -> list[str]:
        """Every address that a browser asked for, or was sent to; the school's own link apart."""
        return [a for a in self.trail.addresses if f"kenmerk={MARK}" not in a]

    @property
    def mail(self) -> dict[str, str]:
        """Headers and text of each message, by the name of its file."""
        folder = self.portal.settings.instance / "mail"
        return {path.name: readable(path) for path in folder.iterdir()}


def readable(path: Path) -> str:
    message = read(path.read_bytes())
    return "\n".join([*map(str, message.values()), part(message, "plain"), part(message, "html")])


def breaking(portal: Portal) -> None:
    """Addresses at which something fails with a person in its hands."""

    def wrong_value() -> None:
        raise ValueError(" ".join(KNOWN))

    def wrong_row() -> None:
        with db.transaction() as connection:
            connection.execute(sa.insert(metadata.tables["student"]), HALF_A_STUDENT)

    for view in (wrong_value, wrong_row):
        portal.app.add_url_rule(f"/{view.__name__}", view_func=access.public(view))


def everything(portal: Portal) -> Evidence:
    breaking(portal)
    with watch.logged() as log:
        portal.outside.inside = duo = Overheard(portal.outside.inside)
        evidence = Evidence(portal, log, duo)
        for person in WALKERS:
            walked(evidence, person.bsn)
        do_everything(portal)
        school_answers(evidence)
        years_go_by(evidence)
        comes_without_digid(evidence)
        leaves(evidence)
    return evidence


def walked(evidence: Evidence, bsn: str) -> None:
    browser = evidence.portal.browser()
    evidence.trail.follow(browser)
    student = Student(browser, bsn)
    student.follow(LINK)
    for fault in FAULTS:
        student.log_in(fault=fault)
    for fault in OUT_OF_ORDER:
        evidence.portal.fault("duo", "personen", bsn, fault)
        student.log_in()
    evidence.portal.fault("duo", "personen", bsn, None)
    student.log_in()
    while student.at != "verstuurd":
        step = student.page.url.path
        if student.at != "controleren":
            if student.at == "contact":
                browser.cookies.delete("sid")
                student.post(step, **typed(student))
                student.log_in()
            if student.at == "opleiding":
                look_at(student, COOK)
            wrong = {name: f"{TYPED[0]}\x00" for name in student.fields() if name != "csrf_token"}
            student.post(step, **wrong)
            student.get(step)
        if student.at == "opleiding":
            choose(student, COOK)
        elif student.at == "leerbedrijf":
            student.get(f"{step}?q={COMPANY}")
            student.get(f"{step}?bedrijf={IDS[COMPANY]}")
            student.answer(**typed(student))
        else:
            student.answer(**typed(student))
    own_place(student)
    for address in ("/mijn", "/wrong_value", "/wrong_row", "/bestaat-niet", f"{step}x", "/mijn"):
        student.get(address)
    browser.post("/mijn/nieuw", data=dict.fromkeys(("csrf_token", "x"), " ".join(KNOWN)))
    browser.post("/mijn/nieuw", data={"x": " ".join(KNOWN) * 3000})
    browser.post("/uitloggen", data={"csrf_token": watch.token(student.page.text)})
    student.get("/mijn")


def own_place(student: Student) -> None:
    """All that one can do with what was sent, right and wrong."""
    draft = student.draft
    sent, own = f"/aanmelding/{draft}/verstuurd", "/mijn/gegevens"
    for address in (f"/mijn/{draft}", f"{sent}/bewijs.pdf", f"{sent}/start.ics", f"{own}/alles"):
        student.get(address)
    for address in (f"{sent}/contact", f"{own}/bereiken"):
        student.get(address)
        student.post(email=TYPED[0])
        student.get(address)
        student.post(email="kanarie@voorbeeld.nl", phone="06 12345678")
    student.get(own)
    student.post(own, taal=KNOWN[0], mail="ja")
    student.get(f"{own}/bestand")
    student.get("/controleer")
    for code in ("x", watch.document("application", draft_id=draft)["proof"]):
        reference = watch.row_of("application", draft_id=draft).keten_id
        student.post("/controleer", reference=reference, code=code)
        student.post("/controleer", reference=" ".join(TYPED), code=TYPED[0])
    student.get(f"/mijn/{draft}/intrekken")
    student.get("/mijn")
    student.post("/mijn/nieuw")
    student.post(f"/mijn/{student.draft}/weg")
    student.get(f"{own}/weghalen")
    student.get(sent)


def school_answers(evidence: Evidence) -> None:
    """The SIS fetches, complains with a name in it, and answers; each address is confirmed."""
    portal = evidence.portal
    for mail in mails(portal):
        for address in links(mail):
            if "/mail/" in address:
                somebody = Student(portal.browser(), "")
                evidence.trail.follow(somebody.browser)
                somebody.get(urlsplit(address).path)
                somebody.post()
    reads = sis(portal)
    for one in reads.fresh():
        told = {"foutmelding": " ".join((WALKERS[0].bsn, *TYPED))}
        assert reads.post(f"{number(one)}/foutmelding", json=told).is_success
        reads.get("", bsn=WALKERS[0].bsn)
    results(reads, *(item(row, "OA") for row in watch.all_of("application")))
    do_everything(portal)


def years_go_by(evidence: Evidence) -> None:
    """Until everybody is warned that all will be removed."""
    portal = evidence.portal
    portal.move_clock((clock.now() + timedelta(days=345)).isoformat())
    assert portal.browser().post("/testdeur/nacht").status_code == 200
    portal.move_clock("")
    do_everything(portal)


def comes_without_digid(evidence: Evidence) -> None:
    """With the same names and address; back by the link in the mail, and gone."""
    portal = evidence.portal
    guest = Student(portal.browser(), "")
    evidence.trail.follow(guest.browser)
    tries(guest.browser, TYPED[0])
    comes_in(guest)
    while guest.at != "verstuurd":
        step = guest.page.url.path
        if guest.at not in ("opleiding", "controleren"):
            wrong = {name: f"{TYPED[0]}\x00" for name in guest.fields() if name != "csrf_token"}
            guest.post(step, **wrong)
            guest.get(step)
        guest.answer(**(typed(guest) if guest.at != "vooropleiding" else {}))
    do_everything(portal)
    (address,) = (url for mail in mails(portal) for url in links(mail) if "/interesse/" in url)
    back = Student(portal.browser(), "")
    evidence.trail.follow(back.browser)
    back.get(urlsplit(address).path)
    back.post()
    assert back.at == "verstuurd"
    back.post("/interesse/weghalen")
    assert back.at == "weggehaald"


def leaves(evidence: Evidence) -> None:
    """Somebody removes everything, whom two know still: the SIS, and the log."""
    student = evidence.portal.student(GONE)
    evidence.trail.follow(student.browser)
    student.walk_to("opleiding")
    choose(student, LOCKED)
    student.post(f"/aanmelding/{student.draft}/interesse")
    student.send()
    student.get("/mijn")
    student.post("/mijn/nieuw")
    student.send()
    student.get(f"/aanmelding/{student.draft}/verstuurd/contact")
    student.post(email="kanarie@voorbeeld.nl")
    student.get(f"/mijn/{student.draft}/intrekken")
    student.post()
    student.get("/mijn")
    student.post("/mijn/nieuw")
    student.walk_to("controleren")
    evidence.portal.move_clock("2027-02-25T16:00:00+01:00")  # a draft waits, and is told so
    assert evidence.portal.browser().post("/testdeur/nacht").json()["reminders"] == 1
    evidence.portal.move_clock("")
    do_everything(evidence.portal)
    sis(evidence.portal).fresh()
    student.get("/mijn/gegevens/weghalen")
    student.post()
    assert student.at == "weggehaald"
