"""What can be chosen: a cohort of a programme, and whether students can apply for it today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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
    open: bool = True  # RIO's status, its programme still active, and a koppelpunt to send to
    version: int = 0  # of our copy; a higher one there means that facts have changed


class Availability(StrEnum):
    """Why a student can or can't choose a cohort today."""

    OPEN = "open"
    NOT_YET = "not_yet"
    OVER = "over"
    CLOSED = "closed"


def availability(choice: Choice, today: date) -> Availability:
    """WIZ-8: the window is whole days, the last one included."""
    if not choice.open:
        return Availability.CLOSED
    if today < choice.apply_from:
        return Availability.NOT_YET
    if choice.apply_until is not None and today > choice.apply_until:
        return Availability.OVER
    return Availability.OPEN
