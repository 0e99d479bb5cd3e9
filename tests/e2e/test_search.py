"""Finding a programme while one types: the combobox, which a browser without scripts lacks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.e2e.student import CHOICE, CHOOSE, GROWN_UP, PICKED, Student
from tests.e2e.test_keyboard import presses, reaches
from tests.e2e.watch import Watch

SUGGESTING = re.compile(r"/opleiding\?voorstel=1")
KEYBOARD = {"width": 390, "height": 400}  # what a telephone's keyboard leaves
HEARD = """() => {
    window.heard = [];
    const status = document.getElementById("voorstellen-aantal");
    new MutationObserver(() => status.textContent && window.heard.push(status.textContent))
        .observe(status, { childList: true });
}"""
ON_TOP = """element => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const seen = document.elementFromPoint(x + width / 2, y + height / 2);
    return element === seen || element.contains(seen);
}"""


@pytest.fixture
def seeker(student: Student) -> Student:
    student.is_logged_in_as(student.server.fresh(), at="opleiding")
    student.sees(CHOICE)
    return student


def types(student: Student, text: str) -> None:
    student.search.press_sequentially(text)


def options(student: Student) -> Locator:
    return student.main.get_by_role("option")


def is_closed(student: Student) -> None:
    expect(student.page.locator("#voorstellen")).to_be_hidden()
    expect(student.search).to_have_attribute("aria-expanded", "false")


def points_at(student: Student, option: Locator) -> None:
    expect(option).to_have_attribute("aria-selected", "true")
    expect(student.search).to_have_attribute(
        "aria-activedescendant", option.get_attribute("id") or "none"
    )


@pytest.mark.rule("WIZ-7")
def test_who_types_sees_what_there_is(seeker: Student) -> None:
    expect(seeker.search).to_have_role("combobox")
    is_closed(seeker)
    types(seeker, "kok")
    expect(options(seeker)).to_have_count(1)
    expect(options(seeker)).to_contain_text("Kok in het restaurant")
    expect(seeker.search).to_have_attribute("aria-expanded", "true")
    options(seeker).click()
    seeker.sees_programme("Kok in het restaurant")
    seeker.follows("Terug naar de resultaten")
    expect(seeker.main.get_by_role("heading", name="1 opleiding")).to_be_visible()


@pytest.mark.long
@pytest.mark.rule("WIZ-7")
def test_who_types_nonsense_is_told(seeker: Student) -> None:
    types(seeker, "xyzzy")
    expect(seeker.page.locator("#voorstellen")).to_contain_text("We vinden niets.")
    expect(seeker.search).to_have_attribute("aria-expanded", "false")
    expect(seeker.page.locator("#voorstellen-aantal")).to_have_text("We vinden niets")
    seeker.search.clear()
    is_closed(seeker)


@pytest.mark.rule("WIZ-7")
def test_the_number_found_is_told_once_typing_stops(seeker: Student) -> None:
    seeker.page.evaluate(HEARD)
    types(seeker, "ko")
    options(seeker).first.wait_for()
    types(seeker, "k")
    expect(seeker.page.locator("#voorstellen-aantal")).to_have_text("1 opleiding")
    assert seeker.page.evaluate("heard") == ["1 opleiding"]


@pytest.mark.rule("WIZ-4", "WIZ-7")
def test_arrows_walk_and_enter_opens(seeker: Student) -> None:
    keys = seeker.page.keyboard
    types(seeker, "zwolle")
    options(seeker).first.wait_for()
    keys.press("ArrowDown")
    points_at(seeker, options(seeker).nth(0))
    keys.press("ArrowUp")
    points_at(seeker, options(seeker).last)
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    points_at(seeker, options(seeker).nth(1))
    keys.press("Home")
    expect(seeker.search).not_to_have_attribute("aria-activedescendant", re.compile(""))
    keys.press("ArrowDown")
    name = options(seeker).first.locator("b").inner_text()
    keys.press("Enter")
    seeker.sees_programme(name)
    expect(seeker.main.locator("#opleiding")).to_be_focused()
    expect(seeker.page).to_have_title(f"{name} – Aanmelden mbo")


@pytest.mark.rule("WIZ-7")
def test_enter_without_an_arrow_searches(seeker: Student) -> None:
    types(seeker, "zwolle")
    options(seeker).first.wait_for()
    seeker.page.keyboard.press("Enter")
    expect(seeker.main.get_by_role("heading", name=re.compile(r"\d+ opleidingen"))).to_be_focused()
    is_closed(seeker)


@pytest.mark.rule("WIZ-7")
def test_escape_closes_and_an_arrow_opens_again(seeker: Student) -> None:
    types(seeker, "kok")
    options(seeker).first.wait_for()
    seeker.page.keyboard.press("Escape")
    is_closed(seeker)
    expect(seeker.search).to_have_value("kok")
    seeker.page.keyboard.press("ArrowDown")
    points_at(seeker, options(seeker).first)
    seeker.page.keyboard.press("Tab")
    is_closed(seeker)
    expect(seeker.main.get_by_role("button", name="Zoeken")).to_be_focused()


@pytest.mark.rule("WIZ-7")
def test_only_the_newest_text_is_answered(seeker: Student) -> None:
    held: list[Route] = []
    seeker.page.route(SUGGESTING, lambda route: held.append(route), times=1)
    with seeker.page.expect_request(SUGGESTING):
        types(seeker, "media")
    seeker.search.fill("timmer")
    expect(options(seeker).first).to_contain_text("Timmerman")
    held[0].continue_()
    seeker.search.fill("kok")
    expect(options(seeker)).to_have_count(1)
    expect(options(seeker)).to_contain_text("Kok in het restaurant")
    expect(seeker.page.locator("#melding")).to_have_text("")


@pytest.mark.long
@pytest.mark.rule("WIZ-7")
def test_an_old_list_does_not_pass_for_the_answer(seeker: Student) -> None:
    types(seeker, "kok")
    options(seeker).first.wait_for()
    held: list[Route] = []
    seeker.page.route(SUGGESTING, lambda route: held.append(route), times=1)
    with seeker.page.expect_request(SUGGESTING):
        types(seeker, "s")
    expect(seeker.page.locator("#voorstellen")).to_have_js_property("inert", True)
    seeker.page.keyboard.press("ArrowDown")
    expect(seeker.search).not_to_have_attribute("aria-activedescendant", re.compile(""))
    is_closed(seeker)  # after a while
    expect(seeker.search).to_be_focused()
    held[0].continue_()
    expect(seeker.page.locator("#voorstellen")).to_be_visible()


@pytest.mark.rule("WIZ-2", "WIZ-4")
def test_without_a_connection_one_types_on(seeker: Student, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED", "htmx:sendError")
    types(seeker, "ko")
    options(seeker).first.wait_for()
    seeker.page.context.set_offline(True)
    types(seeker, "k")
    expect(seeker.page.locator("#melding")).to_contain_text("Je hebt geen verbinding.")
    is_closed(seeker)
    expect(seeker.search).to_have_value("kok")
    seeker.page.context.set_offline(False)
    types(seeker, " zwolle")
    expect(options(seeker)).to_have_count(1)
    expect(seeker.page.locator("#melding")).to_have_text("")


@pytest.mark.rule("WIZ-4")
def test_another_page_is_no_list(seeker: Student) -> None:
    """Such as a refusal: typing goes on, and pressing the button shows what is the matter."""
    page = "<!doctype html><title>Nee</title><main id=main>Nee</main>"
    seeker.page.route(SUGGESTING, lambda route: route.fulfill(status=404, body=page), times=1)
    with seeker.page.expect_response(SUGGESTING):
        types(seeker, "ko")
    is_closed(seeker)
    types(seeker, "k")
    expect(options(seeker)).to_have_count(1)


@pytest.mark.long
@pytest.mark.rule("WIZ-7")
def test_a_swapped_page_suggests_too_and_so_does_the_one_gone_back_to(seeker: Student) -> None:
    seeker.follows("Terug")
    seeker.answers(PICKED)
    seeker.sees(CHOICE)
    types(seeker, "kok")
    options(seeker).first.wait_for()
    seeker.page.keyboard.press("ArrowDown")
    seeker.page.keyboard.press("Enter")
    seeker.sees_programme("Kok in het restaurant")
    seeker.page.go_back()
    expect(seeker.search).to_have_role("combobox")
    types(seeker, "timmer")
    expect(options(seeker).first).to_contain_text("Timmerman")


@pytest.mark.rule("WIZ-4", "WIZ-7")
def test_from_the_field_to_the_choice_without_a_mouse(seeker: Student) -> None:
    reaches(seeker, seeker.search)
    seeker.page.keyboard.type("kok")
    options(seeker).first.wait_for()
    seeker.page.keyboard.press("ArrowDown")
    seeker.page.keyboard.press("Enter")
    seeker.sees_programme("Kok in het restaurant")
    reaches(seeker, seeker.main.get_by_role("radio").first)
    seeker.page.keyboard.press("Space")
    presses(seeker, CHOOSE)
    seeker.sees(GROWN_UP)


@pytest.mark.rule("WIZ-7")
def test_above_a_keyboard_there_is_room_for_list_and_button(seeker: Student) -> None:
    seeker.page.set_viewport_size(KEYBOARD)  # type: ignore[arg-type]
    types(seeker, "zwolle")
    expect(options(seeker).first).to_be_in_viewport(ratio=1)
    expect(seeker.search).to_be_in_viewport()
    assert seeker.main.get_by_role("button", name="Zoeken").evaluate(ON_TOP)
    seeker.presses("Zoeken")
    expect(seeker.main.get_by_role("heading", name=re.compile(r"\d+ opleidingen"))).to_be_visible()
