"""A check page that was shown before a cohort closed may be sent for fifteen minutes (WIZ-18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import insert

from app import clock, db
from app.models import place
from app.services import applications
from tests import watch
from tests.applicants import ready
from tests.choosing import KOK, in_our_copy, nobody_yet, offered, who_chose
from tests.leerbedrijven import COOK
from tests.portal import Portal, Student

NOT_SENT = "Je aanmelding is nog niet verstuurd."
MINUTES = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def at(day: date, time: str) -> datetime:
    """This time of a day, in Amsterdam."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=clock.AMSTERDAM)


def closes_after(portal: Portal, last_day: date) -> None:
    in_our_copy(portal, KOK, cohorts=lambda c: replace(c, apply_until=last_day))


def closed_by_the_school(portal: Portal) -> None:
    in_our_copy(portal, KOK, cohorts=lambda c: replace(c, open=False))


@pytest.fixture
def student(machine: time_machine.Traveller, portal: Portal) -> Student:
    """Before the check page, while time stands still."""
    return who_chose(portal, KOK, nobody_yet(1)).walk_to("controleren")


def sees_the_check_page(portal: Portal, student: Student, moment: datetime) -> None:
    portal.move_clock(moment.isoformat())
    student.get(f"/aanmelding/{student.draft}/controleren")
    assert student.at == "controleren"
    assert datetime.fromisoformat(student.fields()["getoond"]) == moment


def sends(portal: Portal, student: Student, moment: datetime, **fields: str) -> None:
    portal.move_clock(moment.isoformat())
    student.answer(**fields)


def assert_nothing_was_sent(student: Student) -> None:
    assert student.at != "verstuurd"
    assert [watch.all_of(table) for table in ("application", "message", "running")] == [[], [], []]
    assert len(watch.all_of("draft")) == 1


LATER = {
    "at once after midnight": (10 * MINUTES + SECOND, True),
    "14:59": (15 * MINUTES - SECOND, True),
    "15:00": (15 * MINUTES, True),
    "15:01": (15 * MINUTES + SECOND, False),
    "a day": (timedelta(days=1), False),
}


@pytest.mark.rule("WIZ-18")
@pytest.mark.parametrize("later", LATER)
def test_after_the_last_day_there_are_fifteen_minutes(
    portal: Portal, student: Student, later: str
) -> None:
    after, sent = LATER[later]
    last_day = clock.today() + timedelta(days=3)
    closes_after(portal, last_day)
    shown = at(last_day, "23:50:00")
    sees_the_check_page(portal, student, shown)
    sends(portal, student, shown + after)
    if not sent:
        assert NOT_SENT in student.page.text
        assert_nothing_was_sent(student)
        return
    assert student.at == "verstuurd"
    assert watch.row_of("application").requested_at == shown + after
    assert datetime.fromisoformat(watch.document("application")["shown_at"]) == shown


@pytest.mark.rule("WIZ-18")
@pytest.mark.parametrize("later", LATER)
def test_after_the_school_closed_it_there_are_fifteen_minutes(
    portal: Portal, student: Student, later: str
) -> None:
    after, sent = LATER[later]
    shown = at(clock.today() + timedelta(days=1), "12:00:00")
    sees_the_check_page(portal, student, shown)
    closed_by_the_school(portal)
    sends(portal, student, shown + after)
    assert (student.at == "verstuurd") is sent
    if not sent:
        assert_nothing_was_sent(student)


@pytest.mark.rule("WIZ-8", "WIZ-18")
@pytest.mark.parametrize("later", ["14:59", "15:01"])
def test_after_the_last_day_to_begin_there_are_fifteen_minutes(
    machine: time_machine.Traveller, portal: Portal, later: str
) -> None:
    after, sent = LATER[later]
    last_day = clock.today() + timedelta(days=3)
    period = {"start_from": clock.today(), "start_until": last_day, "apply_until": None}
    in_our_copy(portal, COOK, cohorts=lambda c: replace(c, **period))
    student = who_chose(portal, COOK, nobody_yet(1)).walk_to("startdatum")
    student.post(day=last_day.isoformat())
    student.walk_to("controleren")
    shown = at(last_day, "23:50:00")
    sees_the_check_page(portal, student, shown)
    sends(portal, student, shown + after)
    if not sent:
        assert_nothing_was_sent(student)
        return
    assert student.at == "verstuurd"
    start = watch.answers("application").start_day
    assert (start and start.day) == last_day


@pytest.mark.rule("WIZ-18")
def test_nobody_gets_a_check_page_of_what_has_closed(portal: Portal, student: Student) -> None:
    closed_by_the_school(portal)
    student.get(f"/aanmelding/{student.draft}/controleren")
    assert student.at == "opleiding"


FORGED: dict[str, Callable[[datetime], str]] = {
    "later than it was": lambda shown: (shown + 15 * MINUTES).isoformat(),
    "in the future": lambda shown: (shown + timedelta(days=2)).isoformat(),
    "without a zone": lambda shown: shown.replace(tzinfo=None).isoformat(),
    "nothing": lambda shown: "",
    "no moment": lambda shown: "gisteren",
    "too late for our clock": lambda shown: "9999-12-31T23:30:00+00:00",
    "too early for any": lambda shown: "0001-01-01T00:00:00+23:59",
}


@pytest.mark.each_run(3)
@pytest.mark.rule("WIZ-18")
@pytest.mark.parametrize("forged", FORGED)
def test_a_moment_that_was_tampered_with_counts_for_nothing(
    portal: Portal, student: Student, forged: str
) -> None:
    last_day = clock.today() + timedelta(days=3)
    closes_after(portal, last_day)
    shown = at(last_day, "23:40:00")
    sees_the_check_page(portal, student, shown)
    fields = {**student.fields(), "getoond": FORGED[forged](shown)}
    for tick in ({"privacy": "y"}, {}):
        portal.move_clock((shown + 25 * MINUTES).isoformat())
        student.post(f"/aanmelding/{student.draft}/controleren", **fields, **tick)
        assert student.page.status_code == 200
        assert_nothing_was_sent(student)


