"""What HTMX has to fetch on the way: bytes over the line as Chromium counts them, heads of answers
and redirects included, bodies compressed as sent."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, Request

NEXT_STEP = 5_000  # bytes: what HTMX gets when somebody goes on, searches or makes a mistake
HEAVIEST = "ar"  # of our languages: two bytes a letter
AS_HTMX = """() => fetch(location.href, {
    headers: { "HX-Request": "true", "HX-Boosted": "true", "HX-Target": "main" },
}).then(answer => answer.text())"""


def weight(request: Request) -> int:
    """Bytes of the answer and of the redirects that led to it."""
    sizes = request.sizes()
    before = request.redirected_from
    own = sizes["responseHeadersSize"] + sizes["responseBodySize"]
    return own + (weight(before) if before else 0)


class Scales:
    """Everything that is fetched in this window."""

    def __init__(self, window: BrowserContext) -> None:
        self._fetched: list[Request] = []
        window.on("requestfinished", lambda request: self._fetched.append(request))

    def too_heavy(self, stop: str, page: Page) -> list[str]:
        """Of what HTMX fetched on the way to this stop, and the page as HTMX asks for it."""
        if "/aanmelding/" not in page.url:
            return []
        page.evaluate(AS_HTMX)
        steps = [each for each in self._fetched if each.resource_type in ("fetch", "xhr")]
        assert steps, stop
        weights = [(weight(request), request.method) for request in steps]
        self._fetched.clear()
        return [f"{size} bytes ({method})" for size, method in weights if size > NEXT_STEP]
