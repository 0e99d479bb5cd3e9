"""Prior education that DUO says otherwise of once it was picked (DUO-7, DUO-9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from app import clock
from app.domain.draft import Contact, From, Picked
from app.domain.education import Diploma, PriorEducation
from app.services import drafts
from app.wizard import told
from tests import watch
from tests.applicants import arrives
from tests.integration.conftest import Schooling
from tests.leerbedrijven import draft_of
from tests.portal import MINOR, Portal, Student

SCHOOL = "Vmbo-school De Kastanje"
Taught = Callable[[Schooling], None]


def withdrawn(schools: list[dict[str, Any]]) -> None:
    schools.clear()


def still_runs(schools: list[dict[str, Any]]) -> None:
    for name in ("totEnMet", "diplomaBehaald", "datumUitslag", "eindresultaat", "vakken"):
        del schools[0][name]


def finished(schools: list[dict[str, Any]]) -> None:
    """As the test service has it."""


def picks_a_school(portal: Portal) -> Student:
    """The only one that DUO knows; before the check page."""
    student = portal.student(MINOR).walk_to("controleren")
    assert SCHOOL in student.page.text
    assert picked("draft").source is From.DUO
    return student


def joined_by_another(schools: list[dict[str, Any]]) -> None:
    schools.append({"instelling": "Basisschool De Eik", "vanaf": "2014-08-01"})


@pytest.fixture
def student(portal: Portal) -> Student:
    return picks_a_school(portal)


def picked(table: str) -> Picked:
    given = watch.answers(table).picked
    assert given is not None
    return given


def school(table: str) -> PriorEducation:
    given = picked(table).education
    assert given is not None
    return given


def of_duo(student: Student) -> str:
    """What the page sends for the only one that DUO knows."""
    value, *ours = re.findall(r'name="which" value="([^"]+)"', student.page.text)
    assert ours == ["anders", "geen"]
    return value


def asked_of_duo(portal: Portal) -> int:
    return sum(call.url.path.endswith("/vooropleidingen") for call in portal.outside.calls)


def comes_back(student: Student) -> None:
    student.log_in()


def sends(student: Student) -> None:
    student.answer()


MOMENTS = [comes_back, sends]


@pytest.mark.rule("WIZ-3", "DUO-7", "DUO-9")
@pytest.mark.parametrize("meets", MOMENTS)
def test_one_that_duo_withdrew_is_asked_anew(
    student: Student, duo_taught: Taught, meets: Callable[[Student], None]
) -> None:
    student.get(f"/aanmelding/{student.draft}/vooropleiding")
    before = of_duo(student)
    student.walk_to("controleren")
    duo_taught(withdrawn)
    meets(student)
    assert (student.at, told.EDUCATION_BY_DUO in student.page.text) == ("vooropleiding", True)
    assert (told.NOT_SENT in student.page.text) is (meets is sends)
    assert SCHOOL not in student.page.text
    assert student.post(which=before).status_code == 422, "by a page that was open still"
    student.post(which="geen")
    assert (student.at, SCHOOL in student.page.text) == ("controleren", False)
    student.answer()
    assert student.at == "verstuurd"
    assert picked("application") == Picked(From.NONE)


@pytest.mark.rule("WIZ-3", "DUO-7", "DUO-9")
@pytest.mark.parametrize("meets", MOMENTS)
def test_one_that_got_a_diploma_is_looked_at_anew(
    portal: Portal, duo_taught: Taught, meets: Callable[[Student], None]
) -> None:
    duo_taught(still_runs)
    student = picks_a_school(portal)
    assert school("draft").diploma is None
    duo_taught(finished)
    meets(student)
    assert (student.at, told.EDUCATION_BY_DUO in student.page.text) == ("vooropleiding", True)
    student.post(which=of_duo(student))
    assert (student.at, told.EDUCATION_BY_DUO in student.page.text) == ("controleren", False)
    student.answer()
    assert student.at == "verstuurd"
    assert (school("application").school, school("application").diploma) == (SCHOOL, Diploma.YES)


@pytest.mark.rule("DUO-7", "DUO-9")
def test_one_that_was_joined_by_another_is_not_asked_again(
    portal: Portal, student: Student, duo_taught: Taught
) -> None:
    duo_taught(joined_by_another)
    comes_back(student)
    assert (student.at, told.EDUCATION_BY_DUO in student.page.text) == ("controleren", False)
    assert SCHOOL in student.page.text
    page = student.get(f"/aanmelding/{student.draft}/vooropleiding").text
    assert "Basisschool De Eik" in page
    student.walk_to("controleren")
    sends(student)
    assert student.at == "verstuurd"
    assert school("application").school == SCHOOL


@pytest.mark.rule("DUO-6", "DUO-7", "DUO-9")
def test_one_that_was_picked_outlives_an_outage(portal: Portal, student: Student) -> None:
    portal.fault("duo", "vooropleidingen", MINOR, "500")
    before = asked_of_duo(portal)
    comes_back(student)
    assert asked_of_duo(portal) > before
    assert (student.at, told.EDUCATION_BY_DUO in student.page.text) == ("controleren", False)
    assert SCHOOL in student.page.text
    page = student.get(f"/aanmelding/{student.draft}/vooropleiding").text
    assert SCHOOL in page
    student.walk_to("controleren")
    before = asked_of_duo(portal)
    sends(student)
    assert asked_of_duo(portal) > before
    assert student.at == "verstuurd"
    assert school("application").school == SCHOOL


@pytest.mark.rule("DUO-9")
def test_one_that_duo_withdrew_while_the_page_was_open_does_not_count(
    portal: Portal, student: Student, duo_taught: Taught
) -> None:
    """Also where another tab answered in between, which has seen what DUO says now."""
    page, tab = draft_of(portal, student), draft_of(portal, student)
    duo_taught(withdrawn)
    arrives(portal, MINOR)
    drafts.answer(tab, "contact", Contact("Noortje", "noor@voorbeeld.nl"), clock.now())
    drafts.answer(page, "picked", page.answers.picked, clock.now())
    after = draft_of(portal, student)
    assert after.answers.contact == Contact("Noortje", "noor@voorbeeld.nl")
    assert after.walk.kept.picked is None
