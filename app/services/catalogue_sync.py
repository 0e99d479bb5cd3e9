"""The catalogue synchronised with RIO: the new one whole, or the old one (CAT-1).

A run reads provider by provider and writes what differs in small transactions, in an edition
that doesn't count yet; at the end one row makes it count. A run that was broken off goes on
where it was, as long as RIO is as it was when it began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    exists,
    func,
    insert,
    select,
    true,
    update,
)

from app import db
from app.domain.ports import CatalogueSource, ProgrammeRecord, ProviderRecord, RegisterError
from app.models import (
    FOREVER,
    catalogue,
    catalogue_read,
    catalogue_run,
    cohort_facts,
    institution,
    programme_facts,
    provider,
)
from app.services import catalogue_rows as rows
from app.services import search_index
from app.services.catalogue import counts_now, facts
from app.services.catalogue_run import (
    FEW,
    Run,
    Running,
    batched,
    begin,
    forget,
    held,
    is_accident,
    note,
    tidy,
)

WORDS_AT_ONCE = 10  # each takes fifty rows


class Refused(Exception):
    """The source gave an empty or strongly shrunken catalogue: ours stays as it was."""


class Changes(NamedTuple):
    """How many programmes are new, changed and gone; how many the source has."""

    added: int
    changed: int
    gone: int
    total: int


class Progress(NamedTuple):
    programmes: int
    providers: int
    of_providers: int


def synchronise(
    source: CatalogueSource,
    moment: Callable[[], datetime],
    accept_shrink: bool = False,
    afresh: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Changes:
    """Raises a RegisterError when the source fails, Refused, or Running. None of those changes
    what students see; the first two are kept for whoever looks after the catalogue."""
    run = begin(moment, afresh)
    try:
        if not run.providers:
            run = _read_providers(run, source)
        _read(run, source, progress)
        counts = _settle(run, accept_shrink)
        _let_count(run)
    except Refused as error:
        note(run, str(error))
        forget(run)
        raise
    except Running:
        raise  # it is another's now
    except Exception as error:
        # A register's error says where it went wrong, without a person; of others nobody knows.
        note(run, str(error) if isinstance(error, RegisterError) else type(error).__name__)
        raise
    with suppress(db.Busy):  # the next run tidies too
        tidy()
    return counts


def _read_providers(run: Run, source: CatalogueSource) -> Run:
    with db.reading() as connection:
        schools = set(connection.execute(select(institution.c.brin)).scalars())
        here = set(connection.execute(select(provider.c.code)).scalars())
    found = {record.code: record for record in source.providers() if record.brin in schools}
    if not found:
        raise Refused("no providers at the source")
    with db.transaction() as connection:
        held(run, connection, providers={code: asdict(r) for code, r in found.items()})
        if fresh := [_provider(r) for code, r in found.items() if code not in here]:
            # Not active, until this run counts.
            connection.execute(insert(provider), [{**row, "active": False} for row in fresh])
    return run._replace(providers=found)


def _read(run: Run, source: CatalogueSource, progress: Callable[[Progress], None]) -> None:
    brins = {code: record.brin for code, record in run.providers.items()}
    with db.reading() as connection:
        count = connection.execute(select(func.count()).select_from(catalogue_read)).scalar_one()
    done = set(run.done)
    for code in sorted(run.providers.keys() - done):
        for batch in batched(source.programmes(code)):
            with db.reading() as connection:
                differing = rows.made(rows.differing(connection, batch), brins, run.edition)
                words = search_index.new_words(connection, [row for _record, row in differing])
            for some in batched(words, WORDS_AT_ONCE):
                with db.transaction() as connection:
                    held(run, connection)
                    search_index.write_words(connection, some)
            with db.transaction() as connection:
                held(run, connection)
                # Who came for one of these since the page was read has a newer one.
                fresh = _not_yet_read(connection, batch)
                rows.write(connection, [d for d in differing if d[0].id in fresh], run.edition)
            count += len(batch)
            progress(Progress(count, len(done), len(run.providers)))
        done.add(code)
        with db.transaction() as connection:
            held(run, connection, done=sorted(done))
        progress(Progress(count, len(done), len(run.providers)))


def _not_yet_read(connection: Connection, records: Iterable[ProgrammeRecord]) -> set[str]:
    """Of these the ones that this run hasn't read before, nor anybody else meanwhile."""
    read = db.insert(connection, catalogue_read).on_conflict_do_nothing()
    read = read.values([{"programme_id": record.id} for record in records])
    return set(connection.execute(read.returning(catalogue_read.c.programme_id)).scalars())


