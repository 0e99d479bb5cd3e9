"""Who comes first has won: withdrawing, enrolling, and the same message at the same moment."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from app import clock, db
from app.domain.routing import Facts, Terms
from app.domain.status import CODES, Source
from app.models import application, application_status, message, place, status_message
from app.services import statuses
from app.services.audit import Actor
from app.services.status_messages import Item, Outcome, Result, Why, handle
from app.services.statuses import TooLate
from tests import watch
from tests.length import at_length, examples
from tests.portal import Portal
from tests.race import Raised, at_once, own_act
from tests.status_items import kinds, sent, status_of

TERMS = Terms((), 23)
SIS = Actor("sis", "9" * 20, "127.0.0.1", clock.real_now())
BASE = datetime(2027, 1, 5, 12, tzinfo=UTC)


def said(mine: Any, code: str, at: datetime, message_id: str) -> Item:
    text = f"{code} {at}"
    return Item(message_id, mine.brin, CODES[code], at, mine.ca_keten_id, "", Facts(), text)


def handling(mine: Any, code: str, at: datetime, message_id: str = "b") -> tuple[Any, ...]:
    one = said(mine, code, at, message_id)
    return (handle, one, SIS, (mine.brin,), TERMS, False, clock.now())


def leaving(mine: Any) -> tuple[Any, ...]:
    return (statuses.withdraw, mine.student_id, mine.draft_id, "", clock.now())


def counted(mine: Any) -> None:
    with db.transaction() as connection:
        row = {"cohort_id": mine.cohort_id, "maximum": 9, "taken": 1}
        connection.execute(insert(place), row)


@pytest.mark.rule("MIJ-2", "STA-2", "SIS-2")
@pytest.mark.parametrize("times", [6, *at_length(25)])
@pytest.mark.each_run_on("postgresql")
def test_withdrawing_and_enrolling_at_once(any_portal: Portal, times: int) -> None:
    """Both outcomes are seen, and each is whole. The first two times it isn't at once."""
    url, outcomes = any_portal.settings.database_url, set()

    def alone(call: tuple[Any, ...]) -> Any:
        return at_once(url, own_act, [call])[0]

    for number in range(times):
        mine = sent(any_portal, number)
        enrol, leave = handling(mine, "LI", clock.now(), f"b{number}"), leaving(mine)
        if number == 0:
            enrolled, left = alone(enrol), alone(leave)
        elif number == 1:
            left, enrolled = alone(leave), alone(enrol)
        else:
            enrolled, left = at_once(url, own_act, [enrol, leave])
        assert isinstance(enrolled, Result), enrolled
        outcome = status_of(mine)
        outcomes.add(outcome)
        if outcome == "ENROLLED":
            assert (enrolled.outcome, left) == (Outcome.HANDLED, Raised("TooLate"))
            assert kinds(mine) == ["new"]
        else:
            assert (outcome, left) == ("WITHDRAWN", None)
            assert (enrolled.outcome, enrolled.why) == (Outcome.LOGGED, Why.BY_STUDENT)
            assert kinds(mine) == ["new", "withdrawn"]
            assert watch.all_of("running", application_id=mine.id) == []
        counting = watch.all_of("application_status", application_id=mine.id, counts=True)
        assert {one.status for one in counting} == {"SUBMITTED", outcome}
    assert outcomes == {"ENROLLED", "WITHDRAWN"}


@pytest.mark.rule("STA-2", "CAT-5")
def test_the_same_message_thirty_times_at_once(any_portal: Portal) -> None:
    mine = sent(any_portal)
    counted(mine)
    one = handling(mine, "LNI", clock.now())
    answers = [
        answer
        for each in at_once(any_portal.settings.database_url, own_act, [one] * 5, each=6)
        for answer in each
    ]
    assert len(answers) == 30
    assert sum(not answer.again for answer in answers) == 1
    assert {answer._replace(again=False) for answer in answers} == {
        answers[0]._replace(again=False)
    }
    assert len(watch.all_of("status_message")) == len(watch.all_of("audit")) == 1
    assert len(watch.all_of("application_status")) == 2
    assert watch.row_of("place").taken == 0


