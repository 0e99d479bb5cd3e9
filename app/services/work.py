"""Jobs: one table for what must be done once and for what returns every day.

A job is a row written in the act's own transaction. Workers claim by lease, so several are safe
and one that dies loses nothing. What fails is tried again with growing pauses for 48 hours, and
is then marked failed for the operator to see. Times are machine time, seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from cryptography.exceptions import InvalidTag
from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    insert,
    not_,
    select,
    update,
)

from app import db, keys
from app.clock import AMSTERDAM
from app.models import job


class Later(Exception):
    """Not now: this was no try, and it didn't fail. `until` is machine time."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self.until = until


LEASE = 600  # seconds that a worker has for one job, or to get on with it
PAUSES = (60, 300, 900, 3600)  # after the first, second… failure; the last one repeats
GIVE_UP = 48 * 3600


@dataclass
class Job:
    id: int
    name: str
    document: bytes | None = field(repr=False)  # none for a periodic job
    key: str  # stable over all tries: a mail's Message-ID comes from it
    attempts: int
    leased_until: float  # later when it was extended

    @property
    def about(self) -> Any:
        """What was enqueued. Raises UnknownKey or InvalidTag when it can't be read any more."""
        return keys.unseal(f"job.document.{self.key}", self.document) if self.document else None


def about(key: str, document: bytes) -> dict[str, Any]:
    """What a job is about, for who only looks: nothing when it can't be read any more."""
    try:
        found = keys.unseal(f"job.document.{key}", document)
    except (keys.UnknownKey, InvalidTag):
        return {}
    return found if isinstance(found, dict) else {}


def enqueue(
    connection: Connection,
    name: str,
    about: Any,
    due_at: float = 0.0,
    student_id: str | None = None,
) -> None:
    """Something to do once, as soon as this transaction is committed. What is about a student
    goes with them when they are removed."""
    key = str(uuid4())
    connection.execute(
        insert(job),
        {
            "name": name,
            "document_id": key,
            "document": keys.seal(f"job.document.{key}", about),
            "due_at": due_at,
            "student_id": student_id,
        },
    )


def enqueue_once(connection: Connection, name: str, which: str, about: Any) -> None:
    """The same, but for what is to be done once for all who ask. Asked for while a worker is at
    it, it is done again: that one doesn't hold the row any more. What fails keeps its pauses."""
    key = str(uuid5(NAMESPACE_URL, f"once:{name}:{which}"))
    anew = {"leased_until": 0, "failed_at": None}
    connection.execute(
        db.insert(connection, job)
        .values(
            name=name,
            document_id=key,
            document=keys.seal(f"job.document.{key}", about),
            due_at=0.0,
        )
        .on_conflict_do_update(index_elements=["document_id"], set_=anew)
    )


def schedule(name: str, due_at: float) -> None:
    """A periodic job, if it isn't there yet."""
    key = str(uuid5(NAMESPACE_URL, f"periodic:{name}"))
    row = {"name": name, "document_id": key, "due_at": due_at}
    with db.transaction() as connection:
        connection.execute(
            db.insert(connection, job).on_conflict_do_nothing(index_elements=["document_id"]), row
        )


def claim(now: float) -> Job | None:
    """The oldest job that is due, leased to the caller; None when there is none."""
    due = (
        select(job.c.id)
        .where(job.c.failed_at.is_(None), job.c.due_at <= now, job.c.leased_until <= now)
        .where(not_(_ends_its_worker(now)))
        .order_by(job.c.due_at, job.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    with db.transaction() as connection:
        row = connection.execute(
            update(job)
            .where(job.c.id == due)
            .values(
                leased_until=now + LEASE,
                attempts=job.c.attempts + 1,
                first_tried_at=func.coalesce(job.c.first_tried_at, now),
            )
            .returning(
                job.c.id,
                job.c.name,
                job.c.document,
                job.c.document_id,
                job.c.attempts,
                job.c.leased_until,
            )
        ).first()
    return Job(*row) if row else None


def extend(what: Job, now: float) -> None:
    """It makes progress: nobody else takes it for LEASE seconds. May be said often, and does no
    more than it can: where another has claimed it, or the database is busy, all stays."""
    if what.leased_until - now > LEASE * 3 / 4:
        return
    until = now + LEASE
    try:
        with db.transaction() as connection:
            extended = update(job).where(held(what)).values(leased_until=until)
            still = connection.execute(extended).rowcount
    except db.Busy:
        return
    if still:
        what.leased_until = until


def postponed(what: Job, until: float) -> None:
    """Somebody else does the same just now: this was no try, and it didn't fail."""
    with db.transaction() as connection:
        connection.execute(
            update(job)
            .where(held(what))
            .values(leased_until=0, due_at=until, attempts=job.c.attempts - 1)
        )


def done(what: Job, now: float, next_due: float | None = None) -> None:
    """Finished: gone, or for a periodic job waiting until `next_due`."""
    with db.transaction() as connection:
        if next_due is None:
            connection.execute(delete(job).where(held(what)))
        else:
            connection.execute(
                update(job)
                .where(held(what))
                .values(
                    due_at=next_due,
                    leased_until=0,
                    attempts=0,
                    first_tried_at=None,
                    last_run_at=now,
                    last_error="",
                )
            )


def failed(what: Job, now: float, error: str, again: bool = True) -> None:
    """Not finished. `error` is a kind of error, never its text. Once GIVE_UP has passed since
    the first of several tries, or at once when trying again is of no use, it stays as failed."""
    with db.transaction() as connection:
        first = connection.execute(
            select(job.c.first_tried_at).where(job.c.id == what.id)
        ).scalar_one_or_none()
        tried = what.attempts > len(PAUSES) and now - (first or now) >= GIVE_UP
        over = what.document is not None and (tried or not again)
        pause = PAUSES[min(what.attempts, len(PAUSES)) - 1]
        connection.execute(
            update(job)
            .where(held(what))
            .values(
                leased_until=0,
                due_at=now + pause,
                failed_at=now if over else None,
                last_error=error[:200],
            )
        )


def give_up(now: float) -> int:
    """Jobs that end their worker each time never get as far as `failed`; how many those were."""
    with db.transaction() as connection:
        return connection.execute(
            update(job)
            .where(job.c.failed_at.is_(None), _ends_its_worker(now))
            .values(failed_at=now, leased_until=0, last_error="the worker ended")
        ).rowcount


def _ends_its_worker(now: float) -> ColumnElement[bool]:
    """Its lease ran out unreported, after GIVE_UP, and not because no worker was there."""
    return and_(
        job.c.document.is_not(None),
        job.c.leased_until.between(1, now),
        job.c.attempts > len(PAUSES),
        job.c.first_tried_at <= now - GIVE_UP,
    )


def held(what: Job) -> ColumnElement[bool]:
    """Its row, as long as nobody else has claimed it since: our lease may have run out."""
    return and_(job.c.id == what.id, job.c.leased_until == what.leased_until)


def next_at(hour: int, minute: int, now: datetime) -> datetime:
    """The next time that the clocks in Amsterdam show this hour."""
    local = now.astimezone(AMSTERDAM)
    moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment <= local:
        day = local.date() + timedelta(days=1)
        moment = moment.replace(year=day.year, month=day.month, day=day.day)
    return moment
