"""The statuses of an application, and the moves between them (STA-1 to STA-3, MIJ-2).

A status isn't what was said last, but what follows from all that was said, in the order of the
senders' moments. So messages may arrive in any order, and an older one goes over a newer only
where that can't follow it (docs/decisions/0016-a-status-is-a-fold-over-messages.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple


class Status(StrEnum):
    SUBMITTED = "SUBMITTED"
    RECEIVED = "RECEIVED"
    OFFERED = "OFFERED"
    ENROLLED = "ENROLLED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class Source(StrEnum):
    STUDENT = "student"
    SCHOOL = "school"
    KOPPELPUNT = "koppelpunt"


S = Status

APPLICATION, INTEREST = "A", "I"  # kinds, as on the wire; an interessemelding has no statuses

# With one of these a second application for the same cohort is refused (WIZ-15).
RUNNING = frozenset({S.SUBMITTED, S.RECEIVED, S.OFFERED, S.ENROLLED})
PLACED = frozenset({S.OFFERED, S.ENROLLED})  # there is a place for the student
RETRACTABLE = frozenset({S.SUBMITTED, S.RECEIVED, S.OFFERED})  # by the student (MIJ-2)

CODES: Mapping[str, Status] = MappingProxyType(  # the mbo-koppelpunt's (STA-2)
    {"AO": S.RECEIVED, "OA": S.OFFERED, "LI": S.ENROLLED, "LNI": S.REJECTED, "AI": S.WITHDRAWN}
)
REASONS = ("other_programme", "other_school", "work", "personal", "other")  # of a withdrawal

_ANY = frozenset(CODES.values())
MOVES: Mapping[tuple[Status, Source], frozenset[Status]] = MappingProxyType(
    {
        (S.SUBMITTED, Source.STUDENT): frozenset({S.WITHDRAWN}),
        (S.RECEIVED, Source.STUDENT): frozenset({S.WITHDRAWN}),
        (S.OFFERED, Source.STUDENT): frozenset({S.WITHDRAWN}),
        (S.SUBMITTED, Source.KOPPELPUNT): _ANY,
        (S.RECEIVED, Source.KOPPELPUNT): _ANY,
        (S.OFFERED, Source.KOPPELPUNT): _ANY,
        (S.ENROLLED, Source.KOPPELPUNT): frozenset({S.WITHDRAWN}),  # until the start, see `moves`
        (S.REJECTED, Source.KOPPELPUNT): frozenset({S.OFFERED, S.ENROLLED}),
    }
)
# Of what was said at one and the same moment the last of these comes last.
_RANKS = (S.SUBMITTED, S.RECEIVED, S.OFFERED, S.REJECTED, S.ENROLLED, S.WITHDRAWN)


class Event(NamedTuple):
    """What was said of an application, counting or not."""

    number: int  # by arrival
    status: Status
    source: Source
    moment: datetime  # the sender's
    day: date  # in Europe/Amsterdam, at that moment
    message_id: str = ""  # the koppelpunt's
    kept_id: int | None = None  # the application that the student chose instead (MIJ-2)

    @property
    def withdrawal(self) -> bool:
        """The student's own."""
        return self.source is Source.STUDENT and self.status is S.WITHDRAWN


class Step(NamedTuple):
    """A status that an application had."""

    status: Status
    since: datetime  # never before the step that it came after
    until: datetime | None  # None: it has it still
    source: Source
    kept_id: int | None = None  # the application that the student chose instead


def moves(status: Status, event: Event, start: date | None) -> bool:
    """Whether this changes that status (STA-3). `start` is the day on which the cohort begins;
    None where nobody says: then it hasn't begun."""
    if event.status is status or event.status not in MOVES.get((status, event.source), ()):
        return False
    return status is not S.ENROLLED or start is None or event.day < start


def counting(events: Iterable[Event], start: date | None) -> list[Event]:
    """Those that moved the status, in the order in which they did; the last is what it is now.

    Sending comes first, whatever a school's clock says. What arrives after the student's own
    withdrawal doesn't count, whatever moment it has: whoever was first won.
    """
    known = list(events)
    end = min((e.number for e in known if e.withdrawal), default=None)
    counted: list[Event] = []
    for event in sorted((e for e in known if end is None or e.number <= end), key=_order):
        if not counted or moves(counted[-1].status, event, start):
            counted.append(event)
    return counted


def takes_back(counted: Sequence[Event], number: int) -> bool:
    """Whether an offer is taken back, of events that count, by the one with this number: it came
    after that offer, or the offer turns out to have come before it."""
    return any(
        number in (one.number, other.number)
        and (one.status, other.status) == (S.OFFERED, S.RECEIVED)
        for one, other in pairwise(counted)
    )


def _order(event: Event) -> tuple[bool, bool, datetime, int, str]:
    sent = event.status is S.SUBMITTED
    return not sent, event.withdrawal, event.moment, _RANKS.index(event.status), event.message_id


def steps(counted: Iterable[Event]) -> list[Step]:
    """Of events that count: each begins where the one before it ends."""
    found: list[Step] = []
    for event in sorted(counted, key=_order):
        since = max(event.moment, found[-1].since) if found else event.moment
        if found:
            found[-1] = found[-1]._replace(until=since)
        found.append(Step(event.status, since, None, event.source, event.kept_id))
    return found
