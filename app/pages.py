"""The one way to answer: a whole page, or its main part when HTMX asks for that.

The only place that knows HTMX exists.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from flask import Response, current_app, g, request, session
from flask_babel import format_datetime
from flask_htmx import HTMX
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.clock import AMSTERDAM
from app.csrf import token
from app.headers import compressed
from app.i18n import BY_CODE, SOURCE, Locale
from app.templating import unbroken

htmx = HTMX()
LANGUAGE_COOKIE = "taal"
LANGUAGE_LIFE = 365 * 24 * 3600
COMMA = {"ar": "،"}


def page(template: str, status: int = 200, **context: Any) -> Response:
    """`template` in the reader's language. 4xx with a form: nothing is pushed to the history."""
    environment = current_app.extensions["environments"][locale().code]
    text = environment.get_template(template).render(
        layout=layout(),
        me=session.get("name"),
        logged_in="student" in session,
        guest=session.get("guest", False),  # without DigiD
        mark=session.get("mark", ""),
        session_ends=session.ends_in,  # type: ignore[attr-defined]
        path=where(),
        csrf_token=token,
        moment=moment,
        born=born,
        **context,
    )
    body, encoding = compressed(text.encode(), request.headers.get("Accept-Encoding", ""))
    headers = {"Vary": "Accept-Encoding, HX-Target"}
    if encoding:
        headers["Content-Encoding"] = encoding
    if status >= 400:
        headers["HX-Push-Url"] = "false"
    return Response(body, status, headers)


SEARCHED = ("wizard.step", "wizard.change")


def where() -> str:
    """The page to come back to in another language: with what was searched for."""
    searched = request.method == "GET" and request.endpoint in SEARCHED and request.args
    return (
        f"{request.path}?{urlencode(list(request.args.items(multi=True)))}"
        if searched
        else request.path
    )


LAYOUTS = {
    "main": "layouts/fragment.html",
    **dict.fromkeys(("voorstellen", "opgezocht"), "layouts/suggestions.html"),
}


def layout() -> str:
    """By what HTMX wants to fill; a page's other blocks aren't drawn."""
    return LAYOUTS.get(htmx.target or "", "layouts/page.html")


def see_other(location: str) -> Response:
    """After a successful POST; browsers and HTMX both follow it with a GET."""
    return Response("", 303, {"Location": location})


def elsewhere(location: str) -> Response:
    """A whole new page, from a guard: HTMX must not put it inside this one."""
    if htmx:
        return Response("", 200, {"HX-Redirect": location})
    return see_other(location)


def locale() -> Locale:
    """The reader's language: what they chose, else what their browser prefers, else Dutch."""
    if "locale" not in g:
        chosen = BY_CODE.get(request.cookies.get(LANGUAGE_COOKIE, ""))
        if chosen is None:
            chosen = preferred(request.headers.get("Accept-Language", ""))
        g.locale = chosen
    return g.locale  # type: ignore[no-any-return]


@lru_cache(maxsize=256)
def preferred(accepted: str) -> Locale:
    """The language that a browser asks for: most say the same."""
    best = parse_accept_header(accepted, LanguageAccept).best_match(list(BY_CODE), SOURCE)
    return BY_CODE[best or SOURCE]


def day(when: date) -> Markup:
    """The one way to write a day, in the reader's language and on one line: 1 april 2027."""
    return unbroken(_written(when, "d MMMM y", locale().code))


def born(birth_date: str) -> str:
    """YYYYMMDD as a day, as far as it is known: 14 maart 2009, maart 2009, 2009; empty when the
    year is unknown."""
    year, month, at = (int(birth_date[part] or 0) for part in (slice(4), slice(4, 6), slice(6, 8)))
    if not year:
        return ""
    known = "d MMMM y" if month and at else "LLLL y" if month else "y"
    return unbroken(_written(date(year, month or 1, at or 1), known, locale().code))


@lru_cache(maxsize=1024)
def _written(when: date, form: str, language: str) -> str:
    return str(format_date(when, form, language))


def moment(when: datetime) -> str:
    """A moment as the reader writes it, in Dutch time: 25 november 2026, 14:05."""
    form = f"d MMMM y{COMMA.get(locale().code, ',')} HH:mm"
    return str(format_datetime(when.astimezone(AMSTERDAM), form, rebase=False))
