"""The student's side of statuses, and what a change of status does beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from app import clock, db
from app.domain.status import CODES, Source, Status
from app.models import place
from app.services import statuses
from app.services.statuses import Change, Finding, NotTheirs, NotThose, Said, TooEarly, TooLate
from tests import watch
from tests.portal import Portal
from tests.status_items import kinds, sent, status_of

pytestmark = pytest.mark.each_run_on("sqlite")

S = Status


def says(application: Any, code: str, at: datetime | None = None, message_id: str = "") -> Change:
    """The koppelpunt, by a service that does no more."""
    now = clock.now()
    said = Said(CODES[code], Source.KOPPELPUNT, at or now, message_id)
    with db.transaction() as connection:
        found = connection.execute(statuses.locked().filter_by(id=application.id)).one()
        change = statuses.record(connection, found, said)
        statuses.free(connection, [change])
        statuses.tell(connection, [change], now)
    return change


def counted(application: Any, maximum: int) -> None:
    with db.transaction() as connection:
        connection.execute(
            insert(place), {"cohort_id": application.cohort_id, "maximum": maximum, "taken": 1}
        )


def taken(application: Any) -> int:
    return int(watch.row_of("place", cohort_id=application.cohort_id).taken)


def history(application: Any) -> list[tuple[str, str]]:
    with db.reading() as connection:
        return [(s.status, s.source) for s in statuses.history(connection, application.id)]


def leaves(application: Any, reason: str = "", **other: Any) -> None:
    who = {"student_id": application.student_id, "draft_id": application.draft_id, **other}
    statuses.withdraw(**who, reason=reason, now=clock.now())


@pytest.mark.rule("MIJ-2", "CAT-5")
@pytest.mark.parametrize("codes", [(), ("AO",), ("AO", "OA")])
def test_withdrawing_frees_everything_and_tells_the_sis(
    any_portal: Portal, codes: tuple[str, ...]
) -> None:
    mine = sent(any_portal)
    counted(mine, 1)
    for code in codes:
        assert says(mine, code).counts
    assert kinds(mine) == ["new"]
    leaves(mine, "work")
    assert status_of(mine) == S.WITHDRAWN
    assert history(mine)[0] == ("SUBMITTED", "student")
    assert history(mine)[-1] == ("WITHDRAWN", "student")
    assert len(history(mine)) == 2 + len(codes)
    assert watch.all_of("running") == []
    assert taken(mine) == 0
    assert kinds(mine) == ["new", "withdrawn"]
    last = watch.row_of("application_status", application_id=mine.id, status="WITHDRAWN")
    assert (last.reason, last.counts, last.until) == ("work", True, None)
    before = watch.rows()
    leaves(mine)
    assert watch.rows() == before
    again = sent(any_portal)
    assert (again.student_id, again.cohort_id) == (mine.student_id, mine.cohort_id)


@pytest.mark.rule("MIJ-2")
@pytest.mark.parametrize(("code", "now"), [("LI", "ENROLLED"), ("LNI", "REJECTED")])
def test_withdrawing_too_late(any_portal: Portal, code: str, now: str) -> None:
    mine = sent(any_portal)
    says(mine, code)
    before = watch.rows()
    with pytest.raises(TooLate) as late:
        leaves(mine)
    assert late.value.status == now
    assert watch.rows() == before


@pytest.mark.rule("MIJ-2")
def test_withdrawing_what_the_school_withdrew(any_portal: Portal) -> None:
    mine = sent(any_portal)
    says(mine, "AI")
    assert kinds(mine) == ["new", "withdrawn"]
    with pytest.raises(TooLate, match="WITHDRAWN"):
        leaves(mine)


@pytest.mark.rule("MIJ-2")
def test_withdrawing_what_is_not_theirs(any_portal: Portal) -> None:
    mine, other = sent(any_portal), sent(any_portal, 1)
    before = watch.rows()
    for wrong in (
        {"student_id": other.student_id},
        {"draft_id": other.draft_id},
        {"draft_id": "no draft"},
    ):
        with pytest.raises(NotTheirs):
            leaves(mine, **wrong)
        who = {"student_id": mine.student_id, "draft_id": mine.draft_id, **wrong}
        with pytest.raises(NotTheirs):
            statuses.keep_one(**who, others=[], now=clock.now())
    with pytest.raises(ValueError, match="reason"):
        leaves(mine, "nonsense")
    assert watch.rows() == before


@pytest.mark.rule("MIJ-2")
def test_keeping_one_withdraws_the_others(any_portal: Portal) -> None:
    every = [sent(any_portal, cohort=number) for number in range(5)]
    strangers = sent(any_portal, 1)
    kept, enrolled, rejected, first, second = every
    says(enrolled, "LI")
    says(rejected, "LNI")
    says(second, "OA")

    def keeps(one: Any, *others: Any) -> None:
        drafts = [other.draft_id for other in others]
        statuses.keep_one(one.student_id, one.draft_id, drafts, clock.now())

    with pytest.raises(TooEarly, match="SUBMITTED"):
        keeps(kept)
    with pytest.raises(TooLate, match="REJECTED"):
        keeps(rejected)
    assert status_of(first) == S.SUBMITTED
    says(kept, "OA")
    before = watch.rows()
    for shown in ([first], [first, second, enrolled], []):  # not those, or not all of them
        with pytest.raises(NotThose):
            keeps(kept, *shown)
    assert watch.rows() == before
    keeps(kept, first, second)
    assert [status_of(one) for one in every] == [
        *(S.OFFERED, S.ENROLLED, S.REJECTED, S.WITHDRAWN, S.WITHDRAWN)
    ]
    assert status_of(strangers) == S.SUBMITTED
    assert kinds(first) == kinds(second) == ["new", "withdrawn"]
    assert kinds(kept) == ["new"]
    with pytest.raises(NotThose):  # there are none left
        keeps(kept)


@pytest.mark.rule("STA-3", "CAT-5")
@pytest.mark.parametrize("code", ["OA", "LI"])
def test_a_correction_takes_back_what_is_free(any_portal: Portal, code: str) -> None:
    mine = sent(any_portal)
    counted(mine, 1)
    says(mine, "LNI")
    assert (taken(mine), watch.all_of("running")) == (0, [])
    change = says(mine, code, clock.now() + timedelta(seconds=1))
    assert (change.findings, taken(mine)) == ((), 1)
    assert [claim.application_id for claim in watch.all_of("running")] == [mine.id]
    assert kinds(mine) == ["new"]


@pytest.mark.rule("STA-3", "CAT-5")
def test_a_correction_counts_though_there_is_no_room(any_portal: Portal) -> None:
    mine = sent(any_portal)
    counted(mine, 1)
    says(mine, "LNI")
    second = sent(any_portal)
    assert taken(mine) == 1
    change = says(mine, "OA", clock.now() + timedelta(seconds=1))
    assert change.findings == (Finding.SECOND, Finding.FULL)
    assert status_of(mine) == S.OFFERED
    assert taken(mine) == 1
    leaves(mine)
    assert [claim.application_id for claim in watch.all_of("running")] == [second.id]
    assert taken(mine) == 1
    leaves(second)
    assert (taken(mine), watch.all_of("running")) == (0, [])


@pytest.mark.rule("STA-3")
def test_a_withdrawal_that_turns_out_not_to_be(any_portal: Portal) -> None:
    """An enrolment that comes to light after the start: an earlier AI doesn't undo it."""
    mine, now = sent(any_portal), clock.now()
    late = now + timedelta(days=3 * 366)
    says(mine, "AI", late)
    assert (status_of(mine), kinds(mine)) == (S.WITHDRAWN, ["new", "withdrawn"])
    assert says(mine, "LI", now).counts
    assert (status_of(mine), kinds(mine)) == (S.ENROLLED, ["new", "withdrawn", "change"])
    assert watch.row_of("message", latest=True).kind == "change"
    assert not watch.row_of("application_status", status="WITHDRAWN").counts
    assert len(watch.all_of("running")) == 1


