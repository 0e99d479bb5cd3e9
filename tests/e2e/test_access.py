"""Every page, for everybody: axe, contrast in the dark and in forced colours, narrow, large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.server import ROOT, Server
from tests.e2e.tour import Tour
from tests.e2e.windows import PHONE

AXE = Path(ROOT / "node_modules" / "axe-core" / "axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = {"width": 320, "height": 844}
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
TOO_WIDE = """() => document.documentElement.scrollWidth > innerWidth
    ? [...document.querySelectorAll("main *, header *")]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1 ||
                     e.getBoundingClientRect().left < -1)
        .map(e => e.outerHTML.slice(0, 90)).slice(0, 3)
    : []"""


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    result = page.evaluate(
        "runOnly => axe.run({ runOnly, resultTypes: ['violations'] })", arg=rules
    )
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:160]}"
        for violation in result["violations"]
        for node in violation["nodes"][:2]
    ]


def looked_at(page: Page, language: str) -> list[str]:
    """Everything that is wrong with this page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong = violations(page, {"type": "tag", "values": TAGS})
    wrong += [f"too small: {what}" for what in page.evaluate(TOO_SMALL, LARGE_ENOUGH)]
    contrast = {"type": "rule", "values": ["color-contrast"]}
    page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {what}" for what in violations(page, contrast)]
    page.emulate_media(color_scheme="light", forced_colors="active")
    if language == "nl":
        wrong += [f"forced colours: {what}" for what in violations(page, contrast)]
    page.emulate_media(forced_colors="none")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    wrong += [f"too wide at 320: {what}" for what in page.evaluate(TOO_WIDE)]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return wrong


@pytest.mark.parametrize("language", ["nl", pytest.param("ar", marks=pytest.mark.long)])
def test_every_page_is_there_for_everybody(
    window: BrowserContext, server: Server, language: str
) -> None:
    tour = Tour(window.new_page(), server, language)
    wrong: dict[str, list[str]] = {}
    for stop in tour.stops():
        if found := looked_at(tour.page, language):
            wrong[stop] = found
    assert not wrong, "\n".join(f"{stop}: {w}" for stop, found in wrong.items() for w in found)