@pytest.mark.long
@pytest.mark.rule("STA-2", "STA-3", "CAT-5")
@pytest.mark.each_run_on("postgresql")
def test_every_status_at_once(any_portal: Portal) -> None:
    """Several schools' systems, several applications for one cohort: nobody waits forever."""
    every = [sent(any_portal, number) for number in range(3)]
    counted(every[0])
    with db.transaction() as connection:
        connection.execute(update(place).values(taken=3))
    now = clock.now()
    calls = [
        handling(one, code, now + timedelta(seconds=place), f"{one.id} {code}")
        for one in every
        for place, code in enumerate(("AO", "LNI", "OA", "LI"))
    ]
    random.Random(7).shuffle(calls)
    answers = at_once(any_portal.settings.database_url, own_act, calls)
    assert {type(answer) for answer in answers} == {Result}, answers
    assert [status_of(one) for one in every] == ["ENROLLED"] * 3
    assert watch.row_of("place").taken == 3
    assert len(watch.all_of("running")) == 3


@pytest.mark.rule("MIJ-2", "CAT-5")
@pytest.mark.each_run_on("postgresql")
def test_several_who_each_keep_one_at_once(any_portal: Portal) -> None:
    """Of the same cohorts, applied for in another order."""
    theirs = []
    for number in range(4):
        order = range(1, 7) if number % 2 else range(6, 0, -1)
        theirs.append([sent(any_portal, number, cohort) for cohort in (0, *order)])
    with db.transaction() as connection:
        for mine in theirs[0]:
            row = {"cohort_id": mine.cohort_id, "maximum": 9, "taken": 4}
            connection.execute(insert(place), row)
    calls = []
    for kept, *others in theirs:
        own_act(*handling(kept, "OA", clock.now(), f"oa {kept.id}"))
        drafts = [other.draft_id for other in others]
        calls.append((statuses.keep_one, kept.student_id, kept.draft_id, drafts, clock.now()))
    assert at_once(any_portal.settings.database_url, own_act, calls) == [None] * len(theirs)
    assert sorted(row.taken for row in watch.all_of("place")) == [0] * 6 + [4]


def test_a_raise_leaves_nothing(any_portal: Portal) -> None:
    mine = sent(any_portal)
    own_act(*handling(mine, "LI", clock.now()))
    rows = watch.rows()
    with pytest.raises(TooLate):
        own_act(*leaving(mine))
    assert watch.rows() == rows


SAID = st.lists(
    st.tuples(st.sampled_from(sorted(CODES)), st.integers(0, 12) | st.integers(400, 410)),
    min_size=2,
    max_size=6,
)


@pytest.mark.long
@pytest.mark.rule("STA-2")
@pytest.mark.each_run_on("postgresql")
def test_any_order_of_messages_ends_alike(any_portal: Portal) -> None:
    """`BASE` lies before the start, the days after 400 behind it."""
    mine = sent(any_portal)
    later = BASE + timedelta(days=500)

    def ends(events: Sequence[tuple[str, int, int]]) -> tuple[str, list[Any], int]:
        afresh(mine)
        for code, day, number in events:
            one = said(mine, code, BASE + timedelta(days=day), f"b{number}")
            handle(one, SIS, (mine.brin,), TERMS, False, later)
        with db.reading() as connection:
            steps = statuses.history(connection, mine.id)
        assert steps[-1].status == status_of(mine)
        assert [step.source for step in steps[1:]] == [Source.KOPPELPUNT] * (len(steps) - 1)
        running = len(watch.all_of("running"))
        assert running == (status_of(mine) not in ("REJECTED", "WITHDRAWN"))
        assert (kinds(mine)[-1] == "withdrawn") is (status_of(mine) == "WITHDRAWN")
        return status_of(mine), steps, running

    @settings(
        max_examples=examples(25),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(events=SAID, order=st.randoms(use_true_random=False))
    def alike(events: list[tuple[str, int]], order: random.Random) -> None:
        numbered = [(code, day, number) for number, (code, day) in enumerate(events)]
        first = ends(numbered)
        order.shuffle(numbered)
        assert ends(numbered) == first

    alike()


def afresh(mine: Any) -> None:
    """As if nothing had been said yet."""
    of = application_status.c
    with db.transaction() as connection:
        connection.execute(delete(application_status).where(of.status != "SUBMITTED"))
        connection.execute(update(application_status).values(until=None))
        connection.execute(delete(status_message))
        connection.execute(delete(message).where(message.c.kind != "new"))
        connection.execute(update(application).values(status="SUBMITTED"))
        found = connection.execute(statuses.locked()).one()
        statuses._back(connection, found)
    assert found.id == mine.id
