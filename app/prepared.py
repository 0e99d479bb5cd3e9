"""The few statements that nearly every page runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler

from app.db import driven_by, in_transaction


class Prepared:
    """A statement that nearly every page runs: compiled once, and run on the driver's own cursor,
    which costs a third. A SELECT needs no BEGIN then. What comes out is as the driver has it:
    only for numbers, text and bytes. Errors are SQLAlchemy's, as of any other statement.
    """

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, Compiled] = {}  # by dialect

    def first(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """The first row, or None."""
        text, given = self._with(connection.dialect, values)
        with driven_by(connection) as cursor:
            cursor.execute(text, given)
            row: tuple[Any, ...] | None = cursor.fetchone()
            cursor.close()
        return row

    def all(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Every row."""
        text, given = self._with(connection.dialect, values)
        with driven_by(connection) as cursor:
            rows: list[tuple[Any, ...]] = cursor.execute(text, given).fetchall()
            cursor.close()
        return rows

    def change(self, connection: Connection, **values: Any) -> int:
        """How many rows were changed, in `db.transaction()`."""
        assert in_transaction(), "outside a transaction it would be committed at once"
        text, given = self._with(connection.dialect, values)
        with driven_by(connection) as cursor:
            return int(cursor.execute(text, given).rowcount)

    def _with(self, dialect: Dialect, values: dict[str, Any]) -> tuple[str, Any]:
        """The statement and its values as the driver takes them."""
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = _compiled(self.statement, dialect)
        text, order, fixed, to_driver = self._compiled[dialect.name]
        given = {**fixed, **values}
        given.update({name: convert(given[name]) for name, convert in to_driver})
        return text, given if order is None else [given[name] for name in order]


class Compiled(NamedTuple):
    text: str
    order: list[str] | None  # of the values, where the driver counts them
    fixed: dict[str, Any]  # values that stand in the statement itself
    to_driver: list[tuple[str, Callable[[Any], Any]]]  # values that it takes in another type


def _compiled(statement: Executable, dialect: Dialect) -> Compiled:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    types = {name: bound.type.dialect_impl(dialect) for name, bound in compiled.binds.items()}
    converters = [(name, kind.bind_processor(dialect)) for name, kind in types.items()]
    return Compiled(
        compiled.string,
        compiled.positiontup,
        {name: bound.value for name, bound in compiled.binds.items() if not bound.required},
        [(name, convert) for name, convert in converters if convert],
    )