@pytest.mark.rule("STA-3")
@pytest.mark.parametrize("code", ["AO", "OA", "LI", "LNI"])
def test_which_older_one_undoes_a_withdrawal(any_portal: Portal, code: str) -> None:
    """Before the start of the cohort only a refusal; also one of the same moment."""
    for number, earlier in enumerate((60, 0)):
        mine, now = sent(any_portal, number), clock.now()
        says(mine, "AI", now)
        says(mine, code, now - timedelta(seconds=earlier))
        undone = ["change"] if code == "LNI" else []
        assert kinds(mine) == ["new", "withdrawn", *undone]
        assert status_of(mine) == (S.REJECTED if undone else S.WITHDRAWN)


@pytest.mark.rule("STA-1")
def test_each_status_has_its_begin_end_and_source(any_portal: Portal) -> None:
    mine, now = sent(any_portal), clock.now()
    says(mine, "OA", now + timedelta(seconds=20), "b")
    says(mine, "AO", now + timedelta(seconds=10), "a")
    says(mine, "OA", now + timedelta(seconds=30), "c")
    rows = {r.message_id: r for r in watch.all_of("application_status")}
    assert [r.until for r in (rows[""], rows["a"], rows["b"], rows["c"])] == [
        *(now + timedelta(seconds=10), now + timedelta(seconds=20), None, None)
    ]
    assert [rows[name].counts for name in ("", "a", "b", "c")] == [True, True, True, False]
    assert history(mine) == [
        *(("SUBMITTED", "student"), ("RECEIVED", "koppelpunt"), ("OFFERED", "koppelpunt"))
    ]
