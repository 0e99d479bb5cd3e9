"""An interessemelding is no application yet: it has no statuses, and nothing ends it (INT-4)."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from app import clock, db, sandbox_rows, standing
from app.domain.status import INTEREST
from app.models import application
from app.sandbox_people import INTERESTS, Kind
from app.services import applied
from tests import watch
from tests.applicants import adult, cohorts_open
from tests.portal import Portal, Student
from tests.sent import applies, says
from tests.sis import SCHOOL

pytestmark = pytest.mark.each_run_on("sqlite")


@pytest.mark.rule("SIS-8", "INT-4")
def test_a_generated_one_has_no_statuses(any_portal: Portal) -> None:
    some = [Kind.ADULT, *INTERESTS, Kind.WITHDRAWN]
    assert sandbox_rows.generate(SCHOOL, len(some), clock.now(), some) == len(some)
    assert sandbox_rows.generate(SCHOOL, 1, clock.now(), [Kind.INTEREST]) == 1
    with_one = {row.application_id for row in watch.all_of("application_status")}
    assert with_one == {row.id for row in watch.all_of("application") if row.kind != INTEREST}
    assert len(with_one) == 2


@pytest.mark.rule("INT-4", "MIJ-2")
def test_its_page_tells_no_statuses_and_nothing_ends_it(any_portal: Portal) -> None:
    """Whatever was said of it."""
    drafts = [applies(any_portal, adult(1), cohort) for cohort in cohorts_open()[:2]]
    of_interest, other = drafts
    for draft in drafts:
        says(draft, "OA")
    with db.transaction() as connection:
        connection.execute(sa.update(application).filter_by(draft_id=of_interest).values(kind="I"))
    student = Student(any_portal.browser(), adult(1))
    student.log_in()
    page = student.get(f"/mijn/{of_interest}")
    assert page.status_code == 200
    named = watch.title(page.text)
    assert "Interessemelding" in named
    assert "<" not in named, "a title holds no markup"
    assert 'class="timeline"' not in page.text
    for text in standing.STATUS.values():
        assert text not in page.text
    form = student.get(f"/mijn/{other}/intrekken")
    before = watch.rows()
    for act in ("intrekken", "kiezen"):
        assert student.browser.get(f"/mijn/{of_interest}/{act}").status_code == 404, act
        answer = student.browser.post(
            f"/mijn/{of_interest}/{act}",
            data={"csrf_token": watch.token(form.text), "andere": [other]},
        )
        assert answer.status_code == 404, act
    assert watch.rows() == before


def test_the_ways_of_all_are_asked_at_once(any_portal: Portal) -> None:
    for cohort in cohorts_open()[:4]:
        says(applies(any_portal, adult(1), cohort), "AO")
    student_id = watch.row_of("student").id
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        with db.reading() as connection:
            every = applied.of_student(connection, student_id)
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)
    assert [[step.status for step in one.steps] for one in every] == [["SUBMITTED", "RECEIVED"]] * 4
    assert len(asked) == 2, asked
