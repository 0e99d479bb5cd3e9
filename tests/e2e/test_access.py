"""Every page, for everybody: axe, contrast in the dark and in forced colours, room for the text,
large enough targets, an order that makes sense, nothing that moves, and what is heard of it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import layout, trees
from tests.e2e.server import ROOT, Server
from tests.e2e.student import Student
from tests.e2e.tour import Tour
from tests.e2e.weights import HEAVIEST, Scales
from tests.e2e.windows import PHONE

AXE = Path(ROOT / "node_modules" / "axe-core" / "axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BY_TAG = {"type": "tag", "values": TAGS}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}  # half of axe's work
LARGE_ENOUGH = 44  # CSS pixels
TOO_SMALL = """smallest => [...document.querySelectorAll(
    "button, summary, a, label.choice, input:not([type=hidden], [type=radio], [type=checkbox])"
)].filter(element => {
    const box = element.getBoundingClientRect();
    if (!element.checkVisibility() || box.bottom <= 0) return false;
    if (getComputedStyle(element, "::after").position === "absolute") return false; // a whole card
    const inText = element.matches("a") &&
        element.parentElement.innerText.trim() !== element.innerText.trim();
    return !inText && (box.height < smallest - 0.5 || box.width < smallest - 0.5);
}).map(element => {
    const { width, height } = element.getBoundingClientRect();
    return `${element.outerHTML.slice(0, 90)}: ${Math.round(width)} x ${Math.round(height)}`;
})"""
OPEN = """() => {
    window.folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach(part => { part.open = true; });
}"""
CLOSE = "() => folded.forEach(part => { part.open = false; })"
STEPS = ".route nav li"
CURRENT = f"{STEPS} [aria-current=step]"
Look = Callable[[Page, str], list[str]]  # at a page in a language: what is wrong


def violations(
    page: Page, language: str = "nl", within: str = "html", rules: dict[str, Any] = BY_TAG
) -> list[str]:
    """Colours are the same in every language: they are looked at in one."""
    options = {
        "runOnly": rules,
        "resultTypes": ["violations"],
        "rules": {"color-contrast": {"enabled": language == "nl"}},
    }
    result = page.evaluate("([within, options]) => axe.run(within, options)", [within, options])
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:160]}"
        for violation in result["violations"]
        for node in violation["nodes"][:2]
    ]


def without_contrast(page: Page, language: str) -> list[str]:
    """As in a language in which colours aren't looked at."""
    return violations(page, "")


def in_the_light(page: Page, language: str) -> list[str]:
    return violations(page, language, rules=CONTRAST)


def in_the_dark(page: Page, language: str) -> list[str]:
    page.emulate_media(color_scheme="dark")
    wrong = [f"dark: {what}" for what in violations(page, language, rules=CONTRAST)]
    page.emulate_media(color_scheme="light")
    return wrong


def in_forced_colours(page: Page, language: str) -> list[str]:
    page.emulate_media(forced_colors="active")
    wrong = [f"forced colours: {what}" for what in violations(page, language, rules=CONTRAST)]
    page.emulate_media(forced_colors="none")
    return wrong


def in_other_colours(page: Page) -> list[str]:
    return in_the_dark(page, "nl") + in_forced_colours(page, "nl")


def opened(page: Page, language: str) -> list[str]:
    """What is folded away at first: the languages, and what not everybody needs."""
    page.evaluate(OPEN)
    wrong = too_small(page) + violations(page, language, "details")
    page.evaluate(CLOSE)
    return [f"opened: {what}" for what in wrong]


def from_right_to_left(page: Page, language: str) -> list[str]:
    """What another direction alone changes: Arabic itself is in the long run."""
    page.set_viewport_size(layout.PHONE_ZOOMED)
    with layout.mirrored(page):
        wrong = [f"mirrored: {what}" for what in layout.crowded(page) + out_of_order(page)]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return wrong


def axe_at_a_desk(page: Page, language: str) -> list[str]:
    page.set_viewport_size(layout.DESK)
    return [f"at a desk: {what}" for what in violations(page, language)]


def without_room(page: Page, language: str) -> list[str]:
    return layout.without_room(page)


COLOURS = (in_the_dark, in_forced_colours)  # in one language
WHOLE = (violations, opened, axe_at_a_desk, without_room)
# Each page gets one of these in each run, the next page the next; all in `make test-all`.
IN_TURN: tuple[Look, ...] = (in_the_light, in_the_dark, from_right_to_left, without_room)
AT_LENGTH = {"nl": (*COLOURS, from_right_to_left, *WHOLE), "ar": WHOLE, "en": WHOLE, "sv": WHOLE}
LOOKS = [
    pytest.param("nl", [(without_contrast, one) for one in IN_TURN], id="nl"),
    *(
        pytest.param(language, [looks], id=f"{language}-whole", marks=pytest.mark.long)
        for language, looks in AT_LENGTH.items()
    ),
]


def too_small(page: Page) -> list[str]:
    return [f"too small: {what}" for what in page.evaluate(TOO_SMALL, LARGE_ENOUGH)]


def out_of_order(page: Page) -> list[str]:
    return [f"focus goes back: {what}" for what in page.evaluate(layout.OUT_OF_ORDER)]


def at_a_desk(page: Page) -> list[str]:
    """What is different there: the header in one line, and the steps beside the sheet."""
    page.set_viewport_size(layout.DESK)
    wrong = too_small(page) + out_of_order(page)
    if page.locator(STEPS).count() and page.locator(CURRENT).count() != 1:
        wrong.append("not one step is the current one")
    return wrong


def looked_at(page: Page, language: str, looks: tuple[Look, ...]) -> list[str]:
    """Everything that is wrong with this page as it stands."""
    wrong = too_small(page) + out_of_order(page)
    wrong += [f"moves: {what}" for what in page.evaluate(layout.MOVING)]
    if not page.evaluate("() => 'axe' in window"):  # of the page before, where only a part is new
        page.evaluate(AXE.read_text(encoding="utf-8"))
    for look in looks:
        wrong += look(page, language)
    wrong += at_a_desk(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return wrong


@pytest.mark.timeout(600)  # on a busy machine
@pytest.mark.parametrize(("language", "in_turn"), LOOKS)
def test_every_page_is_there_for_everybody(
    window: BrowserContext, server: Server, language: str, in_turn: list[tuple[Look, ...]]
) -> None:
    tour = Tour(window.new_page(), server, language)
    scales = Scales(window)
    stops, wrong = [], []
    for looks, stop in zip(cycle(in_turn), tour.stops(), strict=False):
        stops.append(stop)
        heavy = scales.too_heavy(stop, tour.page) if language == HEAVIEST else []
        found = trees.changed(stop, tour.page) if language == "nl" else heavy
        wrong += [f"{stop}: {what}" for what in found + looked_at(tour.page, language, looks)]
    assert not wrong, "\n".join(wrong)
    assert sorted(stops) == trees.stops()


@pytest.mark.rule("IDN-7")
def test_the_warning_is_there_for_everybody(student: Student) -> None:
    page = student.page
    page.set_viewport_size(layout.PHONE_ZOOMED)
    student.is_warned()
    button = page.get_by_role("button", name="Ik wil doorgaan")
    expect(button).to_be_in_viewport(ratio=1)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.clock.resume()
    wrong = violations(page, within="dialog") + in_other_colours(page)
    assert wrong + too_small(page) == []
