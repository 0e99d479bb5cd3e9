"""The statuses of an application (STA-1). The moves between them come with the status chain."""

from __future__ import annotations

from enum import StrEnum


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


# With one of these a second application for the same cohort is refused (WIZ-15).
RUNNING = frozenset({Status.SUBMITTED, Status.RECEIVED, Status.OFFERED, Status.ENROLLED})
