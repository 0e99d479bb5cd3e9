"""Two devices ask DUO at once: an older answer never brings back what a newer one hid (DUO-9)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app import clock
from app.services import students
from tests import watch
from tests.applicants import arrives
from tests.portal import ADULT, Portal, Student

DuoSays = Callable[[Callable[[dict[str, Any]], None]], None]
STREET = "Havenkade"  # where the adult lives


def hides(person: dict[str, Any]) -> None:
    person["indicatieGeheim"] = 7


def moves(person: dict[str, Any]) -> None:
    home = person["verblijfplaats"]
    person["verblijfplaats"] = {**home, "verblijfadres": {**home["verblijfadres"], "huisnummer": 9}}


class Overtaken(httpx.BaseTransport):
    """DUO's first answer about a person waits until `meanwhile` has happened."""

    def __init__(self, works: httpx.BaseTransport, meanwhile: Callable[[], None]) -> None:
        self.works, self.meanwhile = works, [meanwhile]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.works.handle_request(request)
        if request.url.path.endswith("/personen") and self.meanwhile:
            self.meanwhile.pop()()
        return answer


def asks_and_is_overtaken(portal: Portal, act: str, meanwhile: Callable[[], None]) -> None:
    """DUO is asked «again», between the pages, or at a «login»; `meanwhile` comes in between."""
    registers, store = (portal.app.extensions[name] for name in ("registers", "store"))
    student_id = watch.row_of("student").id
    portal.outside.inside = Overtaken(portal.outside.inside, meanwhile)
    if act == "again":
        students.consult(student_id, registers, store, clock.now())
    else:
        arrives(portal, ADULT)


def traces() -> list[str]:
    found = watch.documents().items()
    return [place for place, content in found if STREET in json.dumps(content)]


@pytest.mark.rule("DUO-3", "DUO-9")
@pytest.mark.parametrize("act", ["again", "login"])
def test_an_answer_that_comes_in_late_does_not_count(
    any_portal: Portal, duo_says: DuoSays, act: str
) -> None:
    any_portal.student(ADULT).walk_to("controleren")
    assert traces()

    def other_device() -> None:
        duo_says(hides)
        arrives(any_portal, ADULT)
        assert traces() == []

    duo_says(moves)  # so that the late answer is another than the one before
    asks_and_is_overtaken(any_portal, act, other_device)
    assert traces() == []


def learns(schools: list[dict[str, Any]]) -> None:
    """So that the newer answer is another than the one before, in which DUO says nothing of the
    person."""
    schools.append({"instelling": "Basisschool De Eik", "vanaf": "2014-08-01"})


@pytest.mark.rule("DUO-3", "DUO-6", "DUO-9")
@pytest.mark.parametrize("act", ["again", "login"])
def test_a_late_answer_that_says_secret_counts(
    any_portal: Portal, duo_says: DuoSays, duo_taught: Callable[[Any], None], act: str
) -> None:
    """Where the other device stored something newer, from a DUO that didn't say of the person."""
    any_portal.student(ADULT).walk_to("controleren")
    assert traces()

    def other_device() -> None:
        any_portal.fault("duo", "personen", ADULT, "500")
        duo_taught(learns)
        arrives(any_portal, ADULT)
        assert traces(), "nobody has heard yet"

    duo_says(hides)
    asks_and_is_overtaken(any_portal, act, other_device)
    assert traces() == []


@pytest.mark.rule("DUO-5", "DUO-9")
def test_of_who_died_and_is_secret_nothing_stays_either(
    any_portal: Portal, duo_says: DuoSays
) -> None:
    def died(person: dict[str, Any]) -> None:
        hides(person)
        person["opschortingBijhouding"] = {"reden": {"code": "O", "omschrijving": "overlijden"}}

    any_portal.student(ADULT).walk_to("controleren")
    duo_says(died)
    late = Student(any_portal.browser(), ADULT)
    assert late.log_in().status_code == 403
    assert traces() == []


@pytest.mark.rule("DUO-3", "WIZ-12")
def test_with_post_elsewhere_duo_s_address_is_not_kept(any_portal: Portal) -> None:
    student = any_portal.student(ADULT)
    student.post(post_elsewhere="y")
    student.send()
    assert student.at == "verstuurd"
    assert [place for place in traces() if place.startswith("application")] == []
