"""Sending by way of the pages: what is written, and what becomes of what can't be sent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from app import clock, db
from app.models import (
    application,
    application_status,
    draft,
    institution,
    koppelpunt,
    message,
    place,
    running,
)
from app.services import applications, koppelpunten
from tests import watch
from tests.applicants import a_cohort, adult, out_of_balance, ready
from tests.portal import ADULT, Portal, Student
from tests.source import as_it_is, synchronise

pytestmark = pytest.mark.each_run_on("sqlite")

AGAIN = "Deze aanmelding had je al verstuurd. De school heeft die één keer gekregen."
OTHER = "Er is iets veranderd sinds je deze pagina opende. Controleer alles nog een keer."
NO_CHOICE = "</bdi> kun je je nu niet meer aanmelden. Kies een andere."


def count(table: object) -> int:
    with db.reading() as connection:
        return len(connection.execute(select(table)).all())  # type: ignore[call-overload]


def assert_nothing_sent() -> None:
    assert [count(t) for t in (application, message, application_status, running)] == [0] * 4
    assert count(draft) == 1


@pytest.fixture
def student(any_portal: Portal) -> Student:
    """Before the check page, ready to send."""
    return any_portal.student(ADULT).walk_to("controleren")


@pytest.mark.rule("WIZ-13")
def test_what_is_sent_is_written_whole_and_once(student: Student) -> None:
    draft_id = student.draft
    student.answer()
    with db.reading() as connection:
        sent = connection.execute(select(application)).one()
        status = connection.execute(select(application_status)).one()
        told = connection.execute(select(message)).one()
        claimed = connection.execute(select(running)).one()
        point = connection.execute(select(koppelpunt).where(koppelpunt.c.code == "99XX")).one()
        assert out_of_balance(connection) == []
    assert (sent.draft_id, sent.status, sent.brin) == (draft_id, "SUBMITTED", "99XX")
    assert (sent.koppelpunt_id, sent.id) == (point.id, told.application_id)
    assert (told.koppelpunt_id, told.change_number, told.kind) == (point.id, 1, "new")
    assert (status.status, status.source, status.until) == ("SUBMITTED", "student", None)
    assert (claimed.student_id, claimed.cohort_id) == (sent.student_id, sent.cohort_id)
    assert watch.document("job", name="mail")["language"] == "nl"
    assert count(draft) == 0
    assert student.at == "verstuurd"


@pytest.mark.rule("SIS-2")
def test_an_application_has_both_its_ids(student: Student) -> None:
    student.answer()
    with db.reading() as connection:
        sent = connection.execute(select(application)).one()
    assert re.fullmatch(r"99XX:9[0-9]{7}", sent.keten_id)
    assert UUID(sent.ca_keten_id).version == 4
    assert len(sent.ca_keten_id) == 36
    assert sent.keten_id in student.page.text


@pytest.mark.rule("IDN-9")
def test_how_and_when_somebody_identified_is_kept(any_portal: Portal) -> None:
    student = Student(any_portal.browser(), ADULT)
    before = clock.now()
    student.log_in(level="30")
    student.send()
    identification = watch.document("application")["identification"]
    requested_at = watch.row_of("application").requested_at
    assert identification["level"] == "30"
    assert before <= datetime.fromisoformat(identification["moment"]) <= requested_at


@pytest.mark.rule("WIZ-13")
def test_sending_again_after_a_lost_answer_says_that_it_was_sent(student: Student) -> None:
    form, address = {**student.fields(), **student.usual()}, student.page.url
    student.browser.post(address, data=form)  # and the answer never arrived
    again = student.browser.post(address, data=form, follow_redirects=True)
    assert again.url.path.endswith("/verstuurd")
    assert AGAIN in again.text
    assert count(application) == count(message) == 1


@pytest.mark.rule("WIZ-13")
@pytest.mark.parametrize("path", ["", "controleren", "contact", "opleiding"])
def test_whoever_comes_back_to_a_sent_draft_sees_that_it_was_sent(
    student: Student, path: str
) -> None:
    draft_id = student.draft
    student.answer()
    assert AGAIN not in student.page.text
    page = student.get(f"/aanmelding/{draft_id}/{path}")
    assert (page.status_code, student.at) == (200, "verstuurd")
    assert AGAIN in page.text
    assert draft_id in student.get("/mijn").text


@pytest.mark.rule("WIZ-12")
@pytest.mark.rule("WIZ-13")
def test_what_another_tab_changed_is_shown_before_it_is_sent(student: Student) -> None:
    tab = Student(student.browser, student.bsn, student.page)
    tab.get(f"/aanmelding/{student.draft}/contact")
    tab.post(email="ander@voorbeeld.nl")
    student.answer()
    assert student.page.status_code == 422
    assert OTHER in student.page.text
    assert "ander@voorbeeld.nl" in student.page.text
    assert_nothing_sent()
    assert student.answer().url.path.endswith("/verstuurd")


@pytest.mark.rule("WIZ-12", "WIZ-13")
@pytest.mark.parametrize("changed", [True, False])
def test_who_forgets_the_tick_is_also_told_what_changed(student: Student, changed: bool) -> None:
    if changed:
        tab = Student(student.browser, student.bsn, student.page)
        tab.get(f"/aanmelding/{student.draft}/contact")
        tab.post(email="ander@voorbeeld.nl")
    student.answer(privacy="")
    assert student.page.status_code == 422
    assert (OTHER in student.page.text) is changed
    assert "zet een vinkje" in student.page.text


@pytest.mark.each_run(2)
@pytest.mark.rule("WIZ-13")
@pytest.mark.parametrize("shown", ["", "0" * 64, "é" * 64, "x" * 5000])
def test_a_fingerprint_that_is_not_ours_sends_nothing(student: Student, shown: str) -> None:
    assert student.answer(dossier=shown).status_code == 422
    assert OTHER in student.page.text
    assert_nothing_sent()


@pytest.mark.rule("WIZ-12")
def test_a_renamed_programme_is_shown_and_can_be_sent(any_portal: Portal, student: Student) -> None:
    """Its cohort is as it was, so that a draft can't tell by the cohort's version."""
    source = as_it_is(any_portal).each(lambda p: replace(p, name=f"{p.name} op zee"))
    synchronise(source)
    with db.transaction() as connection:
        connection.execute(update(institution).values(name="ROC De Verte"))
    student.answer()
    assert student.page.status_code == 422
    assert OTHER in student.page.text
    assert "Kok in het restaurant op zee" in student.page.text
    assert "ROC De Verte" in student.page.text
    assert student.answer().url.path.endswith("/verstuurd")


@pytest.mark.rule("CAT-8")
def test_a_school_without_a_koppelpunt_gets_nothing_and_the_draft_is_kept(
    any_portal: Portal, student: Student
) -> None:
    later = clock.now() + timedelta(days=1)
    with db.transaction() as connection:
        connection.execute(update(koppelpunt).values(active_from=later))
    student.answer()
    assert student.at == "opleiding"
    assert "Deze school kan nu geen aanmeldingen ontvangen." in student.page.text
    assert "Vragen aan de school?" in student.page.text
    assert "aanmelden@roc.example" in student.page.text
    assert_nothing_sent()
    with db.transaction() as connection:
        connection.execute(update(koppelpunt).values(active_from=clock.now()))
    assert student.get(f"/aanmelding/{student.draft}/controleren").status_code == 200
    assert student.answer().url.path.endswith("/verstuurd")


@pytest.mark.rule("CAT-8")
def test_a_koppelpunt_that_is_not_active_yet_gets_nothing(
    any_portal: Portal, student: Student
) -> None:
    with db.transaction() as connection:
        connection.execute(update(koppelpunt).values(active_from=clock.now() + timedelta(days=1)))
    koppelpunten.set_up("99XX-nu", "99XX", koppelpunten.Settings(), clock.now(), production=False)
    student.get(student.page.url.path)
    student.answer()
    with db.reading() as connection:
        reached = select(koppelpunt.c.code).join(application)
        assert connection.scalars(reached).all() == ["99XX-nu"]


@pytest.mark.rule("WIZ-8")
def test_a_window_closes_at_midnight_in_amsterdam(any_portal: Portal, student: Student) -> None:
    last_day = close_every_window(any_portal, clock.today() + timedelta(days=3))
    student.get(f"/aanmelding/{student.draft}/controleren")
    any_portal.move_clock(f"{last_day + timedelta(days=1)}T00:00:05+01:00")
    student.answer()
    assert student.at == "opleiding"
    assert NO_CHOICE in student.page.text
    assert "Je aanmelding is nog niet verstuurd." in student.page.text
    assert_nothing_sent()
    any_portal.move_clock(f"{last_day}T23:59:00+01:00")
    student.get(f"/aanmelding/{student.draft}/controleren")
    assert student.answer().url.path.endswith("/verstuurd")


def close_every_window(portal: Portal, last_day: date) -> date:
    source = as_it_is(portal).each_cohort(lambda c: replace(c, apply_until=last_day))
    synchronise(source)
    return last_day


@pytest.mark.rule("WIZ-18")
def test_the_moment_the_request_arrived_counts(any_portal: Portal) -> None:
    last_day = close_every_window(any_portal, clock.today())
    applicant = ready(any_portal, adult(1), a_cohort())
    arrived = datetime(last_day.year, last_day.month, last_day.day, 12, tzinfo=UTC)
    done = arrived + timedelta(days=1)
    *rest, _now = applicant.sends(arrived)
    applications.submit(*rest, done)
    with db.reading() as connection:
        sent = connection.execute(select(application)).one()
    assert (sent.requested_at, sent.submitted_at) == (arrived, done)


@pytest.mark.rule("CAT-5")
def test_a_full_cohort_says_so_and_keeps_the_draft(any_portal: Portal, student: Student) -> None:
    with db.transaction() as connection:
        row = {"cohort_id": connection.scalar(select(draft.c.cohort_id)), "maximum": 1, "taken": 1}
        connection.execute(insert(place), row)
    page = student.answer()
    assert student.at == "opleiding"
    assert "is vol. Kies een andere." in page.text
    assert_nothing_sent()
    with db.transaction() as connection:
        connection.execute(update(place).values(taken=0))
    student.get(f"/aanmelding/{student.draft}/controleren")
    assert student.answer().url.path.endswith("/verstuurd")
    with db.reading() as connection:
        assert connection.execute(select(place.c.taken)).scalar_one() == 1


@pytest.mark.rule("WIZ-15")
def test_a_second_application_for_the_same_cohort_is_refused(
    any_portal: Portal, student: Student
) -> None:
    form = {"csrf_token": watch.token(student.page.text)}
    second = student.browser.post("/mijn/nieuw", data=form, follow_redirects=True)
    other = Student(student.browser, student.bsn, second).walk_to("controleren")
    first = student.draft
    student.answer()
    page = other.answer()
    assert page.status_code == 422
    assert "Je hebt je al aangemeld voor deze opleiding." in page.text
    assert f'href="/mijn/{first}"' in page.text
    assert (count(application), count(draft)) == (1, 1)
