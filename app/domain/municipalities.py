"""Dutch municipalities by their BRP code: table 33, with those that ended (STA-4)."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

TABLE = Path(__file__).parent.parent / "data" / "municipalities.csv"
NOT_ONE = frozenset({"0000", "1999"})  # «Onbekend», and those who don't live here (RNI)


def _day(text: str, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise


def _read() -> dict[str, tuple[date, date]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: (_day(row["since"], date.min), _day(row["until"], date.max))
            for row in csv.DictReader(file)
        }


_IN_FORCE = _read()


def in_force(code: str, on: date) -> bool:
    """Whether somebody can live there on this day."""
    since, until = _IN_FORCE.get(code, (date.max, date.min))
    return code not in NOT_ONE and since <= on < until
