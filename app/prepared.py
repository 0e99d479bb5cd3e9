"""The few statements that every page runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """A statement that every page runs: compiled once, and run on the driver's own cursor, which
    costs a third. A SELECT needs no BEGIN then. What comes out is as the driver has it: only for
    numbers, text and bytes. Errors are SQLAlchemy's, as of any other statement.
    """

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, Compiled] = {}  # by dialect

    def first(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        with _its_errors(connection):
            cursor = self._run(connection, values)
            row: tuple[Any, ...] | None = cursor.fetchone()
            cursor.close()
            return row

    def change(self, connection: Connection, **values: Any) -> int:
        """How many rows were changed. Within a transaction."""
        with _its_errors(connection):
            return int(self._run(connection, values).rowcount)

    def _run(self, connection: Connection, values: dict[str, Any]) -> Any:
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = _compiled(self.statement, dialect)
        text, order, to_driver = self._compiled[dialect.name]
        given = {**values, **{name: convert(values[name]) for name, convert in to_driver}}
        cursor = connection.connection.cursor()
        cursor.execute(text, given if order is None else [given[name] for name in order])
        return cursor


@contextmanager
def _its_errors(connection: Connection) -> Iterator[None]:
    """The driver's errors under SQLAlchemy's names. Outside a transaction there is nothing to
    save: where one line may be broken, they all are replaced."""
    driver = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        if not connection.in_transaction():
            connection.invalidate(error)
            connection.engine.dispose(close=False)
        raise DBAPIError.instance(None, None, error, driver.Error, hide_parameters=True) from None


class Compiled(NamedTuple):
    text: str
    order: list[str] | None  # of the values, where the driver counts them
    to_driver: list[tuple[str, Callable[[Any], Any]]]  # values that it takes in another type


def _compiled(statement: Executable, dialect: Dialect) -> Compiled:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    types = {name: bound.type.dialect_impl(dialect) for name, bound in compiled.binds.items()}
    converters = [(name, kind.bind_processor(dialect)) for name, kind in types.items()]
    return Compiled(compiled.string, compiled.positiontup, [(n, c) for n, c in converters if c])
