"""One synchronisation, or only the reading that it does, in a process of its own.

`python -m bench.reading read|sync|again`, with the portal's settings in the environment; prints
JSON: seconds, memory (the most, in MB), and the longest that a transaction held the database.
`again` changes every programme first, the worst night there is.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app import clock, config, create_app, db, registers
from app.domain.ports import CatalogueSource, ProgrammeRecord, ProviderRecord
from app.services import catalogue_sync, institutions, koppelpunten
from digistub.rio_generator import generated


class Renamed:
    """RIO after a night in which every programme got another name."""

    def __init__(self, source: CatalogueSource) -> None:
        self.source = source

    def school_name(self, brin: str) -> str | None:
        return self.source.school_name(brin)

    def providers(self) -> Iterator[ProviderRecord]:
        return self.source.providers()

    def programmes(self, provider_code: str) -> Iterator[ProgrammeRecord]:
        for record in self.source.programmes(provider_code):
            yield replace(record, name=f"{record.name} nieuw")

    def programme(self, programme_id: str, seconds: float = 30) -> ProgrammeRecord | None:
        return self.source.programme(programme_id)


def main(what: str) -> None:
    settings = config.read()
    source = registers.build(settings, lambda _address: None).catalogue
    began = 0.0
    held: list[float] = []
    if what == "read":
        began = time.perf_counter()
        count = sum(1 for p in source.providers() for _ in source.programmes(p.code))
        assert count > 1000, "the generated catalogue"
    else:
        create_app(settings, registers.build(settings, lambda _address: None))
        for school in generated(int(sys.argv[2])).schools:
            wanted = institutions.Settings(school.name, (school.website,))
            institutions.set_up(school.brin, wanted, local=True)
            point = koppelpunten.Settings()
            koppelpunten.set_up(school.brin, school.brin, point, clock.real_now(), production=False)
        gc.collect()
        gc.freeze()  # as wsgi.py does
        watch(held)
        began = time.perf_counter()
        read = Renamed(source) if what == "again" else source
        catalogue_sync.synchronise(read, clock.real_now)
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(json.dumps({"seconds": seconds, "memory": memory, "held": max(held, default=0.0)}))


def watch(held: list[float]) -> None:
    """How long each transaction has the database, from its BEGIN to its end."""
    begun: list[float] = []
    plain = db.driven

    def driven(connection: Any, text: str) -> None:
        plain(connection, text)
        if text == db.BEGIN[connection.dialect.name]:
            begun[:] = [time.perf_counter()]

    def ended(_connection: Any) -> None:
        if begun:
            held.append(time.perf_counter() - begun.pop())

    db.driven = driven
    sa.event.listen(db.engine(), "commit", ended)


if __name__ == "__main__":
    main(sys.argv[1])
