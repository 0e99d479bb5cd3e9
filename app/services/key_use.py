"""Which data key is still needed for what (RET-2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Column, Connection, case, func, not_, or_, select

from app import db, keys
from app.models import student
from app.services import addresses, sealed
from app.services.sealed import ADDRESS, FORGOTTEN, SEALED, Sealed, under

BATCH = 500  # rows that are read together


class Use(NamedTuple):
    """Of one column: how many rows are under each key. `unknown` are under none of ours, or can't
    be told."""

    name: str
    rows: Mapping[str, int]
    unknown: int = 0
    needed: bool = True  # without their key these rows are lost


def use(progress: Callable[[int], None] = lambda _rows: None) -> list[Use]:
    """Of every column that is sealed or hashed with a key. Hashes say nothing of their key, so all
    of them are made once more: a minute for a million. `progress` hears how many rows more."""
    found = []
    for one in SEALED:
        found.append(_of_documents(one))
        if one.hashed is not None:
            found.append(_of_hashes(one, progress))
    found.append(_of_addresses(progress))
    with db.reading() as connection:
        kept = connection.scalar(select(func.count()).select_from(FORGOTTEN.table)) or 0
    return [*found, Use(str(FORGOTTEN), {}, kept, needed=False)]


def foreign(connection: Connection) -> set[str]:
    """The ids of keys that documents were sealed with and that DATA_KEYS doesn't hold."""
    return {key_id for one in SEALED for key_id in ids_of(connection, one)} - set(keys.ids())


def ids_of(connection: Connection, one: Sealed) -> set[str]:
    """The ids of the keys in this column: one look for each, and one more."""
    found: set[str] = set()
    while True:
        others = [not_(under(one.column, key_id)) for key_id in found]
        wanted = select(one.column).where(one.column.is_not(None), *others).limit(1)
        document = connection.execute(wanted).scalar()
        if document is None:
            return found
        found.add(keys.key_of(document))


def _of_documents(one: Sealed) -> Use:
    ids = keys.ids()
    mine = [under(one.column, key_id) for key_id in ids]
    counted = [*mine, not_(or_(*mine))]
    sums = [func.coalesce(func.sum(case((which, 1), else_=0)), 0) for which in counted]
    with db.reading() as connection:
        *numbers, unknown = connection.execute(select(*sums).where(one.column.is_not(None))).one()
    return Use(str(one.column), dict(zip(ids, numbers, strict=True)), unknown)


def _of_hashes(one: Sealed, progress: Callable[[int], None]) -> Use:
    assert one.hashed is not None
    counted: Counter[str] = Counter()
    for rows in sealed.batches(one, BATCH):
        looked = (sealed.hash_in(one, row) for row in rows)
        counted.update(_key_of(kept, of) for kept, of in looked if kept)
        progress(len(rows))
    return _use(one.hashed.column, counted, needed=one.hashed.column is student.c.bsn_hash)


def _of_addresses(progress: Callable[[int], None]) -> Use:
    counted: Counter[str] = Counter()
    for links in addresses.batches(BATCH):
        counted.update(_key_of(link.email_hash, link.hashes) for link in links)
        progress(len(links))
    return _use(ADDRESS, counted, needed=False)


def _key_of(kept: str, hashes: Sequence[str]) -> str:
    return dict(zip(hashes, keys.ids(), strict=False)).get(kept, "")


def _use(column: Column[str], counted: Counter[str], needed: bool) -> Use:
    rows = {key_id: counted[key_id] for key_id in keys.ids()}
    return Use(str(column), rows, counted[""], needed)
