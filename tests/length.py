"""What only the long run takes: values of parameters, and most of many examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import pytest

LONG = pytest.mark.long
Value = TypeVar("Value")

whole = False  # whether this is the long run


def examples(number: int) -> int:
    """So many in `make test-all`, a third of them otherwise."""
    return number if whole else number // 3


def some(values: Sequence[Value]) -> Sequence[Value]:
    """All in `make test-all`, every fourth otherwise."""
    return values if whole else values[::4]


def crossed(ones: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    """Each value, or several, with each of the others in `make test-all`; otherwise each with the
    first of the others, and each of those with the first."""
    rows, columns = [_several(one) for one in ones], [_several(other) for other in others]
    return [
        pytest.param(*row, *column, marks=() if row == rows[0] or column == columns[0] else LONG)
        for row in rows
        for column in columns
    ]


def at_length(*values: Any) -> list[Any]:
    """These values of a parameter, or of several, in `make test-all` only."""
    return [pytest.param(*_several(value), marks=LONG) for value in values]


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
