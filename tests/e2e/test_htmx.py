"""What HTMX and our script add, and what they may not break."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.student import (
    CHECK,
    CHOICE,
    CONTACT,
    DATA,
    GUARDIANS,
    NEXT,
    PICKED,
    SEND,
    SENT,
    Student,
)
from tests.e2e.watch import Watch

STORED = """async () => JSON.stringify([
    {...localStorage}, {...sessionStorage}, await indexedDB.databases(), await caches.keys(),
])"""


def stays(page: Page) -> None:
    """Leave a mark that a new document would not have."""
    page.evaluate("window.here = true")


def has_stayed(page: Page) -> bool:
    return bool(page.evaluate("window.here === true"))


@pytest.mark.rule("WIZ-4")
def test_a_step_is_swapped_and_focus_title_and_history_follow(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh())
    student.sees(DATA)
    stays(student.page)
    student.page.evaluate("scrollTo(0, 400)")
    student.answers(DATA)
    student.sees(CONTACT)
    expect(student.heading).to_be_focused()
    expect(student.page).to_have_title(f"{CONTACT} – Aanmelden mbo")
    assert student.at == "contact"
    assert student.page.evaluate("scrollY") == 0
    assert has_stayed(student.page)


@pytest.mark.rule("WIZ-4")
def test_after_a_mistake_the_summary_has_the_focus(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="contact")
    stays(student.page)
    before = student.page.evaluate("history.length")
    for mistake in ("sam@", "sam@sam", "sam"):
        student.fills(**{"E-mailadres": mistake})
        student.presses(NEXT)
        expect(student.page.locator("#fouten")).to_be_focused()
        student.finds("E-mailadres", mistake)
        student.field("E-mailadres").focus()
    assert student.page.evaluate("history.length") == before
    assert has_stayed(student.page)


@pytest.mark.rule("WIZ-2", "WIZ-4")
def test_without_a_connection_what_was_typed_stays(student: Student, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.fills(**{"Roepnaam": "Sammie", "E-mailadres": "sam@voorbeeld.nl"})
    told = student.page.locator("#melding")
    student.page.context.set_offline(True)
    expect(told).to_contain_text("Je hebt geen verbinding.")
    student.presses(NEXT)
    expect(student.page.get_by_role("status")).to_contain_text("Je hebt geen verbinding.")
    student.finds("Roepnaam", "Sammie")
    student.page.context.set_offline(False)
    expect(told).to_have_text("")
    student.presses(NEXT)
    student.sees(PICKED)
    expect(told).to_have_text("")


@pytest.mark.each_run(1)
@pytest.mark.rule("WIZ-4")
@pytest.mark.parametrize("status", [500, 503])
def test_an_error_of_ours_wipes_nothing(student: Student, watch: Watch, status: int) -> None:
    watch.allow("Response Status Error Code")
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.fills(**{"Roepnaam": "Sammie", "E-mailadres": "sam@voorbeeld.nl"})

    def fails(route: Route) -> None:
        route.fulfill(status=status, body="<!doctype html><title>Fout</title>")

    student.page.route("**/contact", fails, times=1)
    student.presses(NEXT)
    expect(student.page.get_by_role("status")).to_contain_text("Er ging iets mis bij ons.")
    student.finds("Roepnaam", "Sammie")
    student.presses(NEXT)
    student.sees(PICKED)


@pytest.mark.rule("WIZ-4")
def test_who_waits_too_long_is_told(student: Student, watch: Watch) -> None:
    watch.allow("htmx:timeout", "htmx:afterRequest")
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.fills(**{"Roepnaam": "Sammie", "E-mailadres": "sam@voorbeeld.nl"})
    patience = student.page.evaluate("htmx.config.timeout")
    student.page.evaluate("htmx.config.timeout = 99")
    held: list[Route] = []
    student.page.route("**/contact", lambda route: held.append(route), times=1)
    student.presses(NEXT)
    expect(student.page.get_by_role("status")).to_contain_text("Het duurt te lang.")
    assert held
    student.finds("Roepnaam", "Sammie")
    student.page.evaluate("patience => { htmx.config.timeout = patience }", patience)
    student.presses(NEXT)
    student.sees(PICKED)


@pytest.mark.rule("WIZ-13")
def test_a_double_click_is_one_request(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="controleren")
    student.read.check()
    held: list[Route] = []
    student.page.route("**/controleren", lambda route: held.append(route))
    button = student.main.get_by_role("button", name=SEND)
    button.dblclick()
    button.press("Enter")
    held[0].continue_()
    student.sees(SENT)
    assert len(held) == 1


@pytest.mark.rule("IDN-7")
def test_the_browser_keeps_nothing_of_what_was_typed(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(adult=False))
    student.answers_all(DATA, CONTACT, PICKED, CHOICE, GUARDIANS, CHECK)
    student.sees(SENT)
    kept = student.page.evaluate(STORED)
    for canary in ("Weide", "Kastanjelaan", "sam@voorbeeld.nl", "Jansen", "9998"):
        assert canary not in kept
    assert student.page.evaluate("document.cookie") == ""


@pytest.mark.rule("IDN-7")
def test_who_is_warned_in_time_goes_on_with_one_key(student: Student) -> None:
    page = student.page
    page.clock.install()
    student.is_logged_in_as(student.server.fresh(), at="contact")
    warning = page.get_by_role("dialog", name="Ben je er nog?")
    student.fills(Roepnaam="Sammie")
    page.clock.fast_forward("12:30")
    expect(warning).to_be_hidden()
    for key in ("Enter", "Escape"):
        page.clock.fast_forward("00:45")
        expect(warning).to_be_visible()
        expect(warning.get_by_role("button", name="Ik wil doorgaan")).to_be_focused()
        with page.expect_response("**/sessie/verlengen") as answer:
            page.keyboard.press(key)
        assert answer.value.status == 204
        expect(warning).to_be_hidden()
        student.finds("Roepnaam", "Sammie")
        page.clock.fast_forward("12:30")
        expect(warning).to_be_hidden()


@pytest.mark.rule("IDN-7")
def test_who_does_not_react_is_told_that_it_ended(student: Student) -> None:
    page = student.page
    student.is_warned()
    student.server.sessions_end()
    page.clock.fast_forward("02:00")
    student.sees("Je bent uitgelogd")
    assert student.at == "sessie-verlopen"


@pytest.mark.rule("IDN-7")
def test_what_happens_in_one_tab_counts_in_the_other(student: Student) -> None:
    page = student.page
    student.is_warned()
    page.context.new_page().goto(f"{student.server.base}/mijn")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.rule("IDN-7")
def test_a_session_that_ended_is_no_part_of_a_page(student: Student) -> None:
    """The answer to a swap is a new page: no login inside the wizard's frame."""
    student.is_logged_in_as(student.server.fresh(), at="opleiding")
    student.server.sessions_end()
    student.follows("Terug")
    student.sees("Je bent uitgelogd")
    expect(student.page).to_have_url(re.compile("/sessie-verlopen$"))
    expect(student.page.locator("header")).not_to_contain_text("Ingelogd als")
