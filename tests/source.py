"""A catalogue to read from: RIO's as it came over the protocol, to be changed at will; and what
students see of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from app import clock, db
from app.domain.ports import (
    CatalogueSource,
    CohortRecord,
    ProgrammeRecord,
    ProviderRecord,
    Unavailable,
)
from app.models import cohort_facts, programme_facts, provider
from app.services import catalogue_sync
from app.services.catalogue import counts_now
from app.services.catalogue_sync import Changes
from tests.portal import Portal


@dataclass(frozen=True)
class Source:
    every_provider: tuple[ProviderRecord, ...]
    every_programme: tuple[ProgrammeRecord, ...]
    fails_at: str = ""  # reading this programme
    asked: list[str] = field(default_factory=list, compare=False)  # providers whose were read

    def school_name(self, brin: str) -> str | None:
        return None

    def providers(self) -> Iterator[ProviderRecord]:
        yield from self.every_provider

    def programmes(self, provider_code: str) -> Iterator[ProgrammeRecord]:
        self.asked.append(provider_code)
        for record in self.every_programme:
            if record.provider_code != provider_code:
                continue
            if record.id == self.fails_at:
                raise Unavailable("rio")
            yield record

    def programme(self, programme_id: str, seconds: float = 30) -> ProgrammeRecord | None:
        if programme_id == self.fails_at:
            raise Unavailable("rio")
        return next((p for p in self.every_programme if p.id == programme_id), None)

    def having(self, programmes: tuple[ProgrammeRecord, ...]) -> Source:
        return replace(self, every_programme=programmes)

    def failing(self, number: int) -> Source:
        return replace(self, fails_at=self.every_programme[number].id)

    def each(self, change: Callable[[ProgrammeRecord], ProgrammeRecord]) -> Source:
        return self.having(tuple(change(record) for record in self.every_programme))

    def each_cohort(self, change: Callable[[CohortRecord], CohortRecord]) -> Source:
        return self.each(lambda p: replace(p, cohorts=tuple(map(change, p.cohorts))))

    def many(self, number: int) -> Source:
        """So many programmes, each with one cohort that is open."""
        pattern, today = self.every_programme[0], clock.today()
        opened, closes = today - timedelta(days=1), today + timedelta(days=90)
        cohorts = (CohortRecord("INSTROOM", True, opened, closes),)
        return self.having(
            tuple(
                replace(
                    pattern,
                    id=str(uuid5(NAMESPACE_URL, str(n))),
                    name=f"Opleiding {n}",
                    provider_code=self.every_provider[n % len(self.every_provider)].code,
                    cohorts=cohorts,
                )
                for n in range(number)
            )
        )


def everything(catalogue: CatalogueSource) -> Iterator[ProgrammeRecord]:
    """The programmes of all providers, as a synchronisation reads them."""
    for each in catalogue.providers():
        yield from catalogue.programmes(each.code)


def as_it_is(portal: Portal) -> Source:
    """What RIO's test service says now."""
    catalogue = portal.app.extensions["registers"].catalogue
    return Source(tuple(catalogue.providers()), tuple(everything(catalogue)))


def synchronise(source: Source, accept_shrink: bool = False, afresh: bool = False) -> Changes:
    return catalogue_sync.synchronise(source, clock.real_now, accept_shrink, afresh)


OURS = {"id", "facts_id", "edition", "until"}


def shown() -> dict[str, Any]:
    """The catalogue that counts now, whole: programmes by RIO's key, and the providers."""
    with db.reading() as connection:
        rows = connection.execute(select(programme_facts).where(counts_now())).mappings().all()
        parts = connection.execute(select(cohort_facts)).mappings().all()
        providers = connection.execute(select(provider)).all()
    of_it: dict[int, list[str]] = {}
    for part in parts:
        of_it.setdefault(part["facts_id"], []).append(repr(_plain(part)))
    ids = [row["programme_id"] for row in rows]
    assert len(ids) == len(set(ids)), "one programme counts twice"
    found = {row["programme_id"]: (_plain(row), sorted(of_it.get(row["id"], ()))) for row in rows}
    return {**found, "providers": sorted(map(repr, providers))}


def _plain(row: Any) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in row.items() if name not in OURS)
