"""What a SIS says of messages that it was given, and setting them ready again (SIS-1, SIS-5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from sqlalchemy import ColumnElement, Connection, case, delete, func, select, update

from app import db, keys
from app.models import application, error_report, message
from app.services import audit, messages
from app.services.audit import Actor
from app.services.delivery import BATCH, NotThere, Point
from app.services.messages import Kind

LONGEST_REPORT = 2000  # characters
MOST_REPORTS = 20  # kept of one message: the newest
AGAIN = timedelta(days=366)  # how old what is set ready again may be (ADM-6)

row = message.c


def acknowledge(
    where: Point, application_id: int, change: int | None, actor: Actor, now: datetime
) -> int:
    """The SIS has it: the change with this number; without one the first of those that it was given
    and hasn't confirmed, so that none is passed over, and else the last that it has confirmed: what
    it was never given counts only where it was given nothing. Said twice it is the same. Returns
    the number. Raises NotThere."""
    confirmed = row.acknowledged_at.is_not(None)
    with db.transaction() as connection:
        first = (
            row.given_at.is_(None),
            confirmed,
            case((confirmed, -row.change_number), else_=row.change_number),
        )
        found = _meant(connection, where, application_id, change, first)
        if found.acknowledged_at is None or found.error_at is not None:
            connection.execute(
                update(message)
                .where(row.id == found.id)
                .values(
                    waiting=False,
                    given_at=func.coalesce(row.given_at, now),
                    acknowledged_at=now,
                    error_at=None,
                )
            )
            about = f"{found.ca_keten_id} {found.change_number}"
            audit.note(connection, actor, "ontvangst", about, "bevestigd", where.brin)
    return int(found.change_number)


def report(
    where: Point, application_id: int, text: str, change: int | None, actor: Actor, now: datetime
) -> int:
    """The SIS can't do anything with it, and says why. It stays available. The same twice is
    one; of the others the newest MOST_REPORTS stay. Of what was removed the words aren't kept:
    they may say who it was (RET-1). Returns the number. Raises NotThere."""
    with db.transaction() as connection:
        wanted = select(application.c.removed_at).filter_by(id=application_id)
        removed = connection.execute(wanted.with_for_update(read=True)).scalar() is not None
        last = (row.given_at.is_(None), row.change_number.desc())
        found = _meant(connection, where, application_id, change, last)
        added = not removed and _add(connection, found.id, text, now)
        if added or found.error_at is None:
            marked = update(message).where(row.id == found.id)
            connection.execute(marked.values(error_at=func.coalesce(row.error_at, now)))
            about = f"{found.ca_keten_id} {found.change_number}"
            audit.note(connection, actor, "foutmelding", about, "bewaard", where.brin)
    return int(found.change_number)


def _add(connection: Connection, message_id: int, text: str, now: datetime) -> bool:
    """False when it said so before."""
    report_id = str(uuid4())
    added = connection.execute(
        db.insert(connection, error_report)
        .values(
            id=report_id,
            message_id=message_id,
            text_hash=keys.lookup("error report", text),
            document=keys.seal(f"error_report.document.{report_id}", {"text": text}),
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["message_id", "text_hash"])
        .returning(error_report.c.id)
    ).first()
    _forget_older(connection, message_id, report_id)
    return added is not None


def _forget_older(connection: Connection, message_id: int, latest: str) -> None:
    """The message is locked, so that of two who report at once the second sees the first's."""
    of = error_report.c
    newest = (
        select(of.id)
        .where(of.message_id == message_id)
        .order_by((of.id == latest).desc(), of.received_at.desc(), of.id)
        .limit(MOST_REPORTS)
    )
    older = (of.message_id == message_id, of.id.not_in(newest))
    connection.execute(delete(error_report).where(*older))


def _meant(
    connection: Connection,
    where: Point,
    application_id: int,
    change: int | None,
    order: tuple[ColumnElement[Any], ...],
) -> Any:
    """The message that the SIS speaks of: with this number, else the first in this order."""
    wanted = (
        select(
            *(row.id, row.change_number, row.acknowledged_at, row.error_at),
            application.c.ca_keten_id,
        )
        .join(application, application.c.id == row.application_id)
        .where(row.application_id == application_id, row.koppelpunt_id == where.id)
        .order_by(*order)
        .limit(1)
    )
    if change is not None:
        wanted = wanted.where(row.change_number == change)
    found = connection.execute(wanted).first()
    if found is None:
        raise NotThere()
    return found


class Reported(NamedTuple):
    """What a SIS said of a message."""

    keten_id: str
    change_number: int
    at: datetime
    text: str  # its own words: may hold personal data


def reports(connection: Connection, brin: str) -> Iterator[Reported]:
    """Of a school, the newest first: what was said of messages that have not been confirmed since.
    What can't be opened (a key that is gone) has no text."""
    of = error_report.c
    found = connection.execute(
        select(application.c.keten_id, row.change_number, of.received_at, of.id, of.document)
        .join(message, row.id == of.message_id)
        .join(application, application.c.id == row.application_id)
        .where(application.c.brin == brin, row.error_at.is_not(None))
        .order_by(of.received_at.desc(), of.id)
    ).all()
    for keten_id, change, at, report_id, document in found:
        try:
            text = keys.unseal(f"error_report.document.{report_id}", document)["text"]
        except (keys.UnknownKey, InvalidTag):
            text = ""
        yield Reported(keten_id, change, at, text)


def again(
    brin: str, keten_ids: Sequence[str], period: tuple[datetime, datetime] | None, now: datetime
) -> int:
    """Sets applications of a school ready again (SIS-5): those named (by ketenId or caKetenId), or
    those sent in a period until its second moment; at most a year back. How many. Who is stopped
    halfway may do it once more. Raises NotThere, with its id, when one that is named isn't there,
    and ValueError for a period that begins earlier."""
    if period is not None and period[0] < now - AGAIN:
        raise ValueError(f"at most {AGAIN.days} days back")
    of = application.c
    wanted = select(of.id, of.keten_id, of.ca_keten_id).order_by(of.id)
    wanted = wanted.where(of.brin == brin, of.submitted_at >= now - AGAIN)
    wanted = wanted.where(of.removed_at.is_(None))  # ADM-12
    if period is not None:
        wanted = wanted.where(of.requested_at >= period[0], of.requested_at < period[1])
    if keten_ids:
        wanted = wanted.where(of.keten_id.in_(keten_ids) | of.ca_keten_id.in_(keten_ids))
    with db.reading() as connection:
        found = connection.execute(wanted).all()
    known = {name for one in found for name in (one.keten_id, one.ca_keten_id)}
    if unknown := [name for name in keten_ids if name not in known]:
        raise NotThere(f"{brin} has no application {unknown[0]} of the past year")
    ids = [one.id for one in found]
    for first in range(0, len(ids), BATCH):
        with db.transaction() as connection:
            messages.announce(connection, ids[first : first + BATCH], Kind.AGAIN, now)
    return len(ids)
