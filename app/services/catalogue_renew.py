"""Between two synchronisations: one programme read again by its key, and the change feed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, literal, select, update

from app import db
from app.domain.catalogue import NOT_OFFERED
from app.domain.ports import (
    CatalogueSource,
    ChangeFeed,
    MalformedReply,
    ProgrammeRecord,
    RegisterError,
)
from app.models import (
    FOREVER,
    catalogue,
    catalogue_read,
    catalogue_run,
    institution,
    programme,
    programme_facts,
    provider,
)
from app.services import catalogue_rows as rows
from app.services.catalogue import UUID, counts_now, facts
from app.services.catalogue_run import is_accident
from app.services.links import BRIN, CREBO
from app.store import Store, StoreDown

FRESH = 600  # seconds that our copy is good enough for somebody who comes by a link
PATIENCE = 2.0  # seconds that a student waits for RIO
PAUSE = 60  # seconds that a RIO which failed isn't asked
OF_CREBO = 3  # programmes of a crebo that RIO is asked for
AT_ONCE = 2  # threads of a process that wait for RIO: the others have students to serve

_asking = BoundedSemaphore(AT_ONCE)


def renew(
    source: CatalogueSource, store: Store, programme_id: str, seconds: float = PATIENCE
) -> None:
    """Our copy of a programme that somebody comes for, as RIO has it now.

    Once in FRESH seconds, by one of those who come; where RIO doesn't answer within `seconds`,
    or the database is busy, the copy serves.
    """
    asked = f"rio:{programme_id.lower()}"
    if not UUID.fullmatch(programme_id) or store.get(asked) or store.get("rio:down"):
        return
    with db.reading() as connection:
        worth = _worth_asking().where(facts.programme_id == programme_id.lower())
        if connection.execute(worth).first() is None:
            return
    if not _asking.acquire(blocking=False):
        return
    try:
        if store.incr(asked, FRESH) > 1:
            return
        db.let_go()
        record = source.programme(programme_id.lower(), seconds)
    except MalformedReply:
        return  # it won't be any better within FRESH seconds
    except RegisterError:
        store.delete(asked)
        store.put("rio:down", b"1", PAUSE)
        return
    finally:
        _asking.release()
    try:
        replace(programme_id.lower(), record)
    except db.Busy:
        with suppress(StoreDown):  # where it is a table it is as busy
            store.delete(asked)


def of_crebo(connection: Connection, brin: str, crebo: str) -> list[str]:
    """Which programmes are worth renewing for who comes for a school's crebo: OF_CREBO at most,
    of the others the copy serves. First those that RIO had when it was last asked."""
    if not BRIN.fullmatch(brin) or not CREBO.fullmatch(crebo):
        return []
    found = _worth_asking().where(facts.brin == brin, facts.crebo == crebo)
    ordered = found.order_by(facts.active.desc(), facts.programme_id)
    return list(connection.execute(ordered.limit(OF_CREBO)).scalars())


def _worth_asking() -> Select[Any]:
    """Ids of what we have and no other rule hides: what is hidden is answered as fast as what
    isn't there (DEE-5)."""
    return (
        select(facts.programme_id)
        .join(programme, programme.c.id == facts.programme_id)
        .join(institution, institution.c.brin == facts.brin)
        .join(provider, provider.c.code == facts.provider_code)
        .where(counts_now(), facts.leertraject != NOT_OFFERED, provider.c.active)
        .where(programme.c.whitelisted | ~institution.c.whitelist)
    )


def _here(connection: Connection, programme_id: str) -> tuple[str, bool] | None:
    row = connection.execute(
        select(facts.digest, facts.active).where(facts.programme_id == programme_id, counts_now())
    ).first()
    return (row.digest, row.active) if row else None


def replace(programme_id: str, record: ProgrammeRecord | None) -> bool:
    """`record` counts from now on, None: RIO has it no longer. Whether that differed from what
    we had. A school that isn't set up here has no programmes here."""
    with db.reading() as connection:
        here = _here(connection, programme_id)
        brins = dict(connection.execute(select(provider.c.code, provider.c.brin)).all())
    known = record is not None and record.provider_code in brins
    if record is not None and known:
        same = here == (rows.digest(record), True)
    else:
        same = here is None or not here[1]
    if same:
        return False
    with db.transaction() as connection:
        edition = touched(connection)
        # What a synchronisation has ready is older than this.
        connection.execute(
            delete(programme_facts).where(
                facts.programme_id == programme_id, facts.edition > edition
            )
        )
        connection.execute(
            update(programme_facts)
            .where(facts.programme_id == programme_id, counts_now())
            .values(until=FOREVER)
        )
        # A synchronisation under way mustn't take it for gone, nor write what it read before.
        seen = select(literal(programme_id)).where(exists().select_from(catalogue_run))
        read = db.insert(connection, catalogue_read).from_select(["programme_id"], seen)
        connection.execute(read.on_conflict_do_nothing())
        if record is not None and known:
            rows.write(connection, rows.made([record], brins, edition), until=edition)
        else:
            rows.take_away(connection, [programme_id], edition, until=edition)
    return True


def touched(connection: Connection) -> int:
    """Facts change in this transaction: drafts look again. First in it, so that none of them
    passes another, or a synchronisation that begins to count. Returns the edition of now."""
    row = db.insert(connection, catalogue).values(id=1, edition=0, changes=1)
    more = {"changes": catalogue.c.changes + 1}
    upserted = row.on_conflict_do_update(index_elements=["id"], set_=more)
    return int(connection.execute(upserted.returning(catalogue.c.edition)).scalar_one())


def follow(
    feed: ChangeFeed,
    source: CatalogueSource,
    now: datetime,
    progress: Callable[[], None] = lambda: None,
) -> int:
    """What the feed says has changed, read again; how many differed from our copy.

    What makes no sense is left as it was and noted for whoever looks after the catalogue; where
    all of it is, it is asked for again. So is what would take away too much at once. Raises
    another RegisterError; what was read by then counts, and the rest is asked for again.
    """
    with db.reading() as connection:
        row = connection.execute(select(catalogue.c.followed_until, catalogue.c.synced_at)).first()
    if row is None or row.synced_at is None:
        return 0  # there is nothing yet that could have changed
    changed = feed.changed(max(row.synced_at, row.followed_until or row.synced_at))
    differed, readable, problem, gone = 0, False, "", []
    for key in map(str.lower, changed.keys):
        progress()
        try:
            record = source.programme(key)
        except MalformedReply as error:
            problem = f"{error}: {key}"
            continue
        readable = True
        if record is None:
            gone.append(key)
        else:
            differed += replace(key, record)
    if lost := _too_many(gone):
        problem, readable = lost, False
    else:
        differed += sum(replace(key, None) for key in gone)
    with db.transaction() as connection:
        if problem:
            noted = {"problem": problem[:200], "problem_at": now}
            connection.execute(update(catalogue).values(noted))
        if readable or not problem:
            # A feed that is ahead of its time would keep back what comes until then.
            until = min(changed.until, now)
            connection.execute(update(catalogue).values(followed_until=until))
    return differed


def _too_many(gone: list[str]) -> str:
    """What is wrong when a feed takes all of these away; empty: nothing."""
    active = select(func.count()).select_from(programme_facts).where(counts_now(), facts.active)
    with db.reading() as connection:
        here = connection.execute(active).scalar_one()
        of_those = active.where(facts.programme_id.in_(gone))
        lost = connection.execute(of_those).scalar_one() if gone else 0
    return f"{lost} of {here} programmes gone by the feed" if is_accident(here - lost, here) else ""
