"""Nobody is asked anything for a page that can't be sent, or for who presses all the time."""

from __future__ import annotations

import pytest

from app.wizard.sending import OTHER
from app.wizard.views import TOO_OFTEN
from tests import watch
from tests.choosing import KOK, choose, nobody_yet
from tests.leerbedrijven import BISTRO, COOK, who_works_at
from tests.portal import Portal, Student

ME = nobody_yet(1)
TWENTY = 20


def asked(portal: Portal) -> list[str]:
    return [call.url.path for call in portal.outside.calls]


@pytest.fixture
def student(portal: Portal) -> Student:
    """Before the check page; sending asks DUO and SBB."""
    student = who_works_at(portal, ME, BISTRO)
    portal.outside.calls.clear()
    return student


@pytest.mark.rule("WIZ-12", "WIZ-13")
def test_a_page_that_is_not_ours_asks_nobody(portal: Portal, student: Student) -> None:
    for forged in ({"dossier": "x"}, {"dossier": ""}, {"getoond": "gisteren"}):
        for _ in range(TWENTY // 2):
            student.answer(**forged)
            assert (student.page.status_code, OTHER in student.page.text) == (422, True)
    assert asked(portal) == []
    student.answer()
    assert (student.at, bool(asked(portal))) == ("verstuurd", True), "none of those counted"


@pytest.mark.long
@pytest.mark.rule("WIZ-13", "WIZ-15")
def test_who_presses_all_the_time_waits(portal: Portal, student: Student) -> None:
    form = {"csrf_token": watch.token(student.page.text)}
    begun = student.browser.post("/mijn/nieuw", data=form, follow_redirects=True)
    first, student = student, Student(student.browser, student.bsn, begun)
    choose(student.walk_to("opleiding"), COOK).walk_to("controleren")
    first.answer()
    for _ in range(TWENTY - 1):
        student.answer()
        assert "Je hebt je al aangemeld" in student.page.text
    portal.outside.calls.clear()
    student.answer()
    assert (student.page.status_code, TOO_OFTEN in student.page.text) == (429, True)
    choose(student, KOK).walk_to("controleren")
    portal.outside.calls.clear()
    student.answer()
    assert (student.page.status_code, TOO_OFTEN in student.page.text) == (429, True)
    assert asked(portal) == []
    assert len(watch.all_of("application")) == 1
