"""Bring a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from app import db

MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = db.connect(url)
    return config


def upgrade(url: str) -> None:
    """Create or migrate the database at `url`; leaves this process connected to it."""
    command.upgrade(configuration(url), "head")


def check(url: str) -> None:
    """Raises alembic's CommandError when the tables and the migrations differ."""
    command.check(configuration(url))
