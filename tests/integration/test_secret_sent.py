"""An address that became secret goes from what was sent and still runs; the school is told, and
the student gives one that it may have (DUO-3, DUO-9)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app import clock
from app.services import students
from tests import watch
from tests.integration.conftest import Change
from tests.integration.test_sent_changes import SAVED, kinds
from tests.portal import ADULT, Portal, Student
from tests.sent import says
from tests.sis import sis

pytestmark = pytest.mark.each_run_on("sqlite")

DuoSays = Callable[[Change], None]
STREET = "Havenkade"  # where the adult lives
TOLD = "DUO zegt nu dat je adres geheim is."


def hides(person: dict[str, Any]) -> None:
    person["indicatieGeheim"] = 7


def holds() -> list[str]:
    """Where the street is kept."""
    found = watch.documents().items()
    return [place for place, content in found if STREET in json.dumps(content)]


def sent(portal: Portal, **person: str) -> tuple[Student, str]:
    student = portal.student(ADULT)
    student.post(**person)
    student.send()
    return student, student.draft


@pytest.mark.rule("DUO-3", "DUO-9", "SIS-1")
def test_it_is_served_no_longer_from_the_moment_that_duo_says_so(
    any_portal: Portal, duo_says: DuoSays
) -> None:
    _student, draft = sent(any_portal)
    (before,) = sis(any_portal).fresh()
    assert before["correspondentieadres"]["straat"] == STREET
    duo_says(hides)
    any_portal.student(ADULT)
    assert holds() == []
    (after,) = sis(any_portal).items(vanafWijziging=before["wijzigingsvolgnummer"] + 1)
    assert "correspondentieadres" not in after
    assert STREET not in json.dumps(after)
    assert {n for n in before if after.get(n) != before[n]} == {
        "correspondentieadres",
        "wijzigingsvolgnummer",
    }
    any_portal.student(ADULT)
    assert kinds(draft) == ["new", "change"], "told once"


@pytest.mark.rule("DUO-9")
def test_also_where_duo_is_asked_between_the_pages(any_portal: Portal, duo_says: DuoSays) -> None:
    sent(any_portal)
    registers, store = (any_portal.app.extensions[name] for name in ("registers", "store"))
    duo_says(hides)
    students.consult(watch.row_of("student").id, registers, store, clock.now())
    assert holds() == []


@pytest.mark.rule("DUO-3", "DUO-9", "MIJ-5")
def test_the_student_gives_one_that_the_school_may_have(
    any_portal: Portal, duo_says: DuoSays
) -> None:
    _student, draft = sent(any_portal)
    address = f"/aanmelding/{draft}/verstuurd/adres"
    duo_says(hides)
    student = any_portal.student(ADULT)
    page = student.get(f"/mijn/{draft}")
    assert TOLD in page.text
    assert f'href="{address}"' in page.text
    assert "Vul een adres in dat de school mag hebben" in student.get("/mijn").text
    page = student.get(address)
    assert TOLD in page.text
    assert "We zoeken je adres nergens op." in page.text
    assert student.post().status_code == 422
    assert student.post(switch="anders").status_code == 422
    assert "in het buitenland" in student.page.text
    student.get(address)
    typed = {"postcode": "1234 ab", "number": "12", "street": "Lindelaan", "place": "Ons Dorp"}
    page = student.post(**typed)
    assert SAVED in page.text
    assert TOLD not in page.text
    (served,) = sis(any_portal).fresh()
    assert served["correspondentieadres"]["straat"] == "Lindelaan"
    assert kinds(draft) == ["new", "change", "change"]
    any_portal.student(ADULT)
    assert kinds(draft)[3:] == [], "what was typed stays"
    assert student.get(address).url.path == f"/mijn/{draft}", "not offered any more"


@pytest.mark.rule("DUO-9")
def test_what_was_typed_stays(any_portal: Portal, duo_says: DuoSays) -> None:
    _student, draft = sent(any_portal, post_elsewhere="y")
    duo_says(hides)
    student = any_portal.student(ADULT)
    assert TOLD not in student.get(f"/mijn/{draft}").text
    assert kinds(draft) == ["new"]


@pytest.mark.rule("DUO-9", "MIJ-5")
@pytest.mark.parametrize(("code", "stays"), [("OA", False), ("LI", False), ("LNI", True)])
def test_what_has_ended_stays_with_the_school(
    any_portal: Portal, duo_says: DuoSays, code: str, stays: bool
) -> None:
    """But not with who is a student there: that runs."""
    _student, draft = sent(any_portal)
    says(draft, code)
    duo_says(hides)
    student = any_portal.student(ADULT)
    assert bool(holds()) is stays
    offered = f"/aanmelding/{draft}/verstuurd/adres" in student.get(f"/mijn/{draft}").text
    assert offered is (code == "OA")