def fill_up(portal: Portal) -> None:
    cohort_id = watch.row_of("draft").cohort_id
    with db.transaction() as connection:
        connection.execute(insert(place), {"cohort_id": cohort_id, "maximum": 1, "taken": 1})


def take_away(portal: Portal) -> None:
    in_our_copy(portal, KOK, ends=clock.today() - timedelta(days=1))


def untick(portal: Portal) -> None:
    watch.set_everywhere("institution", whitelist=True)
    watch.set_everywhere("programme", whitelisted=False)


def switch_off(portal: Portal) -> None:
    later = clock.now() + timedelta(days=9)
    watch.set_everywhere("koppelpunt", active_from=later)


@pytest.mark.each_run(4)
@pytest.mark.rule("WIZ-18", "CAT-5", "CAT-6", "CAT-8")
@pytest.mark.parametrize("too", [False, True], ids=["alone", "and closed"])
@pytest.mark.parametrize("why", [fill_up, take_away, untick, switch_off])
def test_what_is_full_or_hidden_gets_no_grace(
    portal: Portal, student: Student, why: Callable[[Portal], None], too: bool
) -> None:
    shown = at(clock.today() + timedelta(days=1), "12:00:00")
    sees_the_check_page(portal, student, shown)
    if too and why is not take_away:
        closed_by_the_school(portal)
    why(portal)
    sends(portal, student, shown + MINUTES)
    assert_nothing_was_sent(student)


@pytest.mark.rule("WIZ-16", "WIZ-18")
@pytest.mark.parametrize(
    ("time", "later", "in_time"),
    [
        ("23:59:59", timedelta(), True),
        ("23:50:00", 10 * MINUTES - SECOND, True),
        ("23:50:00", 10 * MINUTES, False),  # the page promised, the request came too late
    ],
)
def test_the_first_of_april_counts_when_the_request_arrives(
    portal: Portal, student: Student, time: str, later: timedelta, in_time: bool
) -> None:
    in_our_copy(portal, KOK, cohorts=lambda c: replace(c, apply_until=None))
    shown = at(first_of_april(), time)
    sees_the_check_page(portal, student, shown)
    assert "Je bent op tijd. Vandaag" in student.page.text
    sends(portal, student, shown + later)
    assert student.at == "verstuurd"
    assert watch.document("application")["in_time"] is in_time


def first_of_april() -> date:
    """Before the study year that somebody who applies now begins in."""
    (chosen,) = [o.choice for o in offered(KOK) if o.choice.cohort_id in drafted()]
    assert chosen.start is not None
    return date(chosen.start.year, 4, 1)


def drafted() -> set[str]:
    return {row.cohort_id for row in watch.all_of("draft")}


@pytest.mark.rule("WIZ-16", "WIZ-18")
def test_a_request_that_waited_past_midnight_is_still_in_time(
    portal: Portal, student: Student
) -> None:
    """It came at the last moment, and was handled a minute later."""
    in_our_copy(portal, KOK, cohorts=lambda c: replace(c, apply_until=None))
    applicant = ready(portal, nobody_yet(2), next(iter(drafted())))
    arrived = at(first_of_april(), "23:59:59")
    student_id, draft_id, sending, moved, _now = applicant.sends(arrived)
    applications.submit(student_id, draft_id, sending, moved, arrived + MINUTES)
    assert watch.document("application")["in_time"] is True
    assert watch.row_of("application").submitted_at == arrived + MINUTES


@pytest.mark.rule("WIZ-18", "WIZ-12")
@pytest.mark.parametrize("closes", ["by the calendar", "by the school"])
def test_who_only_forgot_the_tick_keeps_the_page(
    portal: Portal, student: Student, closes: str
) -> None:
    last_day = clock.today() + timedelta(days=3)
    if closes == "by the calendar":
        closes_after(portal, last_day)
    shown = at(last_day, "23:55:00")
    sees_the_check_page(portal, student, shown)
    if closes == "by the school":
        closed_by_the_school(portal)
    portal.move_clock((shown + 6 * MINUTES).isoformat())
    assert student.post().status_code == 422
    assert student.at == "controleren"
    assert datetime.fromisoformat(student.fields()["getoond"]) == shown
    assert ("vandaag voor het laatst" in student.page.text) is (closes == "by the calendar")
    assert "Nog -" not in student.page.text
    sends(portal, student, shown + 14 * MINUTES)
    assert student.at == "verstuurd"


@pytest.mark.rule("WIZ-18")
def test_a_moment_that_is_made_up_gets_no_page(portal: Portal, student: Student) -> None:
    """Or a form without the tick would be a way to have any moment signed."""
    last_day = clock.today() + timedelta(days=3)
    closes_after(portal, last_day)
    shown = at(last_day, "12:00:00")
    sees_the_check_page(portal, student, shown)
    now = shown + timedelta(days=1)
    portal.move_clock(now.isoformat())
    student.post(getoond=(now - MINUTES).isoformat())
    assert student.at == "opleiding"


@pytest.mark.rule("WIZ-18")
def test_a_window_made_shorter_is_closing_too(portal: Portal, student: Student) -> None:
    shown = at(clock.today() + timedelta(days=2), "12:00:00")
    sees_the_check_page(portal, student, shown)
    closes_after(portal, clock.today() + timedelta(days=1))
    sends(portal, student, shown + 5 * MINUTES)
    assert student.at == "verstuurd"