def _settle(run: Run, accept_shrink: bool) -> Changes:
    """What is gone gets its rows too; then everything stands ready. Raises Refused."""
    read = select(catalogue_read.c.programme_id)
    last = facts.until == FOREVER
    with db.reading() as connection:
        theirs = last & facts.active & facts.programme_id.in_(read)
        total = _count(connection, programme_facts, theirs)
        if not total:
            raise Refused("no programmes at the source")
        if not accept_shrink:
            _refuse_accidents(connection, theirs)
            _refuse_an_empty_school(connection, theirs)
            _refuse_lost_contacts(connection, run)
        gone = list(
            connection.execute(
                select(facts.programme_id).where(
                    last, facts.active, facts.programme_id.not_in(read)
                )
            ).scalars()
        )
    for batch in batched(gone):
        with db.transaction() as connection:
            held(run, connection)
            rows.take_away(connection, batch, run.edition, until=run.edition)
    with db.reading() as connection:
        before = programme_facts.alias().c
        replaced = exists().where(
            before.programme_id == facts.programme_id, before.until == run.edition
        )
        ours = (facts.edition == run.edition, last)
        written = _count(connection, programme_facts, *ours, facts.active)
        added = _count(connection, programme_facts, *ours, facts.active, ~replaced)
        taken = _count(connection, programme_facts, *ours, ~facts.active)
    return Changes(added, written - added, taken, total)


def _count(connection: Connection, table: Any, *where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def _refuse_accidents(connection: Connection, theirs: ColumnElement[bool]) -> None:
    """Fewer of them; or as many, of which something below them wasn't there when it was read."""
    cohorts = cohort_facts.join(programme_facts)
    for what, table, condition in (
        ("programmes", programme_facts, true()),
        ("programmes with a crebo", programme_facts, facts.crebo != ""),
        ("programmes with an official name", programme_facts, facts.official_name != ""),
        ("programmes with a place", programme_facts, facts.place != ""),
        ("cohorts", cohorts, true()),
        ("cohorts with a code", cohorts, cohort_facts.c.access_code != ""),
    ):
        there = _count(connection, table, theirs, condition)
        here = _count(connection, table, counts_now(), facts.active, condition)
        _refuse_an_accident(what, there, here)


def _refuse_lost_contacts(connection: Connection, run: Run) -> None:
    reached = (provider.c.email != "") | (provider.c.phone != "") | (provider.c.website != "")
    here = _count(connection, provider, provider.c.active, reached)
    there = sum(bool(p.email or p.phone or p.website) for p in run.providers.values())
    _refuse_an_accident("providers with a contact", there, here)


def _refuse_an_accident(what: str, there: int, here: int) -> None:
    if is_accident(there, here):
        raise Refused(f"{there} {what} at the source, {here} here")


def _refuse_an_empty_school(connection: Connection, theirs: ColumnElement[bool]) -> None:
    """One that has more than FEW programmes doesn't stop in a night."""
    having = (
        select(facts.brin)
        .where(counts_now(), facts.active)
        .group_by(facts.brin)
        .having(func.count() > FEW)
    )
    left = select(facts.brin).where(theirs)
    if gone := connection.execute(having.where(facts.brin.not_in(left))).scalars().all():
        raise Refused(f"nothing left at the source of {', '.join(gone)}")


def _let_count(run: Run) -> None:
    """The moment at which students see the new catalogue."""
    with db.reading() as connection:
        stored = select(provider.c.code, provider.c.digest, provider.c.active)
        here = {row.code: (row.digest, row.active) for row in connection.execute(stored)}
    theirs = {code: _provider(record) for code, record in run.providers.items()}
    with db.transaction() as connection:
        held(run, connection)
        for code, row in theirs.items():
            if here.get(code) != (row["digest"], True):
                connection.execute(update(provider).where(provider.c.code == code).values(row))
        for code in (c for c, (_, active) in here.items() if active and c not in theirs):
            connection.execute(update(provider).where(provider.c.code == code).values(active=False))
        started = select(catalogue_run.c.started_at).scalar_subquery()
        connection.execute(
            update(catalogue).values(
                edition=run.edition,
                changes=catalogue.c.changes + 1,
                synced_at=started,
                problem="",
                problem_at=None,
            )
        )
        connection.execute(delete(catalogue_run))


def _provider(record: ProviderRecord) -> dict[str, Any]:
    return {**asdict(record), "active": True, "digest": rows.digest(record)}
