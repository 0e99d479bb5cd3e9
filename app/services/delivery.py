"""Giving messages to a SIS: what waits, and what changed (SIS-1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from cryptography.exceptions import InvalidTag
from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select, update

from app import db, keys
from app.models import (
    Moment,
    application,
    koppelpunt,
    message,
    sis_client_school,
    student,
)
from app.prepared import Prepared
from app.services import audit, messages
from app.services.audit import Actor

BATCH = 500  # messages in one answer, at most
SEEN = timedelta(seconds=60)  # how precisely we know when a SIS was here last

HEAD = b'{"$type":"vca.Aanmelding",'  # how each body begins

row = message.c


class Point(NamedTuple):
    """A koppelpunt, for the SIS that asks for it."""

    id: int
    code: str
    brin: str
    off: bool
    sis: str
    acknowledging: bool
    unseen: bool  # its SIS, for longer than SEEN
    waits: bool  # whether anything did when it was asked for


class Given(NamedTuple):
    """An application as a SIS gets it."""

    id: int
    change_number: int
    body: bytes  # JSON of a `vca.Aanmelding`, without its links and number

    @property
    def ca_keten_id(self) -> str:
        """Where it stands in each body: reading the whole costs a tenth of a batch."""
        return self.body[len(HEAD) :][len(b'"caKetenId":"') :][:36].decode()


class NotThere(Exception):
    """This koppelpunt has no such application."""


# All numbers are above 0, but only then does SQLite read by the index of what waits when it counted
# while nearly all did; in their order, PostgreSQL plans it anew each time.
_ANY = (
    select(row.id)
    .where(row.koppelpunt_id == koppelpunt.c.id, row.waiting, row.change_number > 0)
    .exists()
)
_POINT = Prepared(
    select(
        *(koppelpunt.c.id, koppelpunt.c.code, koppelpunt.c.brin, koppelpunt.c.off),
        *(koppelpunt.c.sis, koppelpunt.c.acknowledging),
        or_(
            koppelpunt.c.seen_at.is_(None),
            koppelpunt.c.seen_at <= bindparam("since", type_=Moment),
        ),
        _ANY,
    )
    .join(sis_client_school, sis_client_school.c.brin == koppelpunt.c.brin)
    .where(
        koppelpunt.c.code == bindparam("code"),
        sis_client_school.c.client_id == bindparam("client"),
    )
)
_WAITING = Prepared(
    select(row.application_id, row.change_number, row.document)
    .where(row.koppelpunt_id == bindparam("point"), row.waiting)
    .order_by(row.change_number)
    .limit(BATCH)
    .with_for_update()
)
_GIVEN = Prepared(
    update(message)
    .where(
        row.koppelpunt_id == bindparam("point"),
        row.waiting,
        row.change_number <= bindparam("last"),
    )
    .values(waiting=False, given_at=func.coalesce(row.given_at, bindparam("now", type_=Moment)))
)
_SHOWN = Prepared(  # in acknowledging mode it goes on waiting
    update(message)
    .where(
        row.koppelpunt_id == bindparam("point"),
        row.waiting,
        row.given_at.is_(None),
        row.change_number <= bindparam("last"),
    )
    .values(given_at=bindparam("now", type_=Moment))
)


def point(connection: Connection, client_id: str, code: str, now: datetime) -> Point | None:
    """The koppelpunt with this code, exactly, of a school that this SIS acts for."""
    found = _POINT.first(connection, client=client_id, code=code, since=now - SEEN)
    return Point(*found) if found else None


def seen(where: Point, now: datetime) -> None:
    """The SIS was here: kept to the minute."""
    if where.unseen:
        with db.transaction() as connection:
            connection.execute(
                update(koppelpunt).where(koppelpunt.c.id == where.id).values(seen_at=now)
            )


def fresh(where: Point, actor: Actor, now: datetime) -> list[Given]:
    """What waits, oldest first, and from now on no longer: unless the koppelpunt acknowledges,
    then it waits for that. Nothing where nothing did: most questions end there."""
    if not where.waits:
        return []
    with db.transaction() as connection:
        rows = _WAITING.all(connection, point=where.id)
        given = list(_opened(connection, where.id, rows))
        if rows:
            mark = _SHOWN if where.acknowledging else _GIVEN
            mark.change(connection, point=where.id, last=rows[-1][1], now=now)
            unread = {r[1] for r in rows} - {one.change_number for one in given}
            _set_aside(connection, where, unread, now)
            _note(connection, where, actor, "nieuw", given)
    return given


def _set_aside(connection: Connection, where: Point, unread: set[int], now: datetime) -> None:
    """What can't be opened (a key that is gone) holds up no other. It was given to nobody and has
    an error, so that the operator sees it; set ready again it is written anew."""
    if unread:
        connection.execute(
            update(message)
            .where(row.koppelpunt_id == where.id, row.change_number.in_(unread))
            .values(waiting=False, given_at=None, error_at=now)
        )


@dataclass(frozen=True)
class Filters:
    """Of the list; None leaves all."""

    bsn: str | None = None
    ca_keten_id: str | None = None
    keten_id: str | None = None
    programme_id: str | None = None
    sent_from: datetime | None = None  # by the moment that counts, `datumTijdIndienen`
    sent_until: datetime | None = None  # not itself
    change_from: int | None = None  # itself too
    first: int = 0
    most: int = BATCH


class Listed(NamedTuple):
    given: list[Given]
    read: int  # also what can't be opened
    more_from: int | None  # the change number that the rest begins after


def listed(where: Point, filters: Filters, actor: Actor) -> Listed:
    """By change number."""
    with db.reading() as connection:
        found = connection.execute(_list(where.id, filters)).all()
        rows = [tuple(r) for r in found[: filters.most]]
        given = list(_opened(connection, where.id, rows))
    _noted(where, actor, "aanmeldingen", given, also_none=filters.bsn is not None)
    return Listed(given, len(rows), rows[-1][1] if len(found) > filters.most else None)


def _list(point_id: int, filters: Filters) -> Select[Any]:
    among = [row.koppelpunt_id == point_id]
    if filters.change_from is not None:
        among.append(row.change_number >= filters.change_from)
    if filters.programme_id is not None:
        among.append(row.programme_id == filters.programme_id)
    where = _of_applications(filters)
    if where:  # found first, by an index of their own
        ids = select(application.c.id).where(application.c.koppelpunt_id == point_id, *where)
        among.append(row.application_id.in_(ids))
    wanted = select(row.application_id, row.change_number, row.document).where(row.latest, *among)
    if filters.first:
        # A place counts what has changed since too: who pages while something changes would
        # otherwise pass over the one that moved up.
        places = select(row.change_number).where(*among).order_by(row.change_number)
        begin = places.offset(filters.first).limit(1).correlate(None).scalar_subquery()
        wanted = wanted.where(row.change_number >= begin)
    return wanted.order_by(row.change_number).limit(filters.most + 1)


def _of_applications(filters: Filters) -> list[ColumnElement[bool]]:
    of, found = application.c, []
    if filters.ca_keten_id is not None:
        found.append(of.ca_keten_id == filters.ca_keten_id)
    if filters.keten_id is not None:
        found.append(of.keten_id == filters.keten_id)
    if filters.sent_from is not None:
        found.append(of.requested_at >= filters.sent_from)
    if filters.sent_until is not None:
        found.append(of.requested_at < filters.sent_until)
    if filters.bsn is not None:
        hashes = keys.lookups("bsn", filters.bsn)
        found.append(of.student_id.in_(select(student.c.id).where(student.c.bsn_hash.in_(hashes))))
    return found


def one(where: Point, application_id: int, actor: Actor) -> Given:
    """Raises NotThere."""
    with db.reading() as connection:
        found = connection.execute(
            select(row.application_id, row.change_number, row.document).where(
                row.application_id == application_id, row.koppelpunt_id == where.id, row.latest
            )
        ).all()
        given = list(_opened(connection, where.id, [tuple(r) for r in found]))
    if not given:
        raise NotThere()
    _noted(where, actor, "aanmelding", given)
    return given[0]


def _opened(
    connection: Connection, point_id: int, rows: Sequence[tuple[Any, ...]]
) -> Iterator[Given]:
    for application_id, change, document in rows:
        try:
            if document is None:  # written before messages had content
                body = orjson.dumps(messages.of_application(connection, application_id))
            else:
                body = keys.unsealed(messages.place(point_id, change), document)
        except (keys.UnknownKey, InvalidTag, messages.Removed):
            continue
        yield Given(application_id, change, body)


def _noted(
    where: Point,
    actor: Actor,
    action: str,
    given: Sequence[Given],
    also_none: bool = False,
) -> None:
    """`also_none`: who asks for a person learns something of nothing too."""
    if given or also_none:
        with db.transaction() as connection:
            _note(connection, where, actor, action, given)


def _note(
    connection: Connection,
    where: Point,
    actor: Actor,
    action: str,
    given: Sequence[Given],
) -> None:
    about = " ".join(one.ca_keten_id for one in given)
    result = "gegeven" if given else "niets"
    audit.note(connection, actor, action, about, result, where.brin, len(given))


def counts(connection: Connection, point_ids: Sequence[int]) -> dict[int, int]:
    """How many wait, by koppelpunt."""
    found = connection.execute(
        select(row.koppelpunt_id, func.count())
        .where(row.koppelpunt_id.in_(point_ids), row.waiting)
        .group_by(row.koppelpunt_id)
    )
    return {r[0]: r[1] for r in found}
