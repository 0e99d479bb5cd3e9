"""A worker that is killed while it reads RIO: the job is done within minutes, by one (CAT-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from app import clock, db, jobs
from app.domain.ports import ChangeFeed, ProgrammeRecord
from app.models import catalogue_run
from app.services import catalogue_run as runs
from app.services import work
from tests import watch
from tests.integration.test_follow import Feed, names, renamed
from tests.portal import Portal
from tests.source import Source, as_it_is

pytestmark = pytest.mark.each_run_on("sqlite")


class Killed(BaseException):
    """Nothing of ours runs any more."""


@dataclass(frozen=True)
class Slow(Source):
    """Something happens at each programme that is read."""

    meanwhile: Callable[[], None] = lambda: None

    def programmes(self, provider_code: str) -> Iterator[ProgrammeRecord]:
        for record in super().programmes(provider_code):
            self.meanwhile()
            yield record

    def programme(self, programme_id: str, seconds: float = 30) -> ProgrammeRecord | None:
        self.meanwhile()
        return super().programme(programme_id, seconds)


def slow(source: Source, meanwhile: Callable[[], None]) -> Source:
    return Slow(source.every_provider, source.every_programme, meanwhile=meanwhile)


def acts(portal: Portal, source: Source, feed: ChangeFeed | None = None) -> dict[str, jobs.Act]:
    registers = replace(portal.app.extensions["registers"], catalogue=source, feed=feed)
    return jobs.acts(portal.settings, registers, portal.app.extensions["store"])


def row() -> Any:
    (only,) = watch.all_of("job")
    return only


def everything_is_read(source: Source) -> bool:
    return set(names().items()) == {(p.id, p.name) for p in source.every_programme}


@pytest.mark.rule("CAT-1")
def test_a_night_whose_worker_was_killed_is_gone_on_with_within_minutes(
    any_portal: Portal, machine: time_machine.Traveller
) -> None:
    machine.move_to(clock.real_now().replace(hour=12) + timedelta(days=1))  # not around 05:30
    source = renamed(as_it_is(any_portal))
    left = iter(range(len(source.every_programme) - 1))

    def die() -> None:
        if next(left, None) is None:
            raise Killed

    work.schedule(jobs.CATALOGUE, 0.0)
    with pytest.raises(Killed):
        jobs.run_one(acts(any_portal, slow(source, die)))
    assert not jobs.run_one(acts(any_portal, source)), "it might still be at it"
    again = replace(source, asked=[])
    machine.shift(timedelta(minutes=10))
    assert jobs.run_one(acts(any_portal, again))
    assert again.asked == sorted(p.code for p in source.every_provider)[-1:]
    assert everything_is_read(source)
    assert (row().last_run_at, row().last_error) == (clock.real_seconds(), "")


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("name", [jobs.CATALOGUE, jobs.FEED])
def test_a_worker_that_makes_progress_keeps_its_job(
    any_portal: Portal, machine: time_machine.Traveller, name: str
) -> None:
    source, taken = renamed(as_it_is(any_portal)), []
    began = clock.real_seconds()

    def take() -> None:
        machine.shift(timedelta(seconds=40))
        taken.append(work.claim(clock.real_seconds()))

    work.schedule(name, 0.0)
    feed = Feed(tuple(p.id for p in source.every_programme), clock.real_now())
    assert jobs.run_one(acts(any_portal, slow(source, take), feed))
    assert clock.real_seconds() - began > 1.5 * work.LEASE
    assert set(taken) == {None}
    assert everything_is_read(source)
    assert (row().last_run_at, row().attempts) == (clock.real_seconds(), 0)


@pytest.mark.rule("CAT-1")
def test_a_run_of_somebody_else_is_waited_for_and_is_no_failure(
    any_portal: Portal, machine: time_machine.Traveller
) -> None:
    source = renamed(as_it_is(any_portal))
    run = runs.begin(clock.real_now)
    work.schedule(jobs.CATALOGUE, 0.0)
    with watch.logged() as log:
        for _ in range(6):
            assert jobs.run_one(acts(any_portal, source))
            due = clock.real_seconds() + runs.LEASE
            assert (row().due_at, row().leased_until) == (due, 0)
            assert (row().attempts, row().last_error, row().last_run_at) == (0, "", None)
            assert not jobs.run_one(acts(any_portal, source))
            machine.shift(timedelta(seconds=runs.LEASE))
            with db.transaction() as connection:
                runs.held(run, connection)
    assert all("error" not in line for line in log.events("job"))
    assert source.asked == []
    machine.shift(timedelta(seconds=runs.LEASE))  # whoever had it is gone
    assert jobs.run_one(acts(any_portal, source))
    assert everything_is_read(source)


@pytest.mark.rule("CAT-1")
def test_who_took_over_a_run_goes_on_and_the_other_reports_nothing(any_portal: Portal) -> None:
    source = renamed(as_it_is(any_portal))

    def take_over() -> None:
        with db.transaction() as connection:
            connection.execute(update(catalogue_run).values(holder=another))

    another = "00000000-0000-4000-8000-000000000000"
    work.schedule(jobs.CATALOGUE, 0.0)
    assert jobs.run_one(acts(any_portal, slow(source, take_over)))
    assert (row().attempts, row().last_error, row().last_run_at) == (0, "", None)
    assert watch.row_of("catalogue").problem == ""


def claimed(now: float) -> work.Job:
    found = work.claim(now)
    assert found is not None
    return found


def test_a_lease_that_another_has_is_not_taken_back(any_portal: Portal) -> None:
    work.schedule(jobs.CATALOGUE, 0.0)
    first = claimed(1.0)
    second = claimed(1.0 + work.LEASE)
    work.extend(first, 2.0 + work.LEASE)
    work.postponed(first, 3.0)
    assert row().leased_until == second.leased_until
    assert row().attempts == 2
    work.extend(second, 1.5 * work.LEASE)
    assert row().leased_until == second.leased_until == 2.5 * work.LEASE


def test_a_busy_database_does_not_end_what_makes_progress(
    any_portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise db.Busy()

    work.schedule(jobs.CATALOGUE, 0.0)
    job = claimed(1.0)
    with monkeypatch.context() as patched:
        patched.setattr(db, "transaction", busy)
        work.extend(job, work.LEASE)
    work.extend(job, work.LEASE)
    assert row().leased_until == 2 * work.LEASE
