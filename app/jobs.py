"""What is done in the background: the jobs and the loop, thin over the services."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import click
from cryptography.exceptions import InvalidTag
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from app import clock, db, keys, letters
from app.config import Settings
from app.domain.ports import RegisterError, Registers
from app.logs import log
from app.services import (
    catalogue_renew,
    catalogue_run,
    catalogue_sync,
    mailings,
    notices,
    nudges,
    oversight,
    retention,
    work,
)
from app.services.catalogue_run import Running
from app.services.postgresql import is_half_restored
from app.store import Store

IDLE = 1.0  # seconds to wait when there is nothing to do
CATALOGUE, FEED, REMIND, RETENTION = "catalogue", "feed", "remind", "retention"
SWEEP = "sweep"
BETWEEN_NUDGES = 60  # seconds, at least, of one koppelpunt
FOLLOWED = 120  # seconds between two looks at the change feed

Act = Callable[[work.Job], float | None]  # returns when a periodic job is due again


def acts(settings: Settings, registers: Registers, store: Store) -> dict[str, Act]:
    """What a job of each name does."""

    def send(job: work.Job) -> None:
        registers.mail.send(letters.written(job.about, job.key, settings.base_url))

    def catalogue(job: work.Job) -> float:
        catalogue_sync.synchronise(
            registers.catalogue,
            clock.real_now,
            progress=lambda _: work.extend(job, clock.real_seconds()),
        )
        return nightly()

    def follow(job: work.Job) -> float:
        if registers.feed is not None:
            catalogue_renew.follow(
                registers.feed,
                registers.catalogue,
                clock.real_now(),
                progress=lambda: work.extend(job, clock.real_seconds()),
            )
        return clock.real_seconds() + FOLLOWED

    def nudge(job: work.Job) -> None:
        resting = f"nudge:{job.about}"
        if left := store.left(resting):
            raise work.Later(clock.real_seconds() + left)
        if (due := nudges.due(job.about)) is not None:
            store.put(resting, b"1", BETWEEN_NUDGES)  # first: also one that doesn't hear rests
            registers.nudger.nudge(due.url, due.news)

    def remind(_job: work.Job) -> float:
        mailings.remind(settings.deadlines, clock.now())
        return afternoon()

    def retain(job: work.Job) -> float:
        done = retention.run(clock.now(), lambda: work.extend(job, clock.real_seconds()))
        log.info({"event": "retention", **{what.name.lower(): n for what, n in done.items()}})
        return before_dawn()

    def sweep(_job: work.Job) -> float:
        store.sweep()
        work.give_up(clock.real_seconds())
        return clock.real_seconds() + 600

    return {
        notices.MAIL: send,
        CATALOGUE: catalogue,
        FEED: follow,
        REMIND: remind,
        RETENTION: retain,
        SWEEP: sweep,
        nudges.NUDGE: nudge,
    }


def nightly() -> float:
    """06:15 in Amsterdam, after RIO's own refresh at 05:30 (CAT-1)."""
    return work.next_at(6, 15, clock.real_now()).timestamp()


def afternoon() -> float:
    """16:00 in Amsterdam, when school is out."""
    return work.next_at(16, 0, clock.real_now()).timestamp()


def before_dawn() -> float:
    """04:15 in Amsterdam: no hour that summer time takes or gives."""
    return work.next_at(4, 15, clock.real_now()).timestamp()


def run_one(doing: dict[str, Act]) -> bool:
    """Claim and do one job; False when there was none. What fails is tried again later."""
    job = work.claim(clock.real_seconds())
    if job is None:
        return False
    line = {"event": "job", "name": job.name, "id": job.id, "attempt": job.attempts}
    try:
        next_due = doing[job.name](job)
    except work.Later as later:
        work.postponed(job, later.until)
    except Running:
        work.postponed(job, clock.real_seconds() + catalogue_run.LEASE)
        log.info({**line, "postponed": True})
    except Exception as error:  # whatever it is, the row must not stay leased
        again = error.retryable if isinstance(error, RegisterError) else not lost(error)
        work.failed(job, clock.real_seconds(), type(error).__name__, again)
        log.warning({**line, "error": type(error).__name__})
    else:
        work.done(job, clock.real_seconds(), next_due)
        log.info({**line, "done": True})
    return True


def lost(error: Exception) -> bool:
    """What a job is about can't be read any more: trying again is of no use."""
    return isinstance(error, keys.UnknownKey | InvalidTag)


def register(app: Flask) -> None:
    """The command `flask --app wsgi jobs run`."""
    settings: Settings = app.extensions["settings"]
    registers: Registers = app.extensions["registers"]
    doing = acts(settings, registers, app.extensions["store"])
    jobs = AppGroup("jobs", help="What is done in the background.")

    @jobs.command("run")
    @click.option("--once", is_flag=True, help="Do what is due now, then stop.")
    def run(once: bool) -> None:
        """Do jobs until stopped. Several of these may run at once."""
        with db.reading() as connection:
            if is_half_restored(connection):
                raise click.ClickException("a restore isn't over: do it once more with --replace")
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
        work.schedule(CATALOGUE, nightly())
        if registers.feed is not None:
            work.schedule(FEED, clock.real_seconds())
        work.schedule(REMIND, afternoon())
        work.schedule(RETENTION, before_dawn())
        work.schedule(SWEEP, clock.real_seconds())
        while not stop.is_set():
            if not one(doing):
                if once:
                    return
                stop.wait(IDLE)

    @jobs.command("failed")
    @click.option("--again", is_flag=True, help="Try once more what was given up.")
    def failed(again: bool) -> None:
        """What waits for nobody: without a worker, given up by the outbox, or never fetched."""
        if again:
            click.echo(f"{oversight.try_again()} due again.")
        with db.reading() as connection:
            late = oversight.unattended(connection, clock.real_seconds())
            found = oversight.failed(connection)
            silent = oversight.silent(connection, clock.now())
            orphans = oversight.orphans(connection)
        if late is not None:
            seen = f"since {late.since:%Y-%m-%d %H:%M} UTC" if late.since else "yet"
            click.echo(f"{late.waiting} wait and no worker was there {seen}: start `jobs run`")
        for one in found:
            state = "given up" if one.given_up else "tried again"
            since = f"{one.since:%Y-%m-%d %H:%M} UTC" if one.since else "-"
            click.echo(f"{one.id}  {one.name}  {state}  {one.attempts}x since {since}  {one.error}")
        for point in silent:
            seen = f"seen {point.seen_at:%Y-%m-%d %H:%M} UTC" if point.seen_at else "never seen"
            oldest = f"{point.oldest:%Y-%m-%d %H:%M} UTC"
            click.echo(f"{point.brin}  {point.code}  {point.waiting} wait since {oldest}  {seen}")
        for ca_keten_id in orphans:
            click.echo(f"{ca_keten_id}  has no message: `messages again` makes one")

    app.cli.add_command(jobs)


def one(doing: dict[str, Act]) -> bool:
    """As run_one; a database that is busy or gone is waited for."""
    try:
        return run_one(doing)
    except (db.Busy, OperationalError):
        return False
