"""Every register × every way to fail × every page that asks it (checklist item 54).

A page of ours within five seconds that says so, a way on that is followed to the end of the
step, what was typed still there, and nothing of the register's answer on a page or in the log.
`make test` takes all ways at one page a register, and one way at the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import count

import pytest

from app import jobs, labels
from app.domain.draft import Draft
from digistub.people import PEOPLE, fresh_bsn, prefixes
from tests import watch
from tests.choosing import IDS as PROGRAMMES
from tests.choosing import KOK, choose, nobody_yet
from tests.integration.conftest import Change
from tests.leerbedrijven import BISTRO, IDS, NONE, at_the_question, looks_at, searches, who_works_at
from tests.letters import acts
from tests.outages import CANARY, FAULTS, OUR_FAULT, another, broken, in_time, warm
from tests.portal import USUAL, Portal, Student, open_portal

SCHOOLED = prefixes(next(p for p in PEOPLE if p.bsn == "999602950"))[0]
SENT = "Je aanmelding is verstuurd"
BY_HAND = "Opzoeken lukt nu niet. Vul je straat en woonplaats zelf in."
numbers = count(1)


@dataclass(frozen=True)
class Asks:
    """A page that asks a register."""

    where: str  # a pattern, in the register's address
    before: Callable[[Portal], Student]  # somebody there, while everything works
    does: Callable[[Student], object]  # what makes the portal ask
    says: str
    goes_on: tuple[dict[str, str], ...] = ()  # what is filled in next, page by page
    leads_to: str = "verstuurd"
    status: int = 200
    kept: str = ""  # of what was typed or chosen, where that page has it
    holds: Callable[[Draft], bool] = field(default=lambda answers: True, kw_only=True)  # once sent
    every_way: bool = field(default=False, kw_only=True)  # also in `make test`
    # Where sending leads once the register works: what it says now is looked at first (DUO-9).
    then: str = field(default="verstuurd", kw_only=True)


def new(portal: Portal) -> Student:
    """Somebody whom DUO knows, with prior education, before logging in."""
    return Student(portal.browser(), fresh_bsn("9998", next(numbers)))


def schooled(portal: Portal) -> Student:
    """Of whose schools DUO gives some by number only."""
    return Student(portal.browser(), fresh_bsn(SCHOOLED, next(numbers)))


def stranger(portal: Portal) -> Student:
    """Whom DUO doesn't know, at the address."""
    return portal.student(fresh_bsn("9990", next(numbers))).walk_to("adres")


def at(slug: str) -> Callable[[Portal], Student]:
    return lambda portal: portal.student(nobody_yet(next(numbers))).walk_to(slug)


def before_sending(portal: Portal) -> Student:
    """With a leerbedrijf; RIO was asked too long ago."""
    student = who_works_at(portal, nobody_yet(next(numbers)), BISTRO)
    portal.app.extensions["store"].delete(f"rio:{PROGRAMMES['kok-bbl-zwolle']}")
    return student


def at_the_companies(portal: Portal) -> Student:
    return at_the_question(portal, nobody_yet(next(numbers)))


def arrives_at_schools(student: Student) -> None:
    student.log_in()
    student.walk_to("vooropleiding")


def chooses_of_those_found(student: Student) -> None:
    """As a browser does it: the form goes to the address of the page, with the search in it."""
    page = f"/aanmelding/{student.draft}/leerbedrijf?q=bistro"
    student.post(page, company=IDS[BISTRO])


def works_there(answers: Draft) -> bool:
    return [company.name for company in answers.leerbedrijf or ()] == [BISTRO]


def chose_the_cook(answers: Draft) -> bool:
    return answers.choice is not None and answers.choice.programme_id == PROGRAMMES[KOK]


def told_the_school(answers: Draft) -> bool:
    return answers.education is not None and answers.education.school == USUAL["school"]["school"]


def told_the_street(answers: Draft) -> bool:
    return answers.address is not None and answers.address.street == "Zelflaan"


