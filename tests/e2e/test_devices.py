"""What people set on their device: colours of their own, less motion. And paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from digistub.people import PEOPLE
from tests.e2e.layout import DESK, MOVING
from tests.e2e.student import CHECK, CONTACT, NEXT, PICKED, SENT, WHO, Student

UNKNOWN = PEOPLE[4].bsn
SHEET_OF_PAPER = re.compile(rb"/Type\s*/Page\b")


def style(element: Locator, name: str, pseudo: str | None = None) -> str:
    look = "(element, [name, pseudo]) => getComputedStyle(element, pseudo)[name]"
    return str(element.evaluate(look, [name, pseudo]))


def is_seen_to_be_ticked(mark: Locator) -> bool:
    before = middle(mark)
    mark.check()
    return middle(mark) != before


def middle(mark: Locator) -> bytes:
    """A picture of it without its edges, which change anyhow."""
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    width, height = box["width"] / 3, box["height"] / 3
    x, y = box["x"] + width, box["y"] + height
    return mark.page.screenshot(clip={"x": x, "y": y, "width": width, "height": height})


@pytest.fixture
def contrast(student: Student) -> Student:
    """Somebody who chose the colours of their device, as in Windows' high contrast."""
    student.page.emulate_media(forced_colors="active")
    return student


def test_in_forced_colours_one_sees_what_is_chosen(contrast: Student) -> None:
    contrast.is_logged_in_as(UNKNOWN, at="over-jou")
    contrast.sees(WHO)
    chosen, other = contrast.main.get_by_role("radio").all()[:2]
    assert is_seen_to_be_ticked(chosen)
    card, beside = (radio.locator("xpath=ancestor::label") for radio in (chosen, other))
    assert style(card, "outlineStyle") == "solid"
    assert style(beside, "outlineStyle") == "none"


def test_in_forced_colours_one_sees_a_tick(contrast: Student) -> None:
    contrast.is_logged_in_as(contrast.server.fresh(), at="controleren")
    assert is_seen_to_be_ticked(contrast.read)


def test_in_forced_colours_one_sees_how_far_one_is(contrast: Student) -> None:
    contrast.is_logged_in_as(contrast.server.fresh(), at="contact")
    contrast.sees(CONTACT)
    bars = contrast.main.locator(".steps li")
    done, now, later = bars.first, contrast.main.locator(".steps .now"), bars.last
    looks = {
        (style(bar, "backgroundColor"), style(bar, "borderTopWidth")) for bar in (done, now, later)
    }
    assert len(looks) == 3
    contrast.page.set_viewport_size(DESK)
    names = contrast.main.locator("nav li > *")
    current = contrast.main.locator("nav [aria-current=step]")
    widths = {style(name, "borderTopWidth", "::before") for name in names.all()}
    assert len(widths) == 2
    assert style(current, "borderTopWidth", "::before") == max(widths, key=lambda w: float(w[:-2]))


def test_in_forced_colours_one_sees_mistakes_focus_and_buttons(contrast: Student) -> None:
    contrast.is_logged_in_as(contrast.server.fresh(), at="contact")
    contrast.presses(NEXT)
    assert style(contrast.page.locator("#fouten"), "borderTopWidth") == "3px"
    field = contrast.main.locator(".utrecht-form-field--invalid")
    assert style(field, "borderInlineStartWidth") == "4px"
    button = contrast.main.get_by_role("button", name=NEXT)
    assert float(style(button, "borderTopWidth")[:-2]) >= 1
    contrast.page.keyboard.press("Tab")
    link = contrast.main.get_by_role("link", name="Vul je e-mailadres in")
    expect(link).to_be_focused()
    assert style(link, "outlineStyle") == "solid"
    assert style(link, "outlineWidth") == "3px"


def test_in_forced_colours_a_link_that_starts_something_is_a_button(contrast: Student) -> None:
    contrast.opens("/")
    start = contrast.main.get_by_role("link", name="Inloggen met DigiD")
    assert float(style(start, "borderTopWidth")[:-2]) >= 1
    contrast.page.locator(".languages summary").click()
    current = contrast.page.locator(".languages a[aria-current]")
    assert style(current, "outlineStyle") == "solid"


def test_with_less_motion_nothing_moves_while_one_waits(student: Student) -> None:
    page = student.page
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.fills(**{"E-mailadres": "sam@voorbeeld.nl"})
    held: list[Route] = []
    page.route("**/contact", lambda route: held.append(route), times=1)
    student.presses(NEXT)
    bar = page.locator("body:has(.htmx-request)")
    bar.wait_for()
    assert page.evaluate(MOVING) == []
    assert style(bar, "content", "::after") == '""'
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING)
    held[0].continue_()
    student.sees(PICKED)


@pytest.mark.rule("WIZ-14")
def test_what_is_checked_and_what_was_sent_fit_on_paper(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="controleren")
    prints(student, CHECK)
    student.answers(CHECK)
    prints(student, SENT)
    expect(student.main.get_by_text(re.compile(r"99XX:\d{8}"))).to_be_visible()


def prints(student: Student, heading: str) -> None:
    """At most two sheets, of what one reads and whose page it is: nothing to press."""
    page = student.page
    student.sees(heading)
    ink = style(student.heading, "color")
    page.emulate_media(media="print", color_scheme="dark")
    assert style(student.heading, "color") == ink, "paper is white, also for who likes it dark"
    expect(page.locator(".logo")).to_be_visible()
    for unneeded in ("details", "footer", "nav", ".back", ".melding", "dialog", "main h2 ~ a"):
        expect(page.locator(unneeded).first).to_be_hidden()
    expect(page.locator("button").filter(visible=True)).to_have_count(0)
    expect(student.heading).to_be_visible()
    assert 1 <= len(SHEET_OF_PAPER.findall(page.pdf(format="A4"))) <= 2
    page.emulate_media(media="screen", color_scheme="light")
