"""What of a test with many values each run takes."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from tests import length


class Item:
    """As pytest has them, so far as it matters here."""

    def __init__(self, **params: Any) -> None:
        self.nodeid = f"test_file.py::test[{'-'.join(params.values())}]"
        self.callspec = SimpleNamespace(params=params)
        self.marks = [pytest.mark.each_run(4).mark]

    def get_closest_marker(self, name: str) -> Any:
        return next((mark for mark in self.marks if mark.name == name), None)

    def add_marker(self, mark: pytest.MarkDecorator) -> None:
        self.marks.append(mark.mark)


def stay(items: list[Item]) -> list[Item]:
    length.thin(items)  # type: ignore[arg-type]
    return [item for item in items if item.get_closest_marker("long") is None]


@pytest.mark.parametrize(("rows", "columns"), [("ab", "xy"), ("abc", "wxyz"), ("abcd", "w")])
def test_as_many_stay_as_is_said_and_of_each_parameter_every_value(rows: str, columns: str) -> None:
    found = stay([Item(row=row, column=column) for row, column in product(rows, columns)])
    assert len(found) == 4
    assert {item.callspec.params["row"] for item in found} == set(rows)
    assert {item.callspec.params["column"] for item in found} == set(columns)


def test_where_there_are_fewer_all_stay() -> None:
    assert len(stay([Item(row=row) for row in "abc"])) == 3
