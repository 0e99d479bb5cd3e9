"""Ten thousand programmes to search in, made once a run and database, which tests only read; DUO
that answers otherwise; and a machine whose time stands still.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app import db, migrate
from digistub import duo, duo_education
from digistub.people import educations_for, person_for
from tests import services
from tests.conftest import BOTH
from tests.portal import Portal
from tests.programmes import fill
from tests.sis import Sis, sis
from tests.status_items import sent


@pytest.fixture(scope="session")
def sqlite_catalogue(sqlite_template: Path) -> str:
    path = services.folder() / "catalogue.db"
    url = f"sqlite:///{path}"
    with services.once("catalogue.sqlite") as fresh:
        if fresh:
            shutil.copyfile(sqlite_template, path)
            filled(url)
    return url


@pytest.fixture(scope="session")
def postgresql_catalogue() -> str:
    socket = services.postgresql()
    url = f"postgresql+psycopg://portal@/catalogue?host={socket}"
    with services.once("catalogue.postgresql") as fresh:
        if fresh:
            server = sa.create_engine(f"postgresql+psycopg://portal@/postgres?host={socket}")
            with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("CREATE DATABASE catalogue")
            server.dispose()
            migrate.upgrade(url)
            filled(url)
    return url


def filled(url: str) -> None:
    db.connect(url)
    with db.transaction() as connection:
        fill(connection)
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    db.engine().dispose()


@pytest.fixture(params=BOTH)
def catalogued(request: pytest.FixtureRequest) -> Iterator[sa.Connection]:
    """A connection to read with, on each kind of database."""
    yield from reading(request.getfixturevalue(f"{request.param}_catalogue"))


def reading(url: str) -> Iterator[sa.Connection]:
    db.connect(url)
    with db.reading() as connection:
        yield connection
    db.engine().dispose()


Change = Callable[[dict[str, Any]], None]  # of a person, as DUO gives one


@pytest.fixture
def duo_says(monkeypatch: pytest.MonkeyPatch) -> Callable[[Change], None]:
    """From now on DUO's persons answer otherwise."""

    def says(change: Change) -> None:
        def changed(bsn: str, today: date) -> dict[str, Any] | None:
            person = person_for(bsn, today)
            if person is not None:
                change(person)
            return person

        monkeypatch.setattr(duo, "person_for", changed)

    return says


Schooling = Callable[[list[dict[str, Any]]], None]  # the same of somebody's schools


@pytest.fixture
def duo_taught(monkeypatch: pytest.MonkeyPatch) -> Callable[[Schooling], None]:
    """From now on DUO's prior education answers otherwise."""

    def says(change: Schooling) -> None:
        def changed(bsn: str, today: date) -> list[dict[str, Any]]:
            schools = educations_for(bsn, today)
            change(schools)
            return schools

        monkeypatch.setattr(duo_education, "educations_for", changed)

    return says


@pytest.fixture
def machine() -> Iterator[time_machine.Traveller]:
    """The machine's time stands still, until a test shifts it."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


# --- statuses: a school's SIS, and an application that it may speak of ---------------------------


@pytest.fixture
def school(any_portal: Portal) -> Sis:
    return sis(any_portal)


@pytest.fixture
def mine(any_portal: Portal) -> Any:
    return sent(any_portal)
