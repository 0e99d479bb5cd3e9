"""Going back, the browser's way and ours, and changing what was answered."""

from __future__ import annotations

import pytest

from tests.e2e.student import (
    ADDRESS,
    CHECK,
    CHOICE,
    CHOOSE,
    CONTACT,
    DATA,
    GROWN_UP,
    NEXT,
    PICKED,
    SCHOOL,
    SENT,
    Student,
)
from tests.e2e.windows import BOTH_AT_LENGTH
from tests.portal import HOMELESS

pytestmark = BOTH_AT_LENGTH


@pytest.mark.rule("WIZ-3")
def test_the_browsers_back_shows_what_was_answered_last(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.answers(CONTACT)
    student.sees(PICKED)
    student.page.go_back()
    student.sees(CONTACT)
    student.finds("E-mailadres", "sam@voorbeeld.nl")
    student.fills(Roepnaam="Sammie")
    student.presses(NEXT)
    student.sees(PICKED)
    student.page.go_back()
    student.sees(CONTACT)
    student.finds("Roepnaam", "Sammie")
    student.page.go_forward()
    student.sees(PICKED)


@pytest.mark.long
@pytest.mark.rule("WIZ-3")
def test_our_own_way_back_goes_a_question_back(student: Student) -> None:
    student.is_logged_in_as(HOMELESS, at="opleiding")
    for heading in (PICKED, CONTACT, ADDRESS, DATA):
        student.follows("Terug")
        student.sees(heading)
    assert student.main.get_by_role("link", name="Terug", exact=True).count() == 0
    student.answers(DATA)
    student.sees(CHOICE)


@pytest.mark.rule("WIZ-3")
def test_a_change_from_the_check_page_returns_to_it(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="controleren")
    student.sees(CHECK)
    student.changes("Contact")
    student.sees(CONTACT)
    student.fills(**{"E-mailadres": "anders@voorbeeld.nl"})
    student.presses(NEXT)
    student.sees(CHECK)
    student.reads("anders@voorbeeld.nl")
    student.changes("Opleiding")
    student.sees(CHOICE)
    student.searches("media")
    student.looks_at("Mediavormgeving en design")
    student.presses(CHOOSE)
    student.sees(CHECK)
    student.reads("Mediavormgeving en design")
    student.changes("Ouder of verzorger")
    student.sees(GROWN_UP)
    student.names_guardian()
    student.sees(CHECK)
    student.reads("Anna Jansen")


@pytest.mark.rule("WIZ-3", "WIZ-13")
def test_back_after_sending_says_that_it_was_sent(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="controleren")
    student.changes("Contact")
    student.sees(CONTACT)
    student.presses(NEXT)
    student.answers(CHECK)
    student.sees(SENT)
    student.page.go_back()
    student.sees(SENT)
    student.reads("Deze aanmelding had je al verstuurd.")


@pytest.mark.rule("WIZ-3", "WIZ-6")
def test_back_after_a_change_that_opened_and_dropped_an_answer(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="controleren")
    student.changes("Vooropleiding")
    student.sees(PICKED)
    student.chooses("Ik vul mijn school zelf in")
    student.presses(NEXT)
    student.sees(SCHOOL)
    student.reads("Door wat je wijzigde, hebben we nog een vraag.")
    student.answers(SCHOOL)
    student.sees(CHECK)
    student.reads("Het Voorbeeld")
    student.changes("Vooropleiding")
    student.sees(PICKED)
    student.chooses("Ik heb geen vooropleiding")
    student.presses(NEXT)
    student.sees(CHECK)
    student.reads("De vooropleiding die je zelf invulde, sturen we niet mee.")
    student.page.go_back()
    student.sees(PICKED)
    student.page.go_back()
    student.sees(CHECK)
    student.does_not_read("Het Voorbeeld")
    student.sends()
    student.sees(SENT)


@pytest.mark.long
@pytest.mark.rule("WIZ-3")
def test_a_question_too_far_ahead_leads_to_the_first_open_one(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="contact")
    draft = student.page.url.rsplit("/", 1)[0]
    for slug in ("opleiding", "ouders", "controleren"):
        student.page.goto(f"{draft}/{slug}")
        student.sees(CONTACT)
