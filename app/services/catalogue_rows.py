"""How what RIO says becomes rows, and how a row takes another's place.

`until` FOREVER stands on one row of a programme at most: what was read last, whether it counts
already or waits for its edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from hashlib import md5, sha256
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, insert, select, update

from app import db
from app.domain.catalogue import windows
from app.domain.ports import CohortRecord, ProgrammeRecord, ProviderRecord
from app.models import FOREVER, cohort, cohort_facts, programme, programme_facts
from app.services import search_index

Row = dict[str, Any]
facts = programme_facts.c


def digest(record: ProgrammeRecord | ProviderRecord) -> str:
    """Differs when anything that RIO says does: of a programme its cohorts too."""
    return sha256(repr(record).encode() + _codes(record)).hexdigest()


def _codes(record: ProgrammeRecord | ProviderRecord) -> bytes:
    """What a record keeps out of its repr."""
    if isinstance(record, ProviderRecord):
        return b""
    return repr([item.access_code for item in record.cohorts]).encode()


def known(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Digest and `active` of what was read last of these programmes."""
    found = connection.execute(
        select(facts.programme_id, facts.digest, facts.active).where(
            facts.programme_id.in_(list(ids)), facts.until == FOREVER
        )
    )
    return {row.programme_id: (row.digest, row.active) for row in found}


def differing(connection: Connection, records: Iterable[ProgrammeRecord]) -> list[ProgrammeRecord]:
    """Each of them once, the last, where it differs from what we have."""
    by_id = {record.id: record for record in records}
    have = known(connection, by_id)
    return [r for r in by_id.values() if have.get(r.id) != (digest(r), True)]


def made(
    records: Iterable[ProgrammeRecord], brins: Mapping[str, str], edition: int
) -> list[tuple[ProgrammeRecord, Row]]:
    """Each with its row of programme_facts, counting from `edition`, and its `windows`. `brins`
    is by provider code."""
    return [
        (record, _programme(record, brins[record.provider_code], edition)) for record in records
    ]


def write(
    connection: Connection, programmes: Sequence[tuple[ProgrammeRecord, Row]], until: int
) -> None:
    """What `made` gave; the rows in their place count until `until`."""
    if not programmes:
        return
    records = [record for record, _ in programmes]
    rows = [{k: v for k, v in row.items() if k != "windows"} for _, row in programmes]
    _identify(connection, records)
    retire(connection, [record.id for record in records], until)
    ids = add(connection, rows)
    parts = [
        {**_cohort_facts(record, item), "facts_id": ids[record.id]}
        for record in records
        for item in record.cohorts
    ]
    if parts:
        connection.execute(insert(cohort_facts), parts)
    search_index.add(connection, [{**row, "id": ids[r.id]} for r, row in programmes])


def _identify(connection: Connection, records: Sequence[ProgrammeRecord]) -> None:
    """What never goes: drafts, applications and a school's ticks point at it."""
    programmes = [{"id": r.id, "provider_code": r.provider_code} for r in records]
    connection.execute(db.insert(connection, programme).on_conflict_do_nothing(), programmes)
    if cohorts := [_cohort(r, item) for r in records for item in r.cohorts]:
        connection.execute(db.insert(connection, cohort).on_conflict_do_nothing(), cohorts)


def retire(connection: Connection, ids: list[str], until: int) -> None:
    connection.execute(
        update(programme_facts)
        .where(facts.programme_id.in_(ids), facts.until == FOREVER)
        .values(until=until)
    )


def add(connection: Connection, rows: list[Row]) -> dict[str, int]:
    """Their ids, by programme."""
    statement = insert(programme_facts).returning(facts.programme_id, facts.id)
    return {row[0]: row[1] for row in connection.execute(statement, rows)}


def take_away(connection: Connection, ids: list[str], edition: int, until: int) -> None:
    """RIO has these no longer. They stay, not active: drafts and applications point at them."""
    before = connection.execute(
        select(programme_facts).where(facts.programme_id.in_(ids), facts.until == FOREVER)
    ).mappings()
    rows = {row["id"]: {**row, "active": False, "edition": edition} for row in before}
    if not rows:
        return
    retire(connection, ids, until)
    for row in rows.values():
        del row["id"]
    added = add(connection, list(rows.values()))
    parts = connection.execute(
        select(cohort_facts).where(cohort_facts.c.facts_id.in_(list(rows)))
    ).mappings()
    copies = [{**part, "facts_id": added[rows[part["facts_id"]]["programme_id"]]} for part in parts]
    for copy in copies:
        del copy["id"]
    if copies:
        connection.execute(insert(cohort_facts), copies)


def group_key(brin: str, name: str, level: int | None) -> str:
    """The same for one name and level at one school."""
    plain = f"{' '.join(name.casefold().split())} {level or ''}".strip()
    return md5(f"{brin} {plain}".encode(), usedforsecurity=False).hexdigest()


def _programme(record: ProgrammeRecord, brin: str, edition: int) -> Row:
    row = asdict(record)
    for name in ("id", "cohorts"):
        del row[name]
    name = record.name or record.official_name
    return {
        **row,
        "programme_id": record.id,
        "edition": edition,
        "until": FOREVER,
        "digest": digest(record),
        "active": True,
        "brin": brin,
        "name": name,
        "group_key": group_key(brin, name, record.level),
        "windows": windows(record.cohorts, record.ends),
    }


def cohort_id(record: ProgrammeRecord, item: CohortRecord) -> str:
    return str(uuid5(UUID(record.id), item.code))


def _cohort(record: ProgrammeRecord, item: CohortRecord) -> Row:
    return {"id": cohort_id(record, item), "programme_id": record.id, "code": item.code}


def _cohort_facts(record: ProgrammeRecord, item: CohortRecord) -> Row:
    row = asdict(item)
    del row["code"]
    return {**row, "cohort_id": cohort_id(record, item)}
