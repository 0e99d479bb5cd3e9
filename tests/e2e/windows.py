"""Chromium, and windows of the size of a telephone, with and without scripts."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

SHELL = "chromium-headless-shell"  # half the work of the whole one, but no cache for Back
WHOLE = "chromium"
CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PHONE = {"width": 390, "height": 844}
PATIENCE = 10_000  # milliseconds, on two busy cores
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-js"])
# The tests in process walk the same pages without JavaScript: that half is for `make test-all`.
BOTH_AT_LENGTH = pytest.mark.parametrize(
    "javascript",
    [
        pytest.param(True, id="htmx"),
        pytest.param(False, id="no-js", marks=pytest.mark.long),
    ],
)


def launch(playwright: Playwright, which: str = SHELL, **options: object) -> Browser:
    found = shutil.which(which)
    return playwright.chromium.launch(executable_path=found, args=CHROMIUM, **options)  # type: ignore[arg-type]


def new_window(browser: Browser, javascript: bool = True) -> BrowserContext:
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        locale="nl-NL",
        reduced_motion="reduce",
        java_script_enabled=javascript,
    )
    context.set_default_timeout(PATIENCE)
    return context
