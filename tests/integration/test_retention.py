"""The nightly work: what was kept long enough goes, after a mail that says so (RET-1, RET-3;
checklist item 47)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from app import clock, db, jobs
from app.domain import rules
from app.domain.retention import WARNING, dossier_goes
from app.letters import LETTERS
from app.models import metadata
from app.services import dossiers, oversight, removal, retention, work
from app.services.notices import Kind
from app.services.retention import TooMany, What
from tests import watch
from tests.applicants import a_cohort, adult, arrives, cohorts_open, every_row, ready
from tests.kept import rows_of, totals
from tests.letters import acts, do_everything, mails, text
from tests.portal import ADULT, MINOR, Portal
from tests.sent import applies, says

pytestmark = pytest.mark.each_run_on("sqlite")

WARNED = LETTERS[Kind.REMOVAL].subject
DAY = timedelta(days=1)


def night(after: timedelta | datetime) -> Counter[What]:
    """What one night does, so long from now; a dry run says the same first."""
    now = clock.now() + after if isinstance(after, timedelta) else after
    before = every_row()
    said = retention.plan(now, lambda: None)
    assert every_row() == before, "a dry run changes nothing"
    done = retention.run(now, lambda: None)
    assert done == said
    return +done


def goes(draft_id: str) -> datetime:
    """When this application's dossier does, at noon."""
    row = watch.row_of("application", draft_id=draft_id)
    start = rules.starts(watch.answers("application", draft_id=draft_id))
    day = dossier_goes(clock.local_date(row.submitted_at), start)
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.AMSTERDAM)


@pytest.mark.each_run(2)
@pytest.mark.rule("RET-1")
@pytest.mark.parametrize("code", ["", "OA", "LI", "LNI"])
def test_an_account_goes_a_year_after_the_last_application_a_month_after_a_mail(
    any_portal: Portal, code: str
) -> None:
    draft_id = applies(any_portal, adult(1), a_cohort())
    if code:
        says(draft_id, code)
    ready(any_portal, adult(1), cohorts_open()[1])
    student_id = str(watch.row_of("student").id)
    end = goes(draft_id)
    before = totals()
    assert night(end - WARNING - DAY) == {}
    assert night(end - WARNING) == {What.WARNING: 1}
    assert night(end - WARNING + DAY) == {}, "once"
    assert night(end - DAY) == {}
    do_everything(any_portal)
    (mail,) = (mail for mail in mails(any_portal) if mail["Subject"] == WARNED)
    assert f"Op {end.day} " in text(mail)
    assert str(end.year) in text(mail)
    assert rows_of(student_id)["draft"] == 1
    assert night(end) == {What.ACCOUNT: 1}
    assert not any(rows_of(student_id).values())
    assert totals() == before
    assert night(end + DAY) == {}


@pytest.mark.rule("RET-1")
def test_a_dossier_goes_before_its_account_where_there_is_a_later_one(any_portal: Portal) -> None:
    first, second = cohorts_open()[:2]
    draft_id = applies(any_portal, adult(1), first)
    any_portal.move_clock((clock.now() + 100 * DAY).isoformat())
    try:
        watch.set_everywhere("cohort_facts", apply_until=None)
        watch.set_everywhere("catalogue", changes=10**6)
        later = applies(any_portal, adult(1), second)
        end = goes(draft_id)
        assert goes(later) > end + WARNING
        assert night(end - DAY) == {}
        assert night(end) == {What.DOSSIER: 1}
        kept = {row.draft_id for row in watch.all_of("application") if row.document}
        assert kept == {later}
        assert len(watch.all_of("student")) == 1
    finally:
        any_portal.move_clock("")


@pytest.mark.rule("RET-1")
def test_nothing_goes_before_the_start_that_was_applied_for(any_portal: Portal) -> None:
    start = clock.today() + timedelta(days=600)
    watch.set_everywhere("cohort_facts", start=start)
    watch.set_everywhere("catalogue", changes=10**6)
    draft_id = applies(any_portal, adult(1), a_cohort())
    assert goes(draft_id).date() == start
    assert night(timedelta(days=500)) == {}
    assert night(goes(draft_id) - WARNING) == {What.WARNING: 1}
    assert night(goes(draft_id)) == {What.ACCOUNT: 1}


@pytest.mark.rule("RET-1")
def test_an_empty_profile_goes_after_three_months(any_portal: Portal) -> None:
    empty = arrives(any_portal, ADULT)
    ready(any_portal, adult(1), a_cohort())
    assert night(timedelta(days=88)) == {}
    busy = arrives(any_portal, MINOR)
    watch.set_everywhere("student", seen_at=clock.now())
    with db.transaction() as connection:  # this one came back
        table = metadata.tables["student"]
        back = table.update().filter_by(id=busy).values(seen_at=clock.now() + 30 * DAY)
        connection.execute(back)
    assert night(timedelta(days=93)) == {What.PROFILE: 2}
    assert [row.id for row in watch.all_of("student")] == [busy]
    assert empty != busy
    do_everything(any_portal)
    assert mails(any_portal) == [], "nobody gave an address that counts"


