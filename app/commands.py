"""Commands for the operator: thin, over the services. `flask --app wsgi … --help`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from app import clock, db
from app.config import Settings
from app.domain.catalogue import visibility
from app.domain.ports import RegisterError, Registers
from app.services import (
    catalogue,
    catalogue_renew,
    catalogue_status,
    catalogue_sync,
    institutions,
    search_index,
)
from app.services.catalogue_run import Running, alone
from app.services.catalogue_status import Finding


def register(app: Flask) -> None:
    """The commands: `flask --app wsgi …`."""
    settings: Settings = app.extensions["settings"]
    registers: Registers = app.extensions["registers"]

    @app.cli.command("migrate")
    def migrate_() -> None:
        """Create or migrate the database (DATABASE_URL), and what programmes are found by."""
        from app import migrate  # here: Alembic takes 6 MB, and no worker needs it

        migrate.upgrade(settings.database_url)
        with db.transaction() as connection:
            alone(connection)
            search_index.keep_up(connection)
        click.echo("The database is up to date.")

    of_catalogue(app, registers)
    of_schools(app, local=not settings.production)


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


def of_schools(app: Flask, local: bool) -> None:
    institution = AppGroup("institution", help="Schools.")
    programme = AppGroup("programme", help="What a school sets of a programme.")
    cohort = AppGroup("cohort", help="What a school sets of a cohort.")
    for group in (institution, programme, cohort):
        app.cli.add_command(group)

    @institution.command("set")
    @click.argument("brin")
    @click.option("--name", help="As students read it.")
    @click.option("--koppelpunt", default="", help="Code of a koppelpunt, active from now.")
    @click.option("--domain", "domains", multiple=True, help="A host for return links, or *.host.")
    @click.option("--alias", "aliases", multiple=True, help="What people call this school.")
    @click.option("--whitelist/--no-whitelist", default=None, help="Only programmes ticked.")
    @click.option("--return-url", help="Where students go back to.")
    @click.option("--return-url-failed", help="The same without an application.")
    @click.option("--privacy-url", help="The school's own privacy statement.")
    def set_institution(
        brin: str,
        name: str | None,
        koppelpunt: str,
        domains: tuple[str, ...],
        aliases: tuple[str, ...],
        whitelist: bool | None,
        return_url: str | None,
        return_url_failed: str | None,
        privacy_url: str | None,
    ) -> None:
        """Add a school, or change what is given.

        --domain and --alias may be given more than once; together they replace those there were.
        An empty one takes away what there was: --domain "", --return-url "", and so on.
        """
        wanted = institutions.Settings(
            *(name, listed(domains), listed(aliases), whitelist),
            *(return_url, return_url_failed, privacy_url),
        )
        with said():
            institutions.set_up(brin, wanted, koppelpunt, clock.now(), local)

    @institution.command("refused")
    @click.argument("brin")
    def refused(brin: str) -> None:
        """The school's log of return links that didn't count, and why."""
        with said(), db.reading() as connection:
            for line in institutions.refused_links(connection, brin):
                moment = line.last_at.strftime("%Y-%m-%d %H:%M")
                click.echo(f"{moment}  {line.times}x  {line.parameter}  {line.reason}  {line.link}")

    @programme.command("set")
    @click.argument("programme_id")
    @click.option("--tick/--no-tick", "ticked", default=None, help="On the school's whitelist.")
    @click.option("--return-url", help="Goes before the school's own; empty: none.")
    @click.option("--return-url-failed", help="The same without an application.")
    def set_programme(
        programme_id: str,
        ticked: bool | None,
        return_url: str | None,
        return_url_failed: str | None,
    ) -> None:
        """Change what is given."""
        with said():
            institutions.set_programme(programme_id, local, ticked, return_url, return_url_failed)

    @cohort.command("places")
    @click.argument("programme_id")
    @click.argument("code")
    @click.argument("number", type=click.IntRange(0, 100_000), required=False)
    def places(programme_id: str, code: str, number: int | None) -> None:
        """How many applications a cohort takes; without NUMBER they aren't counted."""
        with said():
            taken = institutions.set_places(programme_id, code, number)
        click.echo("Not counted." if number is None else f"{taken} of {number} taken.")


def listed(given: tuple[str, ...]) -> list[str] | None:
    """What an option that may be repeated holds; None when it wasn't given."""
    return [text for text in given if text] if given else None


@contextmanager
def said() -> Iterator[None]:
    """What goes wrong, in a sentence."""
    try:
        yield
    except (RegisterError, catalogue_sync.Refused) as error:
        raise click.ClickException(f"nothing changed: {error}") from None
    except Running:
        raise click.ClickException("nothing changed: a synchronisation is running") from None
    except (institutions.Unknown, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except (db.Busy, DBAPIError):
        raise click.ClickException("nothing changed: the database is busy or gone") from None


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
