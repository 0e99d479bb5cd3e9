"""What stands before the application: headers of proxies, static files, what lasts a page."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise

from app import db
from app.config import Settings
from app.problems import OVER_HTTP, PATHS
from app.registers.http import page_budget

FORWARDED = ("HTTP_X_FORWARDED_", "HTTP_FORWARDED", "HTTP_CLIENT_CERT", "HTTP_X_REAL_IP")
HASHED = re.compile(r"\.[0-9a-f]{10}\.")


def wrapped(application: Any, settings: Settings, dist: Path) -> Any:
    """`application` behind its proxies (TRUSTED_PROXIES) and with its files at /static."""
    scoped = in_scope(application)
    fixed = ProxyFix(scoped, x_for=1, x_proto=1, x_host=1)

    def from_peer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if _trusted(environ.get("REMOTE_ADDR", ""), settings):
            if settings.secure and environ.get("HTTP_X_FORWARDED_PROTO") == "http":
                if not environ["PATH_INFO"].startswith(PATHS):
                    return _to_https(environ, settings)(environ, start_response)
                environ[OVER_HTTP] = True  # refused with all that an error of the API has
            return fixed(environ, start_response)
        for name in [name for name in environ if name.startswith(FORWARDED)]:
            del environ[name]
        return scoped(environ, start_response)  # type: ignore[no-any-return]

    static = WhiteNoise(
        from_peer,
        root=str(dist),
        prefix="static/",
        max_age=3600,
        immutable_file_test=lambda _, url: bool(HASHED.search(url)),
    )
    return static


def _to_https(environ: dict[str, Any], settings: Settings) -> Response:
    """Who asks for a page over http is sent on; anything else was readable on its way."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return Response(status=403)
    address = settings.base_url + quote(environ["PATH_INFO"].encode("latin-1"))
    query = environ.get("QUERY_STRING", "")
    return Response(status=301, headers={"Location": address + (query and f"?{query}")})


def _trusted(peer: str, settings: Settings) -> bool:
    if not settings.trusted_proxies:
        return False
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in settings.trusted_proxies)


def in_scope(application: Any) -> Any:
    """A page has one connection to read the database with, and one budget of time for all that
    it asks of others."""

    def scoped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with db.scope(), page_budget():
            return application(environ, start_response)  # type: ignore[no-any-return]

    return scoped
