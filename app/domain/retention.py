"""How long we keep what (RET-1). Pure: days in, days out; all in Europe/Amsterdam.

A dossier goes a year after it was sent, but never before the start applied for; the account with
the last of them, thirty days after a mail that says so; a profile without any after three months,
but no draft before the last day of its cohort.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WARNING = timedelta(days=30)  # before an account goes
EMPTY = 3  # months
LOGS = 24  # months (RET-3)
FAILED = timedelta(days=30)  # that a mail which nobody could send waits for the operator


class Fate(StrEnum):
    KEPT = "kept"
    WARNED = "warned"  # a mail is due that says when
    REMOVED = "removed"


def months_after(day: date, months: int) -> date:
    """The same day so many months later; where that month has no such day, the first after it:
    nothing goes too early."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return months_after(day.replace(day=1), months + 1)


def dossier_goes(sent: date, start: date | None) -> date:
    """The first day on which it is no longer kept. `start`: the day applied for, if anybody
    knows."""
    return max(months_after(sent, 12), start or date.min)


@dataclass(frozen=True)
class Account:
    """What decides about an account."""

    dossiers: tuple[date, ...]  # when each goes
    worked_on: date | None  # when a draft was worked on last, or reminded of; None without
    seen: date  # when somebody logged in last
    warned: date | None = None
    waits: date | None = None  # the last day of a draft's cohort, where it has one

    @property
    def goes(self) -> date:
        """The first day on which it is no longer kept: with the last dossier, whatever else is
        begun. Who never sent anything: months after they were here last, and after the last day
        of what a draft is for."""
        if self.dossiers:
            return max(self.dossiers)
        unseen = months_after(max(self.worked_on or self.seen, self.seen), EMPTY)
        return max(unseen, self.waits + timedelta(days=1)) if self.waits else unseen

    def fate(self, today: date) -> Fate:
        """A warning counts from WARNING before the account goes: one given earlier was about
        another day. An empty profile goes without."""
        if not self.dossiers:
            return Fate.REMOVED if today >= self.goes else Fate.KEPT
        if today < self.goes - WARNING:
            return Fate.KEPT
        if not self._is_warned:
            return Fate.WARNED
        return Fate.REMOVED if today >= self.ends(today) else Fate.KEPT

    def ends(self, today: date) -> date:
        """When it goes at the earliest: also a warning that comes late, today or later, leaves its
        days."""
        if not self.dossiers:
            return self.goes
        warned = self.warned if self._is_warned else max(today, self.goes - WARNING)
        return max(self.goes, (warned or today) + WARNING)

    @property
    def _is_warned(self) -> bool:
        return self.warned is not None and self.warned >= self.goes - WARNING


class AgeBand(StrEnum):
    """Of somebody who is gone, on the day of submission (DESIGN §3); the export's bands."""

    UNDER_16 = "-16"
    FROM_16 = "16-17"
    FROM_18 = "18-22"
    FROM_23 = "23+"
    UNKNOWN = ""


def age_band(lowest: int | None) -> AgeBand:
    """Of an age in years; of somebody whose birth date isn't known whole, the lowest possible."""
    if lowest is None:
        return AgeBand.UNKNOWN
    ends = ((16, AgeBand.UNDER_16), (18, AgeBand.FROM_16), (23, AgeBand.FROM_18))
    return next((band for end, band in ends if lowest < end), AgeBand.FROM_23)
