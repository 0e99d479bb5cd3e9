"""The database's side of a page: what it leaves open, and what it does when a line breaks."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from app import db, turn
from app.prepared import Prepared
from tests.portal import ADULT, open_portal

ONE = Prepared(sa.select(sa.literal_column("1")))
OURS = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'portal'"


@pytest.mark.postgresql
def test_a_connection_that_the_server_ended_costs_one_page(postgresql_url: str) -> None:
    portal = open_portal(postgresql_url)
    student = portal.student(ADULT).walk_to("contact")
    step = student.page.url.path
    server = sa.create_engine(postgresql_url)
    with server.begin() as connection:
        connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) {OURS}"))
    server.dispose()
    assert student.get(step).status_code == 503
    assert student.get(step).status_code == 200


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
            row = {"key": "a", "value": b"1", "expires_at": 9e9}
            connection.execute(sa.text("INSERT INTO store VALUES (:key, :value, :expires_at)"), row)
        db.let_go()
        with db.reading() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM store")).scalar_one() == 0


def test_an_error_of_the_driver_has_the_name_that_pages_know(database_url: str) -> None:
    db.connect(database_url)
    wrong = Prepared(sa.select(sa.literal_column("1")).select_from(sa.table("no_such_table")))
    with db.reading() as connection:
        with pytest.raises(sa.exc.DBAPIError):
            wrong.first(connection)
        connection.rollback()
        assert ONE.first(connection) == (1,)
    assert issubclass(OperationalError, sa.exc.DBAPIError)


def test_a_transaction_within_a_transaction_is_a_mistake(sqlite_url: str) -> None:
    db.connect(sqlite_url)
    with db.transaction(), pytest.raises(AssertionError), db.transaction():
        pass
    with db.transaction():
        pass


def test_one_calculates_and_who_waits_lets_another_in() -> None:
    order: list[str] = []
    waiting, done = threading.Event(), threading.Event()

    def other() -> None:
        waiting.wait()
        with turn.taken():
            order.append("other")
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with turn.taken():
        waiting.set()
        assert not done.wait(0.05), "two at once"
        order.append("first")
        with turn.given_up():
            assert done.wait(5)
        order.append("first again")
    thread.join()
    assert order == ["first", "other", "first again"]


def test_who_has_no_turn_gives_none_up() -> None:
    with turn.given_up(), turn.taken():
        pass
    with turn.taken():
        with turn.given_up(), turn.given_up():
            pass
        with turn.given_up():
            pass