PAGES = {
    "person, logging in": Asks(
        r"/personen$",
        new,
        Student.log_in,
        OUR_FAULT,
        ({}, USUAL["over-jou"]),
        "adres",
        every_way=True,
        then="gegevens",
    ),
    "person, sending": Asks(r"/personen$", before_sending, Student.answer, SENT, holds=works_there),
    "education, logging in": Asks(
        r"/vooropleidingen$",
        new,
        arrives_at_schools,
        "Normaal halen we je vooropleiding op bij DUO.",
        ({"which": "anders"}, USUAL["school"]),
        "opleiding",
        every_way=True,
        then="vooropleiding",
        holds=told_the_school,
    ),
    "education, sending": Asks(
        r"/vooropleidingen$", before_sending, Student.answer, SENT, holds=works_there
    ),
    "names of schools": Asks(
        r"/rio/", schooled, arrives_at_schools, "81XX", ({"which": "geen"},), "opleiding"
    ),
    "programme, choosing": Asks(
        r"/rio/",
        at("opleiding"),
        lambda student: choose(student, KOK),
        "Wil je een ouder of verzorger opgeven?",
        ({},),
        "controleren",
        every_way=True,
        holds=chose_the_cook,
    ),
    "programme, sending": Asks(r"/rio/", before_sending, Student.answer, SENT, holds=works_there),
    "companies, searching": Asks(
        r"/leerbedrijven$",
        at_the_companies,
        lambda student: searches(student, "restaurant"),
        labels.NO_SBB,
        ({"company": NONE},),
        "controleren",
        kept='value="restaurant"',
        every_way=True,
    ),
    "company, looking": Asks(
        r"/leerbedrijven/\d+$",
        at_the_companies,
        lambda student: looks_at(student, BISTRO),
        labels.NO_SBB,
        ({"company": NONE},),
        "controleren",
    ),
    "company, choosing": Asks(
        r"/erkenning$",
        at_the_companies,
        chooses_of_those_found,
        labels.NO_SBB,
        ({"company": NONE},),
        "controleren",
        422,
        'value="bistro"',
    ),
    "company, sending": Asks(
        r"/erkenning$", before_sending, Student.answer, SENT, holds=works_there
    ),
    "address": Asks(
        r"/bag/",
        stranger,
        lambda student: student.post(postcode="1234 AB", number="12"),
        BY_HAND,
        ({"street": "Zelflaan", "place": "Zelfdorp"},),
        "contact",
        422,
        'value="1234 AB"',
        every_way=True,
        holds=told_the_street,
    ),
}
WAYS = {**FAULTS, "another": another}
ABOUT_ONE = re.compile(r"personen|vooropleidingen|leerbedrijven/|erkenning")  # person or company
SLOW_TOO = {"address"}  # all of them at once have a test of their own


def table() -> Iterator[object]:
    for page, asks in PAGES.items():
        for fault in WAYS if ABOUT_ONE.search(asks.where) else FAULTS:
            slow = fault == "silent" and page not in SLOW_TOO
            always = fault in ("500", "another") or (asks.every_way and not slow)
            marks = [] if always else [pytest.mark.long]
            yield pytest.param(page, fault, id=f"{page}: {fault}", marks=marks)


@pytest.fixture(scope="module")
def whole(one_portal: Portal) -> Portal:
    warm(one_portal)
    return one_portal


@pytest.fixture
def portal(whole: Portal) -> Portal:
    """Nothing that a register said, or that it was down, is remembered."""
    whole.app.extensions["store"].clear()
    return whole


@pytest.mark.each_run(16)
@pytest.mark.rule("DUO-6", "DUO-7", "WIZ-11", "CAT-1", "SBB-1")
@pytest.mark.parametrize(("page", "fault"), list(table()))
def test_a_register_that_fails_stops_nobody(portal: Portal, page: str, fault: str) -> None:
    asks = PAGES[page]
    student = asks.before(portal)
    trail = watch.Trail().follow(student.browser)
    with watch.logged() as log, broken(portal, asks.where, WAYS[fault]) as register:
        with in_time():
            asks.does(student)
        assert register.asked
        assert student.page.status_code == asks.status
        assert asks.says in unescape(student.page.text)
        if asks.kept:
            assert asks.kept in student.page.text
        for answer in asks.goes_on:
            with in_time():
                student.post(**answer)
    assert student.at == asks.leads_to, student.page.url
    assert not [page.url for page in trail.pages if CANARY in page.text]
    assert CANARY not in log.text
    assert_everything_is_there(student, asks)


def assert_everything_is_there(student: Student, asks: Asks) -> None:
    """With all registers working again, it is sent, with what was typed and chosen."""
    if student.at != "verstuurd":
        student.send()
        assert student.at == asks.then
    if student.at != "verstuurd":
        student.send()
    assert student.at == "verstuurd"
    assert asks.holds(watch.answers("application", draft_id=student.draft))


@pytest.mark.rule("DUO-6", "WIZ-13")
def test_all_registers_slow_at_once_still_give_a_page_in_time(portal: Portal) -> None:
    arriving, sending = new(portal), before_sending(portal)
    with broken(portal, r"/duo/|/rio/|/sbb/", FAULTS["silent"]):
        with in_time():
            arriving.log_in()
        assert (arriving.at, OUR_FAULT in arriving.page.text) == ("gegevens", True)
        with in_time():
            sending.answer()
    assert sending.at == "verstuurd"


@pytest.mark.long
@pytest.mark.rule("DUO-9", "CAT-1")
def test_a_rio_that_is_slow_leaves_duo_its_time(
    portal: Portal, duo_says: Callable[[Change], None]
) -> None:
    student = before_sending(portal)
    duo_says(lambda person: person.update(geslacht={"code": "O", "omschrijving": "onbekend"}))
    with broken(portal, r"/rio/", FAULTS["silent"]) as rio, in_time():
        student.answer()
    assert rio.asked
    assert (student.at, "Veranderd" in student.page.text) == ("gegevens", True)


@pytest.mark.rule("WIZ-13", "WIZ-14")
def test_a_mail_server_that_is_gone_keeps_nobody_from_sending(sqlite_url: str) -> None:
    portal = open_portal(sqlite_url, MAIL_URL="smtp://127.0.0.1:1")
    warm(portal)
    student = portal.student(nobody_yet(next(numbers))).walk_to("controleren")
    with in_time():
        student.answer()
    assert SENT in student.page.text
    with watch.logged() as log:
        jobs.run_one(acts(portal))
    (waiting,) = watch.all_of("job", name="mail")
    assert "student@voorbeeld.nl" not in log.text
    assert len(watch.all_of("application")) == 1
    assert waiting.attempts == 1
