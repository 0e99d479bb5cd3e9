"""The database: one engine, one way to read, one way to change. The only place that commits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    ExceptionContext,
    Table,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError

WAIT = 10  # seconds to wait for another writer: first in this process, then elsewhere
CONNECT = 5  # seconds to wait for PostgreSQL
BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}  # of who writes


class Busy(Exception):
    """Another writer didn't let go within WAIT."""


_engine: Engine | None = None
_scope: ContextVar[list[Connection] | None] = ContextVar("reading", default=None)
_own = threading.local()
_lines = object()  # another one when the threads' connections must be replaced
_sqlite_writer = threading.Lock()
_writing: ContextVar[Connection | None] = ContextVar("writing", default=None)


def connect(url: str) -> Engine:
    """The engine for this process, on SQLite (`sqlite:///file`) or PostgreSQL."""
    global _engine
    _replace_lines()
    if url.startswith("postgresql:"):
        url = url.replace("postgresql:", "postgresql+psycopg:", 1)
    if _engine is not None:
        _engine.dispose()
    arguments: dict[str, Any] = {}
    if not url.startswith("sqlite"):
        own = f"-c lock_timeout={WAIT}s -c timezone=UTC -c application_name=portal"
        # tcp_user_timeout: a host that vanished is noticed (milliseconds).
        arguments = {"options": own, "connect_timeout": CONNECT, "tcp_user_timeout": WAIT * 1000}
    _engine = create_engine(url, hide_parameters=True, pool_pre_ping=False, connect_args=arguments)
    set_up = _set_up_sqlite if _engine.dialect.name == "sqlite" else _set_up_postgresql
    event.listen(_engine, "connect", set_up)
    event.listen(_engine, "begin", _begin_reading)
    event.listen(_engine, "handle_error", _notice_broken)
    return _engine


def engine() -> Engine:
    assert _engine is not None, "db.connect() comes first"
    return _engine


# Both drivers leave BEGIN to us, so that a Prepared statement needs none (docs/decisions/0001).


def _set_up_postgresql(connection: Any, _: Any) -> None:
    connection.autocommit = True


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={WAIT * 1000}",
        "synchronous=FULL",  # a legal date hangs on what was confirmed
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_reading(connection: Connection) -> None:
    """What is then written on it is lost. Who writes begins by itself, where it may fail: here
    SQLAlchemy would go on thinking that it is beginning."""
    if _writing.get() is connection:
        return
    try:
        driven(connection, "BEGIN")
    except DBAPIError:
        _own.lines = None
        raise


@contextmanager
def driven_by(connection: Connection) -> Iterator[Any]:
    """The driver's own cursor. Its errors get SQLAlchemy's names; where one says that the line
    is broken, this connection and those in the pool are replaced."""
    driver = connection.dialect.loaded_dbapi
    line = connection.connection
    try:
        yield line.cursor()
    except driver.Error as error:
        if connection.dialect.is_disconnect(error, line, None):
            connection.invalidate(error)
            connection.engine.dispose(close=False)
            _replace_lines()
        raise DBAPIError.instance(None, None, error, driver.Error, hide_parameters=True) from None


def driven(connection: Connection, text: str) -> None:
    with driven_by(connection) as cursor:
        cursor.execute(text)


@contextmanager
def scope() -> Iterator[None]:
    """Within it every `reading()` is on the same connection."""
    token = _scope.set([])
    try:
        yield
    finally:
        let_go()
        _scope.reset(token)


def let_go() -> None:
    """End the reading of this scope: before anybody outside is asked, who may take seconds."""
    while opened := _scope.get():
        connection = opened.pop()
        try:
            connection.rollback()
        except DBAPIError:  # the page was made before its line broke
            connection.invalidate()
            _own.lines = None


def _kept() -> Connection:
    """This thread's connection: checking one out for each page costs more than a query."""
    if getattr(_own, "lines", None) is not _lines:
        _own.lines, _own.connection = _lines, engine().connect()
    return _own.connection  # type: ignore[no-any-return]


def _notice_broken(context: ExceptionContext) -> None:
    """An ordinary statement found a broken line: SQLAlchemy replaces those in its pool."""
    if context.is_disconnect:
        _replace_lines()


def _replace_lines() -> None:
    """Where one line is broken the others may be: every thread takes a new one."""
    global _lines
    _lines = object()


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection to read with. What is written on it is lost.

    A Prepared statement shows what was committed before it; so do all others on PostgreSQL.
    On SQLite those show one snapshot, from the first of them on.
    """
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
    assert not in_transaction(), "a transaction within a transaction"
    let_go()
    connection = engine().connect() if _scope.get() is None else _kept()
    token = _writing.set(connection)
    try:
        with _only_writer(connection), connection.begin():
            driven(connection, BEGIN[connection.dialect.name])
            yield connection
    except OperationalError as error:
        if is_busy(error):
            raise Busy() from None
        raise
    finally:
        _writing.reset(token)
        if _scope.get() is None:
            connection.close()


@contextmanager
def _only_writer(connection: Connection) -> Iterator[None]:
    """SQLite has one writer. Who waits for another thread is woken when that is done; left to
    itself SQLite looks again after ever longer pauses."""
    if connection.dialect.name != "sqlite":
        yield
    elif not _sqlite_writer.acquire(timeout=WAIT):
        raise Busy()
    else:
        try:
            yield
        finally:
            _sqlite_writer.release()


def in_turn(connection: Connection, what: str) -> None:
    """Nobody else passes here for the same `what` until this transaction ends: for what no unique
    row can win. On SQLite who writes is alone anyway."""
    if connection.dialect.name == "postgresql":
        number = func.hashtextextended(what, 0)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


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
