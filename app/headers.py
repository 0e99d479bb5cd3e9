"""Security headers and compression: the same on every answer, errors included."""

from __future__ import annotations

import gzip

import brotli
from flask import Flask, Response, request

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


def set_up(app: Flask, settings: Settings) -> None:
    always = {**ALWAYS, "Strict-Transport-Security": HSTS} if settings.secure else ALWAYS
    pairs = list(always.items())

    @app.after_request
    def finish(response: Response) -> Response:
        own = {name for name, _ in response.headers}
        response.headers.extend([pair for pair in pairs if pair[0] not in own])
        html = "text/html" in response.headers.get("Content-Type", "")
        if html and not response.direct_passthrough:
            compress(response)
        return response


def compress(response: Response) -> None:
    accepted = request.headers.get("Accept-Encoding", "")
    response.headers.add("Vary", "Accept-Encoding")
    body = response.get_data()
    if len(body) < WORTHWHILE or "Content-Encoding" in response.headers:
        return
    if "br" in accepted:
        response.set_data(brotli.compress(body, quality=BROTLI))
        response.headers["Content-Encoding"] = "br"
    elif "gzip" in accepted:
        response.set_data(gzip.compress(body, GZIP, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
