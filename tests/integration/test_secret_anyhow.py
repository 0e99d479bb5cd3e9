"""An address that DUO calls secret is, however often it was asked and whatever else it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app import db
from app.services import messages
from tests import watch
from tests.applicants import HOME, adult
from tests.integration.conftest import Change
from tests.portal import ADULT, Portal

DuoSays = Callable[[Change], None]
STREET = "Havenkade"  # where the adult lives
SAID = "Het bij DUO gevonden adres is gemarkeerd als geheim."


def hides(person: dict[str, Any]) -> None:
    person["indicatieGeheim"] = 7


def long_name(person: dict[str, Any]) -> None:
    person["naam"]["voornamen"] = "x" * 201


def no_sex(person: dict[str, Any]) -> None:
    person["geslacht"] = {"code": "X"}


def no_such_year(person: dict[str, Any]) -> None:
    person["geboorte"]["datum"] = {"type": "JaarDatum", "jaar": 10_000}


# One after the other, of somebody else each time.
ODD = {adult(1): long_name, adult(2): no_sex, adult(3): no_such_year}


def as_it_is(person: dict[str, Any]) -> None:
    """As the test service has it."""


def hides_and(odd: Change) -> Change:
    def change(person: dict[str, Any]) -> None:
        hides(person)
        odd(person)

    return change


def traces() -> list[str]:
    found = watch.documents().items()
    return [place for place, content in found if STREET in json.dumps(content)]


def lookups(portal: Portal) -> int:
    return sum(call.url.path.endswith("/free") for call in portal.outside.calls)


@pytest.mark.rule("DUO-3", "DUO-9")
def test_who_pressed_again_twenty_times_is_asked_about_before_sending(
    portal: Portal, duo_says: DuoSays
) -> None:
    student = portal.student(ADULT).walk_to("controleren")
    form = student.fields()
    for _ in range(25):
        student.browser.post(
            f"/aanmelding/{student.draft}/duo", data={"csrf_token": form["csrf_token"]}
        )
    duo_says(hides)
    student.post(**form, privacy="y")
    assert (student.at, STREET in student.page.text, traces()) == ("gegevens", False, [])
    student.send()
    assert student.at == "verstuurd"
    with db.reading() as connection:
        served = messages.of_application(connection, watch.row_of("application").id)
    assert served["correspondentieadres"]["straat"] == HOME.street
    assert traces() == []


@pytest.mark.rule("DUO-3", "DUO-6", "DUO-9")
def test_what_can_not_be_read_beside_it_hides_it_no_less(portal: Portal, duo_says: DuoSays) -> None:
    for bsn, odd in ODD.items():
        duo_says(as_it_is)
        student = portal.student(bsn).walk_to("controleren")
        assert STREET in student.page.text
        duo_says(hides_and(odd))
        student.answer()
        assert (student.at, STREET in student.page.text, traces()) == ("gegevens", False, [])
        student.answer()
        assert student.at == "adres"
    assert watch.all_of("application") == []


@pytest.mark.rule("DUO-3", "DUO-6", "DUO-9")
def test_nor_at_logging_in(portal: Portal, duo_says: DuoSays) -> None:
    for bsn, odd in ODD.items():
        duo_says(as_it_is)
        student = portal.student(bsn).walk_to("controleren")
        duo_says(hides_and(odd))
        student.log_in()
        assert (student.at, STREET in student.page.text, traces()) == ("gegevens", False, [])
        assert "Bakhuis" in student.page.text, "what DUO said before outlives it"
        student.walk_to("adres")
        student.send()
        assert (student.at, traces()) == ("verstuurd", [])


@pytest.mark.rule("DUO-3", "DUO-4", "DUO-6")
@pytest.mark.parametrize("first", ["nobody yet", "while DUO was down"])
def test_of_somebody_new_it_is_looked_up_nowhere(
    portal: Portal, duo_says: DuoSays, first: str
) -> None:
    """The student types everything, and DUO's address comes back by no other way."""
    for bsn, odd in ODD.items():
        if first == "while DUO was down":
            portal.fault("duo", "personen", None, "500")
            assert portal.student(bsn).walk_to("adres").at == "adres"
            portal.fault("duo", "personen", None, None)
        duo_says(hides_and(odd))
        student = portal.student(bsn).walk_to("adres")
        typed = {"postcode": "7411XN", "number": "203"}
        assert student.post(**typed).status_code == 422
        assert STREET not in student.page.text
        student.post(**typed, street="Lindelaan", place="Ons Dorp")
        assert (student.at, lookups(portal)) == ("contact", 0)


@pytest.mark.rule("DUO-3", "DUO-4", "DUO-9")
def test_nor_after_duo_said_so_at_sending(portal: Portal, duo_says: DuoSays) -> None:
    portal.fault("duo", "personen", None, "500")
    student = portal.student(ADULT).walk_to("controleren")
    portal.fault("duo", "personen", None, None)
    duo_says(hides_and(long_name))
    student.answer()
    assert student.at == "gegevens"
    student.answer()
    before = lookups(portal)
    student.get(f"/aanmelding/{student.draft}/adres")
    empty = {"street": "", "place": "", "suffix": ""}
    assert student.post(postcode="7411XN", number="203", **empty).status_code == 422
    assert (lookups(portal), STREET in student.page.text) == (before, False)


@pytest.mark.rule("DUO-4")
def test_of_others_it_is_looked_up(portal: Portal) -> None:
    """Or the tests above would look at nothing."""
    portal.fault("duo", "personen", ADULT, "500")
    student = portal.student(ADULT).walk_to("adres")
    student.post(postcode="7411XN", number="203")
    assert lookups(portal) == 1
    assert STREET in student.page.text


@pytest.mark.rule("DUO-3", "DUO-6")
def test_who_has_no_data_yet_hears_of_it_too(portal: Portal, duo_says: DuoSays) -> None:
    portal.fault("duo", "personen", ADULT, "500")
    student = portal.student(ADULT)
    assert SAID not in student.page.text
    portal.fault("duo", "personen", ADULT, None)
    duo_says(hides_and(no_sex))
    student.post(f"/aanmelding/{student.draft}/duo")
    assert (student.at, SAID in student.page.text) == ("gegevens", True)
    student.walk_to("adres").answer()
    assert (student.at, lookups(portal)) == ("contact", 0)
