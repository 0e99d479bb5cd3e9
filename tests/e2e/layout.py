"""Whether a page has room for what stands on it: measured in the browser, at every stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

# A sheet of our own, adopted: the CSP keeps a <style> out.
ADOPT = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = css ? [sheet] : [];
}"""
# WCAG 1.4.12. Arabic letters are joined: the page keeps them so, as the criterion allows.
SPACED = """
* {
    line-height: 1.5 !important;
    letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important;
}
p { margin-block-end: 2em !important; }
"""
PHONE_ZOOMED = ViewportSize(width=320, height=256)  # 1280 x 1024 at 400 %
TABLET = ViewportSize(width=768, height=1024)
DESK = ViewportSize(width=1280, height=800)
CROWDED = Path(__file__).with_name("crowded.js").read_text(encoding="utf-8")
# What Tab comes to later, and yet stands above it, or before it in the line. What stands beside
# the sheet comes after it.
OUT_OF_ORDER = """() => {
    const BESIDE = "main > :not(.sheet)";
    const rtl = document.documentElement.dir === "rtl";
    const stops = [...document.querySelectorAll("a[href], button, input, select, summary")]
        .filter(e => e.checkVisibility() && e.tabIndex >= 0)
        .filter(e => !e.closest(".utrecht-skip-link, dialog"));
    return stops.slice(1).flatMap((e, at) => {
        const before = stops[at].getBoundingClientRect(), now = e.getBoundingClientRect();
        const sameRow = Math.min(before.bottom, now.bottom) - Math.max(before.top, now.top) > 4;
        const back = sameRow ? (rtl ? now.right > before.right : now.left < before.left)
            : now.top < before.top && !(e.closest(BESIDE) && !stops[at].closest(BESIDE));
        return back ? [`${stops[at].outerHTML.slice(0, 80)} then ${e.outerHTML.slice(0, 80)}`] : [];
    });
}"""
MOVING = """() => [...document.querySelectorAll("*")].flatMap(e =>
    ["", "::before", "::after"].flatMap(pseudo => {
        const style = getComputedStyle(e, pseudo || null);
        const durations = `${style.transitionDuration},${style.animationDuration}`.split(",");
        const moves = durations.some(time => parseFloat(time) > 0)
            || style.scrollBehavior === "smooth";
        return moves ? [`${e.outerHTML.slice(0, 80)}${pseudo}`] : [];
    }))"""


@contextmanager
def adopted(page: Page, css: str) -> Iterator[None]:
    page.evaluate(ADOPT, css)
    yield
    page.evaluate(ADOPT, "")


@contextmanager
def twice_as_large(page: Page) -> Iterator[None]:
    """As for who sets the browser's text at 200 %: widths in rem grow along, those of CSS in px
    don't."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    yield
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    session.detach()


def crowded(page: Page) -> list[str]:
    """What has no room here: a page that goes sideways, or text that is cut off, out of its box,
    over other text or under a button."""
    found: list[str] = page.evaluate(CROWDED)
    return found


@contextmanager
def mirrored(page: Page) -> Iterator[None]:
    """From right to left, as in Arabic."""
    page.evaluate("() => { document.documentElement.dir = 'rtl'; }")
    yield
    page.evaluate("() => { document.documentElement.dir = 'ltr'; }")


def without_room(page: Page) -> list[str]:
    """At 320 px (400 %), with text spaced, with text twice as large, on a tablet and at a desk."""
    page.set_viewport_size(PHONE_ZOOMED)
    wrong = [f"at 400 %: {what}" for what in crowded(page)]
    with adopted(page, SPACED):
        wrong += [f"spaced: {what}" for what in crowded(page)]
    page.set_viewport_size(TABLET)
    wrong += [f"at 768: {what}" for what in crowded(page)]
    with twice_as_large(page):
        wrong += [f"twice as large: {what}" for what in crowded(page)]
    page.set_viewport_size(DESK)
    return wrong + [f"at 1280: {what}" for what in crowded(page)]
