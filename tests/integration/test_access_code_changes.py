"""The school changes its access code while a student is on the way; and where no code may be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import session

from app import keys
from app.models import metadata
from app.services import access_codes
from tests import watch
from tests.choosing import CODE, KOK, LOCKED, choose, who_chose, with_code
from tests.portal import ADULT, Portal, Student

pytestmark = pytest.mark.each_run_on("sqlite")

NEW_KEY = "De school heeft de toegangscode veranderd. Vraag de school om de nieuwe code."
FIRST_KEY = "De school vraagt nu een toegangscode. Vraag de school om de code en vul hem in."
STALE = "Deze pagina was te oud. Vul het nog een keer in."


def ready(portal: Portal, key: str = LOCKED) -> Student:
    """Before sending, with the code given where it was asked."""
    student = who_chose(portal, key, ADULT)
    if student.at == "toegangscode":
        student.post(code=CODE)
    return student.walk_to("controleren")


def assert_nothing_sent() -> None:
    assert watch.all_of("application") == []
    assert len(watch.all_of("draft")) == 1


@pytest.mark.rule("WIZ-9")
def test_another_code_is_asked_before_sending(any_portal: Portal) -> None:
    student = ready(any_portal)
    with_code(any_portal, LOCKED, "Zon en maan")
    page = student.answer()
    assert student.at == "toegangscode"
    assert NEW_KEY in page.text
    assert_nothing_sent()
    assert student.post(code=CODE).status_code == 422
    assert student.post(code="zonenmaan").status_code == 200
    student.send()
    assert student.at == "verstuurd"


@pytest.mark.rule("WIZ-9")
def test_changed_and_changed_back_counts_again(any_portal: Portal) -> None:
    student = ready(any_portal)
    with_code(any_portal, LOCKED, "Zon en maan")
    assert NEW_KEY in student.get(f"/aanmelding/{student.draft}/").text
    with_code(any_portal, LOCKED, " HORIZON 24")  # nobody would type it differently
    assert NEW_KEY not in student.get(f"/aanmelding/{student.draft}/").text
    assert student.at == "controleren"
    student.answer()
    assert student.at == "verstuurd"


@pytest.mark.rule("WIZ-9")
def test_a_code_put_on_a_cohort_that_had_none_is_asked(any_portal: Portal) -> None:
    student = ready(any_portal, KOK)
    with_code(any_portal, KOK, "Vers")
    student.answer()
    assert student.at == "toegangscode"
    assert FIRST_KEY in student.page.text
    assert NEW_KEY not in student.page.text
    assert_nothing_sent()
    student.get(f"/aanmelding/{student.draft}/contact")
    student.answer()
    assert student.at == "toegangscode"
    assert FIRST_KEY in student.page.text, "also when something else was answered first"
    student.post(code="vers")
    assert FIRST_KEY not in student.page.text
    with_code(any_portal, KOK, "Verser")
    student.get(f"/aanmelding/{student.draft}/")
    assert NEW_KEY in student.page.text
    assert FIRST_KEY not in student.page.text
    student.post(code="verser")
    student.send()
    assert student.at == "verstuurd"


@pytest.mark.rule("WIZ-9")
def test_who_chooses_a_cohort_behind_a_code_is_told_of_no_change(any_portal: Portal) -> None:
    student = ready(any_portal, KOK)
    choose(student, LOCKED)
    assert student.at == "toegangscode"
    assert FIRST_KEY not in student.page.text
    assert NEW_KEY not in student.page.text


@pytest.mark.rule("WIZ-9")
@pytest.mark.parametrize("key", [KOK, LOCKED])
def test_a_code_changed_and_taken_away_is_told_nowhere(any_portal: Portal, key: str) -> None:
    student = ready(any_portal, key)
    with_code(any_portal, key, "Zon en maan")
    student.get(f"/aanmelding/{student.draft}/contact")
    student.answer()
    assert student.at == "toegangscode"
    with_code(any_portal, key, "")
    student.get(f"/aanmelding/{student.draft}/")
    assert student.at == "controleren"
    assert FIRST_KEY not in student.page.text
    assert NEW_KEY not in student.page.text
    student.answer()
    assert student.at == "verstuurd"


@pytest.mark.rule("WIZ-9")
def test_a_code_taken_away_is_not_asked(any_portal: Portal) -> None:
    student = who_chose(any_portal, LOCKED, ADULT)
    assert student.at == "toegangscode"
    with_code(any_portal, LOCKED, " ")
    student.get(f"/aanmelding/{student.draft}/")
    assert student.at == "ouders"
    student.send()
    assert student.at == "verstuurd"


@pytest.mark.rule("WIZ-9")
def test_the_key_of_one_cohort_does_not_open_another(any_portal: Portal) -> None:
    with_code(any_portal, KOK, CODE)
    student = ready(any_portal)
    choose(student, KOK)
    assert student.at == "toegangscode"


# --- where no code may be -------------------------------------------------------------------------

RIGHT = "Zwaluw4711"  # nothing else looks like it
PUT = (RIGHT, RIGHT.casefold(), RIGHT.upper())


@pytest.fixture
def way(any_portal: Portal) -> tuple[Portal, watch.Trail, watch.Log]:
    """What a student with every trouble that there is gets to see, and what is logged of it."""
    with_code(any_portal, LOCKED, RIGHT)
    browser = any_portal.browser()
    trail = watch.Trail().follow(browser)
    with watch.logged() as log:
        student = Student(browser, ADULT)
        student.log_in()
        student.walk_to("opleiding")
        choose(student, LOCKED)
        code = str(student.page.url)
        stale = browser.post(code, data={"csrf_token": "0" * 128, "code": RIGHT})
        assert stale.status_code == 400
        assert STALE in stale.text
        for wrong in ("fout",) * 5:
            assert student.post(code=wrong).status_code == 422
        assert student.post(code=RIGHT).status_code == 429
        for key in (*range(access_codes.TRIES), "pause"):
            any_portal.app.extensions["store"].delete(f"code:{student_id()}:{cohort_id()}:{key}")
        student.browser.cookies.delete("sid")
        student.browser.get(code)  # been here, as nobody
        browser.post(code, data={"code": RIGHT, "more": "kept"})
        typed = session_of(any_portal, student)["typed"]
        assert typed["form"] == {"more": "kept"}
        student.log_in()
        student.get(code)
        assert student.post(code=f" {RIGHT} ").status_code == 200
        student.send()
        assert student.at == "verstuurd"
        student.get("/mijn")
    return any_portal, trail, log


def student_id() -> str:
    return str(watch.row_of("student").id)


def cohort_id() -> str:
    return str(watch.row_of("draft").cohort_id)


def session_of(portal: Portal, student: Student) -> dict[str, Any]:
    cookies = "; ".join(f"{n}={v}" for n, v in student.browser.cookies.items())
    with portal.app.test_request_context(headers={"Cookie": cookies}):
        return dict(session)


@pytest.mark.rule("WIZ-9")
def test_the_code_is_nowhere(way: tuple[Portal, watch.Trail, watch.Log]) -> None:
    _portal, trail, log = way
    for put in PUT:
        assert put not in log.text
        assert [page.url for page in trail.answers if put in page.text] == []
        assert not any(put in address for address in trail.addresses)
        for table, rows in watch.rows("cohort_facts").items():
            assert not any(put in row for row in rows), table
    for table in ("draft", "application"):
        for row in watch.all_of(table):
            of = row.id if table == "draft" else row.ca_keten_id
            content = json.dumps(keys.unseal(f"{table}.document.{of}", row.document))
            assert not any(put in content for put in PUT)
    for row in watch.all_of("store"):
        if row.key.startswith("session:"):
            content = json.dumps(keys.unseal(row.key, row.value))
            assert not any(put in content for put in PUT)
    assert [t.name for t in metadata.sorted_tables if "access_code" in t.c] == ["cohort_facts"]
