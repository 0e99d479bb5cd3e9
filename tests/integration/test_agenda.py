"""The start of a programme in somebody's calendar (WIZ-14)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from icalendar import Calendar, Event

from tests import watch
from tests.applicants import adult
from tests.papers import Applicant, numbers
from tests.portal import Portal
from tests.sent import says

pytestmark = pytest.mark.rule("WIZ-14")
LINK = "start.ics"


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture
def applicant(portal: Portal) -> Applicant:
    return Applicant(portal)


def event(applicant: Applicant, language: str = "nl") -> Event:
    answer = applicant.file(LINK, language)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=start.ics"
    calendar = Calendar.from_ical(answer.content)
    assert calendar["version"] == "2.0"
    (found,) = calendar.walk("VEVENT")
    assert isinstance(found, Event)
    return found


@pytest.mark.parametrize(
    ("language", "title"),
    [("nl", "Start van Kok, a; b\\c"), ("en", "Start of Cook"), ("ar", "بدء Kok, a; b\\c")],
)
def test_it_is_a_day_in_the_student_s_language(
    applicant: Applicant, language: str, title: str
) -> None:
    applicant.chose(programme="Kok, a; b\\c", name_english="Cook", start=date(2027, 8, 1))
    found = event(applicant, language)
    assert found["dtstart"].dt == date(2027, 8, 1)
    assert str(found["summary"]) == title
    assert found["summary"].params["language"] == language
    assert found["dtstamp"].dt.utcoffset().total_seconds() == 0


def test_its_lines_are_as_calendars_want_them(applicant: Applicant) -> None:
    applicant.chose(institution="Schöle «Ærø» " * 20, programme="Kok\r\nATTENDEE:mailto:x@y.nl")
    content = applicant.file(LINK).content
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert "attendee" not in event(applicant)


def test_a_second_download_takes_the_place_of_the_first(applicant: Applicant) -> None:
    assert event(applicant)["uid"] == event(applicant, "ar")["uid"]
    assert applicant.file(LINK).content == applicant.file(LINK).content


def test_a_family_sees_nothing_of_the_person(applicant: Applicant) -> None:
    text = applicant.file(LINK).text
    row, answers = applicant.row, watch.answers("application", draft_id=applicant.draft)
    named = (answers.name, *answers.names, applicant.student.bsn, applicant.code)
    for never in (*filter(None, named), row.keten_id, row.ca_keten_id, row.draft_id):
        assert never not in text


def test_it_is_offered_where_there_is_a_start_to_keep_free(applicant: Applicant) -> None:
    def offered() -> set[bool]:
        pages = [applicant.student.get(page) for page in (applicant.here, own)]
        assert all("bewijs.pdf" in page.text for page in pages)
        shown = {LINK in page.text for page in pages}
        return shown | {applicant.file(LINK).status_code == 200}

    own = f"/mijn/{applicant.draft}"
    assert offered() == {True}
    applicant.chose(start=None, start_from=None)
    assert offered() == {False}
    applicant.chose(start=date(2020, 8, 1))  # in a later leerjaar
    assert offered() == {False}
    applicant.chose(start=date(2099, 8, 1))
    applicant.is_now(kind="I")
    assert offered() == {False}
    applicant.is_now(kind="A")
    assert offered() == {True}
    says(applicant.draft, "LNI")
    assert offered() == {False}


def test_the_last_day_of_a_draft_that_waits(portal: Portal) -> None:
    """In time, where that comes first; else until when it can be sent; nothing once it is over."""
    student = portal.student(adult(next(numbers))).walk_to("ouders")
    watch.set_everywhere("cohort_facts", apply_until=None, start=date(2027, 8, 23))
    watch.set_everywhere("catalogue", changes=10**6)
    (link,) = re.findall(r'href="([^"]*laatste-dag.ics)"', student.get("/mijn").text)
    answer = student.browser.get(link)
    (found,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert found["dtstart"].dt == date(2027, 4, 1)
    assert str(found["summary"]).startswith("Laatste dag: ")
    stranger = portal.student(adult(next(numbers)))
    assert stranger.browser.get(link).status_code == 404
    portal.move_clock("2027-04-02T12:00:00+02:00")
    try:
        assert student.browser.get(link).status_code == 404
        assert "laatste-dag.ics" not in student.get("/mijn").text
    finally:
        portal.move_clock("")
