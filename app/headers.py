"""Security headers: the same on every answer, errors included; and compression of pages."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import Any

import brotli

from app.config import Settings

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


def hardened(application: Any, settings: Settings) -> Any:
    """`application` whose every answer has these headers, where it has none of that name."""
    always = {**ALWAYS, "Strict-Transport-Security": HSTS} if settings.secure else ALWAYS
    pairs = list(always.items())

    def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            own = {name for name, _ in headers}
            return start_response(status, headers + [p for p in pairs if p[0] not in own], exc_info)

        return application(environ, started)  # type: ignore[no-any-return]

    return answered


def compressed(body: bytes, accepted: str) -> tuple[bytes, str]:
    """`body` and its encoding (or "") for a browser that sent this Accept-Encoding."""
    if len(body) >= WORTHWHILE:
        if "br" in accepted:
            return brotli.compress(body, quality=BROTLI), "br"
        if "gzip" in accepted:
            return gzip.compress(body, GZIP, mtime=0), "gzip"
    return body, ""
