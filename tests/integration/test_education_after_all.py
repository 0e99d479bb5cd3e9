"""DUO that knows a prior education after all, once the student has answered without it (DUO-7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.domain.draft import From, Picked
from app.wizard import told
from tests import watch
from tests.integration.conftest import Schooling
from tests.portal import MINOR, Portal, Student

SCHOOL = "Vmbo-school De Kastanje"
Taught = Callable[[Schooling], None]


def none_known(schools: list[dict[str, Any]]) -> None:
    schools.clear()


def as_it_is(schools: list[dict[str, Any]]) -> None:
    """As the test service has it."""


@contextmanager
def down(portal: Portal, duo_taught: Taught) -> Iterator[None]:
    portal.fault("duo", "vooropleidingen", MINOR, "500")
    yield
    portal.fault("duo", "vooropleidingen", MINOR, None)


@contextmanager
def knows_none(portal: Portal, duo_taught: Taught) -> Iterator[None]:
    duo_taught(none_known)
    yield
    duo_taught(as_it_is)


def answers_without(portal: Portal, which: str) -> Student:
    student = portal.student(MINOR).walk_to("vooropleiding")
    assert SCHOOL not in student.page.text
    student.post(which=which)
    return student.walk_to("controleren")


@pytest.mark.rule("DUO-6", "DUO-7", "DUO-9")
@pytest.mark.parametrize(("first", "which"), [(down, "geen"), (knows_none, "anders")])
def test_it_is_shown_before_sending_and_once(
    portal: Portal, duo_taught: Taught, first: Any, which: str
) -> None:
    with first(portal, duo_taught):
        student = answers_without(portal, which)
    student.answer()
    assert (student.at, told.EDUCATION_AFTER_ALL in student.page.text) == ("vooropleiding", True)
    assert told.NOT_SENT in student.page.text
    assert SCHOOL in student.page.text
    assert watch.all_of("application") == []
    student.post(which=which)
    student.walk_to("controleren")
    assert told.EDUCATION_AFTER_ALL not in student.page.text
    student.answer()
    assert student.at == "verstuurd"
    picked = watch.answers("application").picked
    assert picked is not None
    assert picked.education is None


@pytest.mark.rule("DUO-6", "DUO-7", "DUO-9")
def test_it_can_be_picked_then(portal: Portal, duo_taught: Taught) -> None:
    with down(portal, duo_taught):
        student = answers_without(portal, "geen")
    student.log_in()
    assert (student.at, told.EDUCATION_AFTER_ALL in student.page.text) == ("vooropleiding", True)
    value = student.page.text.split('name="which" value="')[1].partition('"')[0]
    student.post(which=value)
    student.send()
    picked = watch.answers("application").picked
    assert picked is not None
    assert picked.education is not None
    assert picked.education.school == SCHOOL


@pytest.mark.rule("DUO-6", "DUO-7")
def test_a_duo_that_still_does_not_say_asks_nothing(portal: Portal, duo_taught: Taught) -> None:
    with down(portal, duo_taught):
        student = answers_without(portal, "geen")
        student.answer()
        assert student.at == "verstuurd"


@pytest.mark.rule("DUO-6", "DUO-7", "WIZ-14")
def test_a_next_application_asks_what_duo_could_not_say_in_the_first(
    portal: Portal, duo_taught: Taught
) -> None:
    with down(portal, duo_taught):
        student = answers_without(portal, "geen")
        student.answer()
        assert student.at == "verstuurd"
    student.log_in()
    student.get("/mijn")
    student.post("/mijn/nieuw")
    assert (student.at, told.EDUCATION_AFTER_ALL in student.page.text) == ("vooropleiding", True)
    assert SCHOOL in student.page.text


@pytest.mark.rule("DUO-6", "DUO-9")
def test_what_another_tab_saw_was_not_seen_here(portal: Portal, duo_taught: Taught) -> None:
    with down(portal, duo_taught):
        student = portal.student(MINOR).walk_to("vooropleiding")
        form = student.fields()
    tab = Student(student.browser, student.bsn, student.page)
    tab.post(f"/aanmelding/{student.draft}/duo")
    student.page = student.browser.post(
        student.page.url, data={**form, "which": "geen"}, follow_redirects=True
    )
    assert student.at == "opleiding"
    assert watch.answers("draft").picked == Picked(From.NONE)
    assert watch.document("draft")["answers"]["picked"]["against"] == "unavailable"
