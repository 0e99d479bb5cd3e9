"""Commands about schools, and what each sets of its programmes."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from app import clock, db
from app.commands.said import noted, said
from app.services import institutions, koppelpunten, registratiecodes


def of_schools(app: Flask, local: bool) -> None:
    institution = AppGroup("institution", help="Schools.")
    programme = AppGroup("programme", help="What a school sets of a programme.")
    cohort = AppGroup("cohort", help="What a school sets of a cohort.")
    for group in (institution, programme, cohort):
        app.cli.add_command(group)

    @institution.command("set")
    @click.argument("brin")
    @click.option("--name", help="As students read it.")
    @click.option("--koppelpunt", default="", help="Code of a koppelpunt to add.")
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
        with said(), noted(brin):
            if koppelpunt:
                with db.reading() as connection:
                    koppelpunten.check(connection, koppelpunt, brin)
            institutions.set_up(brin, wanted, local)
            if koppelpunt:
                point = koppelpunten.Settings()
                koppelpunten.set_up(koppelpunt, brin, point, clock.now(), production=not local)

    @institution.command("code")
    @click.argument("brin")
    @click.option("--set", "own", is_flag=True, help="One that the school chose: asks for it.")
    @click.option("--off", is_flag=True, help="Nobody gets in without DigiD.")
    @click.option("--show", is_flag=True, help="Only show the one there is.")
    def code(brin: str, own: bool, off: bool, show: bool) -> None:
        """Make a registratiecode, which opens an interessemelding without DigiD. The one before
        opens nothing any more."""
        if own + off + show > 1:
            raise click.ClickException("give one of --set, --off and --show")
        # Asked for: what stands on a command line is kept in histories, and in the audit trail.
        wanted = click.prompt("Registratiecode", hide_input=True) if own else None
        with said(), noted(brin):
            if show:
                with db.reading() as connection:
                    found = registratiecodes.shown(connection, brin)
            elif off:
                found = registratiecodes.keep(brin, None)
            else:
                found = registratiecodes.keep(brin, wanted or registratiecodes.generated())
        click.echo(found or "none")

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
        with said(), noted():
            institutions.set_programme(programme_id, local, ticked, return_url, return_url_failed)

    @cohort.command("places")
    @click.argument("programme_id")
    @click.argument("code")
    @click.argument("number", type=click.IntRange(0, 100_000), required=False)
    def places(programme_id: str, code: str, number: int | None) -> None:
        """How many applications a cohort takes; without NUMBER they aren't counted."""
        with said(), noted():
            taken = institutions.set_places(programme_id, code, number)
        click.echo("Not counted." if number is None else f"{taken} of {number} taken.")


def listed(given: tuple[str, ...]) -> list[str] | None:
    """What an option that may be repeated holds; None when it wasn't given."""
    return [text for text in given if text] if given else None
