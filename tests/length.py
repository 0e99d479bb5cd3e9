"""What only the long run takes: values of parameters, and most of many examples."""

from __future__ import annotations

from collections import defaultdict
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


def thin(items: Iterable[pytest.Item]) -> None:
    """Of a test with the mark `each_run(number)` so many of its values stay in each run."""
    families: defaultdict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    for item in items:
        number = item.get_closest_marker("each_run")
        if number and not item.get_closest_marker("long"):
            families[item.nodeid.partition("[")[0], number.args[0]].append(item)
    for (_test, number), family in families.items():
        step = max(1.0, len(family) / number)
        stay = {int(step * place) for place in range(number)}
        for place, item in enumerate(family):
            if place not in stay:
                item.add_marker(LONG)


def _several(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
