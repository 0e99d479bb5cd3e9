"""Leaving an interessemelding in a browser: without DigiD by keyboard, and without the code."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.standing import NOT_YET
from tests.e2e.student import CHOICE, CHOOSE, CONTACT, KEY, LOGGED_OUT, NEXT, WHO, Student
from tests.e2e.student import PICKED as OF_SCHOOL
from tests.e2e.test_keyboard import presses, reaches, types
from tests.e2e.windows import BOTH_AT_LENGTH
from tests.guests import DOOR

PICKED = "Wil je vertellen wat je nu doet?"
CHECK, SENT = "Controleer je interessemelding", "Je interessemelding is verstuurd"
SEND = "Verstuur je interessemelding"

pytestmark = BOTH_AT_LENGTH


@pytest.mark.rule("INT-1", "INT-4", "WIZ-4")
def test_without_digid_by_keyboard(student: Student) -> None:
    keyboard = student.page.keyboard
    student.opens(DOOR)
    reaches(student, student.field("School"))
    for _ in range(2):  # the first school is another
        keyboard.press("ArrowDown")
    student.finds("School", "99XX")
    types(student, "Registratiecode", "verkeerd")
    keyboard.press("Enter")
    expect(student.page.locator("#fouten")).to_contain_text("horen niet bij elkaar")
    student.settles()
    if student.javascript:
        expect(student.page.locator("#fouten")).to_be_focused()
    student.finds("School", "99XX")
    student.finds("Registratiecode", "")
    types(student, "Registratiecode", "horizon 2026")
    keyboard.press("Enter")
    student.sees(WHO)
    student.reads(NOT_YET)
    for label, text in (
        *(("Voornamen", "Isa"), ("Achternaam", "Terbeek")),
        *(("Dag", "14"), ("Maand", "3"), ("Jaar", "2010")),
    ):
        types(student, label, text)
    keyboard.press("Enter")
    student.sees(CONTACT)
    types(student, "E-mailadres", "isa@voorbeeld.nl")
    presses(student, NEXT)
    student.sees(PICKED)
    presses(student, NEXT)
    student.sees(CHOICE)
    types(student, "Zoek op opleiding of plaats", "kok")
    keyboard.press("Enter")
    reaches(student, student.main.get_by_role("link", name="Kok in het restaurant", exact=True))
    keyboard.press("Enter")
    student.sees_programme("Kok in het restaurant")
    reaches(student, student.main.get_by_role("radio").first)
    keyboard.press("Space")
    presses(student, CHOOSE)
    student.sees(CHECK)
    student.reads(NOT_YET)
    reaches(student, student.read)
    keyboard.press("Space")
    presses(student, SEND)
    student.sees(SENT)
    student.reads(NOT_YET, "isa@voorbeeld.nl")
    student.page.get_by_role("button", name="Uitloggen").click()
    student.sees(LOGGED_OUT)
    student.page.go_back()
    expect(student.page.locator("body")).not_to_contain_text("Terbeek")


@pytest.mark.rule("WIZ-9", "INT-4")
def test_without_the_code_and_with_it_after_all(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="opleiding")
    student.searches("verzorgende")
    student.looks_at("Verzorgende-IG voor zij-instromers")
    student.chooses("toegangscode")
    student.presses(CHOOSE)
    student.sees(KEY)
    student.presses("Laat weten dat je interesse hebt")
    student.sees(CHECK)
    student.presses("Ik heb toch een code")
    student.sees(KEY)
    student.presses("Laat weten dat je interesse hebt")
    student.sees(CHECK)
    student.read.check()
    student.presses(SEND)
    student.sees(SENT)
    student.presses("Ik heb nu de code")
    student.sees(OF_SCHOOL)
    student.does_not_read(NOT_YET)
