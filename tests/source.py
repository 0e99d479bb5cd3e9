"""A catalogue to read from: RIO's as it came over the protocol, to be changed at will."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from app.domain.ports import (
    CatalogueSource,
    CohortRecord,
    ProgrammeRecord,
    ProviderRecord,
    Unavailable,
)
from tests.portal import Portal


@dataclass(frozen=True)
class Source:
    every_provider: tuple[ProviderRecord, ...]
    every_programme: tuple[ProgrammeRecord, ...]
    fails_after: int | None = None  # so many programmes were read

    def providers(self) -> Iterator[ProviderRecord]:
        yield from self.every_provider

    def programmes(self, provider_code: str) -> Iterator[ProgrammeRecord]:
        for number, record in enumerate(self.every_programme):
            if number == self.fails_after:
                raise Unavailable("rio")
            if record.provider_code == provider_code:
                yield record

    def programme(self, programme_id: str) -> ProgrammeRecord | None:
        return next((p for p in self.every_programme if p.id == programme_id), None)

    def having(self, programmes: tuple[ProgrammeRecord, ...]) -> Source:
        return replace(self, every_programme=programmes)

    def each(self, change: Callable[[ProgrammeRecord], ProgrammeRecord]) -> Source:
        return self.having(tuple(change(record) for record in self.every_programme))

    def each_cohort(self, change: Callable[[CohortRecord], CohortRecord]) -> Source:
        return self.each(lambda p: replace(p, cohorts=tuple(map(change, p.cohorts))))


def everything(catalogue: CatalogueSource) -> Iterator[ProgrammeRecord]:
    """The programmes of all providers, as a synchronisation reads them."""
    for provider in catalogue.providers():
        yield from catalogue.programmes(provider.code)


def as_it_is(portal: Portal) -> Source:
    """What RIO's test service says now."""
    catalogue = portal.app.extensions["registers"].catalogue
    return Source(tuple(catalogue.providers()), tuple(everything(catalogue)))
