"""Who chooses what they applied for already hears it then, not at the last button (WIZ-15)."""

from __future__ import annotations

from itertools import count

import pytest

from app import clock, db
from app.labels import APPLIED
from app.services import catalogue, statuses
from tests import watch
from tests.applicants import adult, cohorts_open
from tests.portal import Portal, Student
from tests.sent import applies, says

pytestmark = pytest.mark.rule("WIZ-15")
numbers = count(400)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


def address(cohort_id: str) -> str:
    """The school's link for this cohort."""
    with db.reading() as connection:
        choice = catalogue.find(connection, cohort_id, clock.now())
    assert choice is not None
    return f"/aanmelden?opleiding={choice.programme_id}&cohort={choice.cohort_code}"


def follows(portal: Portal, bsn: str, cohort_id: str) -> Student:
    """Up to where the cohort is chosen."""
    student = Student(portal.browser(), bsn)
    student.log_in()
    student.follow(address(cohort_id))
    return student.walk_to("opleiding")


def chosen(student: Student) -> bool:
    return watch.answers("draft", id=student.draft).choice is not None


@pytest.mark.parametrize("codes", [(), ("OA",), ("LI",)])
def test_what_runs_is_not_chosen_again(portal: Portal, codes: tuple[str, ...]) -> None:
    bsn, cohort = adult(next(numbers)), cohorts_open()[0]
    first = applies(portal, bsn, cohort)
    for code in codes:
        says(first, code)
    student = follows(portal, bsn, cohort)
    assert APPLIED not in student.page.text
    page = student.post(cohort=cohort)
    assert (page.status_code, chosen(student)) == (422, False)
    assert APPLIED in page.text
    assert f'href="/mijn/{first}">Bekijk je eerste aanmelding' in page.text
    link = student.get(address(cohort)).text
    assert APPLIED in link
    assert f'href="/mijn/{first}">Kijk hoe het ervoor staat' in link
    assert APPLIED not in portal.browser().get(address(cohort)).text, "before logging in"


@pytest.mark.rule("DEE-6")
def test_who_logs_in_after_following_the_link_hears_it_too(portal: Portal) -> None:
    bsn, cohort = adult(next(numbers)), cohorts_open()[0]
    first = applies(portal, bsn, cohort)
    student = Student(portal.browser(), bsn)
    student.follow(address(cohort))
    page = student.log_in().text
    assert APPLIED in page
    assert f'href="/mijn/{first}">Kijk hoe het ervoor staat' in page
    assert ">Aanmelden</button>" not in page
    mine = watch.row_of("application", draft_id=first).student_id
    assert watch.all_of("draft", student_id=mine) == [], "nothing was begun"


@pytest.mark.parametrize("code", ["LNI", "AI", ""])
def test_what_has_ended_is(portal: Portal, code: str) -> None:
    bsn, cohort = adult(next(numbers)), cohorts_open()[0]
    first = applies(portal, bsn, cohort)
    if code:
        says(first, code)
    else:
        sent = watch.row_of("application", draft_id=first)
        statuses.withdraw(sent.student_id, first, "", clock.now())
    student = follows(portal, bsn, cohort)
    student.post(cohort=cohort)
    assert (student.page.status_code, chosen(student)) == (200, True)
    assert APPLIED not in student.get(address(cohort)).text


def test_nor_is_another_one_or_somebody_else_in_the_way(portal: Portal) -> None:
    one, other = cohorts_open()[:2]
    bsn = adult(next(numbers))
    applies(portal, bsn, one)
    for who, cohort in ((bsn, other), (adult(next(numbers)), one)):
        student = follows(portal, who, cohort)
        student.post(cohort=cohort)
        assert (student.page.status_code, chosen(student)) == (200, True)
