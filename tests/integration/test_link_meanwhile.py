"""What a school's link named is another by the time that the student chooses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import clock, db
from app.services import catalogue, catalogue_renew
from digistub.people import fresh_bsn
from tests.portal import ADULT, Portal, Student, cohorts
from tests.source import as_it_is

pytestmark = pytest.mark.each_run_on("sqlite")


@pytest.mark.rule("DEE-5", "WIZ-8")
def test_a_cohort_that_closes_on_the_way_leaves_the_others(any_portal: Portal) -> None:
    def open_ones(programme_id: str) -> dict[str, str]:
        with db.reading() as connection:
            each = catalogue.of_programme(connection, programme_id, clock.now())
        return {o.choice.cohort_code: o.choice.cohort_id for o in each if o.visibility.open}

    record = next(p for p in as_it_is(any_portal).every_programme if len(open_ones(p.id)) > 1)
    named, *others = open_ones(record.id)
    student = Student(any_portal.browser(), fresh_bsn("9997", 3))
    student.get(f"/aanmelden?opleiding={record.id}&cohort={named}")
    student.log_in()
    student.walk_to("opleiding")
    assert cohorts(student.page.text) == [open_ones(record.id)[named]]
    closed = [replace(c, open=False) if c.code == named else c for c in record.cohorts]
    catalogue_renew.replace(record.id, replace(record, cohorts=tuple(closed)))
    page = student.get(student.page.url.path).text
    assert {open_ones(record.id)[code] for code in others} <= set(cohorts(page))
    assert "kun je je nu niet aanmelden" not in page


@pytest.mark.rule("DEE-1")
def test_a_school_is_known_in_small_letters_too(portal: Portal) -> None:
    page = portal.browser().get("/aanmelden?instelling=99xx&crebo=25180")
    assert page.status_code == 200
    assert "ROC De Horizon" in page.text


@pytest.mark.rule("WIZ-7")
def test_a_page_beyond_the_last_is_the_last(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("opleiding")
    address = student.page.url.path
    beyond = student.get(f"{address}?q=horizon&pagina=99").text
    assert "Bladzijde 2 van 2" in beyond
    assert beyond.count('class="card"') > 0
    assert "We vinden niets" not in student.get(f"{address}?q=%20%20").text
