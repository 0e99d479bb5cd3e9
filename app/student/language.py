"""The language that somebody reads in (LAN-1), and the logo of test environments (LAN-2)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, abort, current_app, request, url_for
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from app import access
from app.i18n import BY_CODE, SOURCE
from app.pages import LANGUAGE_COOKIE, LANGUAGE_LIFE, locale, see_other
from app.student import followed

bp = Blueprint("language", __name__)
logo = Blueprint("logo", __name__)  # not there in production

SWEDISH = "sv"
LANGUAGE_BEFORE = "taal-hiervoor"  # a cookie: in which the logo was pressed


@bp.get("/taal/<code>")
@access.public
def language(code: str) -> Response:
    """Choose a language and go on where you were (LAN-1)."""
    if code not in BY_CODE:
        abort(404)
    return in_language(code)


@logo.get("/testdeur/zweeds")
@access.public
def swedish() -> Response:
    """The logo outside production (LAN-2): the same page in Swedish, and from Swedish back in the
    language that one had when one pressed it, else in Dutch.

    One stays where one is, as when one chooses a language: so a page is compared with itself.
    """
    if locale().code != SWEDISH:
        answer = in_language(SWEDISH)
        remember(answer, LANGUAGE_BEFORE, locale().code)
        return answer
    before = request.cookies.get(LANGUAGE_BEFORE, "")
    return in_language(before if before in BY_CODE and before != SWEDISH else SOURCE)


def in_language(code: str) -> Response:
    """Back to the page that `terug` names (of a school's link with `link`), in this language from
    now on."""
    path, key = own_path(request.args.get("terug", "/")), request.args.get("link", "")
    if path == url_for("start.deeplink") and followed.found(key):
        path = url_for("start.deeplink", link=key)
    answer = see_other(path)
    remember(answer, LANGUAGE_COOKIE, code)
    return answer


def remember(answer: Response, cookie: str, code: str) -> None:
    """The code of a language, in this browser."""
    answer.set_cookie(
        cookie,
        code,
        max_age=timedelta(seconds=LANGUAGE_LIFE),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def own_path(path: str) -> str:
    """`path` when it is a page of ours that can be opened, else the start page."""
    adapter = current_app.url_map.bind("")
    path, _, query = path.partition("?")
    try:
        rule, values = adapter.match(path, method="GET", return_rule=True)
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return "/"
    if rule.endpoint == "login.back":  # the way back from DigiD counts once
        return adapter.build("login.choose")
    searched = urlencode(parse_qsl(query, keep_blank_values=True))
    return adapter.build(rule.endpoint, values) + (f"?{searched}" if searched else "")
