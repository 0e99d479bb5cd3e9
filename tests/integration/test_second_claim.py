"""Two applications for one cohort, after a correction: while one runs, no third is sent
(WIZ-15)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.domain.status import CODES, Source, Status
from app.services import statuses
from app.services.applications import AlreadyApplied
from app.services.statuses import Said
from tests import watch
from tests.portal import Portal
from tests.race import beside
from tests.sent import says
from tests.status_items import sent, status_of

pytestmark = [pytest.mark.rule("WIZ-15", "STA-3"), pytest.mark.each_run_on("sqlite")]

AFTER = timedelta(seconds=9)


def claims() -> list[int]:
    return [claim.application_id for claim in watch.all_of("running")]


def leaves(mine: Any) -> None:
    statuses.withdraw(mine.student_id, mine.draft_id, "", clock.now())


def corrected(portal: Portal) -> tuple[Any, Any]:
    """One that was rejected and is offered a place after all, and the student's second."""
    first = sent(portal)
    says(first.draft_id, "LNI")
    second = sent(portal)
    says(first.draft_id, "OA", clock.now() + AFTER)
    assert (status_of(first), claims()) == ("OFFERED", [second.id])
    return first, second


@pytest.mark.parametrize("code", ["", "LNI", "AI"])
def test_when_the_second_ends_the_first_has_its_claim(any_portal: Portal, code: str) -> None:
    first, second = corrected(any_portal)
    other = sent(any_portal, cohort=1)
    stranger = sent(any_portal, 1)
    if code:
        says(second.draft_id, code, clock.now() + AFTER)
    else:
        leaves(second)
    assert sorted(claims()) == [first.id, other.id, stranger.id]
    with pytest.raises(AlreadyApplied) as already:
        sent(any_portal)
    assert already.value.application_id == first.id
    leaves(first)
    assert sorted(claims()) == [other.id, stranger.id]
    assert status_of(sent(any_portal)) == "SUBMITTED"


def test_when_the_first_ends_the_second_keeps_its_claim(any_portal: Portal) -> None:
    first, second = corrected(any_portal)
    leaves(first)
    assert claims() == [second.id]


def test_choosing_another_lets_both_go(any_portal: Portal) -> None:
    first, second = corrected(any_portal)
    kept = sent(any_portal, cohort=1)
    says(kept.draft_id, "OA")
    others = [first.draft_id, second.draft_id]
    statuses.keep_one(kept.student_id, kept.draft_id, others, clock.now())
    assert claims() == [kept.id]


@pytest.mark.parametrize("begins", [0, 1])
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_both_end_at_once(any_portal: Portal, begins: int) -> None:
    both = corrected(any_portal)
    said = Said(Status.WITHDRAWN, Source.STUDENT, clock.now())
    with db.transaction() as connection:
        found = connection.execute(statuses.locked().filter_by(id=both[begins].id)).one()
        statuses.record(connection, found, said)
        thread = beside(leaves, both[1 - begins])
    thread.join()
    assert [status_of(one) for one in both] == ["WITHDRAWN"] * 2
    assert claims() == []
    assert status_of(sent(any_portal)) == "SUBMITTED"


@pytest.mark.parametrize("code", ["OA", "AI"])
def test_one_comes_back_while_the_other_ends(any_portal: Portal, code: str) -> None:
    """Whichever of the two begins."""
    back = sent(any_portal)
    says(back.draft_id, "LNI")
    leaving = sent(any_portal)
    acts = {"OA": (back, "AI", leaving), "AI": (leaving, "OA", back)}
    mine, other_code, other = acts[code]
    said = Said(CODES[code], Source.KOPPELPUNT, clock.now() + AFTER)
    with db.transaction() as connection:
        found = connection.execute(statuses.locked().filter_by(id=mine.id)).one()
        statuses.record(connection, found, said)
        thread = beside(says, other.draft_id, other_code, clock.now() + AFTER)
    thread.join()
    assert (status_of(back), status_of(leaving)) == ("OFFERED", "WITHDRAWN")
    assert claims() == [back.id]
