"""Nothing waits silently: what the outbox could not do, what nobody fetches, and what lacks its
message (checklist item 56, OPS-4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, select, update

from app import db
from app.models import application, job, koppelpunt, message

SILENT = timedelta(hours=48)  # that a message may wait before somebody should look
LATE = 3600  # seconds that no worker may have been there; each comes round in ten minutes


class Failed(NamedTuple):
    """A job that was given up, or is still tried."""

    id: int
    name: str
    attempts: int
    error: str  # its kind
    since: datetime | None  # the first try
    given_up: bool


class Unattended(NamedTuple):
    """Jobs are due, and no worker is there to do them."""

    waiting: int
    since: datetime | None  # when there was one; None: never


class Silent(NamedTuple):
    """A koppelpunt whose oldest message waits for longer than SILENT."""

    code: str
    brin: str
    waiting: int
    oldest: datetime
    seen_at: datetime | None


def failed(connection: Connection) -> list[Failed]:
    """Jobs that failed the last time, also those that return every day; those given up first."""
    found = connection.execute(
        select(job).where(job.c.last_error != "").order_by(job.c.failed_at.is_(None), job.c.id)
    )
    return [
        Failed(
            *(row.id, row.name, row.attempts, row.last_error, _moment(row.first_tried_at)),
            row.failed_at is not None,
        )
        for row in found
    ]


def unattended(connection: Connection, now: float) -> Unattended | None:
    """`now` is machine time. None: nothing is due, or a worker was there within LATE."""
    last = connection.execute(select(func.max(job.c.last_run_at))).scalar_one()
    if last is not None and last > now - LATE:
        return None
    due = (job.c.document.is_not(None), job.c.failed_at.is_(None), job.c.due_at <= now)
    waiting = connection.execute(select(func.count()).select_from(job).where(*due)).scalar_one()
    return Unattended(waiting, _moment(last)) if waiting else None


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def try_again() -> int:
    """Jobs that were given up are due now. How many."""
    wanted = update(job).where(job.c.failed_at.is_not(None))
    anew = {"failed_at": None, "due_at": 0, "leased_until": 0, "attempts": 0}
    with db.transaction() as connection:
        return connection.execute(wanted.values(**anew, first_tried_at=None)).rowcount


def silent(connection: Connection, now: datetime) -> list[Silent]:
    """Koppelpunten that nobody fetches from, the longest first."""
    oldest = func.min(message.c.created_at)
    found = connection.execute(
        select(koppelpunt.c.code, koppelpunt.c.brin, koppelpunt.c.seen_at, func.count(), oldest)
        .join(message, message.c.koppelpunt_id == koppelpunt.c.id)
        .where(message.c.waiting, message.c.latest)
        .group_by(koppelpunt.c.code, koppelpunt.c.brin, koppelpunt.c.seen_at)
        .having(oldest < now - SILENT)
        .order_by(oldest)
    )
    return [Silent(code, brin, number, at, seen) for code, brin, seen, number, at in found]


def orphans(connection: Connection) -> list[str]:
    """caKetenIds of applications that have no message of which a SIS could read them: none at
    all, or one that could not be opened."""
    set_aside = and_(message.c.error_at.is_not(None), message.c.given_at.is_(None))
    readable = (
        select(message.c.id)
        .where(message.c.application_id == application.c.id, message.c.latest, ~set_aside)
        .exists()
    )
    kept = select(application.c.ca_keten_id).where(application.c.removed_at.is_(None))
    wanted = kept.where(~readable).order_by(application.c.id)
    return list(connection.execute(wanted).scalars())
