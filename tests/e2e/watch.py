"""What may happen in no journey: a CSP violation, an error in the console, a foreign host, HTML
that a strict parser doesn't take, a secret street.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import html5lib
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

from digistub.people import PEOPLE
from tests.e2e.server import Server

SECRET_STREET = "Geheimestraat"
ABORTED = ("htmx:sendAbort", "htmx:afterRequest")  # a newer request took its place
STATUS = "Failed to load resource: the server responded with a status of"


@dataclass
class Watch:
    server: Server
    allowed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self.heard)
        context.on("weberror", lambda error: self.note(f"script error: {error.error}"))
        context.on("request", self.asked)
        context.on("response", self.answered)

    def allow(self, *texts: str) -> None:
        """What this test provokes: parts of console messages."""
        self.allowed += texts

    def note(self, what: str) -> None:
        if not any(text in what for text in self.allowed):
            self.wrong.append(what)

    def heard(self, message: ConsoleMessage) -> None:
        # Chromium says of each 422 that it «failed to load»; `answered` looks at those.
        if message.type in ("error", "warning") and not message.text.startswith((STATUS, *ABORTED)):
            self.note(f"console: {message.text}")

    def asked(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        if host and host not in (self.netloc, urlsplit(self.server.issuer).netloc):
            self.note(f"foreign host: {request.url}")
        if any(person.bsn in request.url for person in PEOPLE):
            self.note(f"BSN in the address: {request.url}")

    def answered(self, response: Response) -> None:
        part = response.request.resource_type not in ("document", "xhr", "fetch")
        if part and response.status >= 400:
            self.note(f"{response.status} for {response.url}")

    @property
    def netloc(self) -> str:
        return urlsplit(self.server.base).netloc

    def ends(self) -> None:
        """Raises AssertionError with everything that was wrong."""
        for name, html in self.server.html().items():
            self.wrong += [f"{name}: {problem}" for problem in problems(html)]
            if SECRET_STREET.encode() in html:
                self.wrong.append(f"{name}: the secret street")
        assert not self.wrong, "\n".join(dict.fromkeys(self.wrong))


@cache
def problems(html: bytes) -> list[str]:
    """What a strict HTML parser has against a page, or a fragment of one."""
    parser = html5lib.HTMLParser()
    if html.lstrip().lower().startswith(b"<!doctype"):
        parser.parse(html)
    else:
        parser.parseFragment(html.decode(), container="body")
    return [f"HTML {code} at {position}" for position, code, _ in parser.errors]
