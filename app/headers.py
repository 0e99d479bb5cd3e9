"""Security headers: the same on every answer of the portal, files and errors included; and
compression of pages."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from app.config import Settings
from app.problems import PATHS, VERSION

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # no-referrer would break forms over https
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
HSTS = "max-age=31536000; includeSubDomains"
WORTHWHILE = 500  # bytes; below that compressing costs more than it saves
BROTLI, GZIP = 1, 6  # brotli 4 saves a tenth more, and costs as much as three times hello
LARGE, BROTLI_LARGE = 12_000, 4  # bytes: the check page, all filters; a slow line waits for them


def hardened(application: Any, settings: Settings) -> Any:
    """`application` whose every answer has these headers, where it has none of that name."""
    always = {**ALWAYS, "Strict-Transport-Security": HSTS} if settings.secure else ALWAYS
    pages = list(always.items())
    api = [*pages, ("API-Version", VERSION)]  # SIS-6

    def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        pairs = api if environ["PATH_INFO"].startswith(PATHS) else pages

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            own = {name for name, _ in headers}
            return start_response(status, headers + [p for p in pairs if p[0] not in own], exc_info)

        return application(environ, started)  # type: ignore[no-any-return]

    return answered


def compressed(body: bytes, accepted: str) -> tuple[bytes, str]:
    """`body` and its encoding (or "") for a browser that sent this Accept-Encoding."""
    encoding = _encoding(accepted) if len(body) >= WORTHWHILE else ""
    if encoding == "br":
        body = brotli.compress(body, quality=BROTLI if len(body) < LARGE else BROTLI_LARGE)
    elif encoding == "gzip":
        body = gzip.compress(body, GZIP, mtime=0)
    return body, encoding


@lru_cache(maxsize=256)
def _encoding(accepted: str) -> str:
    """The best of ours that is accepted: most browsers say the same."""
    wanted = parse_accept_header(accepted, Accept)
    return next((ours for ours in ("br", "gzip") if wanted[ours] > 0), "")
