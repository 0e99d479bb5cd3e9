"""Every test person, as an adult and as a minor, to an application of each leertraject."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from app.domain.dossier import Dossier
from digistub.people import fresh_bsn, prefixes
from tests import watch
from tests.everybody import (
    DECEASED,
    EVERYBODY,
    MISTAKEN,
    OFFERED,
    ONLY_COUNTRY,
    PERSONS,
    SAYINGS,
    Meets,
    Walk,
    falls_short,
    marks,
    way,
)
from tests.length import crossed
from tests.portal import ABROAD, Portal, Student

AGES = ("adult", "minor")
HINT = "vragen scholen meestal een hoger diploma"
APRIL = ("Je bent op tijd", "Je meldt je aan na")
BIRTH_PLACE = "De school krijgt van DUO ook je geboorteplaats en geboorteland."
UNVERIFIED = "Je hebt deze gegevens zelf ingevuld."
NUMBERED = {"": " ", "by": ", bij nummer ", "to": ", tegenover nummer "}
SECRET_STREET = "Geheimestraat"
STOPPED = "Met deze gegevens kun je je hier niet aanmelden."

numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    """One for all: nobody in it meets another."""
    return one_portal


def as_(bsn: str, age: str) -> str:
    """A BSN of this person at an age, that nobody used before."""
    return fresh_bsn(prefixes(PERSONS[bsn])[AGES.index(age)], next(numbers))


def test_everybody_is_in_the_table() -> None:
    assert set(EVERYBODY) | {DECEASED, MISTAKEN} == set(PERSONS)


@pytest.mark.each_run(18)
@pytest.mark.rule("WIZ-1", "WIZ-10", "WIZ-11", "WIZ-16", "DUO-1", "DUO-5", "DUO-6", "CAT-3")
@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize(("bsn", "leertraject"), crossed(EVERYBODY, OFFERED))
def test_everybody_gets_to_an_application(
    portal: Portal, bsn: str, age: str, leertraject: str
) -> None:
    meets, offered = EVERYBODY[bsn], OFFERED[leertraject]
    student = portal.student(as_(bsn, age))
    draft_id = student.draft
    walk = Walk(student, meets, age, leertraject).walk()
    assert list(walk.pages) == [*way(meets, age, offered), "verstuurd"]
    assert_letter(walk.pages["gegevens"], meets)
    assert ("geen 18" in walk.pages["ouders"]) is (age == "minor")
    check = walk.pages["controleren"]
    assert walk.marked() == marks(meets, age)
    for page in (walk.pages["opleiding"], check):
        assert (HINT in page) is falls_short(meets, age, offered)
    assert any(line in check for line in APRIL) is offered.april
    assert (BIRTH_PLACE in check, UNVERIFIED in check) == (bool(meets.name), not meets.name)
    assert not any(SECRET_STREET in html for html in walk.html.values())
    assert_sent(draft_id, meets, age, leertraject)


def assert_letter(page: str, meets: Meets) -> None:
    assert [saying for saying in SAYINGS if saying in page] == [
        saying for saying in SAYINGS if saying in meets.letter
    ]
    assert (f"Je heet {meets.name}." in page) is bool(meets.name)
    assert meets.street in page


def assert_sent(draft_id: str, meets: Meets, age: str, leertraject: str) -> None:
    """One row, one message, and in it what the student saw."""
    row = watch.row_of("application", draft_id=draft_id)
    assert watch.row_of("message", application_id=row.id).kind == "new"
    assert watch.row_of("running", application_id=row.id).cohort_id == row.cohort_id
    dossier = Dossier(watch.answers("application", draft_id=draft_id))
    kept = watch.document("application", draft_id=draft_id)
    typed = "Yılmaz" if "surname" in meets.typed else ""
    first = "Ali " if "first_names" in meets.typed else ""
    assert dossier.person.name == f"{first}{meets.name} {typed}".strip().replace("  ", " ")
    there = ABROAD if ONLY_COUNTRY in meets.letter else "Lindelaan 12"
    assert address(dossier) == (meets.street or there)
    assert dossier.verified_by_duo is bool(meets.name)
    assert len(dossier.guardians) == (age == "minor")
    assert dossier.choice.leertraject == leertraject
    assert (dossier.leerbedrijf is not None) is (leertraject == "BBL")
    assert (kept["in_time"] is None) is not OFFERED[leertraject].april


def address(dossier: Dossier) -> str:
    """Its first line, as the letter has it."""
    found = dossier.address
    number = " ".join(part for part in (found.number, found.suffix) if part)
    return found.lines[0] if found.lines else f"{found.street}{NUMBERED[found.note]}{number}"


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("bsn", [DECEASED, MISTAKEN])
def test_who_can_not_apply_is_stopped_at_login(portal: Portal, bsn: str, age: str) -> None:
    before: list[Any] = watch.all_of("student")
    student = Student(portal.browser(), as_(bsn, age))
    page = student.log_in()
    assert STOPPED in page.text
    assert PERSONS[bsn].name.split()[-1] not in page.text
    assert watch.all_of("student") == before
    assert student.get("/mijn").url.path == "/sessie-verlopen"


@pytest.mark.rule("WIZ-10", "DUO-8")
@pytest.mark.parametrize(
    ("bsn", "asked"),
    [
        ("999603000", False),  # becomes 18 today
        ("999603061", True),  # tomorrow
        ("999600990", True),  # 17 or 18
        ("999600941", False),  # 26 or 27
    ],
)
def test_at_eighteen_a_guardian_is_asked_no_longer(portal: Portal, bsn: str, asked: bool) -> None:
    student = portal.student(bsn).walk_to("ouders")
    assert ("geen 18" in student.page.text) is asked
