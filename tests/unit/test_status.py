"""The moves between statuses: every pair, and any order of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.status import CODES, REASONS, Event, Source, Status, counting, moves, steps

S = Status
NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
START = date(2027, 8, 1)

# What each code makes of each status; «-»: nothing, it is only logged. `before`: until the start.
TABLE = """
            AO        OA       LI        LNI       AI
SUBMITTED   RECEIVED  OFFERED  ENROLLED  REJECTED  WITHDRAWN
RECEIVED    -         OFFERED  ENROLLED  REJECTED  WITHDRAWN
OFFERED     RECEIVED  -        ENROLLED  REJECTED  WITHDRAWN
ENROLLED    -         -        -         -         before
REJECTED    -         OFFERED  ENROLLED  -         -
WITHDRAWN   -         -        -         -         -
"""
HEAD, *ROWS = (line.split() for line in TABLE.strip().splitlines())
CELLS = {(row[0], code): cell for row in ROWS for code, cell in zip(HEAD, row[1:], strict=True)}
END = (S.ENROLLED, S.REJECTED, S.WITHDRAWN)
ORDER = (S.RECEIVED, S.OFFERED, S.REJECTED, S.ENROLLED, S.WITHDRAWN)  # of one and the same moment


def event(code: str, at: datetime = NOON, number: int = 9, message_id: str = "") -> Event:
    return Event(number, CODES[code], Source.KOPPELPUNT, at, at.date(), message_id)


SENT = Event(1, S.SUBMITTED, Source.STUDENT, NOON - timedelta(days=9), date(2027, 1, 23))


def follows(status: Status, one: Event, start: date | None) -> bool:
    """By the table above."""
    (code,) = (code for code, means in CODES.items() if means is one.status)
    cell = CELLS[status, code]
    return cell != "-" and (cell != "before" or start is None or one.day < start)


def order(one: Event) -> tuple[datetime, int]:
    """The sender's: what comes later is newer."""
    return one.moment, ORDER.index(one.status)


def withdrawal(number: int, at: datetime = NOON) -> Event:
    return Event(number, S.WITHDRAWN, Source.STUDENT, at, at.date())


def ends(events: Sequence[Event], start: date | None = START) -> Status:
    return counting([SENT, *events], start)[-1].status


@pytest.mark.rule("STA-1", "STA-3")
@pytest.mark.parametrize(("status", "code", "becomes"), [(*k, v) for k, v in CELLS.items()])
def test_each_code_on_each_status(status: str, code: str, becomes: str) -> None:
    moved = moves(S(status), event(code), START)
    assert moved is (becomes != "-")
    if becomes not in ("-", "before"):
        assert CODES[code] == S(becomes)
    late = datetime(2027, 8, 1, 9, tzinfo=UTC)
    assert moves(S(status), event(code, late), START) is (becomes not in ("-", "before"))
    assert moves(S(status), event(code, late), None) is (becomes != "-")


@pytest.mark.rule("MIJ-2")
@pytest.mark.parametrize("status", list(S))
def test_what_a_student_can_withdraw(status: Status) -> None:
    may = status in (S.SUBMITTED, S.RECEIVED, S.OFFERED)
    assert moves(status, withdrawal(2), START) is may
    for other in set(S) - {S.WITHDRAWN}:
        assert not moves(status, withdrawal(2)._replace(status=other), START)


@pytest.mark.rule("STA-1")
@pytest.mark.parametrize("status", list(S))
def test_a_school_has_no_moves_of_its_own_yet(status: Status) -> None:
    for other in S:
        by_school = event("AO")._replace(status=other, source=Source.SCHOOL)
        assert not moves(status, by_school, START)


CODED = st.builds(
    lambda code, minutes, number: event(
        code, NOON + timedelta(minutes=minutes), number, f"bericht {number}"
    ),
    st.sampled_from(sorted(CODES)),
    st.integers(-20, 20) | st.just(365 * 24 * 60),
    st.integers(2, 10**6),
)
SEVERAL = st.lists(CODED, max_size=7, unique_by=lambda one: one.number)


@pytest.mark.rule("STA-2")
@given(
    events=SEVERAL, again=st.randoms(use_true_random=False), start=st.sampled_from([START, None])
)
def test_any_order_of_arrival_ends_alike(
    events: list[Event], again: object, start: date | None
) -> None:
    other = [SENT, *events]
    again.shuffle(other)  # type: ignore[attr-defined]
    arrived = [one._replace(number=place) for place, one in enumerate(other)]
    first, second = counting([SENT, *events], start), counting(arrived, start)
    assert [one._replace(number=0) for one in first] == [one._replace(number=0) for one in second]
    assert first[0] == SENT


@pytest.mark.rule("STA-2", "STA-3")
@given(events=SEVERAL, start=st.sampled_from([START, None]))
def test_the_status_is_what_messages_in_the_order_of_their_moments_give(
    events: list[Event], start: date | None
) -> None:
    becomes = S.SUBMITTED
    for one in sorted(events, key=order):
        if follows(becomes, one, start):
            becomes = one.status
    assert ends(events, start) is becomes


