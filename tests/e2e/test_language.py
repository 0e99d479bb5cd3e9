"""Another language: the same page, in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.student import CONTACT, DATA, Student
from tests.e2e.windows import BOTH_AT_LENGTH


@BOTH_AT_LENGTH
@pytest.mark.rule("LAN-1")
def test_another_language_keeps_the_place(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh())
    student.answers(DATA)
    student.sees(CONTACT)
    whole = student.page.locator("html")
    for name, code, direction in (
        ("العربية", "ar", "rtl"),
        ("Svenska", "sv", "ltr"),
        ("English", "en", "ltr"),
    ):
        student.page.locator(".languages summary").click()
        student.page.get_by_role("link", name=name, exact=True).click()
        expect(whole).to_have_attribute("lang", code)
        expect(whole).to_have_attribute("dir", direction)
        assert student.at == "contact"
        expect(student.page.locator("#roepnaam")).to_have_value("Sem")
        expect(student.heading).not_to_have_text(CONTACT)
    student.page.locator(".languages summary").click()
    student.page.get_by_role("link", name="Nederlands", exact=True).click()
    student.sees(CONTACT)
    student.finds("Roepnaam", "Sem")


@BOTH_AT_LENGTH
@pytest.mark.rule("LAN-2")
def test_the_logo_leads_to_swedish_and_back(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.sees(CONTACT)
    for code in ("sv", "nl"):
        student.page.locator(".logo").click()
        expect(student.page.locator("html")).to_have_attribute("lang", code)
        assert student.at == "contact"
        expect(student.page.locator("#roepnaam")).to_have_value("Sem")
