"""All that RIO's test service knows, by whatever it is asked for, and what a tester changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from digistub.rio_data import OFFERS
from digistub.rio_generator import generated
from digistub.rio_schools import LOCATIONS, PROVIDERS, SCHOOLS, SECONDARY, TRAININGS
from digistub.rio_types import Offer, Provider, Rows

FILTERS = ("kind", "location", "training", "provider")  # fields of an Offer


class Change(NamedTuple):
    """`kind` is name, gone, closed or code; the last two are about a cohort, by its code."""

    programme: str
    cohort: str
    kind: str
    value: str


class Catalogue:
    """Rows by their key and lists by what they are filtered on, so that each answer is cheap."""

    def __init__(self, rows: Rows) -> None:
        self.schools = {row.brin: row for row in sorted(rows.schools, key=lambda row: row.brin)}
        self.providers = {row.code: row for row in sorted(rows.providers, key=lambda row: row.code)}
        self.locations = {row.code: row for row in rows.locations}
        self.trainings = {row.code: row for row in rows.trainings}
        self.offers = {row.id: row for row in sorted(rows.offers, key=lambda row: row.id)}
        self.every_offer = tuple(self.offers.values())
        self._lists: dict[tuple[str, str], list[Offer]] = {}
        self._of_school: dict[str, list[Provider]] = {}
        for provider in self.providers.values():
            self._of_school.setdefault(provider.brin, []).append(provider)
        for offer in self.every_offer:
            for name in FILTERS:
                self._lists.setdefault((name, getattr(offer, name)), []).append(offer)

    def found(self, **wanted: str) -> Sequence[Offer]:
        """In order of id: the offers whose fields have these values (see FILTERS)."""
        lists = [self._lists.get(pair, []) for pair in wanted.items()]
        if len(lists) < 2:
            return lists[0] if lists else self.every_offer
        shortest = min(lists, key=len)
        return [
            offer
            for offer in shortest
            if all(getattr(offer, name) == value for name, value in wanted.items())
        ]

    def providers_of(self, brin: str) -> list[Provider]:
        return self._of_school.get(brin, [])


@dataclass(frozen=True)
class Now:
    """The catalogue with a tester's changes in it."""

    catalogue: Catalogue
    changes: tuple[Change, ...] = ()

    @cached_property
    def gone(self) -> frozenset[str]:
        return frozenset(c.programme for c in self.changes if c.kind == "gone")

    @cached_property
    def _said(self) -> dict[tuple[str, str, str], str]:
        return {(c.programme, c.cohort, c.kind): c.value for c in self.changes}

    def offer(self, programme_id: str) -> Offer | None:
        row = self.catalogue.offers.get(programme_id)
        return None if row is None or row.id in self.gone else self.changed(row)

    def changed(self, row: Offer) -> Offer:
        name = self._said.get((row.id, "", "name"))
        return row if name is None else replace(row, name=name)

    def found(self, **wanted: str) -> Sequence[Offer]:
        """As the catalogue's; a name isn't changed yet."""
        rows = self.catalogue.found(**wanted)
        return [row for row in rows if row.id not in self.gone] if self.gone else rows

    def closed(self, programme_id: str, cohort_code: str) -> bool:
        return (programme_id, cohort_code, "closed") in self._said

    def access_code(self, programme_id: str, cohort_code: str, first: str) -> str:
        """`first` is what it was before anybody changed it."""
        return self._said.get((programme_id, cohort_code, "code"), first)


@lru_cache(maxsize=4)
def catalogue_of(programmes: int = 0) -> Catalogue:
    """The three invented schools and some that have only a name here, and beside them so many
    generated programmes."""
    ours = Rows(SCHOOLS + SECONDARY, PROVIDERS, LOCATIONS, TRAININGS, OFFERS)
    return Catalogue(ours.with_(generated(programmes, 2 * programmes)) if programmes else ours)
