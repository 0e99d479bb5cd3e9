"""The database: one engine, one way to read, one way to change. The only place that commits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Select, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.sql.compiler import SQLCompiler

WAIT = 10  # seconds to wait for another writer


class Busy(Exception):
    """Another writer kept the database locked for longer than WAIT."""


_engine: Engine | None = None
_scope: ContextVar[list[Connection] | None] = ContextVar("reading", default=None)
_own = threading.local()
_writing: ContextVar[Connection | None] = ContextVar("writing", default=None)


def connect(url: str) -> Engine:
    """The engine for this process, on SQLite (`sqlite:///file`) or PostgreSQL."""
    global _engine
    if url.startswith("postgresql:"):
        url = url.replace("postgresql:", "postgresql+psycopg:", 1)
    if _engine is not None:
        _engine.dispose()
    arguments: dict[str, Any] = {}
    if not url.startswith("sqlite"):
        arguments = {"options": f"-c lock_timeout={WAIT}s -c timezone=UTC"}
    _engine = create_engine(url, hide_parameters=True, pool_pre_ping=False, connect_args=arguments)
    sqlite = _engine.dialect.name == "sqlite"
    event.listen(_engine, "connect", _set_up_sqlite if sqlite else _set_up_postgresql)
    event.listen(_engine, "begin", _begin_sqlite if sqlite else _begin_postgresql)
    return _engine


def engine() -> Engine:
    assert _engine is not None, "db.connect() comes first"
    return _engine


# Both drivers leave BEGIN to us, so that a Prepared statement needs none.


def _set_up_postgresql(connection: Any, _: Any) -> None:
    connection.autocommit = True


def _begin_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={WAIT * 1000}",
        "synchronous=FULL",  # a legal date hangs on what was confirmed
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    if _writing.get() is connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # another writer shows as OperationalError
    else:
        connection.connection.cursor().execute("BEGIN")


@contextmanager
def scope() -> Iterator[None]:
    """Within it every `reading()` is the same one. Each statement shows what was committed
    before it."""
    token = _scope.set([])
    try:
        yield
    finally:
        let_go()
        _scope.reset(token)


def let_go() -> None:
    """End the reading of this scope: before anybody outside is asked, who may take seconds."""
    while opened := _scope.get():
        opened.pop().rollback()


def _kept() -> Connection:
    """This thread's connection: checking one out for each page costs more than a query."""
    if getattr(_own, "engine", None) is not _engine:
        _own.engine, _own.connection = _engine, engine().connect()
    return _own.connection  # type: ignore[no-any-return]


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection to read with. What is written on it is lost."""
    opened = _scope.get()
    if opened is None or in_transaction():
        with engine().connect() as connection:
            yield connection
        return
    if not opened:
        opened.append(_kept())
    yield opened[0]


@contextmanager
def transaction() -> Iterator[Connection]:
    """A connection to change with: all or nothing, committed at the end.

    Raises Busy when another writer doesn't let go.
    """
    let_go()
    connection = engine().connect() if _scope.get() is None else _kept()
    token = _writing.set(connection)
    try:
        with connection.begin():
            yield connection
    except OperationalError as error:
        if is_busy(error):
            raise Busy() from None
        raise
    finally:
        _writing.reset(token)
        if _scope.get() is None:
            connection.close()


class Prepared:
    """A SELECT that every page runs: compiled once, and run on the driver's own cursor without
    BEGIN, which costs a third. Values go in and come out as the driver has them: numbers, text
    and bytes."""

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement
        self._compiled: dict[str, tuple[str, list[str] | None]] = {}  # by dialect

    def first(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None. When the driver fails SQLAlchemy asks again: it knows which
        errors end a connection, and names them as everywhere."""
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            self._compile(dialect)
        text, order = self._compiled[dialect.name]
        given = values if order is None else [values[name] for name in order]
        try:
            cursor = connection.connection.cursor()
            cursor.execute(text, given)
            row: tuple[Any, ...] | None = cursor.fetchone()
            cursor.close()
            return row
        except dialect.loaded_dbapi.Error:
            found = connection.execute(self.statement, values).first()
            return None if found is None else tuple(found)

    def _compile(self, dialect: Dialect) -> None:
        compiled = self.statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self._compiled[dialect.name] = compiled.string, compiled.positiontup


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say ON CONFLICT, which reads the same on both databases."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def in_transaction() -> bool:
    """Whether this thread is inside a transaction: no register may be called then."""
    return _writing.get() is not None


def is_busy(error: DBAPIError) -> bool:
    """SQLite's own names, PostgreSQL's lock_not_available and deadlock_detected."""
    name = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", "")
    return str(name).startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01"))
