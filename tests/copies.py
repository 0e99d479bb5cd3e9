"""What takes long and is the same for every test: done once a process, and copied after that."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Dialect, Engine, Table, event
from werkzeug.routing import Rule

from app import clock, db, testdoor
from app.models import metadata
from app.services import catalogue_sync
from tests import services

_dialects: dict[str, tuple[Dialect, Any]] = {}  # and the statements compiled for each


def hurry(engine: Engine) -> None:
    """Statements are as they were compiled for an earlier engine on that kind of database: a
    tenth of a run. SQLite doesn't wait for the disk: no test pulls the plug."""
    if known := _dialects.get(engine.dialect.name):
        engine.dialect, engine._compiled_cache = known
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda own, _: own.execute("PRAGMA synchronous=OFF"))
        engine.dispose()


def once_a_route() -> None:
    """Werkzeug writes and compiles Python for each route of each application: half of the time
    that opening a portal takes."""
    compiled: dict[Any, Any] = {}
    compiles = Rule._compile_builder

    def remembered(rule: Rule, append_unknown: bool = True) -> Any:
        defaults = tuple((rule.defaults or {}).items())
        known = (rule.rule, tuple(rule._trace), defaults, append_unknown)
        if known not in compiled:
            compiled[known] = compiles(rule, append_unknown)
        return compiled[known]

    Rule._compile_builder = remembered  # type: ignore[method-assign]


once_a_route()


class Compiled(BytecodeCache):
    """Templates, as the first that drew them compiled them: a third of all the work of a test."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


_compiled: defaultdict[tuple[str, bool], Compiled] = defaultdict(Compiled)


def share_templates(app: Flask, world: Flask) -> None:
    """By what is folded into them: the language, and the addresses that there are."""
    production = app.extensions["settings"].production
    for language, environment in app.extensions["environments"].items():
        environment.bytecode_cache = _compiled[language, production]
    world.jinja_env.bytecode_cache = _compiled["DigiStub", production]


# PostgreSQL looks at no foreign keys between these: the rows were whole where they come from.
UNCHECKED, CHECKED = "SET session_replication_role = replica", "RESET session_replication_role"
_kept: dict[tuple[str, str], str] = {}  # by database and day: what it is called in SQL


def load_catalogue(app: Flask) -> None:
    """The three schools and what RIO has of them. Over the protocol once a process, database and
    day; after that the rows are copied from where they were kept."""
    engine = db.engine()
    postgresql = engine.dialect.name == "postgresql"
    known = (str(engine.url) if postgresql else "", str(clock.local_date(clock.real_now())))
    tables = [table.name for table in metadata.sorted_tables]
    if known not in _kept:
        _dialects.setdefault(engine.dialect.name, (engine.dialect, engine._compiled_cache))
        testdoor.set_up()
        catalogue_sync.synchronise(app.extensions["registers"].catalogue, clock.real_now)
        _kept[known] = keep(engine, tables, f"kept_{len(_kept)}_{os.getpid()}")
        return
    copies = [f"INSERT INTO {name} SELECT * FROM kept.{name}" for name in tables]
    with driver(engine) as run:
        if postgresql:
            counts = [count_on(table) for table in metadata.sorted_tables if numbered(table)]
            copied = ";".join(copies + counts).replace("kept.", f"{_kept[known]}.")
            run(f"{UNCHECKED};{copied};{CHECKED}")
        else:
            for statement in (f"ATTACH '{_kept[known]}' AS kept", "BEGIN", *copies, "COMMIT"):
                run(statement)
            run("DETACH kept")
    testdoor.set_codes(anew=True)  # sealed with the keys of another portal


def keep(engine: Engine, tables: list[str], name: str) -> str:
    """In a schema of PostgreSQL, or a file of SQLite."""
    with driver(engine) as run:
        if engine.dialect.name == "postgresql":
            run(f"CREATE SCHEMA {name}")
            for table in tables:
                run(f"CREATE TABLE {name}.{table} AS TABLE {table}")
            return name
        path = services.folder() / f"{name}.db"
        run(f"VACUUM INTO '{path}'")
        return str(path)


@contextmanager
def driver(engine: Engine) -> Iterator[Callable[[str], Any]]:
    """Runs SQL as it is, outside any transaction."""
    connection = engine.raw_connection()
    try:
        yield connection.cursor().execute
    finally:
        connection.close()


def numbered(table: Table) -> str:
    """Its column that the database numbers, if it has one."""
    return next((name for name, column in table.c.items() if column.identity is not None), "")


def count_on(table: Table) -> str:
    """PostgreSQL doesn't notice numbers that it didn't give itself."""
    serial = f"pg_get_serial_sequence('{table.name}', '{numbered(table)}')"
    return f"SELECT setval({serial}, (SELECT max({numbered(table)}) FROM {table.name}))"
