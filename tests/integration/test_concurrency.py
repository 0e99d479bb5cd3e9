"""Everybody at the same moment, each in a process of their own, on both databases."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import func, insert, select

from app import clock, db
from app.domain.deeplink import Link
from app.domain.draft import Contact
from app.models import application, draft, koppelpunt, message, place, student
from app.services import applications, drafts, students
from tests.applicants import (
    HOME,
    a_cohort,
    adult,
    arrives,
    out_of_balance,
    ready,
)
from tests.portal import Portal
from tests.race import Duo, Raised, at_once, own_act, patient, read_changes

MANY = 30


def assert_balance() -> None:
    with db.reading() as connection:
        assert out_of_balance(connection) == []


def count(table: object) -> int:
    with db.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def limit_places(cohort_id: str, maximum: int) -> None:
    with db.transaction() as connection:
        connection.execute(insert(place), {"cohort_id": cohort_id, "maximum": maximum})


@pytest.mark.rule("WIZ-13")
@pytest.mark.each_run_on("postgresql")
def test_thirty_times_the_same_draft_is_one_application(any_portal: Portal) -> None:
    cohort_id = a_cohort()
    limit_places(cohort_id, 100)
    applicant = ready(any_portal, adult(1), cohort_id)
    answers = at_once(
        any_portal.settings.database_url, applications.submit, [applicant.sends()] * MANY
    )
    assert {type(answer) for answer in answers} == {applications.Receipt}, answers
    assert len({answer.application_id for answer in answers}) == 1
    assert sorted(answer.again for answer in answers) == [False] + [True] * (MANY - 1)
    assert count(application) == count(message) == 1
    assert_balance()


@pytest.mark.rule("CAT-5")
@pytest.mark.each_run_on("postgresql")
def test_the_last_places_go_to_as_many_as_there_are(any_portal: Portal) -> None:
    cohort_id = a_cohort()
    limit_places(cohort_id, 5)
    everybody = [ready(any_portal, adult(number), cohort_id) for number in range(MANY)]
    answers = at_once(
        any_portal.settings.database_url, applications.submit, [a.sends() for a in everybody]
    )
    late = [
        a.draft_id
        for a, answer in zip(everybody, answers, strict=True)
        if answer in (Raised("Full"), Raised("Incomplete"))  # before, or while, its place went
    ]
    assert len(late) == MANY - 5
    assert count(application) == 5
    with db.reading() as connection:
        assert set(connection.scalars(select(draft.c.id))) == set(late)
    assert_balance()


@pytest.mark.rule("WIZ-15")
def test_two_drafts_for_one_cohort_at_once(any_portal: Portal) -> None:
    cohort_id = a_cohort()
    limit_places(cohort_id, 100)
    both = [ready(any_portal, adult(1), cohort_id) for _ in range(2)]
    answers = at_once(
        any_portal.settings.database_url, applications.submit, [a.sends() for a in both]
    )
    assert Raised("AlreadyApplied") in answers
    assert count(application) == 1
    with db.reading() as connection:
        (left,) = connection.scalars(select(draft.c.id))
    assert left == both[answers.index(Raised("AlreadyApplied"))].draft_id
    assert_balance()


@pytest.mark.long
@pytest.mark.rule("SIS-1")
@pytest.mark.each_run_on("postgresql")
def test_a_reader_of_changes_never_misses_one(any_portal: Portal) -> None:
    """Who asks for what came after the last number they saw gets everything, in order."""
    everybody = [ready(any_portal, adult(n), a_cohort()) for n in range(MANY)]
    url = any_portal.settings.database_url
    sending = [(patient, applications.submit, *a.sends()) for a in everybody]
    reader, *sent = at_once(url, own_act, [(read_changes, MANY), *sending])
    assert {type(one) for one in sent} == {applications.Receipt}, sent
    assert reader == list(range(1, MANY + 1))
    with db.reading() as connection:
        highest = connection.scalar(select(func.max(koppelpunt.c.last_change)))
    assert highest == MANY
    assert_balance()


@pytest.mark.rule("WIZ-2")
@pytest.mark.each_run_on("postgresql")
def test_somebody_new_on_many_devices_is_one_student(any_portal: Portal) -> None:
    """DUO is asked outside the transaction, so all of them find nobody yet."""
    registers = SimpleNamespace(persons=Duo(), educations=Duo(), catalogue=None)
    call = (adult(7), "nl", registers, None, clock.now())
    answers = at_once(any_portal.settings.database_url, students.arrive, [call] * 20)
    assert {answer.student_id for answer in answers} == {answers[0].student_id}
    assert count(student) == 1


@pytest.mark.rule("DEE-6")
def test_one_link_opened_on_many_devices_is_one_draft(any_portal: Portal) -> None:
    student_id = arrives(any_portal, adult(1))
    call = (student_id, Link("99XX", crebo="25180"), clock.now())
    answers = at_once(any_portal.settings.database_url, drafts.begin, [call] * 10)
    assert len(set(answers)) == count(draft) == 1


@pytest.mark.rule("DEE-6")
@pytest.mark.each_run_on("postgresql")
def test_never_more_drafts_than_the_most(any_portal: Portal) -> None:
    call = (arrives(any_portal, adult(1)), None, clock.now())
    answers = at_once(any_portal.settings.database_url, drafts.begin, [call] * 20)
    assert answers.count(Raised("TooManyDrafts")) == 20 - drafts.AT_MOST
    assert count(draft) == drafts.AT_MOST


@pytest.mark.rule("WIZ-2")
def test_answers_given_in_many_tabs_are_all_kept(any_portal: Portal) -> None:
    """Each tab has the draft as it was when it opened; no answer undoes another's."""
    student_id = arrives(any_portal, adult(1))
    draft_id = drafts.begin(student_id, None, clock.now())
    with db.reading() as connection:
        opened = drafts.open_draft(connection, student_id, draft_id, clock.now())
        known = opened.said().known
    given = {
        "person": known,
        "address": HOME,
        "contact": Contact("Sem", "sem@voorbeeld.nl"),
        "guardians": (),
    }
    calls = [(opened, question, answer, clock.now()) for question, answer in given.items()]
    at_once(any_portal.settings.database_url, drafts.answer, calls)
    with db.reading() as connection:
        after = drafts.open_draft(connection, student_id, draft_id, clock.now())
    assert {q: after.answers.answer(q) for q in given} == given
    assert after.version == opened.version + len(given)
