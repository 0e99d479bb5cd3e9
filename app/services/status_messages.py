"""Messages to the mbo-koppelpunt: each is handled once, and then forgotten but for the log
(STA-2 to STA-5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select, update

from app import db, keys
from app.clock import local_date
from app.domain import routing
from app.domain.routing import VAVO, Facts, Receiver, Terms
from app.domain.status import APPLICATION, Source, Status
from app.models import application, application_status, status_message
from app.services import audit, statuses
from app.services.audit import Actor
from app.services.statuses import Change, Said

AHEAD = timedelta(minutes=5)  # that a school's clock may be
MOST = 200  # that are kept of one application: each new one is weighed against all of them
HASHED = "status message"

row = status_message.c


class Outcome(StrEnum):
    HANDLED = "verwerkt"
    LOGGED = "gelogd"  # known, and no move
    FORWARDED = "doorgestuurd"  # of the school's own series


class Why(StrEnum):
    """What a result says, in one word."""

    COUNTS = "verwerkt"
    NO_MOVE = "geen-overgang"
    REMOVED = "verwijderd"
    BY_STUDENT = "ingetrokken-door-student"
    OWN_SERIES = "eigen-reeks"
    UNKNOWN = "aanmelding-onbekend"
    INTEREST = "interessemelding"
    NO_VAVO = "vavo"
    OTHER_CONTENT = "berichtid-hergebruikt"
    TOO_MANY = "te-veel-statussen"


class Warn(StrEnum):
    CLOCK = "klok"
    OTHER_ID = "keten-id-anders"


@dataclass(frozen=True)
class Item:
    """One status, as it was sent and understood. `keten_id` without `ca_keten_id` may be one of
    the school's own series, which ours (a 9 after the colon) never is."""

    message_id: str
    brin: str
    status: Status
    moment: datetime
    ca_keten_id: str
    keten_id: str
    facts: Facts = field(repr=False)
    content: str = field(repr=False)  # all of it, to know it again

    @property
    def own_series(self) -> bool:
        return not self.ca_keten_id and not self.keten_id.partition(":")[2].startswith("9")


class Result(NamedTuple):
    outcome: Outcome
    why: Why
    ca_keten_id: str = ""
    keten_id: str = ""
    status: str = ""  # that the application has now
    warnings: tuple[str, ...] = ()  # of Warn, and of statuses.Finding
    again: bool = False  # it was handled before


class Refused(Exception):
    """Nothing was done with this message; it may be sent again."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def handle(
    item: Item, actor: Actor, brins: Collection[str], terms: Terms, vavo: bool, now: datetime
) -> Result:
    """In one transaction; handled before, it is what came of it then. `brins` are the schools
    that the sender acts for, `vavo` whether statuses of VAVO are let through. Raises Refused."""
    if item.brin not in brins:
        raise Refused(Why.UNKNOWN)
    ahead = item.moment > now + AHEAD
    moment = now if ahead else item.moment
    with db.transaction() as connection:
        number = _claim(connection, item, actor, now)
        if number is None:
            return _earlier(connection, item)
        found = _application(connection, item)
        facts = _facts(item, found)
        if facts.leertraject == VAVO and not vavo:
            raise Refused(Why.NO_VAVO)
        said = Said(item.status, Source.KOPPELPUNT, moment, item.message_id)
        kept = found is not None and found.document is not None
        change = statuses.record(connection, found, said) if found and kept else None
        result = _result(item, found, change, ahead)
        receivers = routing.decided(facts, terms, local_date(moment))
        _log(connection, number, result, [who for who, why in receivers.items() if why is None])
        if change is not None:
            statuses.free(connection, [change])
            about = change.application.ca_keten_id
            audit.note(connection, actor, "status", about, result.outcome, item.brin)
            statuses.tell(connection, [change], now)
    return result


def _claim(connection: Connection, item: Item, actor: Actor, now: datetime) -> int | None:
    """Its row in the log; None when it has one already. Whoever sends it at the same moment
    waits here."""
    return connection.execute(
        db.insert(connection, status_message)
        .values(
            brin=item.brin,
            message_id=item.message_id,
            sender=actor.name,
            content_hash=keys.lookup(HASHED, item.content),
            receivers=[],
            result={},
            sent_at=item.moment,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["brin", "message_id"])
        .returning(row.id)
    ).scalar()


def _earlier(connection: Connection, item: Item) -> Result:
    content_hash, kept = connection.execute(
        select(row.content_hash, row.result).filter_by(brin=item.brin, message_id=item.message_id)
    ).one()
    if content_hash not in keys.lookups(HASHED, item.content):
        raise Refused(Why.OTHER_CONTENT)
    return Result(
        Outcome(kept["outcome"]),
        Why(kept["why"]),
        kept["ca_keten_id"],
        kept["keten_id"],
        kept["status"],
        tuple(kept["warnings"]),
        again=True,
    )


def _application(connection: Connection, item: Item) -> Row[Any] | None:
    """None: it is of the school's own series. Raises Refused, of another school's as of none."""
    if item.own_series:
        if not item.keten_id.startswith(item.brin):
            raise Refused(Why.UNKNOWN)
        return None
    of = application.c
    named = of.ca_keten_id == item.ca_keten_id if item.ca_keten_id else of.keten_id == item.keten_id
    found = connection.execute(statuses.locked().where(of.brin == item.brin, named)).first()
    if found is None:
        raise Refused(Why.UNKNOWN)
    if found.kind != APPLICATION:
        raise Refused(Why.INTEREST)
    theirs = {"application_id": found.id, "source": Source.KOPPELPUNT}
    kept = select(func.count()).select_from(application_status).filter_by(**theirs)
    if connection.execute(kept).scalar_one() >= MOST:
        raise Refused(Why.TOO_MANY)
    return found


def _facts(item: Item, found: Row[Any] | None) -> Facts:
    """VAVO by what was applied for, whatever the message says."""
    choice = statuses.answers(found).choice if found and found.document else None
    if choice is not None and choice.leertraject == VAVO:
        return replace(item.facts, leertraject=VAVO)
    return item.facts


def _result(item: Item, found: Row[Any] | None, change: Change | None, ahead: bool) -> Result:
    warnings = [Warn.CLOCK] if ahead else []
    if found is not None and change is None:  # its student is gone (RET-1)
        said = Result(Outcome.LOGGED, Why.REMOVED, found.ca_keten_id, status=found.status)
        return said._replace(warnings=tuple(warnings))
    if change is None:
        said = Result(Outcome.FORWARDED, Why.OWN_SERIES, keten_id=item.keten_id)
        return said._replace(warnings=tuple(warnings))
    ours = change.application
    if item.ca_keten_id and item.keten_id not in ("", ours.keten_id):
        warnings.append(Warn.OTHER_ID)
    why = Why.COUNTS if change.counts else Why.NO_MOVE
    if not change.counts and (change.after, change.source) == (Status.WITHDRAWN, Source.STUDENT):
        why = Why.BY_STUDENT
    return Result(
        Outcome.HANDLED if change.counts else Outcome.LOGGED,
        why,
        ours.ca_keten_id,
        ours.keten_id,
        change.after,
        (*warnings, *change.findings),
    )


def _log(connection: Connection, number: int, result: Result, receivers: list[Receiver]) -> None:
    kept = {name: value for name, value in result._asdict().items() if name != "again"}
    connection.execute(
        update(status_message)
        .where(row.id == number)
        .values(
            ca_keten_id=result.ca_keten_id or None,
            receivers=receivers,
            result=kept,
        )
    )
