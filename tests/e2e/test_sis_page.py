"""The page for suppliers of SISs, in a browser, against a portal elsewhere (SIS-8)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.layout import DESK, PHONE_ZOOMED
from tests.e2e.server import Server
from tests.e2e.student import Student


def fits(page: Page) -> None:
    for size in (PHONE_ZOOMED, DESK):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.each_run(1)
@pytest.mark.rule("SIS-8")
@pytest.mark.parametrize("javascript", [True, False])
def test_a_supplier_is_ready_in_a_minute(student: Student, server: Server) -> None:
    page = student.page
    page.goto(f"{server.issuer}/")
    page.get_by_role("link", name="Voor leveranciers van een SIS").click()
    page.get_by_label("Hoe heet je SIS?").fill("Mijn SIS")
    page.get_by_label("Een geheim").check()
    page.get_by_role("button", name="Maak de sleutel").click()
    expect(page.get_by_role("status")).to_contain_text("client_secret=")
    fits(page)
    page.get_by_label("BBL met leerbedrijf").check()
    page.get_by_label("Hoeveel?").fill("2")
    page.get_by_role("button", name="Maak ze").click()
    expect(page.get_by_text("Er wachten 2 berichten.")).to_be_visible()
    assert server.applications() == 2
    page.get_by_label("Welke status?").select_option("OA")
    page.get_by_role("button", name="Stuur de status").click()
    expect(page.get_by_role("status")).to_contain_text("Deze status telt.")
    page.get_by_role("button", name="Met bevestigen bij 99XX").click()
    expect(page.get_by_text("tot ze bevestigd zijn")).to_be_visible()
    page.get_by_role("button", name="Zonder bevestigen bij 99XX").click()
    expect(page.get_by_text("tot ze bevestigd zijn")).to_have_count(0)
    fits(page)
