"""The search page: a programme is looked for, looked at, and then chosen."""

from __future__ import annotations

import pytest

from tests.portal import ADULT, Portal, cohorts, programmes

pytestmark = pytest.mark.each_run_on("sqlite")


def found(portal: Portal, query: str) -> list[str]:
    student = portal.student(ADULT).walk_to("opleiding")
    page = student.browser.get(student.page.url.path, params={"q": query})
    assert page.status_code == 200
    return programmes(page.text)


@pytest.mark.rule("WIZ-7")
def test_words_in_any_order_case_and_accent_find_the_same(any_portal: Portal) -> None:
    assert found(any_portal, "kok zwolle") == found(any_portal, "ZWÓLLE   Kök") != []


@pytest.mark.parametrize("query", ["%", "_", "\\", "' OR 1=1 --", "zzz", "zz " * 5000])
def test_whatever_is_typed_is_looked_for_and_nothing_more(any_portal: Portal, query: str) -> None:
    assert found(any_portal, query) == []


def test_who_chooses_nothing_sees_the_programme_again(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("opleiding")
    student.look("kok")
    address = str(student.page.url)
    page = student.browser.post(address, data={"csrf_token": student.fields()["csrf_token"]})
    assert page.status_code == 422
    assert "Kies waar, hoe en wanneer" in page.text
    assert cohorts(page.text) == cohorts(student.page.text)


@pytest.mark.parametrize("posted", ["", "x", "\x00", "00000000-0000-4000-8000-000000000000"])
def test_a_cohort_that_is_not_one_is_a_clear_mistake(any_portal: Portal, posted: str) -> None:
    student = any_portal.student(ADULT).walk_to("opleiding")
    student.look("kok")
    assert student.post(str(student.page.url), cohort=posted).status_code == 422
    assert "fouten" in student.page.text
