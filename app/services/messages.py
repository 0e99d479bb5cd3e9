"""Messages to a school's SIS: one for each change of an application, in the order of commits.

A SIS reads what an application is now, so only its latest message has content; earlier ones
remain as a log. The content is sealed when it is written, so that reading costs no more than
opening it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, ScalarSelect, Select, delete, insert, select, update

from app import db, keys
from app.domain.dossier import Dossier
from app.domain.message import Kept, removed, served
from app.domain.status import Status
from app.models import application, cohort, error_report, koppelpunt, message
from app.services import dossiers, nudges, remembered


class Kind(StrEnum):
    """Why there is a message."""

    NEW = "new"
    CHANGE = "change"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"  # its student is gone (MIJ-3)
    AGAIN = "again"  # set ready again (SIS-5)


class Removed(Exception):
    """Nothing is left of this application that a SIS could be given."""


def of_application(connection: Connection, application_id: int) -> dict[str, Any]:
    """JSON of a `vca.Aanmelding` as it stands now, without links and `wijzigingsvolgnummer`.
    Raises NoResultFound when there is no such application, and Removed."""
    return _body(connection, connection.execute(_rows([application_id])).one())


def tombstone(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    """The same of one that is about to be removed (MIJ-3)."""
    chosen = select(cohort.c.programme_id, cohort.c.code).filter_by(id=row.cohort_id)
    return removed(row.brin, *connection.execute(chosen).one(), _kept(row, None, {}))


def _rows(application_ids: Sequence[int]) -> Select[Any]:
    return select(application).where(application.c.id.in_(application_ids))


def _body(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    if row.document is None:
        raise Removed()
    answers, _link, beside = dossiers.opened(row.ca_keten_id, row.document)
    bsn = remembered.of(connection, row.student_id)[0] if row.student_id else None
    return served(Dossier(answers), _kept(row, bsn, beside))


def _kept(row: Row[Any], bsn: str | None, beside: dict[str, Any]) -> Kept:
    identification = beside.get("identification") or {}
    moment = identification.get("moment")
    return Kept(
        ca_keten_id=row.ca_keten_id,
        keten_id=row.keten_id,
        kind=row.kind,
        bsn=bsn,
        requested_at=row.requested_at,
        level=identification.get("level"),
        identified_at=datetime.fromisoformat(moment) if moment else None,
        registratiecode=beside.get("registratiecode"),
        in_time=beside.get("in_time"),
        withdrawn=row.status == Status.WITHDRAWN,
    )


def announce(
    connection: Connection,
    application_ids: Sequence[int],
    kind: Kind,
    now: datetime,
    tombstones: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    """A message for each (of one that was removed, its tombstone), as the last thing of this
    transaction: the koppelpunt's row stays locked until the commit, which makes the order of
    numbers that of commits. The applications are locked before they are read: what is written is
    how they stand then."""
    locked = _rows(application_ids).order_by(application.c.id).with_for_update(key_share=True)
    rows = {row.id: row for row in connection.execute(locked).all()}
    graves = tombstones or {}
    bodies = {n: graves[n] if n in graves else _body(connection, row) for n, row in rows.items()}
    where = {
        number: row.koppelpunt_id
        for number, row in sorted(rows.items(), key=lambda item: (item[1].koppelpunt_id, item[0]))
    }
    hold(connection, list(bodies))
    connection.execute(
        update(message)
        .where(message.c.application_id.in_(bodies), message.c.latest)
        .values(latest=False, waiting=False, document=None)
    )
    nudges.enqueue(connection, set(where.values()))
    for number, koppelpunt_id in where.items():
        change = connection.execute(
            update(koppelpunt)
            .where(koppelpunt.c.id == koppelpunt_id)
            .values(last_change=koppelpunt.c.last_change + 1)
            .returning(koppelpunt.c.last_change)
        ).scalar_one()
        connection.execute(
            insert(message).values(
                koppelpunt_id=koppelpunt_id,
                change_number=change,
                application_id=number,
                programme_id=_programme_of(rows[number].cohort_id),
                kind=kind,
                created_at=now,
                document=keys.seal(place(koppelpunt_id, change), bodies[number]),
            )
        )


def hold(connection: Connection, application_ids: Sequence[int]) -> None:
    """Their latest messages, in the order in which `nieuw` locks them."""
    if len(application_ids) > 1:
        latest = select(message.c.id).where(message.c.application_id.in_(application_ids))
        order = (message.c.koppelpunt_id, message.c.change_number)
        connection.execute(latest.where(message.c.latest).order_by(*order).with_for_update()).all()


def forget(connection: Connection, application_ids: Sequence[int]) -> None:
    """What SISs were given of them, and said of that; that they were given it stays known."""
    hold(connection, application_ids)
    theirs = message.c.application_id.in_(application_ids)
    reported = error_report.c.message_id.in_(select(message.c.id).where(theirs))
    connection.execute(delete(error_report).where(reported))
    connection.execute(update(message).where(theirs).values(document=None, waiting=False))


def forget_graves(until: datetime) -> None:
    """What was left to say of who is gone, of before this moment."""
    gone = select(application.c.id).where(application.c.removed_at < until)
    with db.transaction() as connection:
        connection.execute(
            update(message)
            .where(message.c.application_id.in_(gone), message.c.document.is_not(None))
            .values(document=None, waiting=False)
        )


def _programme_of(cohort_id: str) -> ScalarSelect[Any]:
    return select(cohort.c.programme_id).where(cohort.c.id == cohort_id).scalar_subquery()


def place(koppelpunt_id: int, change_number: int) -> str:
    """What a message's content is sealed for."""
    return f"message.document.{koppelpunt_id}.{change_number}"