@pytest.mark.rule("RET-1")
def test_who_is_reminded_of_a_draft_can_still_send_it(any_portal: Portal) -> None:
    ready(any_portal, adult(1), a_cohort())
    watch.set_everywhere("draft", reminded_at=clock.now() + 85 * DAY)
    assert night(timedelta(days=93)) == {}
    assert night(timedelta(days=85 + 93)) == {What.PROFILE: 1}


@pytest.mark.rule("RET-1")
def test_a_draft_stays_until_the_last_day_of_its_cohort(any_portal: Portal) -> None:
    ready(any_portal, adult(1), a_cohort())
    last = clock.today() + 200 * DAY
    watch.set_everywhere("cohort_facts", apply_until=last)
    assert night(timedelta(days=200)) == {}
    picked = {"start": None, "start_from": clock.today(), "start_until": last - 50 * DAY}
    watch.set_everywhere("cohort_facts", **picked)  # a flexible one, that ends sooner
    assert night(timedelta(days=150)) == {}
    assert night(timedelta(days=151)) == {What.PROFILE: 1}


@pytest.mark.rule("RET-1")
def test_a_cohort_without_a_last_day_keeps_no_draft(any_portal: Portal) -> None:
    ready(any_portal, adult(1), a_cohort())
    watch.set_everywhere("cohort_facts", apply_until=None, start_from=None)
    assert night(timedelta(days=93)) == {What.PROFILE: 1}


@pytest.mark.rule("RET-1")
def test_who_applies_again_after_the_warning_stays(any_portal: Portal) -> None:
    first, second = cohorts_open()[:2]
    draft_id = applies(any_portal, adult(1), first)
    end = goes(draft_id)
    assert night(end - WARNING) == {What.WARNING: 1}
    any_portal.move_clock((end - 2 * DAY).isoformat())
    try:
        watch.set_everywhere("cohort_facts", apply_until=None, start=None)
        watch.set_everywhere("catalogue", changes=10**6)
        applies(any_portal, adult(1), second)
        assert night(end) == {What.DOSSIER: 1}, "only the first application"
    finally:
        any_portal.move_clock("")


@pytest.mark.rule("RET-1")
def test_who_logs_in_while_the_night_works_is_looked_at_again(
    any_portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    student_id = arrives(any_portal, ADULT)
    now = clock.now() + timedelta(days=100)
    looks = retention.due

    def due(moment: datetime) -> Any:
        for one in looks(moment):
            with db.transaction() as connection:
                seen = metadata.tables["student"].update().values(seen_at=now)
                connection.execute(seen)
            yield one

    monkeypatch.setattr(retention, "due", due)
    assert +retention.run(now, lambda: None) == {}
    assert watch.row_of("student").id == student_id


@pytest.mark.rule("RET-1")
def test_half_of_everybody_does_not_go_in_one_night_unasked(
    any_portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "FEW", 1)
    for number in range(3):
        arrives(any_portal, adult(number))
    now = clock.now() + timedelta(days=100)
    before = every_row()
    with pytest.raises(TooMany, match="3 of 3 accounts would go"):
        retention.run(now, lambda: None)
    assert every_row() == before
    assert retention.run(now, lambda: None, everybody=True)[What.PROFILE] == 3


@pytest.mark.rule("RET-1", "OPS-4")
def test_a_night_that_did_nothing_is_seen(
    any_portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "FEW", 0)
    arrives(any_portal, ADULT)
    watch.set_everywhere("student", seen_at=clock.now() - timedelta(days=100))
    work.schedule(jobs.RETENTION, 0.0)
    assert jobs.run_one(acts(any_portal))
    with db.reading() as connection:
        (seen,) = oversight.failed(connection)
    assert (seen.name, seen.error, seen.given_up) == (jobs.RETENTION, "TooMany", False)
    assert len(watch.all_of("student")) == 1


@pytest.mark.rule("RET-1")
def test_a_mail_that_nobody_could_send_does_not_wait_for_ever(any_portal: Portal) -> None:
    applies(any_portal, adult(1), a_cohort())
    watch.set_everywhere("job", failed_at=clock.real_seconds())
    assert night(timedelta(days=29)) == {}
    assert night(timedelta(days=31)) == {What.MAIL: 1}
    assert watch.all_of("job") == []


@pytest.mark.rule("RET-3")
def test_logs_go_after_two_years_and_what_was_fetched_stays_known(any_portal: Portal) -> None:
    applies(any_portal, adult(1), a_cohort())
    student_id = watch.row_of("student").id
    removal.by_student(student_id, clock.now())
    assert len(watch.all_of("message")) == 2
    assert night(timedelta(days=720)) == {}
    assert night(timedelta(days=740)) == {What.LINE: 1}
    (latest,) = watch.all_of("message")
    assert (latest.latest, latest.kind) == (True, "removed")


@pytest.mark.rule("RET-1")
def test_a_document_that_nobody_can_open_any_more_holds_nothing_up(any_portal: Portal) -> None:
    """Its key is gone."""
    applies(any_portal, adult(1), a_cohort())
    row = watch.row_of("application")
    other = "00000000-0000-4000-8000-000000000000"
    sealed = dossiers.sealed(other, watch.answers("application"), None, {})
    watch.set_everywhere("application", document=sealed)
    year = timedelta(days=366)
    assert night(year - WARNING) == {What.WARNING: 1}
    assert night(year) == {What.ACCOUNT: 1}
    assert watch.row_of("application", id=row.id).age_band == ""
