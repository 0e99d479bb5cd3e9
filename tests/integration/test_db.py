"""The database's side of a page: what it leaves open, and what it does when a line breaks."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, ProgrammingError

from app import db
from app.models import store
from app.prepared import Prepared
from tests import watch
from tests.portal import ADULT, Portal, open_portal

ONE = Prepared(sa.select(sa.literal_column("1")))
INSERT = "INSERT INTO store (key, value, expires_at) VALUES (:key, :value, :expires_at)"
ROW = {"key": "a", "value": b"1", "expires_at": 9e9}
OURS = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'portal'"


def end_connections(url: str) -> None:
    """PostgreSQL ends the portal's, as when it restarts."""
    server = sa.create_engine(url)
    with server.begin() as connection:
        connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) {OURS}"))
    server.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("address", ["a step", "/mijn", "/readyz"])
def test_connections_that_the_server_ended_cost_one_page(postgresql_url: str, address: str) -> None:
    portal = open_portal(postgresql_url)
    student = portal.student(ADULT).walk_to("contact")
    address = student.page.url.path if address == "a step" else address
    threads, meet = 3, threading.Barrier(3)

    def visit() -> int:
        meet.wait(10)  # so that each is in a thread of its own, with its own connection
        return student.browser.get(address).status_code

    with ThreadPoolExecutor(threads) as pool:
        assert [done.result() for done in [pool.submit(visit) for _ in range(3)]] == [200] * 3
        end_connections(postgresql_url)
        first = pool.submit(lambda: student.browser.get(address).status_code).result()
        assert first == (200 if address == "/readyz" else 503)  # that asks twice
        assert [done.result() for done in [pool.submit(visit) for _ in range(3)]] == [200] * 3


@pytest.mark.postgresql
def test_a_page_that_is_made_is_sent_though_its_connection_ends(postgresql_url: str) -> None:
    db.connect(postgresql_url)
    with db.scope():
        with db.reading() as connection:
            connection.execute(sa.text("SELECT 1"))
        end_connections(postgresql_url)
    with db.scope(), db.reading() as connection:
        assert ONE.first(connection) == (1,)


@pytest.mark.postgresql
def test_a_stand_by_that_only_reads_is_too_busy_to_write(postgresql_url: str) -> None:
    portal = open_portal(postgresql_url)
    student = portal.student(ADULT)
    form = {"csrf_token": watch.token(student.page.text)}
    with db.reading() as connection:
        connection.execute(sa.text("SELECT 1"))
    only_read = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
    sa.event.listen(db.engine(), "begin", lambda line: line.connection.cursor().execute(only_read))
    answer = student.browser.post("/mijn/nieuw", data=form)
    assert answer.status_code == 503
    assert "Content-Security-Policy" in answer.headers


def test_a_store_that_is_not_there_is_a_page_of_ours(database_url: str) -> None:
    portal = open_portal(database_url)
    student = portal.student(ADULT)
    with db.transaction() as connection:
        connection.execute(sa.text("ALTER TABLE store RENAME TO elsewhere"))
    try:
        answer = student.get("/mijn")
    finally:
        with db.transaction() as connection:
            connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO store"))
    assert answer.status_code == 503
    assert "Het is nu te druk" in answer.text


def test_after_a_writer_that_had_to_wait_too_long_reading_is_reading(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "WAIT", 0.05)
    db.connect(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    with db.scope():
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(db.Busy), db.transaction():
            pass
        other.execute("ROLLBACK")
        with db.reading() as connection:
            connection.execute(sa.text(INSERT), ROW)
        db.let_go()
    assert other.execute("SELECT count(*) FROM store").fetchone() == (0,)
    with db.scope(), db.transaction() as connection:
        connection.execute(sa.text(INSERT), ROW)
    assert other.execute("SELECT count(*) FROM store").fetchone() == (1,)
    other.close()


@pytest.mark.postgresql
def test_a_page_leaves_no_transaction_open(postgresql_url: str) -> None:
    portal = open_portal(postgresql_url)
    portal.student(ADULT).walk_to("controleren")
    server = sa.create_engine(postgresql_url)
    with server.begin() as connection:
        states = connection.execute(sa.text(f"SELECT state {OURS}")).scalars().all()
    server.dispose()
    assert states
    assert set(states) == {"idle"}


def test_what_is_written_while_reading_is_lost(database_url: str) -> None:
    db.connect(database_url)
    with db.scope():
        with db.reading() as connection:
            connection.execute(sa.text(INSERT), ROW)
        db.let_go()
        with db.reading() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM store")).scalar_one() == 0


def test_an_error_of_the_driver_has_the_name_that_pages_know(database_url: str) -> None:
    db.connect(database_url)
    wrong = Prepared(sa.select(sa.literal_column("1")).select_from(sa.table("no_such_table")))
    named = OperationalError if database_url.startswith("sqlite") else ProgrammingError
    with db.reading() as connection:
        with pytest.raises(named):
            wrong.first(connection)
        assert ONE.first(connection) == (1,)


def test_a_prepared_change_is_part_of_a_transaction(database_url: str) -> None:
    db.connect(database_url)
    nothing = Prepared(sa.delete(store).where(store.c.key == "nobody"))
    with db.scope(), db.reading() as connection, pytest.raises(AssertionError):
        nothing.change(connection)
    with db.transaction() as connection:
        assert nothing.change(connection) == 0


def test_a_transaction_within_a_transaction_is_a_mistake(sqlite_url: str) -> None:
    db.connect(sqlite_url)
    with db.transaction(), pytest.raises(AssertionError), db.transaction():
        pass
    with db.transaction():
        pass


def test_nobody_is_asked_anything_inside_a_transaction(portal: Portal) -> None:
    companies = portal.app.extensions["registers"].companies
    assert companies.search("25180", "", date(2026, 9, 1)) is not None
    with db.transaction(), pytest.raises(AssertionError, match="inside a transaction"):
        companies.search("25180", "", date(2026, 9, 1))
