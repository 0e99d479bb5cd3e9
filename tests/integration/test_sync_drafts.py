"""What the catalogue's changes do to drafts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.portal import ADULT, Portal
from tests.source import as_it_is, synchronise

pytestmark = pytest.mark.each_run_on("sqlite")

NO_CHOICE = "</bdi> kun je je nu niet meer aanmelden. Kies een andere."


@pytest.mark.rule("WIZ-3")
@pytest.mark.rule("WIZ-8")
def test_a_draft_loses_a_choice_that_closes_and_says_so(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("controleren")
    draft = student.draft
    source = as_it_is(any_portal)
    synchronise(source.each_cohort(lambda c: replace(c, open=False)))
    for path in ("", "/controleren", "/contact"):
        page = student.get(f"/aanmelding/{draft}{path}")
        assert NO_CHOICE in page.text
        assert student.at == ("contact" if path == "/contact" else "opleiding")
    assert NO_CHOICE not in student.get("/mijn").text
    synchronise(source)
    assert student.get(f"/aanmelding/{draft}").url.path.endswith("/controleren")
    assert NO_CHOICE not in student.page.text


@pytest.mark.rule("WIZ-3")
def test_new_facts_about_a_choice_are_in_the_draft(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("controleren")
    later = date(2031, 9, 1)
    source = as_it_is(any_portal)
    synchronise(
        source.each_cohort(lambda c: replace(c, start=later, start_from=None, start_until=None))
    )
    assert "1 september 2031" in student.get(student.page.url.path).text
