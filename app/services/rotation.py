"""Another data key: everything sealed and hashed anew with the current one, during traffic (RET-2).

In batches, each a short transaction that waits for nobody and changes only what still is as it
was read: who writes meanwhile wins, and has sealed it with their own current key. Stopped at any
moment, it is simply done once more: what is done already is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, select, update
from sqlalchemy.exc import IntegrityError

from app import db, keys
from app.services import addresses, sealed
from app.services.sealed import ADDRESS, SEALED, Sealed

BATCH = 50  # rows that are changed together
TRIES = 5  # times in a row that nothing could be changed of what others are at

Progress = Callable[[str, int], None]  # of which table how many rows more were looked at


@dataclass
class Rotated:
    """What came of it; the last three are still as they were."""

    documents: int = 0
    hashes: int = 0
    busy: int = 0  # somebody else was at them each time
    lost: set[str] = field(default_factory=set)  # places that none of our keys opens
    double: set[str] = field(default_factory=set)  # another row has their hash already

    @property
    def all(self) -> int:
        return self.documents + self.hashes


class Change(NamedTuple):
    """Of one row, which is known by `key`: what was read, and what comes in its place."""

    key: Column[Any]
    id: Any
    column: Column[Any]
    old: Any
    new: Any


def rotate(progress: Progress = lambda _table, _rows: None) -> Rotated:
    """Everything under the current key, but for what is said to be left."""
    done, idle = Rotated(), 0
    while idle < TRIES:
        before, done.busy = done.all, 0
        for one in SEALED:
            for rows in sealed.batches(one, BATCH):
                done.documents += _change(_documents(one, rows, done), done)
                done.hashes += _change(_hashes(one, rows), done)
                progress(one.table.name, len(rows))
        for links in addresses.batches(BATCH):
            done.hashes += _change(_addresses(links), done)
            progress(ADDRESS.table.name, len(links))
        if not done.busy:
            break
        idle = idle + 1 if before == done.all else 0
    return done


def _documents(one: Sealed, rows: Sequence[Any], done: Rotated) -> Iterable[Change]:
    for row in rows:
        document, place = getattr(row, one.column.name), one.place_of(row)
        if keys.key_of(document) == keys.ids()[0]:
            continue
        try:
            anew = keys.resealed(place, document)
        except (keys.UnknownKey, InvalidTag):
            done.lost.add(place)
        else:
            yield Change(one.key, getattr(row, one.key.name), one.column, document, anew)


def _hashes(one: Sealed, rows: Sequence[Any]) -> Iterable[Change]:
    if one.hashed is None:
        return
    for row in rows:
        kept, of = sealed.hash_in(one, row)
        if of and kept != of[0]:
            yield Change(one.key, getattr(row, one.key.name), one.hashed.column, kept, of[0])


def _addresses(links: Sequence[addresses.Link]) -> Iterable[Change]:
    (key,) = ADDRESS.table.primary_key.columns
    for link in links:
        if link.hashes and link.email_hash != link.hashes[0]:
            yield Change(key, link.token_hash, ADDRESS, link.email_hash, link.hashes[0])


def _change(changes: Iterable[Change], done: Rotated) -> int:
    """How many were made: all at once or, where one is in the way of that, each by itself."""
    wanted = list(changes)
    if not wanted:
        return 0
    try:
        made = _made(wanted)
    except db.Busy:
        made = 0
    except IntegrityError:
        if len(wanted) > 1:
            return sum(_change([one], done) for one in wanted)
        done.double.add(f"{wanted[0].key.table.name} {wanted[0].id}")
        return 0
    done.busy += len(wanted) - made
    return made


def _made(changes: Sequence[Change]) -> int:
    """Of those that nobody else holds: who holds some and waits for others may be waited for."""
    key = changes[0].key
    with db.transaction() as connection:
        these = select(key).where(key.in_([one.id for one in changes]))
        free = set(connection.scalars(these.with_for_update(skip_locked=True, key_share=True)))
        return sum(
            connection.execute(
                update(key.table)
                .where(key == one.id, one.column == one.old)
                .values({one.column: one.new})
            ).rowcount
            for one in changes
            if one.id in free
        )
