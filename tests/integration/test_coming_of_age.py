"""The night in which somebody becomes eighteen: a guardian until midnight in Amsterdam (WIZ-10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests import watch
from tests.choosing import KOK, choose, in_our_copy, nobody_yet
from tests.integration.conftest import Change
from tests.portal import GUARDIAN, Portal, Student

BY_DUO = "DUO heeft andere gegevens over jou dan eerst. Controleer ze nog een keer."
NEEDED = "Je bent nog geen 18. Daarom is een ouder of verzorger nodig."
NOT_SENT = "Je aanmelding is nog niet verstuurd."
LONG_AGO = date(2020, 1, 1)
# Of a birth date: the last second as a minor, and the first but one as an adult.
NIGHTS = {
    "summer": ("2009-07-10", "2027-07-09T23:59:00+02:00", "2027-07-10T00:00:01+02:00"),
    "winter": ("2008-12-10", "2026-12-09T23:59:00+01:00", "2026-12-10T00:00:01+01:00"),
    "29 February": ("2008-02-29", "2026-02-28T23:59:00+01:00", "2026-03-01T00:00:01+01:00"),
    "the clock goes forward": (
        *("2009-03-28", "2027-03-27T23:59:00+01:00", "2027-03-28T00:00:01+01:00"),
    ),
}


def born(day: str) -> Change:
    def change(person: dict[str, object]) -> None:
        person["geboorte"] = {
            **person["geboorte"],  # type: ignore[dict-item]
            "datum": {"type": "Datum", "datum": day},
        }

    return change


def before_guardians(portal: Portal, moment: str) -> Student:
    """Somebody new, at that moment, with an open programme."""
    open_always = {"apply_from": LONG_AGO, "apply_until": None}
    in_our_copy(portal, KOK, cohorts=lambda c: replace(c, **open_always))
    portal.move_clock(moment)
    student = portal.student(nobody_yet(1)).walk_to("opleiding")
    return choose(student, KOK).walk_to("ouders")


def guardians() -> int:
    return len(watch.answers("application").guardians or ())


@pytest.mark.rule("DUO-8", "WIZ-10")
@pytest.mark.parametrize("night", NIGHTS)
def test_until_midnight_a_guardian_is_required(
    portal: Portal, duo_says: Callable[[Change], None], night: str
) -> None:
    day, before, after = NIGHTS[night]
    duo_says(born(day))
    student = before_guardians(portal, before)
    assert "geen 18" in student.page.text
    assert student.post().status_code == 422
    portal.move_clock(after)
    student.get(str(student.page.url))
    assert "geen 18" not in student.page.text
    student.post()
    assert student.at == "controleren"
    portal.move_clock(before)
    student.get(str(student.page.url))
    assert (student.at, NEEDED in student.page.text) == ("ouders", True)


@pytest.mark.rule("DUO-8", "WIZ-10")
@pytest.mark.parametrize("night", NIGHTS)
def test_answered_as_a_minor_and_sent_as_an_adult(
    portal: Portal, duo_says: Callable[[Change], None], night: str
) -> None:
    """The guardian given goes along: the student may take it away, nobody else does."""
    day, before, after = NIGHTS[night]
    duo_says(born(day))
    student = before_guardians(portal, before)
    student.post(**GUARDIAN)
    assert student.at == "controleren"
    portal.move_clock(after)
    student.answer()
    assert student.at == "verstuurd"
    assert guardians() == 1


@pytest.mark.rule("DUO-8", "DUO-9", "WIZ-3", "WIZ-10")
def test_answered_as_an_adult_and_sent_as_a_minor(
    portal: Portal, duo_says: Callable[[Change], None]
) -> None:
    """DUO corrects a birth date while the check page is open."""
    day, _before, after = NIGHTS["winter"]
    duo_says(born(day))
    student = before_guardians(portal, after)
    student.post()
    assert student.at == "controleren"
    duo_says(born("2008-12-11"))
    student.answer()
    assert student.at == "gegevens"
    assert NOT_SENT in student.page.text
    assert BY_DUO in student.page.text
    assert watch.all_of("application") == []
    student.answer()
    assert (student.at, NEEDED in student.page.text) == ("ouders", True)
    assert student.post().status_code == 422
    student.post(**GUARDIAN)
    student.answer()
    assert student.at == "verstuurd"
    assert guardians() == 1


@pytest.mark.rule("DUO-9", "WIZ-10")
def test_corrected_the_other_way_round_a_guardian_is_offered(
    portal: Portal, duo_says: Callable[[Change], None]
) -> None:
    _day, _before, after = NIGHTS["winter"]
    duo_says(born("2008-12-11"))
    student = before_guardians(portal, after)
    student.post(**GUARDIAN)
    duo_says(born("2008-12-09"))
    student.answer()
    assert student.at == "gegevens"
    student.answer()
    assert student.at == "controleren", "what was given stays"
    student.get(f"/aanmelding/{student.draft}/ouders")
    assert "geen 18" not in student.page.text
    student.post(**dict.fromkeys(GUARDIAN, ""))
    student.answer()
    assert student.at == "verstuurd"
    assert guardians() == 0
