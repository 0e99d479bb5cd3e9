"""Commands for the operator: thin, over the services. `flask --app wsgi … --help`."""

from __future__ import annotations

import click
from flask import Flask

from app import db
from app.commands import catalogue, coupling, data_keys, safekeeping, schools, students
from app.config import Settings
from app.domain.ports import Registers
from app.services import search_index
from app.services.catalogue_run import alone


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

    catalogue.of_catalogue(app, registers)
    schools.of_schools(app, local=not settings.production)
    coupling.of_coupling(app, production=settings.production)
    students.of_students(app)
    data_keys.of_keys(app)
    safekeeping.of_safekeeping(app, settings)
