"""The manual and the page of the API: long pages, with code and tables, for everybody too."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e import layout
from tests.e2e.server import Server
from tests.e2e.test_access import AXE, in_other_colours, violations
from tests.length import at_length

PAGES = ("/docs/sis", "/docs/sis/api")
# The chrome is in the reader's language; what is inside it is the same.
LOOKED_AT = [
    (PAGES[0], "nl"),
    *at_length((PAGES[0], "ar"), (PAGES[1], "nl"), (PAGES[1], "ar")),
]


@pytest.mark.long
@pytest.mark.rule("HLP-2")
@pytest.mark.parametrize(("path", "language"), LOOKED_AT)
def test_a_manual_is_there_for_everybody(
    window: BrowserContext, server: Server, path: str, language: str
) -> None:
    page = window.new_page()
    page.goto(f"{server.base}/taal/{language}")
    page.goto(server.base + path)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong = violations(page, language) + in_other_colours(page)
    wrong += layout.without_room(page)
    page.set_viewport_size(layout.DESK)
    wrong += violations(page, language, "main")
    assert wrong == []


@pytest.mark.each_run(1)
@pytest.mark.parametrize("javascript", [True, False])
def test_a_manual_needs_no_javascript(window: BrowserContext, server: Server) -> None:
    page = window.new_page()
    page.set_viewport_size(layout.DESK)
    page.goto(server.base + PAGES[0])
    page.get_by_role("navigation").get_by_role("link", name="Fouten").click()
    expect(page.get_by_role("heading", name="Fouten")).to_be_in_viewport()
    page.get_by_role("link", name="Alle vragen en antwoorden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alle vragen en antwoorden")
