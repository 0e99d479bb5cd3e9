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
BROTLI, GZIP = 4, 6


def set_up(app: Flask, settings: Settings) -> None:
    always = {**ALWAYS, "Strict-Transport-Security": HSTS} if settings.secure else ALWAYS

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in always.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html" and not response.direct_passthrough:
            compress(response)
        return response


def compress(response: Response) -> None:
    accepted = request.headers.get("Accept-Encoding", "")
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) < WORTHWHILE or "Content-Encoding" in response.headers:
        return
    if "br" in accepted:
        response.set_data(brotli.compress(body, quality=BROTLI))
        response.headers["Content-Encoding"] = "br"
    elif "gzip" in accepted:
        response.set_data(gzip.compress(body, GZIP, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
