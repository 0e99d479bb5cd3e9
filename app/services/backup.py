"""A copy of the database as it is at one moment, while everybody goes on working (RET-3).

What may vanish (sessions, throttles: the table `store`) doesn't come along: who restores logs
everybody out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Connection, create_engine, func, inspect, select, table, text

from app import db
from app.services import archive, key_use, ledger, postgresql
from app.services.archive import CONTENT, FORMAT, Manifest, Progress, Refused
from app.services.sealed import SEALED

VANISHES = "store"
REVISION = "alembic_version"
STEPS = 200_000  # of SQLite's, between two looks at how far it is


def back_up(
    path: Path, overwrite: bool, removed: Path, now: datetime, progress: Progress
) -> Manifest:
    """Everything of this moment in a file of this name, whole or not at all. `removed` is the
    deletion ledger. Raises archive.Refused, postgresql.Failed."""
    entries = len(ledger.entries(removed).entries)
    with archive.written(path, overwrite) as (file, folder):
        if db.engine().dialect.name == "sqlite":
            about = _sqlite(file, folder / "copy", progress)
        else:
            about = _postgresql(file, progress)
        schema, rows, ids = about
        manifest = Manifest(
            *(FORMAT, now.isoformat(), db.engine().dialect.name, schema, rows, ids, entries)
        )
        archive.put(file, manifest)
    return manifest


About = tuple[str, Mapping[str, int], tuple[str, ...]]


def _sqlite(file: ZipFile, copy: Path, progress: Progress) -> About:
    """VACUUM INTO reads one snapshot, which no writer waits for, and takes along nothing of what
    was deleted."""
    with closing(sqlite3.connect(db.engine().url.database or "", timeout=db.WAIT)) as source:
        pages, size = (
            source.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
        )

        def looked() -> None:
            done = copy.stat().st_size if copy.exists() else 0
            progress("Copying", min(done / max(pages * size, 1), 1) / 2)

        source.set_progress_handler(looked, STEPS)
        source.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy, isolation_level=None)) as copied:
        copied.execute("PRAGMA secure_delete = ON")
        if copied.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (VANISHES,)).fetchone():
            copied.execute("DELETE FROM store")
        if (found := copied.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise Refused(f"the database is damaged: {found}")
    with create_engine(f"sqlite:///{copy}").connect() as connection:
        found_there = about(connection)
    whole = copy.stat().st_size
    with copy.open("rb") as content, _entry(file, "sqlite", ZIP_DEFLATED) as sink:
        archive.copy(content, sink, lambda n: progress("Writing", 0.5 + n / whole / 2))
    return found_there


def _postgresql(file: ZipFile, progress: Progress) -> About:
    with db.engine().connect() as connection:
        own = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        connection.execute(text(own))
        if (schema := connection.scalar(text("SELECT current_schema()"))) != postgresql.SCHEMA:
            raise Refused(f"the tables stand in schema {schema}: only {postgresql.SCHEMA} is known")
        snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        size = connection.scalar(text("SELECT pg_database_size(current_database())")) or 1
        found = about(connection)
        with _entry(file, "postgresql", ZIP_STORED) as sink:  # pg_dump compresses it itself
            postgresql.dump(
                db.engine(), snapshot, sink, lambda n: progress("Copying", min(n / size, 1))
            )
    return found


def _entry(file: ZipFile, database: str, compression: int) -> IO[bytes]:
    entry = ZipInfo(CONTENT[database])
    entry.compress_type = compression
    return file.open(entry, "w", force_zip64=True)


def about(connection: Connection) -> About:
    """The schema's revision, rows by table, and the ids of the keys that they are sealed with."""
    names = tables(connection)
    if REVISION not in names:
        raise Refused("this database holds nothing of ours: `migrate` makes it")
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    counted = {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in sorted(names - {VANISHES})
    }
    ids = {
        key_id
        for one in SEALED
        if one.table.name in names and one.column.name in columns(connection, one.table.name)
        for key_id in key_use.ids_of(connection, one)
    }
    return str(revision), counted, tuple(sorted(ids))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def columns(connection: Connection, of: str) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns(of)}
