"""The minutes after a cohort has closed, for who was reading the check page then (WIZ-18)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.catalogue import Reason, availability
from app.domain.draft import Draft

GRACE = timedelta(minutes=15)
CLOSING = frozenset({Reason.OVER, Reason.CLOSED, Reason.NO_START})


@dataclass(frozen=True)
class Judged:
    """Answers, and the day by which they are judged."""

    answers: Draft
    day: date

    @classmethod
    def of(
        cls, answers: Draft, today: date, shown_at: datetime, shown_on: date, requested_at: datetime
    ) -> Judged:
        """As they stand; or as they stood on the day of the page, when the cohort has closed
        since and the request came soon enough."""
        choice, late = answers.choice, requested_at - shown_at
        closed = choice is not None and availability(choice, today) in CLOSING
        if choice is None or not closed or not timedelta() <= late <= GRACE:
            return cls(answers, today)
        return cls(replace(answers, choice=replace(choice, open=True)), shown_on)
