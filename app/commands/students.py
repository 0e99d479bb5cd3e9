"""Commands about what is kept of students."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import Flask
from flask.cli import AppGroup

from app import clock
from app.commands.said import noted, said
from app.config import Settings
from app.services import mailings, removal, retention
from app.services.retention import What

STEP = 100  # of what is looked at between two words on the terminal


def of_students(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    group = AppGroup("retention", help="How long we keep what.")
    mail = AppGroup("mail", help="What we mail by ourselves.")
    app.cli.add_command(group)
    app.cli.add_command(mail)

    @group.command("run")
    @click.option("--dry-run", is_flag=True, help="Only say what would be done.")
    @click.option("--everybody", is_flag=True, help="Also when more than half of all would go.")
    def run(dry_run: bool, everybody: bool) -> None:
        """Remove what was kept long enough, and warn who is next; the worker does so each night.

        A dossier goes a year after it was sent, and never before the start applied for. An
        account goes with the last of them, 30 days after a mail that says so; a profile without
        any after three months, and after the last day of its drafts; logs after two years.
        """
        if dry_run:
            with said(), counting() as progress:
                found = retention.plan(clock.now(), progress)
            click.echo(f"Would go or be done: {told(found)}.")
            return
        with said("some may be gone, do it once more"), noted(), counting() as progress:
            done = retention.run(clock.now(), progress, everybody)
        click.echo(f"Done: {told(done)}.")

    @group.command("remove")
    @click.argument("reference")
    def remove(reference: str) -> None:
        """Remove all of the student who has this aanmeldnummer (99XX:91234567), at their request:
        who came without DigiD and left no e-mail address can't do so themselves.

        What still runs is withdrawn, and its school's system told.
        """
        with said(), noted():
            if not removal.by_reference(reference, clock.now()):
                raise ValueError(f"nobody has {reference}")
        click.echo("All of it is gone.")

    @mail.command("remind")
    def remind() -> None:
        """Mail who has a draft whose last day is near; the worker does so each afternoon."""
        with said("some may be mailed, do it once more"), noted():
            number = mailings.remind(settings.deadlines, clock.now())
        click.echo(f"{number} reminded.")


def told(numbers: dict[What, int]) -> str:
    return ", ".join(f"{numbers[what]} {what}" for what in What)


@contextmanager
def counting() -> Iterator[Callable[[], None]]:
    """How far it is, on a terminal."""
    seen = 0

    def progress() -> None:
        nonlocal seen
        seen += 1
        if seen % STEP == 0 and sys.stderr.isatty():
            click.echo(f"\r{seen} …", err=True, nl=False)

    yield progress
    if seen >= STEP and sys.stderr.isatty():
        click.echo("\r", err=True, nl=False)
