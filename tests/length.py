"""What only the long run takes: values of parameters, and most of many examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from zlib import crc32

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


def thin(items: Iterable[pytest.Item]) -> None:
    """Of a test with the mark `each_run(number)` so many of its values stay in each run."""
    families: defaultdict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    for item in items:
        number = item.get_closest_marker("each_run")
        if number and not item.get_closest_marker("long"):
            families[item.nodeid.partition("[")[0], number.args[0]].append(item)
    for (_test, number), family in families.items():
        stay = _spread(family, number)
        for item in family:
            if item not in stay:
                item.add_marker(LONG)


def _spread(family: Sequence[pytest.Item], number: int) -> list[pytest.Item]:
    """So many, the same in each run: each time one that brings most values not met before."""
    stay: list[pytest.Item] = []
    rest = {item: _values(item) for item in sorted(family, key=lambda i: crc32(i.nodeid.encode()))}
    met: set[tuple[str, str]] = set()
    while rest and len(stay) < number:
        best = max(rest, key=lambda item: len(rest[item] - met))
        met |= rest.pop(best)
        stay.append(best)
    return stay


def _values(item: pytest.Item) -> set[tuple[str, str]]:
    """Of each parameter of this test."""
    return {(name, repr(value)) for name, value in item.callspec.params.items()}  # type: ignore[attr-defined]


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
