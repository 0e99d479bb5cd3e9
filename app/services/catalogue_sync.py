"""Our copy of RIO, brought up to date: all of it or nothing (CAT-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, Table, insert, select, update

from app import db
from app.domain.ports import CatalogueSource, CohortRecord, ProgrammeRecord, ProviderRecord
from app.models import cohort, institution, programme, provider
from app.services.catalogue import folded

MOST_GONE = 0.1  # of the programmes or cohorts; more than that is an accident at the source
FEW = 10


class Refused(Exception):
    """The source gave an empty or strongly shrunken catalogue: ours stays as it was."""


class Changes(NamedTuple):
    """How many rows are new, changed and gone; how many the source has."""

    added: int
    changed: int
    gone: int
    total: int


Row = dict[str, Any]


def synchronise(
    source: CatalogueSource,
    accept_shrink: bool = False,
    progress: Callable[[Iterable[ProgrammeRecord]], Iterable[ProgrammeRecord]] = iter,
) -> Changes:
    """Read everything first, outside any transaction; then write only what differs.

    Raises a RegisterError when the source fails half-way, and Refused.
    """
    with db.reading() as connection:
        schools = dict(connection.execute(select(institution.c.brin, institution.c.name)).all())
        before = {table: _stored(connection, table) for table in (provider, programme, cohort)}
    providers = {p.code: p for p in source.providers() if p.brin in schools}
    everything = (p for code in providers for p in source.programmes(code))
    programmes = list(progress(everything))
    if not programmes:
        raise Refused("no programmes at the source")
    wanted = {
        provider: {p.code: _provider(p) for p in providers.values()},
        programme: {
            p.id: _programme(p, schools[providers[p.provider_code].brin]) for p in programmes
        },
        cohort: {row["id"]: row for p in programmes for row in (_cohort(p, c) for c in p.cohorts)},
    }
    for table in () if accept_shrink else (programme, cohort):
        _refuse_an_accident(table, len(wanted[table]), before[table])
    with db.transaction() as connection:
        counts = [_write(connection, table, before[table], rows) for table, rows in wanted.items()]
    added, changed, gone = (sum(column) for column in zip(*counts, strict=True))
    return Changes(added, changed, gone, len(programmes))


def _refuse_an_accident(table: Table, there: int, before: dict[str, tuple[bool, str]]) -> None:
    """Raises Refused. What is few may change as it likes, but not vanish."""
    here = sum(1 for active, _ in before.values() if active)
    if there < here * (1 - MOST_GONE) and (here > FEW or not there):
        raise Refused(f"{there} {table.name}s at the source, {here} here")


def _stored(connection: Connection, table: Table) -> dict[str, tuple[bool, str]]:
    key = table.primary_key.columns[0]
    rows = connection.execute(select(key, table.c.active, table.c.digest)).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def _write(
    connection: Connection,
    table: Table,
    before: dict[str, tuple[bool, str]],
    rows: dict[str, Row],
) -> tuple[int, int, int]:
    """What the source no longer has stays, not active: applications point at it."""
    key = table.primary_key.columns[0]
    fresh = [row for at, row in rows.items() if at not in before]
    changed = [
        row for at, row in rows.items() if at in before and before[at] != (True, row["digest"])
    ]
    gone = [at for at, (active, _) in before.items() if active and at not in rows]
    if fresh:
        connection.execute(insert(table), fresh)
    for row in changed:
        connection.execute(update(table).where(key == row[key.name]).values(_next(table, row)))
    for at in gone:
        connection.execute(update(table).where(key == at).values(_next(table, {"active": False})))
    return len(fresh), len(changed), len(gone)


def _next(table: Table, row: Row) -> Row:
    """A cohort counts its versions: drafts hold the one that they were filled in with."""
    return {**row, "version": table.c.version + 1} if "version" in table.c else row


def _digested(row: Row) -> Row:
    plain = repr(sorted(row.items()))
    return {**row, "active": True, "digest": sha256(plain.encode()).hexdigest()}


def _provider(record: ProviderRecord) -> Row:
    return _digested(asdict(record))


def _programme(record: ProgrammeRecord, school: str) -> Row:
    row = asdict(record)
    del row["cohorts"]
    row["name"] = record.name or record.official_name
    words = (row["name"], record.name_english, record.official_name, record.crebo, school)
    row["search_text"] = folded(" ".join((*words, record.place, record.leertraject)))
    return _digested(row)


def _cohort(record: ProgrammeRecord, item: CohortRecord) -> Row:
    row = asdict(item)
    row["id"] = str(uuid5(UUID(record.id), item.code))
    row["programme_id"] = record.id
    return {**_digested(row), "version": 1}
