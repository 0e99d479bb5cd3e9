"""Where what is sealed stands, and what is hashed with a key: the one list, by which keys are
changed (app/services/rotation.py). Whatever is added to the tables belongs here too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, ColumnElement, Select, Table, func, literal, not_, select

from app import db, keys
from app.models import (
    application,
    draft,
    email_link,
    error_report,
    institution,
    job,
    message,
    status_message,
    store,
    student,
)


class Hashed(NamedTuple):
    """A keyed hash of what the sealed document in the same row holds as `field`; without one, of
    the document itself, which then is a text."""

    column: Column[Any]
    label: str  # of app.keys.lookup
    field: str = ""


class Sealed(NamedTuple):
    """Documents, and the columns that say in which place each is sealed."""

    column: Column[Any]
    place: tuple[Column[Any], ...]
    hashed: Hashed | None = None

    @property
    def table(self) -> Table:
        return self.column.table

    @property
    def key(self) -> Column[Any]:
        """The table's primary key: one column, in whose order it is walked through."""
        (column,) = self.table.primary_key.columns
        return column

    def place_of(self, row: Any) -> str:
        """What the document in this row is sealed for (app.keys.seal)."""
        which = ".".join(str(getattr(row, column.name)) for column in self.place)
        return f"{self.table.name}.{self.column.name}.{which}"


SEALED = (
    Sealed(student.c.document, (student.c.id,), Hashed(student.c.bsn_hash, "bsn", "bsn")),
    Sealed(draft.c.document, (draft.c.id,)),
    Sealed(application.c.document, (application.c.ca_keten_id,)),
    Sealed(message.c.document, (message.c.koppelpunt_id, message.c.change_number)),
    Sealed(
        error_report.c.document,
        (error_report.c.id,),
        Hashed(error_report.c.text_hash, "error report", "text"),
    ),
    Sealed(
        institution.c.registratiecode,
        (institution.c.brin,),
        Hashed(institution.c.registratiecode_hash, "registratiecode"),
    ),
    Sealed(job.c.document, (job.c.document_id,)),  # what was given up stays until somebody looks
)

# Of an address that stands in its owner's applications or drafts, or nowhere any more.
ADDRESS = email_link.c.email_hash

# Of a message that isn't kept (STA-5), so never hashed anew.
FORGOTTEN = status_message.c.content_hash

EXPIRING = (store.c.value,)  # sessions and logins under way: hours at most, never sealed anew
KEYLESS = (email_link.c.token_hash,)  # of 256 random bits


def under(column: Column[Any], key_id: str) -> ColumnElement[bool]:
    """Whether the document was sealed with this key."""
    head = keys.head(key_id)
    return func.substr(column, 1, len(head), type_=column.type) == literal(head, column.type)


def batches(one: Sealed, size: int) -> Iterator[Sequence[Any]]:
    """Its rows in the order of their key; where nothing is hashed, only those that are not under
    the current data key. No transaction stays open between them."""
    columns = (one.key, *one.place, one.column, *([one.hashed.column] if one.hashed else []))
    wanted = select(*dict.fromkeys(columns)).where(one.column.is_not(None))
    if not one.hashed:
        wanted = wanted.where(not_(under(one.column, keys.ids()[0])))
    yield from in_order(wanted, one.key, size)


def in_order(wanted: Select[Any], key: Column[Any], size: int) -> Iterator[Sequence[Any]]:
    """`wanted`, so many rows at a time, whatever changes meanwhile."""
    next_ones = wanted.order_by(key).limit(size)
    while True:
        with db.reading() as connection:
            rows = connection.execute(next_ones).all()
        if not rows:
            return
        yield rows
        after = key > getattr(rows[-1], key.name)
        next_ones = wanted.where(after).order_by(key).limit(size)


def hash_in(one: Sealed, row: Any) -> tuple[str | None, list[str]]:
    """The hash that stands in this row, and what it would be by each of our keys, the current
    first; none of those where there is nothing to hash (a student without BSN), or where the
    document can't be opened."""
    assert one.hashed is not None
    kept = getattr(row, one.hashed.column.name)
    try:
        content = orjson.loads(keys.unsealed(one.place_of(row), getattr(row, one.column.name)))
    except (keys.UnknownKey, InvalidTag):
        return kept, []
    text = content.get(one.hashed.field) if one.hashed.field else content
    return kept, keys.lookups(one.hashed.label, text) if text and kept else []
