"""Jobs: claimed once, tried again, given up in sight; periodic ones come back."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Row, insert, select, update

from app import clock, commands, db, jobs, keys
from app.domain.ports import RegisterError, RequestRejected, Unavailable
from app.models import job, programme_facts
from app.services import work
from tests.portal import Portal
from tests.race import at_once
from tests.source import as_it_is

NOW = 1_800_000_000.0
HOUR = 3600.0


@pytest.fixture
def database(database_url: str) -> str:
    keys.use((("test", b"t" * 32),))
    db.connect(database_url)
    return database_url


def enqueue(about: Any, name: str = "mail", due_at: float = 0.0) -> None:
    with db.transaction() as connection:
        work.enqueue(connection, name, about, due_at)


def rows() -> list[Row[Any]]:
    with db.reading() as connection:
        return list(connection.execute(select(job).order_by(job.c.id)))


def claimed(now: float = NOW) -> work.Job:
    found = work.claim(now)
    assert found is not None
    return found


def test_four_workers_do_thirty_jobs_once_each(database: str) -> None:
    for number in range(30):
        enqueue({"number": number})
    taken = at_once(database, work.claim, [(NOW,)] * 4, each=10)
    numbers = [found.about["number"] for each in taken for found in each if found is not None]
    assert sorted(numbers) == list(range(30))
    assert sum(found is None for each in taken for found in each) == 10
    assert work.claim(NOW) is None


@pytest.mark.rule("RET-2")
def test_what_a_job_is_about_is_sealed(database: str) -> None:
    enqueue({"to": "student@voorbeeld.nl"})
    (row,) = rows()
    assert b"voorbeeld" not in row.document
    assert claimed().about == {"to": "student@voorbeeld.nl"}


def test_the_oldest_due_comes_first_and_what_is_not_due_waits(database: str) -> None:
    enqueue("later", due_at=NOW + 1)
    enqueue("second", due_at=NOW - 1)
    enqueue("first", due_at=NOW - 2)
    assert [claimed().about, claimed().about] == ["first", "second"]
    assert work.claim(NOW) is None
    assert claimed(NOW + 1).about == "later"


def test_a_job_that_is_rolled_back_was_never_there(database: str) -> None:
    def act() -> None:
        with db.transaction() as connection:
            work.enqueue(connection, "mail", "x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert rows() == []


def test_what_a_killed_worker_had_is_done_by_another(database: str) -> None:
    enqueue("x")
    first = claimed()
    assert work.claim(NOW + work.LEASE - 1) is None
    second = claimed(NOW + work.LEASE)
    assert (second.key, second.about, second.attempts) == (first.key, "x", 2)
    work.done(second, NOW)
    assert rows() == []


def test_pauses_grow_and_after_two_days_it_is_given_up_in_sight(database: str) -> None:
    enqueue("x")
    now, pauses, names = NOW, [], set()
    while not rows()[0].failed_at:
        found = claimed(now)
        names.add(found.key)
        work.failed(found, now, "Unavailable")
        (row,) = rows()
        pauses.append(row.due_at - now)
        assert work.claim(row.due_at - 0.1) is None
        now = row.due_at
    assert pauses[:5] == [60, 300, 900, 3600, 3600]
    assert set(pauses[5:]) == {3600}
    assert rows()[0].failed_at - NOW >= 48 * HOUR
    assert rows()[0].failed_at - NOW < 49.5 * HOUR
    assert (rows()[0].last_error, len(names)) == ("Unavailable", 1)
    assert work.claim(now + 100 * HOUR) is None


@pytest.mark.each_run_on("postgresql")
def test_a_job_that_ends_its_worker_each_time_is_given_up_in_sight(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(_job: work.Job) -> None:
        raise Killed

    enqueue("x")
    deaths, now = 0, NOW
    monkeypatch.setattr(clock, "real_seconds", lambda: now)
    while now < NOW + 60 * HOUR and not rows()[0].failed_at:
        try:
            while jobs.run_one({"mail": die}):
                pass
        except Killed:
            deaths += 1
        work.give_up(now)  # what the sweep does
        now += 300
    assert rows()[0].last_error == "the worker ended"
    assert NOW + 48 * HOUR <= rows()[0].failed_at < NOW + 49 * HOUR
    assert deaths > 100


def test_a_job_that_was_tried_once_before_all_workers_were_gone_is_tried_again(
    database: str,
) -> None:
    enqueue("x")
    claimed()
    assert work.give_up(NOW + 100 * HOUR) == 0
    again = claimed(NOW + 100 * HOUR)
    assert again.attempts == 2
    work.failed(again, NOW + 100 * HOUR, "Unavailable")
    assert rows()[0].failed_at is None


def test_what_is_of_no_use_to_try_again_is_given_up_at_once(database: str) -> None:
    enqueue("x")
    work.failed(claimed(), NOW, "RequestRejected", again=False)
    assert rows()[0].failed_at == NOW
    assert work.claim(NOW + 100 * HOUR) is None


def test_a_periodic_job_is_there_once_and_keeps_when_it_last_ran(database: str) -> None:
    for _ in range(2):
        work.schedule("catalogue", NOW)
    assert len(rows()) == 1
    found = claimed()
    assert found.about is None
    work.done(found, NOW + 5, next_due=NOW + 24 * HOUR)
    (row,) = rows()
    assert (row.last_run_at, row.due_at, row.leased_until) == (NOW + 5, NOW + 24 * HOUR, 0)
    work.schedule("catalogue", NOW + 9)
    assert rows()[0].due_at == NOW + 24 * HOUR, "a worker that starts doesn't move it"


def test_a_periodic_job_is_never_given_up(database: str) -> None:
    work.schedule("catalogue", NOW)
    for day in range(4):
        now = NOW + day * 24 * HOUR
        work.failed(claimed(now), now, "Unavailable", again=False)
    (row,) = rows()
    assert (row.failed_at, row.last_error) == (None, "Unavailable")
    work.done(claimed(now + HOUR), now + HOUR, next_due=now + 25 * HOUR)
    assert (rows()[0].last_error, rows()[0].attempts) == ("", 0)


@pytest.mark.parametrize(
    ("error", "given_up"),
    [(Unavailable("mail"), False), (RequestRejected("mail"), True), (ZeroDivisionError(), False)],
)
def test_the_loop_survives_whatever_goes_wrong(
    database: str, error: Exception, given_up: bool
) -> None:
    def act(_job: work.Job) -> None:
        raise error

    enqueue("x")
    assert jobs.run_one({"mail": act})
    assert not jobs.run_one({"mail": act})
    (row,) = rows()
    assert row.leased_until == 0
    assert row.last_error == type(error).__name__
    assert bool(row.failed_at) is given_up


def test_a_job_that_nobody_knows_stays(database: str) -> None:
    enqueue("x", name="unheard")
    assert jobs.run_one({})
    assert rows()[0].last_error == "KeyError"


@pytest.fixture
def command(any_portal: Portal) -> Iterator[Any]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    jobs.register(any_portal.app)
    commands.register(any_portal.app)
    yield any_portal.app.test_cli_runner()
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.rule("CAT-1")
def test_run_once_does_what_is_due_and_sets_up_what_returns(
    any_portal: Portal, command: Any
) -> None:
    before = clock.real_seconds()
    assert command.invoke(args=["jobs", "run", "--once"]).exit_code == 0
    found = {row.name: row for row in rows()}
    assert set(found) == {"catalogue", "remind", "retention", "sweep"}
    assert found["sweep"].last_run_at >= before
    assert found["catalogue"].last_run_at is None
    assert found["catalogue"].due_at == pytest.approx(jobs.nightly(), abs=5)
    assert found["remind"].due_at == pytest.approx(jobs.afternoon(), abs=5)


@pytest.mark.rule("CAT-1")
def test_the_catalogue_is_read_every_night(any_portal: Portal, command: Any) -> None:
    with db.transaction() as connection:
        connection.execute(update(programme_facts).values(digest="old", name="Oud"))
        work_row = {"name": "catalogue", "document_id": "x", "due_at": 0.0}
        connection.execute(insert(job), work_row)
    assert jobs.run_one(acts(any_portal))
    with db.reading() as connection:
        assert "Oud" not in connection.scalars(select(programme_facts.c.name)).all()
    (row,) = rows()
    assert row.due_at == pytest.approx(jobs.nightly(), abs=5)
    assert row.last_error == ""


def acts(portal: Portal) -> dict[str, jobs.Act]:
    extensions = portal.app.extensions
    return jobs.acts(portal.settings, extensions["registers"], extensions["store"])


@pytest.mark.rule("CAT-1")
def test_a_night_without_rio_is_tried_again_and_seen(any_portal: Portal) -> None:
    work.schedule("catalogue", 0.0)
    any_portal.fault("rio", "aangeboden-opleidingen", None, "500")
    before = as_it_was()
    assert jobs.run_one(acts(any_portal))
    assert as_it_was() == before
    (row,) = rows()
    assert row.last_run_at is None
    assert row.last_error in {kind.__name__ for kind in RegisterError.__subclasses__()}
    assert row.due_at > clock.real_seconds()


def as_it_was() -> list[str]:
    with db.reading() as connection:
        return sorted(map(repr, connection.execute(select(programme_facts)).all()))


@pytest.mark.each_run_on("sqlite")
def test_the_commands_say_what_they_did(any_portal: Portal, command: Any) -> None:
    told = command.invoke(args=["catalogue", "sync"])
    assert told.exit_code == 0
    read = len(as_it_is(any_portal).every_programme)
    assert told.output == f"{read} programmes; 0 new, 0 changed, 0 gone.\n"
    any_portal.fault("rio", "aangeboden-opleidingen", None, "500")
    failed = command.invoke(args=["catalogue", "sync"])
    assert failed.exit_code == 1
    assert "nothing changed" in failed.output
    set_up = command.invoke(
        args=["institution", "set", "93XX", "--name", "School", "--koppelpunt", "93XX"]
    )
    assert set_up.exit_code == 0
