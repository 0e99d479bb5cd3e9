"""What every test can ask for: a migrated, empty database of each kind, and Redis.

`sqlite_url`, `postgresql_url`, `database_url` (both, one after the other), `redis_url`.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa

from app import clock, db, keys, migrate
from tests import copies, length, services
from tests.portal import Portal, open_portal

BOTH = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
]
NEEDS = {"postgresql_url": "postgresql", "redis_url": "redis"}


def pytest_configure(config: pytest.Config) -> None:
    length.whole = "not long" not in config.option.markexpr
    if hasattr(config, "workerinput"):
        return
    folder = services.make_folder(services.memory())
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder)  # of `tmp_path`
    # kill ends the services too, as Ctrl-C does
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and services.FOLDER in os.environ:
        services.end()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a service carries its mark, so that `-m` can leave it out; and on a
    database that isn't for each run it is long."""
    for item in items:
        each_run_on = item.get_closest_marker("each_run_on")
        if each_run_on and not on_one_of(item, each_run_on.args):
            item.add_marker("long")
        for fixture, mark in NEEDS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)
    length.thin(items)


def on_one_of(item: pytest.Item, kinds: tuple[str, ...]) -> bool:
    """Or on no database in particular."""
    others = {"sqlite", "postgresql"} - set(kinds)
    values = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return not others.intersection(value for value in values if isinstance(value, str))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector needn't look at it again after every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """A migrated SQLite file, made once a run. Copy it."""
    path = services.folder() / "template.db"
    with services.once("template") as fresh:
        if fresh:
            migrate.upgrade(f"sqlite:///{path}")
            db.engine().dispose()
            with sqlite3.connect(path) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
    return path


@pytest.fixture(scope="module")
def one_portal(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """For all tests of a file, in which nobody meets another."""
    path = tmp_path_factory.mktemp("one") / "portal.db"
    shutil.copyfile(sqlite_template, path)
    return open_portal(f"sqlite:///{path}")


@pytest.fixture(autouse=True)
def back_at_the_one(request: pytest.FixtureRequest) -> None:
    """Who opened another portal meanwhile, left this process with the keys, the database and
    the clock of that one."""
    if "one_portal" in request.fixturenames:
        settings = request.getfixturevalue("one_portal").settings
        if str(db.engine().url) != settings.database_url:
            keys.use(settings.data_keys, settings.secret_key)
            copies.hurry(db.connect(settings.database_url))
            clock.forget_offset()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "portal.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgresql_database(worker_id: str) -> Iterator[str]:
    """The URL of this worker's own database, migrated."""
    socket = services.postgresql()
    server = sa.create_engine(f"postgresql+psycopg://portal@/postgres?host={socket}")
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{worker_id}"')
    server.dispose()
    url = f"postgresql+psycopg://portal@/{worker_id}?host={socket}"
    migrate.upgrade(url)
    yield url
    db.engine().dispose()


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_database: str) -> Iterator[tuple[sa.Engine, sa.MetaData]]:
    engine = sa.create_engine(postgresql_database)
    tables = sa.MetaData()
    tables.reflect(engine)
    tables.remove(tables.tables["alembic_version"])
    yield engine, tables
    engine.dispose()


@pytest.fixture
def postgresql_url(
    postgresql_database: str, postgresql_tables: tuple[sa.Engine, sa.MetaData]
) -> str:
    """Emptied before each test, so that what a failed one left can be looked at. Where there are
    many rows, deleted ones would lie in the way of every search."""
    engine, tables = postgresql_tables
    names = [table.name for table in reversed(tables.sorted_tables)]
    many = [name for name in names if name.startswith("search_")]
    emptied = [f"TRUNCATE {','.join(many)}", *(f"DELETE FROM {n}" for n in names if n not in many)]
    with engine.begin() as connection:
        connection.exec_driver_sql(";".join((copies.UNCHECKED, *emptied, copies.CHECKED)))
    return postgresql_database


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database: the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def redis_url(worker_id: str) -> str:
    """This worker's own numbered database of the run's Redis, emptied."""
    number = int(worker_id.removeprefix("gw")) if worker_id != "master" else 0
    url = f"unix://{services.redis()}?db={number}"
    client = redis.Redis.from_url(url)
    client.flushdb()
    client.close()
    return url


@pytest.fixture
def portal(sqlite_url: str) -> Portal:
    """The portal on SQLite, with the outside world and the catalogue."""
    return open_portal(sqlite_url)


@pytest.fixture
def any_portal(database_url: str) -> Portal:
    """The portal on either database."""
    return open_portal(database_url)
