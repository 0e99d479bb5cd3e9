"""The whole way without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from tests.e2e.student import (
    CHECK,
    CHOICE,
    CHOOSE,
    CONTACT,
    DATA,
    GUARDIANS,
    NEXT,
    PICKED,
    SEND,
    SENT,
    Student,
)
from tests.e2e.windows import BOTH_AT_LENGTH

FAR = 40  # presses of Tab; a page has fewer stops


def reaches(student: Student, what: Locator) -> None:
    """Tab until it has the focus, as somebody would who sees where the focus is."""
    what.wait_for()
    for _ in range(FAR):
        if what.evaluate("element => element === document.activeElement"):
            return
        student.page.keyboard.press("Tab")
    raise AssertionError(f"Tab doesn't lead to {what}")


def types(student: Student, label: str, text: str) -> None:
    reaches(student, student.field(label))
    student.page.keyboard.press("Control+A")
    student.page.keyboard.type(text)


def presses(student: Student, button: str, key: str = "Enter") -> None:
    reaches(student, student.main.get_by_role("button", name=button, exact=True))
    student.page.keyboard.press(key)


@BOTH_AT_LENGTH
@pytest.mark.rule("WIZ-4")
def test_the_whole_way_by_keyboard(student: Student) -> None:
    page = student.page
    bsn = student.server.fresh(adult=False)
    student.opens("/")
    reaches(student, student.main.get_by_role("link", name="Inloggen met DigiD"))
    page.keyboard.press("Enter")
    page.get_by_label("Of een ander BSN").wait_for()
    reaches(student, page.get_by_label("Of een ander BSN"))
    page.keyboard.type(bsn)
    page.keyboard.press("Enter")
    student.sees(DATA)
    presses(student, "Ja, dit klopt")
    student.sees(CONTACT)
    presses(student, NEXT)
    student.reads("Vul je e-mailadres in, zoals naam@voorbeeld.nl")
    reaches(
        student,
        student.main.get_by_role("link", name="Vul je e-mailadres in"),
    )
    page.keyboard.press("Enter")
    page.keyboard.type("sam@voorbeeld.nl")
    page.keyboard.press("Enter")
    student.sees(PICKED)
    presses(student, NEXT)
    student.sees(CHOICE)
    types(student, "Zoek op opleiding", "kok zwolle")
    page.keyboard.press("Enter")
    page.wait_for_url("**?q=*")
    reaches(student, student.main.get_by_role("link", name="Kok in het restaurant"))
    page.keyboard.press("Enter")
    student.sees_programme("Kok in het restaurant")
    reaches(student, student.main.get_by_role("radio").first)
    page.keyboard.press("Space")
    presses(student, CHOOSE, "Space")
    student.sees(GUARDIANS)
    types(student, "Voornamen van je ouder", "Anna")
    types(student, "Achternaam", "Jansen")
    types(student, "Telefoonnummer", "06 12345678")
    presses(student, NEXT)
    student.sees(CHECK)
    reaches(student, student.read)
    page.keyboard.press("Space")
    presses(student, SEND)
    student.sees(SENT)


@pytest.mark.rule("WIZ-4")
def test_the_first_stop_leads_past_the_header(student: Student) -> None:
    student.opens("/login")
    student.page.keyboard.press("Tab")
    skip = student.page.get_by_role("link", name="Naar de inhoud")
    assert skip.evaluate("element => element === document.activeElement")
    student.page.keyboard.press("Enter")
    student.page.keyboard.press("Tab")
    inside = student.page.evaluate("document.activeElement.closest('main') !== null")
    assert inside
