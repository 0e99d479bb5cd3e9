"""Backup and restore."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from flask import Flask

from app import clock
from app.commands.said import noted, said
from app.config import Settings
from app.services import archive, backup, postgresql, removal
from app.services.archive import Manifest
from app.services.ledger import Entry
from app.store import Store

NOT_READY = "the database is NOT ready, let nobody in and restore once more with --replace"
FILE = click.Path(dir_okay=False, path_type=Path)


def of_safekeeping(app: Flask, settings: Settings) -> None:
    store: Store = app.extensions["store"]

    @app.cli.command("backup")
    @click.argument("file", type=FILE)
    @click.option("--overwrite", is_flag=True, help="Also when FILE is there already.")
    def backup_(file: Path, overwrite: bool) -> None:
        """Copy the database as it is at this moment to FILE, while everybody goes on working.

        FILE holds what the database holds: personal data is sealed in it, and the keys (DATA_KEYS)
        are not in it. Keep those elsewhere, as long as the backup: without them it opens for
        nobody. The deletion ledger (DELETION_LEDGER) isn't in it either, and needs a copy of its
        own. Sessions don't come along. On PostgreSQL this needs pg_dump.
        """
        began = clock.ticks()
        with said("there is no backup"), refused("there is no backup"), bar() as progress:
            with noted():
                made = backup.back_up(
                    file, overwrite, settings.deletion_ledger, clock.real_now(), progress
                )
        click.echo(told(f"{file} has", made, file.stat().st_size, began))

    @app.cli.command("restore")
    @click.argument("file", type=FILE)
    @click.option("--replace", is_flag=True, help="Also when the database isn't empty: that goes.")
    def restore_(file: Path, replace: bool) -> None:
        """Put the backup FILE in place of the database, and remove again what was removed since.

        Stop every portal and worker first, and start them when this says «ready»: a database that
        others have open is refused. FILE is looked at first; one that is damaged, of a newer
        release, or sealed with a key that DATA_KEYS lacks, changes nothing. An older one is
        migrated. Everybody is logged out.
        """
        from app.services import restore  # here: Alembic takes 6 MB, and no worker needs it

        began = clock.ticks()
        with said(NOT_READY), refused("nothing changed"), bar() as progress:
            ledger, url = settings.deletion_ledger, settings.database_url
            made = restore.restore(file, url, replace, ledger, replayed, progress)
            store.clear()
            with noted():
                pass  # in what is there from now on
        click.echo(told("The database is ready:", made, file.stat().st_size, began))


def replayed(entries: Sequence[Entry]) -> None:
    """What was removed since is removed once more."""
    done = removal.replay(entries, lambda _number: None)
    if entries:
        click.echo(f"{len(entries)} removals in the ledger, {sum(done.values())} done once more.")


def told(what: str, made: Manifest, size: int, began: float) -> str:
    at = datetime.fromisoformat(made.made_at)
    return (
        f"{what} {made.number} rows in {len(made.rows)} tables of {at:%Y-%m-%d %H:%M} UTC, "
        f"{size / 1e6:.1f} MB, in {clock.ticks() - began:.1f} s; schema {made.schema}, "
        f"keys {', '.join(made.keys) or 'none'}."
    )


@contextmanager
def refused(stopped: str) -> Iterator[None]:
    try:
        yield
    except archive.Refused as error:
        raise click.ClickException(f"{stopped}: {error}") from None
    except archive.NotReady as error:
        raise click.ClickException(f"{NOT_READY}: {error}") from None
    except postgresql.Failed as error:
        raise click.ClickException(f"{stopped}: PostgreSQL says: {error}") from None
    except OSError as error:
        raise click.ClickException(f"{stopped}: {error.strerror or error}") from None


@contextmanager
def bar() -> Iterator[Callable[[str, float], None]]:
    """How far it is, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _what, _part: None
        return
    with click.progressbar(length=100, file=sys.stderr, label="Looking") as shown:

        def move(what: str, part: float) -> None:
            shown.label = what
            if (steps := int(100 * part) - shown.pos) > 0:  # it takes no step back
                shown.update(steps)

        yield move
