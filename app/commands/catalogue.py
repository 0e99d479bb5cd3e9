"""Commands about our copy of RIO."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import click
from flask import Flask
from flask.cli import AppGroup

from app import clock, db
from app.commands.said import said
from app.domain.catalogue import visibility
from app.domain.ports import Registers
from app.services import catalogue, catalogue_renew, catalogue_status, catalogue_sync
from app.services.catalogue_status import Finding


def of_catalogue(app: Flask, registers: Registers) -> None:
    group = AppGroup("catalogue", help="Our copy of RIO.")
    app.cli.add_command(group)

    @group.command("sync")
    @click.option("--accept-shrink", is_flag=True, help="Also when a tenth or more is gone.")
    @click.option("--afresh", is_flag=True, help="Don't go on with one that was broken off.")
    def sync(accept_shrink: bool, afresh: bool) -> None:
        """Read all of RIO and write what differs. One that was broken off is gone on with."""
        with said(), bar() as progress:
            changes = catalogue_sync.synchronise(
                registers.catalogue, clock.real_now, accept_shrink, afresh, progress
            )
        click.echo(
            f"{changes.total} programmes; {changes.added} new, "
            f"{changes.changed} changed, {changes.gone} gone."
        )

    @group.command("follow")
    def follow() -> None:
        """Read again what the change feed (RIO_FEED_URL) says has changed."""
        if registers.feed is None:
            raise click.ClickException("RIO_FEED_URL isn't set")
        with said():
            count = catalogue_renew.follow(registers.feed, registers.catalogue, clock.real_now())
        click.echo(f"{count} programmes changed.")

    @group.command("status")
    @click.option("--school", metavar="BRIN", help="Its findings one by one.")
    def status(school: str | None) -> None:
        """How old our copy is, how much there is, and what schools must put right in RIO."""
        with said(), db.reading() as connection:
            now = catalogue_status.status(connection)
            found = catalogue_status.findings(connection, school) if school else []
            counted = {} if school else catalogue_status.counts(connection)
        problem = f"{now.problem}, {when(now.problem_at)}" if now.problem else "none"
        click.echo(
            f"edition         {now.edition}\n"
            f"synchronised    {when(now.synced_at)}\n"
            f"followed until  {when(now.followed_until)}\n"
            f"last problem    {problem}\n"
            f"programmes      {now.programmes}\n"
            f"cohorts         {now.cohorts}"
        )
        for brin, numbers in counted.items():
            of_it = ", ".join(f"{number} {TO_DO[kind]}" for kind, number in numbers.items())
            click.echo(f"{brin}  {of_it}")
        for one in found:
            of_programme = f"  {one.programme_id}" if one.programme_id else ""
            click.echo(f"{TO_DO[one.finding]}: {one.code}{of_programme}  {one.name}")

    @group.command("why")
    @click.argument("programme_id")
    def why(programme_id: str) -> None:
        """What students see of each cohort of a programme today, and if nothing, why."""
        with said(), db.reading() as connection:
            found = catalogue.of_programme(connection, programme_id, clock.now())
        if not found:
            raise click.ClickException("no cohorts of such a programme")
        for offered in found:
            seen = visibility(offered.choice, clock.today())
            reasons = [
                f"{h.reason}{f' until {h.until}' if h.until else ''}" for h in seen.hindrances
            ]
            change = f"; changes on {seen.changes}" if seen.changes else ""
            click.echo(f"{offered.choice.cohort_code}: {', '.join(reasons) or 'open'}{change}")


TO_DO = {
    Finding.SPEC_WITHOUT_CODE: "SPEC without a code",
    Finding.CODE_WITH_ALL: "code with ALL",
    Finding.ONLY_ALGEMEEN: "only an ALGEMEEN contact",
}


def when(moment: datetime | None) -> str:
    """In UTC, and how long ago."""
    if moment is None:
        return "never"
    age = clock.real_now() - moment
    return f"{moment:%Y-%m-%d %H:%M} UTC, {timedelta(seconds=int(age.total_seconds()))} ago"


@contextmanager
def bar() -> Iterator[Callable[[catalogue_sync.Progress], None]]:
    """How far it is, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=1, file=sys.stderr, label="Reading RIO") as shown:

        def move(progress: catalogue_sync.Progress) -> None:
            shown.length = progress.of_providers
            shown.label = f"Reading RIO: {progress.programmes} programmes"
            shown.update(progress.providers - shown.pos)

        yield move
