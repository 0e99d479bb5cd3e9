"""A place for whom the school's correction brings back, and who counts meanwhile (CAT-5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.domain.dossier import Incomplete
from app.domain.status import CODES, Source, Status
from app.services import applications, catalogue, institutions, places, statuses
from app.services.statuses import Change, Finding, Said
from tests import watch
from tests.applicants import adult, ready
from tests.portal import Portal
from tests.race import beside
from tests.sent import says
from tests.status_items import sent


def counts(mine: Any, maximum: int | None) -> int:
    with db.reading() as connection:
        choice = catalogue.find(connection, mine.cohort_id, clock.now())
    assert choice is not None
    return institutions.set_places(choice.programme_id, choice.cohort_code, maximum)


def taken_and_run(mine: Any) -> tuple[int, int]:
    with db.reading() as connection:
        run = places.running_now(connection, mine.cohort_id)
    return watch.row_of("place").taken, run


def leaves(mine: Any) -> None:
    statuses.withdraw(mine.student_id, mine.draft_id, "", clock.now())


def offered(connection: Any, mine: Any) -> Change:
    """Again, in a transaction that goes on after it."""
    said = Said(CODES["OA"], Source.KOPPELPUNT, clock.now() + timedelta(seconds=9))
    found = connection.execute(statuses.locked().filter_by(id=mine.id)).one()
    return statuses.record(connection, found, said)


@pytest.mark.rule("CAT-5", "STA-3")
def test_who_came_back_beyond_the_maximum_has_a_place_once_there_are_more(
    any_portal: Portal,
) -> None:
    first, *_ = every = [sent(any_portal, number) for number in range(3)]
    waits = [ready(any_portal, adult(number), first.cohort_id) for number in (3, 4)]
    says(first.draft_id, "LNI")
    assert counts(first, 2) == 2
    says(first.draft_id, "OA", clock.now() + timedelta(seconds=9))
    assert taken_and_run(first) == (2, 3)
    assert counts(first, 4) == 3
    assert taken_and_run(first) == (3, 3)
    applications.submit(*waits[0].sends())
    with pytest.raises(Incomplete, match="choice"):
        applications.submit(*waits[1].sends())
    assert taken_and_run(first) == (4, 4)
    assert len(watch.all_of("application")) == len(every) + 1


@pytest.mark.rule("CAT-5", "STA-3")
def test_one_comes_back_to_a_full_cohort_while_another_leaves(any_portal: Portal) -> None:
    leaving, _stays, back = (sent(any_portal, number) for number in range(3))
    says(back.draft_id, "LNI")
    counts(back, 2)
    with db.transaction() as connection:
        change = offered(connection, back)
        thread = beside(leaves, leaving)
    thread.join()
    assert change.findings == (Finding.FULL,)
    assert taken_and_run(back) == (2, 2)


@pytest.mark.rule("CAT-5")
@pytest.mark.parametrize("freed", [False, True])
def test_counting_that_begins_while_one_leaves(any_portal: Portal, freed: bool) -> None:
    leaving, _stays = (sent(any_portal, number) for number in range(2))
    said = Said(Status.WITHDRAWN, Source.STUDENT, clock.now())
    with db.transaction() as connection:
        found = connection.execute(statuses.locked().filter_by(id=leaving.id)).one()
        change = statuses.record(connection, found, said)
        if freed:
            statuses.free(connection, [change])
        thread = beside(counts, leaving, 5)
        if not freed:
            statuses.free(connection, [change])
    thread.join()
    assert taken_and_run(leaving) == (1, 1)


@pytest.mark.rule("CAT-5", "STA-3")
def test_counting_that_begins_while_one_comes_back(any_portal: Portal) -> None:
    """Beside a second application of the student's, so that nothing is claimed by it."""
    back = sent(any_portal)
    says(back.draft_id, "LNI")
    sent(any_portal)
    with db.transaction() as connection:
        change = offered(connection, back)
        thread = beside(counts, back, 5)
    thread.join()
    assert change.findings == (Finding.SECOND,)
    assert taken_and_run(back) == (2, 2)
