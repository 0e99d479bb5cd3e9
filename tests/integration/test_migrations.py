"""The schema by migration: from nothing, back, and again, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

from app import config, db, migrate
from app.models import metadata
from tests import services

pytestmark = pytest.mark.each_run_on("postgresql")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        db.engine().dispose()
        return
    socket = services.postgresql()
    name = f"empty_{worker_id}"
    server = sa.create_engine(f"postgresql+psycopg://portal@/postgres?host={socket}")
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        yield f"postgresql://portal@/{name}?host={socket}"
        db.engine().dispose()
        connection.exec_driver_sql(f'DROP DATABASE "{name}"')
    server.dispose()


def tables() -> set[str]:
    return set(sa.inspect(db.engine()).get_table_names())


def columns() -> dict[str, list[str]]:
    inspector = sa.inspect(db.engine())
    return {
        name: sorted(
            f"{c['name']} {c['type']} {c['nullable']}" for c in inspector.get_columns(name)
        )
        for name in tables()
    }


def test_there_is_one_head() -> None:
    scripts = ScriptDirectory(str(migrate.MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


@pytest.mark.each_run_on("sqlite", "postgresql")
def test_up_from_nothing_is_what_the_tables_say(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    assert tables() == {"alembic_version", *metadata.tables}
    migrate.check(empty_url)
    before = columns()
    migrate.upgrade(empty_url)
    assert columns() == before


def test_down_to_nothing_and_up_again(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    before = columns()
    command.downgrade(migrate.configuration(empty_url), "base")
    assert tables() == {"alembic_version"}
    migrate.upgrade(empty_url)
    assert columns() == before
    migrate.check(empty_url)


ROWS_OF_0008 = (
    "INSERT INTO institution (brin, name, domains) VALUES ('99XX', 'x', '[]')",
    "INSERT INTO provider (code, brin, name, email, phone, website, contact_context, active,"
    " digest) VALUES ('100A001', '99XX', 'x', '', '', '', '', true, '')",
    "INSERT INTO programme (id, provider_code) VALUES ('p1', '100A001')",
    "INSERT INTO cohort (id, programme_id, code) VALUES ('c1', 'p1', 'C')",
    "INSERT INTO place (cohort_id, maximum, taken) VALUES ('c1', 3, 1)",
    "INSERT INTO koppelpunt (id, code, uuid, brin, active_from, last_change)"
    " VALUES (1, '99XX', 'u1', '99XX', '2020-01-01 00:00:00', 2)",
    "INSERT INTO student (id, bsn_hash, document, known_version, language, created_at, seen_at)"
    " VALUES ('s1', 'h', '', 1, 'nl', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
    "INSERT INTO application (id, student_id, draft_id, ca_keten_id, keten_id, koppelpunt_id,"
    " cohort_id, brin, status, document, requested_at, submitted_at) VALUES (1, 's1', 'd1', 'k1',"
    " '99XX:90000001', 1, 'c1', '99XX', 'SUBMITTED', '', '2026-01-01 00:00:00',"
    " '2026-01-01 00:00:00')",
    "INSERT INTO running (student_id, cohort_id, application_id) VALUES ('s1', 'c1', 1)",
    "INSERT INTO message (id, koppelpunt_id, change_number, application_id, kind, created_at)"
    " VALUES (1, 1, 1, 1, 'new', '2026-01-01 00:00:00'),"
    " (2, 1, 2, 1, 'new', '2026-01-01 00:00:00')",
)


def test_what_was_there_stays_and_can_be_read(empty_url: str) -> None:
    """Applications from before there was a coupling, up and down and up."""
    command.upgrade(migrate.configuration(empty_url), "0008")
    with db.transaction() as connection:
        for statement in ROWS_OF_0008:
            connection.exec_driver_sql(statement)
    for _ in range(2):
        migrate.upgrade(empty_url)
        with db.reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT m.change_number, m.latest, m.waiting, m.programme_id, k.code_key, a.kind"
                " FROM message m"
                " JOIN koppelpunt k ON k.id = m.koppelpunt_id"
                " JOIN application a ON a.id = m.application_id ORDER BY 1"
            ).all()
        assert [tuple(row) for row in rows] == [
            (1, 0, 0, "p1", "99xx", "A"),
            (2, 1, 1, "p1", "99xx", "A"),
        ]
        command.downgrade(migrate.configuration(empty_url), "0008")


def test_codes_that_differ_in_capitals_are_named(empty_url: str) -> None:
    command.upgrade(migrate.configuration(empty_url), "0008")
    with db.transaction() as connection:
        connection.exec_driver_sql(ROWS_OF_0008[0])
        connection.exec_driver_sql(ROWS_OF_0008[5])
        other = ROWS_OF_0008[5].replace("(1, '99XX', 'u1'", "(2, '99xx', 'u2'")
        connection.exec_driver_sql(other)
    with pytest.raises(SystemExit, match="differ in capitals only"):
        migrate.upgrade(empty_url)


def test_a_missing_column_is_noticed(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    with db.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE job DROP COLUMN last_error")
    with pytest.raises(Exception, match="New upgrade operations"):
        migrate.check(empty_url)


def test_a_row_that_points_at_nothing_is_refused(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    statement = sa.insert(metadata.tables["place"]).values(cohort_id="nobody", maximum=1)

    def act() -> None:
        with db.transaction() as connection:
            connection.execute(statement)

    with pytest.raises(IntegrityError):
        act()


def test_the_command_migrates_and_the_portal_never_does(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    environ = {**os.environ, "APP_ENV": "test", "INSTANCE": str(instance)}
    environ.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "migrate"],
        env=environ,
        cwd=config.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "The database is up to date.\n"
    migrate.check(f"sqlite:///{instance}/portal.db")
    assert (instance / "data_key").stat().st_mode & 0o777 == 0o600
    assert (instance / "secret_key").stat().st_mode & 0o777 == 0o600
