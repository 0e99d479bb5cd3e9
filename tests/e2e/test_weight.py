"""What a telephone has to fetch: bytes over the line as Chromium counts them, heads of answers
and redirects included, bodies compressed as sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Request

from app.i18n import LOCALES
from tests.e2e.server import Server
from tests.e2e.tour import Tour

FIRST_PAGE = 75_000  # bytes: the start page with all it needs, nothing of it in a cache
NEXT_STEP = 5_000  # bytes: what HTMX gets when somebody goes on, searches or makes a mistake
NEEDED = ["document", "fetch", "font", "font", "script", "script", "stylesheet"]
ICON = "() => fetch(document.querySelector('link[rel=icon]').href)"  # that no headless shell asks
HEAVIEST = "ar"  # two bytes a letter
LANGUAGES = [locale.code for locale in LOCALES]
AS_HTMX = """() => fetch(location.href, {
    headers: { "HX-Request": "true", "HX-Boosted": "true", "HX-Target": "main" },
}).then(answer => answer.text())"""


def weight(request: Request) -> int:
    """Bytes of the answer and of the redirects that led to it."""
    sizes = request.sizes()
    before = request.redirected_from
    own = sizes["responseHeadersSize"] + sizes["responseBodySize"]
    return own + (weight(before) if before else 0)


def table(weights: dict[str, int]) -> str:
    heaviest_first = sorted(weights.items(), key=lambda row: -row[1])
    return "\n" + "\n".join(f"{size:7}  {what}" for what, size in heaviest_first)


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


@pytest.mark.rule("WIZ-4")
@pytest.mark.parametrize(
    "language",
    [pytest.param(each, marks=pytest.mark.long if each != HEAVIEST else ()) for each in LANGUAGES],
)
def test_each_next_step_is_light(window: BrowserContext, server: Server, language: str) -> None:
    """Whatever HTMX fetched on the way to a stop, and the page of the stop as HTMX asks for it."""
    fetched: list[Request] = []
    window.on("requestfinished", lambda request: fetched.append(request))
    tour = Tour(window.new_page(), server, language)
    weights: dict[str, int] = {}
    for stop in tour.stops():
        if "/aanmelding/" not in tour.page.url:
            continue
        tour.page.evaluate(AS_HTMX)
        steps = [each for each in fetched if each.resource_type in ("fetch", "xhr")]
        for number, request in enumerate(steps, 1):
            weights[f"{stop} ({number}, {request.method})"] = weight(request)
        assert steps, stop
        fetched.clear()
    assert max(weights.values()) <= NEXT_STEP, table(weights)
