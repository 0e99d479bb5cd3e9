"""What a telephone has to fetch."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Request

from app.i18n import LOCALES
from tests.e2e.server import Server
from tests.e2e.tour import Tour
from tests.e2e.weights import HEAVIEST, Scales, weight

FIRST_PAGE = 75_000  # bytes: the start page with all it needs, nothing of it in a cache
NEEDED = ["document", "fetch", "font", "font", "script", "script", "stylesheet"]
ICON = "() => fetch(document.querySelector('link[rel=icon]').href)"  # that no headless shell asks
LANGUAGES = [locale.code for locale in LOCALES]


def table(weights: dict[str, int]) -> str:
    heaviest_first = sorted(weights.items(), key=lambda row: -row[1])
    return "\n" + "\n".join(f"{size:7}  {what}" for what, size in heaviest_first)


@pytest.mark.each_run(2)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_is_light(window: BrowserContext, server: Server, language: str) -> None:
    window.request.get(f"{server.base}/taal/{language}")  # outside the page: fills no cache
    fetched: list[Request] = []
    window.on("requestfinished", lambda request: fetched.append(request))
    page = window.new_page()
    page.goto(server.base)
    page.evaluate(ICON)
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("lang") == language
    assert sorted(request.resource_type for request in fetched) == NEEDED
    weights = {request.url: weight(request) for request in fetched}
    assert sum(weights.values()) <= FIRST_PAGE, table(weights)


@pytest.mark.long
@pytest.mark.rule("WIZ-4")
@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != HEAVIEST])
def test_each_next_step_is_light(window: BrowserContext, server: Server, language: str) -> None:
    """In the heaviest language each run looks at it, on the tour of `test_access`."""
    scales, tour = Scales(window), Tour(window.new_page(), server, language)
    wrong = [
        f"{stop}: {what}" for stop in tour.stops() for what in scales.too_heavy(stop, tour.page)
    ]
    assert wrong == []
