"""Countries by their BRP code: table 34, with those that ended (DUO-4)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.domain.person import NETHERLANDS

TABLE = Path(__file__).parent.parent / "data" / "countries.csv"
UNKNOWN = "0000"


@dataclass(frozen=True)
class Country:
    code: str  # four digits
    name: str  # the official one, in Dutch
    iso: str  # ISO 3166-1; empty where it has none of its own
    also: tuple[str, ...]  # what else people call it
    since: date | None
    until: date | None  # the first day on which it is no longer in the table

    def in_force(self, on: date) -> bool:
        return (self.since or date.min) <= on < (self.until or date.max)


def _read() -> dict[str, Country]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _country(row) for row in csv.DictReader(file)}


def _country(row: dict[str, str]) -> Country:
    also = tuple(row["also"].split(";")) if row["also"] else ()
    since, until = _day(row["since"]), _day(row["until"])
    return Country(row["code"], row["name"], row["iso"], also, since, until)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


COUNTRIES = _read()


def in_force(code: str, on: date) -> bool:
    """Whether somebody can live there on this day: «Onbekend» is no country."""
    found = COUNTRIES.get(code)
    return found is not None and code != UNKNOWN and found.in_force(on)


def everywhere(on: date) -> list[Country]:
    """Every country in which somebody can live on this day, the Netherlands too."""
    return [country for country in COUNTRIES.values() if in_force(country.code, on)]


def abroad(on: date) -> list[Country]:
    """The same without the Netherlands."""
    return [country for country in everywhere(on) if country.code != NETHERLANDS]
