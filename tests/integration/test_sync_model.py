"""Synchronisation against a model: whatever fails whenever, the catalogue is the one before or
the one at the source, whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app import clock, db, testdoor
from app.domain.ports import (
    CohortRecord,
    ProgrammeRecord,
    ProviderRecord,
    RegisterError,
    Unavailable,
)
from app.models import metadata, provider
from app.services import catalogue_renew, catalogue_sync
from app.services import catalogue_run as runs
from app.services.catalogue_rows import digest
from app.services.catalogue_sync import Refused
from app.services.search import Filters, search
from tests.length import at_length
from tests.source import Source, shown

DAY = clock.real_now().replace(hour=9, minute=0)
KEYS = [str(uuid5(NAMESPACE_URL, f"model {n}")) for n in range(24)]
PROVIDERS = tuple(
    ProviderRecord(code, brin, code)
    for code, brin in (("991A001", "99XX"), ("991A002", "99XX"), ("911A001", "91XX"))
)
EMPTY = "911A002"  # comes and goes, and offers nothing
BRINS = {p.code: p.brin for p in PROVIDERS}
NAMES = ("Kok", "Kapper", "Bakker")
COHORTS = st.lists(
    st.builds(
        CohortRecord,
        code=st.sampled_from(["A", "B", "C"]),
        open=st.booleans(),
        apply_from=st.dates(DAY.date() - timedelta(days=9), DAY.date() + timedelta(days=9)),
        access_code=st.sampled_from(["", "geheim"]),
    ),
    max_size=2,
    unique_by=lambda cohort: cohort.code,
).map(tuple)


class Half(Source):
    """Fails after the first of its providers."""

    def providers(self) -> Iterator[ProviderRecord]:
        yield from self.every_provider[-1:]
        raise Unavailable("rio")


class Sync(RuleBasedStateMachine):
    """`now` is what RIO has, `here` what ours must be; a run that was broken off may hold some
    of either of two days, which is why it may not be gone on with after RIO has changed."""

    def __init__(self) -> None:
        super().__init__()
        self.day = DAY
        self.now: dict[str, ProgrammeRecord] = {}
        self.here: dict[str, ProgrammeRecord] = {}
        self.gone: dict[str, ProgrammeRecord] = {}  # known here, and not at the source any more
        self.providers_now = self.providers_here = PROVIDERS

    @initialize(data=st.data())
    def begins(self, data: st.DataObject) -> None:
        for key in KEYS[:12]:
            self.now[key] = self.some(data, key)
        self.reads_all(afresh=True, accept=True)

    def some(self, data: st.DataObject, key: str) -> ProgrammeRecord:
        code = data.draw(st.sampled_from([p.code for p in PROVIDERS]))
        name = data.draw(st.sampled_from(NAMES))
        return ProgrammeRecord(key, code, name, "BOL", cohorts=data.draw(COHORTS))

    def source(self, order: st.DataObject | None = None) -> Source:
        records = list(self.now.values())
        if order is not None:
            Random(order.draw(st.integers(0, 999))).shuffle(records)
        return Source(self.providers_now, tuple(records))

    @rule(
        data=st.data(),
        keys=st.lists(st.sampled_from(KEYS), max_size=4, unique=True),
        empty=st.sampled_from(["", "Leeg", "Nog leeg"]),
    )
    def rio_changes(self, data: st.DataObject, keys: list[str], empty: str) -> None:
        """Overnight, at 05:30."""
        self.day += timedelta(days=1)
        more = (ProviderRecord(EMPTY, "91XX", empty),) if empty else ()
        self.providers_now = (*PROVIDERS, *more)
        for key in keys:
            if key in self.now and data.draw(st.booleans()):
                del self.now[key]
            else:
                self.now[key] = self.some(data, key)

    @rule(data=st.data(), at=st.sampled_from(KEYS), afresh=st.booleans())
    def reading_fails(self, data: st.DataObject, at: str, afresh: bool) -> None:
        source = replace(self.source(data), fails_at=at)
        with suppress(RegisterError, Refused):
            catalogue_sync.synchronise(source, lambda: self.day, afresh=afresh)
            self.takes_over()

    @rule(afresh=st.booleans())
    def providers_fail(self, afresh: bool) -> None:
        """One that was broken off later has them already, and goes on."""
        source = self.source()
        with suppress(RegisterError, Refused):
            half = Half(source.every_provider, source.every_programme)
            catalogue_sync.synchronise(half, lambda: self.day, afresh=afresh)
            self.takes_over()

    @rule(data=st.data(), calls=st.integers(1, 12))
    def the_process_dies(self, data: st.DataObject, calls: int) -> None:
        """At any of its transactions."""
        left = [calls]
        plain = runs.held

        def dying(run: runs.Run, connection: Any, **values: Any) -> None:
            left[0] -= 1
            if not left[0]:
                raise KeyboardInterrupt
            plain(run, connection, **values)

        with pytest.MonkeyPatch.context() as patch:
            for module in (runs, catalogue_sync):
                patch.setattr(module, "held", dying)
            with suppress(KeyboardInterrupt, Refused):
                catalogue_sync.synchronise(self.source(data), lambda: self.day)
                self.takes_over()
        with db.transaction() as connection:  # and its lease runs out
            connection.execute(runs.catalogue_run.update().values(leased_until=0))

    @rule(data=st.data(), afresh=st.booleans(), accept=st.booleans())
    def reads_everything(self, data: st.DataObject, afresh: bool, accept: bool) -> None:
        self.reads_all(afresh, accept, data)

    def reads_all(self, afresh: bool, accept: bool, order: st.DataObject | None = None) -> None:
        with suppress(Refused):
            catalogue_sync.synchronise(self.source(order), lambda: self.day, accept, afresh)
            self.takes_over()

    @rule(key=st.sampled_from(KEYS))
    def somebody_comes_for_one(self, key: str) -> None:
        """It is read again by its key: for somebody who comes by a link, or as the feed says."""
        catalogue_renew.replace(key, self.now.get(key))
        if key in self.now:
            self.here[key] = self.now[key]
            self.gone.pop(key, None)
        elif key in self.here:
            self.gone[key] = self.here.pop(key)

    def takes_over(self) -> None:
        for key in [k for k in self.here if k not in self.now]:
            self.gone[key] = self.here[key]
        self.here, self.providers_here = dict(self.now), self.providers_now
        for key in self.here:
            self.gone.pop(key, None)

    @invariant()
    def ours_is_whole(self) -> None:
        seen = shown()
        rows = {key: dict(found[0]) for key, found in seen.items() if key != "providers"}
        digests = {key: row["digest"] for key, row in rows.items() if row["active"]}
        assert digests == {key: digest(record) for key, record in self.here.items()}
        counts = {key: len(found[1]) for key, found in seen.items() if key in digests}
        assert counts == {key: len(record.cohorts) for key, record in self.here.items()}
        with db.reading() as connection:
            stored = select(provider.c.code, provider.c.name).where(provider.c.active)
            assert set(connection.execute(stored)) == {
                (p.code, p.name) for p in self.providers_here
            }

    @invariant()
    def it_is_found_as_it_is(self) -> None:
        for name in NAMES:
            offered = {
                (BRINS[record.provider_code], name)
                for record in self.here.values()
                if record.name == name and any(cohort.open for cohort in record.cohorts)
            }
            with db.reading() as connection:
                found = search(connection, name, Filters(), clock.real_now())
            assert {(group.brin, group.name) for group in found.groups} == offered


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("examples", [3, *at_length(200)])
@pytest.mark.each_run_on("sqlite")
def test_whatever_happens_the_catalogue_is_whole(database_url: str, examples: int) -> None:
    db.connect(database_url)

    class OnThis(Sync):
        def __init__(self) -> None:
            with db.transaction() as connection:
                for table in reversed(metadata.sorted_tables):
                    connection.execute(table.delete())
            testdoor.set_up()
            super().__init__()

    run_state_machine_as_test(
        OnThis,
        settings=settings(
            max_examples=examples,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate),
        ),
    )
