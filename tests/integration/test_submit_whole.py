"""All of an application or nothing: the database refuses each step of sending in turn."""

from __future__ import annotations

import pytest
from sqlalchemy import Table, delete, insert, select
from sqlalchemy.exc import IntegrityError

from app import db
from app.models import application, draft, message, place
from app.services import applications
from tests.applicants import a_cohort, adult, every_row, out_of_balance, ready
from tests.portal import ADULT, Portal

pytestmark = pytest.mark.each_run_on("sqlite")

STEPS = {
    "draft": "DELETE",
    "place": "UPDATE",
    "application": "INSERT",
    "running": "INSERT",
    "application_status": "INSERT",
    "job": "INSERT",
    "koppelpunt": "UPDATE",
    "message": "INSERT",
}


def stop_at(table: str) -> None:
    """From now on the database refuses this step of sending."""
    with db.transaction() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                f"CREATE TRIGGER stop BEFORE {STEPS[table]} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'stop'); END"
            )
            return
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RAISE EXCEPTION USING MESSAGE = ''stop''; END'"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER stop BEFORE {STEPS[table]} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION stop()"
        )


def go_on(table: str) -> None:
    with db.transaction() as connection:
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP TRIGGER stop{on}")


@pytest.mark.each_run(4)
@pytest.mark.rule("WIZ-13")
@pytest.mark.parametrize("table", STEPS)
def test_whichever_step_fails_nothing_has_changed(any_portal: Portal, table: str) -> None:
    cohort_id = a_cohort()
    with db.transaction() as connection:
        connection.execute(insert(place), {"cohort_id": cohort_id, "maximum": 5})
    applicant = ready(any_portal, adult(1), cohort_id)
    before = every_row()
    stop_at(table)
    try:
        with pytest.raises(Exception, match=r"stop|no free ketenId|No row was found"):
            applications.submit(*applicant.sends())
        assert every_row() == before
    finally:
        go_on(table)
    assert not applications.submit(*applicant.sends()).again
    with db.reading() as connection:
        assert out_of_balance(connection) == []


def count(table: Table) -> int:
    with db.reading() as connection:
        return len(connection.execute(select(table)).all())


@pytest.mark.rule("WIZ-13")
def test_who_met_an_error_can_send_after_all(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("controleren")
    form, address = {**student.fields(), **student.usual()}, student.page.url
    stop_at("message")
    try:
        failed = student.browser.post(address, data=form)
        assert failed.status_code == 500
        assert "Er ging bij ons iets mis" in failed.text
        assert [count(table) for table in (application, message, draft)] == [0, 0, 1]
    finally:
        go_on("message")
    assert student.browser.post(address, data=form).status_code == 303
    with db.reading() as connection:
        assert out_of_balance(connection) == []


@pytest.mark.rule("CAT-5")
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_the_database_itself_refuses_a_place_too_many(any_portal: Portal) -> None:
    """Whoever forgets to ask first still can't go over."""

    def act(taken: int) -> None:
        row = {"cohort_id": a_cohort(), "maximum": 1, "taken": taken}
        with db.transaction() as connection:
            connection.execute(delete(place))
            connection.execute(insert(place), row)

    act(1)
    for taken in (2, -1):
        with pytest.raises(IntegrityError):
            act(taken)
