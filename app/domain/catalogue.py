"""What can be chosen: a cohort of a programme, whether students see it, and why not.

Pure: facts in, reasons out. The student's page uses the answer, the administrator's shows the
reasons and from when they change (CAT-6).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

NOT_OFFERED = "ODT"  # «overig, niet diplomagericht» (CAT-3)
STUDY_YEAR = (8, 1)  # begins on 1 August


class Dates(Protocol):
    """A cohort, here or as RIO gives it."""

    @property
    def open(self) -> bool: ...
    @property
    def apply_from(self) -> date: ...
    @property
    def apply_until(self) -> date | None: ...
    @property
    def start(self) -> date | None: ...
    @property
    def start_from(self) -> date | None: ...
    @property
    def start_until(self) -> date | None: ...


@dataclass(frozen=True)
class Choice:
    """The cohort chosen, with the facts that rules and pages need, as they were then.

    Dates are whole days in Europe/Amsterdam, both ends included.
    """

    cohort_id: str  # our uuid
    programme_id: str  # RIO's aangebodenOpleidingcode
    cohort_code: str
    brin: str
    institution: str
    programme: str  # wervingsnaam
    leertraject: str
    place: str
    apply_from: date
    apply_until: date | None = None
    crebo: str = ""
    level: int | None = None
    start: date | None = None
    start_from: date | None = None
    start_until: date | None = None
    open: bool = True  # RIO's status O
    active: bool = True  # RIO still has the programme and this cohort
    ends: date | None = None  # the programme's last day
    ticked: bool = True  # on the school's whitelist, or the school uses none
    receives: bool = True  # the school has a koppelpunt that is active now
    receives_from: date | None = None  # or will have one from this day
    places_left: int | None = None  # None: not counted
    lock: str = field(default="", repr=False)  # keyed hash of the access code; empty: none
    permission: bool = False  # the school wants to be asked first (CAT-7)
    name_english: str = ""  # of the programme, where the school gave one
    version: int = 0  # of our copy of RIO; a higher one there means that facts may have changed


class Reason(StrEnum):
    """Why a student can't choose a cohort. The first four hide it (DEE-5)."""

    INACTIVE = "inactive"
    ENDED = "ended"
    NOT_OFFERED = "not_offered"
    NOT_TICKED = "not_ticked"
    NO_KOPPELPUNT = "no_koppelpunt"
    CLOSED = "closed"
    OVER = "over"
    NO_START = "no_start"  # its flexible start was until a day that has gone
    NOT_YET = "not_yet"
    FULL = "full"


HIDING = frozenset({Reason.INACTIVE, Reason.ENDED, Reason.NOT_OFFERED, Reason.NOT_TICKED})


class Hindrance(NamedTuple):
    reason: Reason
    until: date | None = None  # the first day without it, today: from later today; None: when
    # somebody changes something


class Visibility(NamedTuple):
    """What students see of a cohort on a day."""

    hindrances: tuple[Hindrance, ...]
    changes: date | None  # the first day on which the answer is another by itself; today: later

    @property
    def open(self) -> bool:
        """Students can choose it."""
        return not self.hindrances

    @property
    def hidden(self) -> bool:
        """Students can't know that it is there."""
        return any(h.reason in HIDING for h in self.hindrances)

    @property
    def why(self) -> Reason | None:
        """The reason that a student is told; None when there is none."""
        return self.hindrances[0].reason if self.hindrances else None


def visibility(choice: Choice, today: date) -> Visibility:
    """WIZ-8, CAT-5, CAT-6, CAT-8: every reason, the weightiest first."""
    found = tuple(_hindrances(choice, today))
    return Visibility(found, _changes(choice, found, today))


def _hindrances(choice: Choice, today: date) -> Iterator[Hindrance]:
    if not choice.active:
        yield Hindrance(Reason.INACTIVE)
    if choice.ends is not None and today > choice.ends:
        yield Hindrance(Reason.ENDED)
    if choice.leertraject == NOT_OFFERED:
        yield Hindrance(Reason.NOT_OFFERED)
    if not choice.ticked:
        yield Hindrance(Reason.NOT_TICKED)
    if not choice.receives:
        yield Hindrance(Reason.NO_KOPPELPUNT, choice.receives_from)
    if not choice.open:
        yield Hindrance(Reason.CLOSED)
    if choice.apply_until is not None and today > choice.apply_until:
        yield Hindrance(Reason.OVER)
    if is_flexible(choice) and (last := last_start(choice)) is not None and today > last:
        yield Hindrance(Reason.NO_START)
    if today < choice.apply_from:
        yield Hindrance(Reason.NOT_YET, choice.apply_from)
    if choice.places_left == 0:
        yield Hindrance(Reason.FULL)


def _changes(choice: Choice, found: tuple[Hindrance, ...], today: date) -> date | None:
    """Visible: the day after the last. Else the day on which the last hindrance has gone, when
    all of them go by themselves and the window isn't over by then."""
    lasts = [day for day in (last_day(choice), choice.ends) if day is not None]
    ends = min(lasts) + timedelta(days=1) if lasts else None
    if not found:
        return ends
    days = [hindrance.until for hindrance in found if hindrance.until is not None]
    if len(days) < len(found) or (ends is not None and max(days) >= ends):
        return None
    return max(days)


def availability(choice: Choice, today: date) -> Reason | None:
    """The reason why not, as `visibility(…).why`; None when it can be chosen."""
    return next((hindrance.reason for hindrance in _hindrances(choice, today)), None)


def study_year(day: date) -> int:
    """The calendar year in which the study year of this day began."""
    return day.year if (day.month, day.day) >= STUDY_YEAR else day.year - 1


def joins_in_year(choice: Choice, today: date) -> int:
    """The leerjaar that somebody who applies today joins; 1 unless the cohort began before the
    present study year (WIZ-8)."""
    if choice.start is None:
        return 1
    return max(1, study_year(today) - study_year(choice.start) + 1)


def is_flexible(cohort: Dates) -> bool:
    """Students pick their own first day (WIZ-8)."""
    return cohort.start is None and cohort.start_from is not None


def first_start(choice: Choice, today: date) -> date | None:
    """The first day that a student can pick in a flexible cohort; None when it isn't one."""
    if choice.start_from is None or not is_flexible(choice):
        return None
    return max(choice.start_from, today)


def last_start(cohort: Dates) -> date | None:
    """The last day that can be picked; an end before its beginning is none."""
    first, last = cohort.start_from, cohort.start_until
    return None if first is None or last is None or last < first else last


def last_day(cohort: Dates) -> date | None:
    """The last day on which students can apply; None: no end."""
    ends = (cohort.apply_until, last_start(cohort) if is_flexible(cohort) else None)
    return min((day for day in ends if day is not None), default=None)


def windows(cohorts: Iterable[Dates], ends: date | None) -> list[tuple[date, date]]:
    """First and last days of the spans in which one of a programme's cohorts takes applications,
    in order, with days between them. `ends` is the programme's last day; a last day of `date.max`
    is none."""
    lasts = [day for day in (ends, date.max) if day is not None]
    spans = [(c.apply_from, min(last_day(c) or date.max, *lasts)) for c in cohorts if c.open]
    found: list[tuple[date, date]] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if found and first.toordinal() <= found[-1][1].toordinal() + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def plain_code(code: str) -> str:
    """An access code as it is compared: without blanks and case (WIZ-9), and without what can't
    be seen, which nobody can type."""
    plain = "".join(unicodedata.normalize("NFKC", code).split()).casefold()
    return "".join(c for c in plain if unicodedata.category(c) != "Cf")
