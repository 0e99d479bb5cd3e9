"""Errors of an API, always in JSON: the coupling's `foutmelding` beside the members of
problem+json (RFC 9457, NL API Design Rules 2.2). Nothing that was sent is repeated."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request

from app.logs import reference

PATHS = ("/cambo/", "/koppelpunt-", "/login/oauth2/")
OVER_HTTP = "portal.over_http"  # in the environ: asked over http, so readable on its way
VERSION = "1.0.0"
MEDIA_TYPE = "application/problem+json"
MANUAL = "/docs/sis#"  # each kind of problem has its remedy there


def is_api() -> bool:
    """Whether this request is a system's, that gets JSON for everything."""
    return request.path.startswith(PATHS)


def problem(
    status: int, detail: str, kind: str = "", headers: dict[str, str] | None = None, **more: Any
) -> Response:
    """`detail` tells an administrator, in Dutch, what to do; `kind` is its place in the manual."""
    body = {
        "type": f"{MANUAL}fout-{kind}" if kind else "about:blank",
        "title": TITLES.get(kind) or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": f"urn:centraal-aanmelden:{reference()}",
        "foutmelding": detail,
        **more,
    }
    return Response(orjson.dumps(body), status, headers, content_type=MEDIA_TYPE)


TITLES = {  # by kind; docs/sis has a heading for each
    "token": "Geen geldig token",
    "token-in-adres": "Token in het adres",
    "https": "Zonder https",
    "certificaat": "Ander certificaat dan bij het token",
    "koppelpunt-onbekend": "Onbekend koppelpunt",
    "koppelpunt-hoofdletters": "Andere hoofdletters",
    "koppelpunt-uit": "Koppelpunt staat uit",
    "koppelpunt-stub": "Koppelpunt staat op de Stub SIS",
    "aanmelding-onbekend": "Onbekende aanmelding",
    "invoer": "Ongeldige invoer",
    "bereik": "Ongeldig bereik",
    "te-vaak": "Te veel vragen",
    "te-groot": "Te groot",
    "bezet": "Nu niet beschikbaar",
    "storing": "Storing",
    "adres": "Onbekend adres",
    "methode": "Deze methode kan hier niet",
}
BY_STATUS = {  # what goes wrong outside of our own views
    400: ("invoer", "Deze vraag kunnen wij niet lezen."),
    401: ("token", "Vraag een nieuw token aan bij /login/oauth2/token."),
    404: ("adres", "Dit adres bestaat niet. Vergelijk het met de handleiding."),
    405: ("methode", "Gebruik een methode die in de kop Allow staat."),
    413: ("te-groot", "Stuur kleinere berichten: verdeel ze over meer aanroepen."),
    415: ("invoer", "Stuur JSON, met Content-Type application/json."),
    429: ("te-vaak", "Wacht zo veel seconden als in de kop Retry-After staan."),
    500: ("storing", "Er ging bij ons iets mis. Probeer het over een minuut nog een keer."),
    503: ("bezet", "Probeer het over een minuut nog een keer."),
}


def of_status(status: int) -> Response:
    """The answer where a page would be shown."""
    known = status if status in BY_STATUS else 400 if status < 500 else 500
    kind, detail = BY_STATUS[known]
    return problem(status, detail, kind)