@pytest.mark.rule("STA-2", "STA-3")
@given(events=SEVERAL, older=CODED, start=st.sampled_from([START, None]))
def test_an_older_one_overwrites_only_what_cannot_follow_it(
    events: list[Event], older: Event, start: date | None
) -> None:
    """Whichever status the older one has: an end that comes to light late allows less than was
    assumed, and one after a refusal more."""
    before = counting([SENT, *events], start)[-1]
    assume(before.moment > older.moment)
    after = counting([SENT, *events, older._replace(number=10**7)], start)[-1]
    if after.moment < before.moment and after.status is not before.status:
        assert after.status in END
        assert not any(
            follows(after.status, one, start) for one in events if order(one) > order(after)
        )
    if older.status not in END and not any(one.status is S.REJECTED for one in events):
        assert after.status is before.status


@pytest.mark.rule("STA-2", "STA-3")
def test_which_older_one_changes_what_a_newer_one_made() -> None:
    """Each end over each newer status that can't follow it, and over no other."""
    over = {
        (code, newer): ends([event(newer, NOON), event(code, NOON - timedelta(hours=1))])
        for code in CODES
        for newer in CODES
    }
    assert {pair: s for pair, s in over.items() if s is not CODES[pair[1]]} == {
        **{("LI", newer): S.ENROLLED for newer in ("AO", "OA", "LNI")},
        **{("LNI", newer): S.REJECTED for newer in ("AO", "AI")},
        **{("AI", newer): S.WITHDRAWN for newer in ("AO", "OA", "LI", "LNI")},
    }
    late = datetime(2027, 8, 1, 9, tzinfo=UTC)
    assert ends([event("AI", late), event("LI")]) is S.ENROLLED


@pytest.mark.rule("STA-2", "STA-3")
def test_by_moment_not_by_arrival() -> None:
    def at(minutes: int, code: str) -> Event:
        return event(code, NOON + timedelta(minutes=minutes), 50 - minutes)

    assert ends([at(1, "LI"), at(2, "AO")]) is ends([at(2, "AO"), at(1, "LI")]) is S.ENROLLED
    assert ends([at(2, "OA"), at(1, "AO")]) is S.OFFERED
    assert ends([at(1, "OA"), at(2, "AO")]) is S.RECEIVED
    assert ends([at(1, "LNI"), at(2, "AI")]) is S.REJECTED
    assert ends([at(1, "LNI"), at(2, "OA")]) is S.OFFERED
    assert ends([at(1, "LI"), at(2, "AI")]) is S.WITHDRAWN
    assert ends([at(1, "AI"), at(2, "LI")]) is S.WITHDRAWN
    same = [at(1, code) for code in CODES]
    assert [one.status for one in counting([SENT, *same], START)] == [
        *(S.SUBMITTED, S.RECEIVED, S.OFFERED, S.REJECTED, S.ENROLLED, S.WITHDRAWN),
    ]


@pytest.mark.rule("STA-3")
def test_an_enrolment_is_undone_until_the_start() -> None:
    enrolled = event("LI", NOON, 2)
    for day, becomes in ((-1, S.WITHDRAWN), (0, S.ENROLLED), (1, S.ENROLLED)):
        on = START + timedelta(days=day)
        undone = event("AI", datetime(on.year, on.month, on.day, 12, tzinfo=UTC), 3)
        assert ends([enrolled, undone]) is becomes
    late = event("AI", datetime(2028, 1, 1, tzinfo=UTC), 3)
    assert ends([late]) is S.WITHDRAWN  # nobody was enrolled
    assert ends([late, enrolled]) is S.ENROLLED  # who turns out to have been


@pytest.mark.rule("MIJ-2")
@given(before=SEVERAL, after=SEVERAL)
def test_the_students_withdrawal_stays(before: list[Event], after: list[Event]) -> None:
    first = [one._replace(number=place) for place, one in enumerate([SENT, *before])]
    own = withdrawal(100)
    later = [one._replace(number=101 + place) for place, one in enumerate(after)]
    may = counting(first, START)[-1].status in (S.SUBMITTED, S.RECEIVED, S.OFFERED)
    counted = counting([*later, own, *first], START)
    if may:
        assert counted[:-1] == counting(first, START)
        assert counted[-1] == own
    else:
        assert counted == counting(first, START)


@pytest.mark.rule("STA-1")
@given(events=SEVERAL)
def test_each_step_ends_where_the_next_begins(events: list[Event]) -> None:
    counted = counting([SENT, *events], START)
    found = steps(counted)
    assert [step.status for step in found] == [one.status for one in counted]
    for step, following in pairwise(found):
        assert step.since <= following.since == step.until
    assert found[-1].until is None


def test_a_schools_clock_is_behind() -> None:
    early = event("AO", SENT.moment - timedelta(days=1))
    found = steps(counting([early, SENT], START))
    assert [step.status for step in found] == [S.SUBMITTED, S.RECEIVED]
    assert found[1].since == SENT.moment


def test_reasons_fit_their_column() -> None:
    assert len(set(REASONS)) == 5
    assert all(len(reason) <= 20 for reason in REASONS)
