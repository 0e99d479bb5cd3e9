"""The start page, a school's deeplink, and the language."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, abort, current_app, request, session, url_for
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from app import access, clock, db
from app.codec import decode
from app.domain.deeplink import Link
from app.i18n import BY_CODE
from app.logs import event
from app.pages import LANGUAGE_COOKIE, LANGUAGE_LIFE, page, see_other
from app.services import catalogue_renew, drafts, links, search

bp = Blueprint("start", __name__)

KEPT = ("returnUrl", "returnUrlNietGeslaagd", "kenmerk")


@bp.get("/")
@access.public
def index() -> Response:
    return page("start.html")


@bp.get("/aanmelden")
@access.public
def deeplink() -> Response:
    """A school's link (DEE-1): what it names is shown before logging in, and kept here.

    Without a query it is the one kept: the way back after choosing a language has none.
    """
    local = not current_app.extensions["settings"].production
    kept = session.get("link") if not request.args else None
    query = links.query(decode(Link, kept)) if kept else request.args
    if programme_id := query.get("opleiding", ""):
        registers, store = (current_app.extensions[name] for name in ("registers", "store"))
        catalogue_renew.renew(registers.catalogue, store, programme_id)
    with db.reading() as connection:
        arrived = links.read(connection, query, clock.now(), local)
        back = arrived.closed and links.back(connection, arrived.link, links.NIET_MOGELIJK, local)
    links.log(arrived.brin, arrived.refused, clock.now())
    for line in arrived.refused:
        event("link_refused", institution=arrived.brin, reason=line.reason)
    if arrived.link is None:
        return page("link_unknown.html", 404)
    if "student" in session and not arrived.closed:
        try:
            draft_id = drafts.begin(session["student"], arrived.link, clock.now())
        except drafts.TooManyDrafts:
            return see_other(url_for("overview.index"))
        return see_other(url_for("wizard.resume", draft_id=draft_id))
    session["link"] = asdict(arrived.link)
    for earlier in ("onward", "typed"):  # the link is where this student wants to go now
        session.pop(earlier, None)
    return page(
        "link.html",
        arrived=arrived,
        back=back or None,
        others=others(arrived),
        today=clock.today(),
    )


def others(arrived: links.Arrived) -> list[tuple[search.Group, str]]:
    """The school's other programmes, each with a link that leads back to the same place."""
    if arrived.link is None:
        return []
    given = links.query(arrived.link)
    kept = {name: given[name] for name in KEPT if given[name]}
    return [
        (group, f"/aanmelden?{urlencode({'opleiding': group.programme_id, **kept})}")
        for group in arrived.others
    ]


@bp.get("/taal/<code>")
@access.public
def language(code: str) -> Response:
    """Choose a language and go on where you were (LAN-1)."""
    if code not in BY_CODE:
        abort(404)
    answer = see_other(own_path(request.args.get("terug", "/")))
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(
        LANGUAGE_COOKIE,
        code,
        max_age=timedelta(seconds=LANGUAGE_LIFE),
        httponly=True,
        samesite="Lax",
        secure=secure,
    )
    return answer


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
