"""Commands about the coupling: koppelpunten, the SISs that may log in, and setting ready again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from flask.cli import AppGroup

from app import clock, db
from app.clock import AMSTERDAM
from app.commands.said import masked, noted, said
from app.commands.schools import listed
from app.domain.koppelpunt import SIS_KINDS
from app.services import delivery, koppelpunten, receipts, sis_clients

NEVER = "never: let its supplier compare code and OIN with `sis list`"


YEARS = range(2000, 2200)


def of_coupling(app: Flask, production: bool) -> None:
    of_points(app, production)
    of_clients(app, production)
    of_messages(app)


def of_points(app: Flask, production: bool) -> None:
    group = AppGroup("koppelpunt", help="Connections of a school to its SIS.")
    app.cli.add_command(group)

    @group.command("set")
    @click.argument("code")
    @click.argument("brin")
    @click.option("--name", help="As the SIS reads it.")
    @click.option("--from", "active_from", help="Applications go here from then: 2027-08-01.")
    @click.option("--off/--on", default=None, help="Takes no applications and gives none.")
    @click.option("--sis", help=f"One of: {', '.join(SIS_KINDS)}.")
    @click.option("--acknowledging/--not-acknowledging", default=None, help="SIS-1.")
    @click.option("--nudge-url", help="Where its SIS hears that there is news; empty: nowhere.")
    @click.option("--provider", "providers", multiple=True, help="Only of this one; repeatable.")
    def set_point(
        code: str,
        brin: str,
        name: str | None,
        active_from: str | None,
        off: bool | None,
        sis: str | None,
        acknowledging: bool | None,
        nudge_url: str | None,
        providers: tuple[str, ...],
    ) -> None:
        """Add a koppelpunt to a school, or change what is given.

        Without --provider it is the school's default; --provider "" makes it that again. Of
        several that are on, the latest from its moment on.
        """
        with said(), noted(brin):
            wanted = koppelpunten.Settings(
                *(name, moment(active_from) if active_from else None, off, sis, acknowledging),
                *(nudge_url, listed(providers)),
            )
            koppelpunten.set_up(code, brin, wanted, clock.now(), production)

    @group.command("list")
    @click.argument("brin", required=False)
    def list_points(brin: str | None) -> None:
        """Each koppelpunt: since when, how many messages wait, and when its SIS was here last."""
        with said(), db.reading() as connection:
            found = [k for k in koppelpunten.every(connection) if brin in (None, k.brin)]
            waiting = delivery.counts(connection, [k.id for k in found])
        for k in found:
            seen = f"{k.seen_at:%Y-%m-%d %H:%M} UTC" if k.seen_at else NEVER
            of = f"  only {', '.join(k.providers)}" if k.providers else ""
            click.echo(
                f"{k.brin}  {k.code}  {'off' if k.off else f'from {k.active_from:%Y-%m-%d %H:%M}'}"
                f"  {k.sis or 'no SIS named'}  {waiting.get(k.id, 0)} waiting  seen {seen}{of}"
            )


def of_clients(app: Flask, production: bool) -> None:
    group = AppGroup("sis", help="The SISs that may log in.")
    app.cli.add_command(group)

    @group.command("set")
    @click.argument("oin")
    @click.option("--name", required=True, help="Of the supplier, or of the SIS.")
    @click.option("--school", "brins", multiple=True, help="A BRIN that it acts for; repeatable.")
    def set_client(oin: str, name: str, brins: tuple[str, ...]) -> None:
        """Add a SIS, or change its name and schools: those given take the place of the others."""
        with said(), noted(*brins):
            sis_clients.set_up(oin, name, brins, clock.real_now())

    @group.command("key")
    @click.argument("oin")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def add_key(oin: str, file: Path) -> None:
        """Add a public key (a JWK in JSON), beside those it has. Says what it is called."""
        with said(), noted() as made:
            made.append(sis_clients.add_jwk(oin, file.read_text(), clock.real_now()))
            click.echo(made[0])

    @group.command("secret")
    @click.argument("oin")
    def add_secret(oin: str) -> None:
        """Make a secret, which is shown once. Not in production: there a SIS has a key."""
        if production:
            raise click.ClickException("in production a SIS has a key or a certificate")
        with said(), noted():
            click.echo(sis_clients.add_secret(oin, clock.real_now()))

    @group.command("certificate")
    @click.argument("oin")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def add_certificate(oin: str, file: Path) -> None:
        """Add a certificate (PEM): from then on only registered ones let this SIS in."""
        with said(), noted() as made:
            fingerprint = x509.load_pem_x509_certificate(file.read_bytes()).fingerprint(SHA256())
            made.append(sis_clients.add_certificate(oin, fingerprint.hex(), clock.real_now()))
            click.echo(made[0])

    @group.command("end-key")
    @click.argument("oin")
    @click.argument("kid")
    @click.option("--after", type=click.IntRange(0, 8760), default=0, help="Hours that it counts.")
    def end_key(oin: str, kid: str, after: int) -> None:
        """A key no longer counts; tokens that it gave live ten minutes at most."""
        with said(), noted():
            sis_clients.end_key(oin, kid, timedelta(hours=after), clock.real_now())

    @group.command("list")
    def list_clients() -> None:
        """Each SIS with its schools and keys."""
        with said(), db.reading() as connection:
            found = sis_clients.every(connection)
        for client in found:
            click.echo(f"{client.client_id}  {client.name}  {', '.join(client.brins) or '-'}")
            for key in client.keys:
                until = f" until {key.until:%Y-%m-%d %H:%M}" if key.until else ""
                click.echo(f"    {key.kind}  {key.kid}  from {key.active_from:%Y-%m-%d}{until}")


def of_messages(app: Flask) -> None:
    group = AppGroup("messages", help="What SISs are given.")
    app.cli.add_command(group)

    @group.command("again")
    @click.argument("brin")
    @click.option("--id", "ids", multiple=True, help="A ketenId or caKetenId; repeatable.")
    @click.option("--from", "first", help="Sent from this day on: 2027-03-01.")
    @click.option("--until", "last", help="And until this day, itself too; today when left out.")
    def again(brin: str, ids: tuple[str, ...], first: str | None, last: str | None) -> None:
        """Set applications of a school ready again, at most a year back."""
        if bool(ids) == bool(first):
            raise click.ClickException("give --id, or --from with or without --until")
        with said("some may be ready, do it once more"), noted(brin):
            period = None
            if first:
                end = moment(last) if last else clock.now()
                period = (moment(first), end + timedelta(days=1))
            number = receipts.again(brin, ids, period, clock.now())
        click.echo(f"{number} set ready again.")

    @group.command("errors")
    @click.argument("brin")
    def errors(brin: str) -> None:
        """What SISs reported of a school's messages and have not confirmed since, newest first."""
        with said(), noted(brin), db.reading() as connection:
            for one in receipts.reports(connection, brin):
                at = f"{one.at:%Y-%m-%d %H:%M} UTC"
                click.echo(f"{one.keten_id}  {one.change_number}  {at}  {shown(one.text)}")


def shown(text: str) -> str:
    """Somebody else's words, fit for a terminal: one line that steers nothing, and no BSN."""
    return masked("".join(c if c.isprintable() else " " for c in text))


def moment(text: str) -> datetime:
    """A day in the Netherlands, or a moment with its zone. Raises ValueError."""
    try:
        midnight = len(text) == 10 and datetime.combine(date.fromisoformat(text), time(), AMSTERDAM)
        at = midnight or datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.year not in YEARS:
        raise ValueError(f"{text} is no day such as 2027-08-01")
    return at if at.tzinfo else at.replace(tzinfo=AMSTERDAM)
