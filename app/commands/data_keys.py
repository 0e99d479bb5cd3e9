"""Commands about the data keys (DATA_KEYS)."""

from __future__ import annotations

import base64
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import Flask
from flask.cli import AppGroup

from app import clock, db, keys
from app.commands.said import noted, said
from app.services import key_use, rotation
from app.services.key_use import Use

PAUSE = 0.02  # seconds after each batch: on SQLite the portals write in turn with it
SHOWN = 5  # rows that are named


def of_keys(app: Flask) -> None:
    group = AppGroup("keys", help="The keys that personal data is sealed with (DATA_KEYS).")
    app.cli.add_command(group)

    @group.command("new")
    def new() -> None:
        """Print a fresh key, as DATA_KEYS takes it.

        How keys are changed while everybody goes on working: add it as the LAST of DATA_KEYS and
        restart every portal and worker; put it FIRST and restart them again; then `keys rotate`,
        and `keys status`, which says when the old one may go.
        """
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        click.echo(f"{fresh_id()}:{key}")

    @group.command("rotate")
    def rotate() -> None:
        """Seal and hash everything anew with the first of DATA_KEYS.

        While portals and workers go on: all of them must have that key first by now. Stopped
        half-way, do it once more. What can't be done is said.
        """
        with said("what was done stays done"), noted(), bar("Sealing anew") as progress:

            def slowly(table: str, rows: int) -> None:
                progress(table, rows)
                time.sleep(PAUSE)

            done = rotation.rotate(slowly)
        for what, ids in (("opens with none of DATA_KEYS", done.lost), ("double", done.double)):
            for one in sorted(ids)[:SHOWN]:
                click.echo(f"{what}: {one}", err=True)
        click.echo(
            f"{done.documents} documents and {done.hashes} hashes anew with {keys.ids()[0]}; "
            f"left: {done.busy} busy, {len(done.lost)} that nothing opens, {len(done.double)} "
            f"double. `keys status` says what still needs another key."
        )
        if done.busy or done.lost or done.double:
            sys.exit(1)

    @group.command("status")
    def status() -> None:
        """How many rows are under which key, and which keys may go from DATA_KEYS."""
        with said(), bar("Looking") as progress:
            found = key_use.use(lambda rows: progress("", rows))
            with db.reading() as connection:
                missing = key_use.foreign(connection)
        for one in found:
            click.echo(line(one))
        for key_id in keys.ids():
            click.echo(verdict(key_id, found))
        if left := [one for one in found if one.unknown and not one.needed]:
            click.echo(FOUND_BY[0] + ", ".join(one.name for one in left) + FOUND_BY[1])
        if missing:
            names = ", ".join(sorted(missing))
            raise click.ClickException(f"DATA_KEYS lacks what some documents need: {names}")


FOUND_BY = (
    "can't be told: ",
    ". They need no key to stay, but are only found by that which made them: without it somebody "
    "confirms an address once more, and a status message that is sent once more is refused. Keep "
    "an old key a month after `keys rotate`.",
)


def line(one: Use) -> str:
    under = [f"{key_id} {number}" for key_id, number in one.rows.items() if number]
    if one.unknown:
        under.append(f"{'none of these' if one.needed else 'unknown'} {one.unknown}")
    return f"{one.name:32}{'  '.join(under) or '-'}"


def verdict(key_id: str, found: list[Use]) -> str:
    if key_id == keys.ids()[0]:
        return f"{key_id}: current"
    if needs := [one.name for one in found if one.needed and one.rows.get(key_id)]:
        return f"{key_id}: still needed for {', '.join(needs)}"
    if finds := [one.name for one in found if one.rows.get(key_id)]:
        return f"{key_id}: may go after one more `keys rotate`: {', '.join(finds)}"
    return f"{key_id}: may go from DATA_KEYS (keep it with the backups that were made before)"


def fresh_id() -> str:
    """The day, and a letter where that is taken: 261130, 261130b."""
    day = f"{clock.real_now():%y%m%d}"
    names = [day, *(f"{day}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
    return next(name for name in names if name not in keys.ids())


@contextmanager
def bar(label: str) -> Iterator[Callable[[str, int], None]]:
    """How far it is, on a terminal: rows so far, for how many there are nobody knows."""
    if not sys.stderr.isatty():
        yield lambda _table, _rows: None
        return
    total = 0

    def move(table: str, rows: int) -> None:
        nonlocal total
        total += rows
        click.echo(f"\r{label}: {total} rows looked at  {table:20}", nl=False, err=True)

    yield move
    click.echo(err=True)
