"""The start page, and a school's deeplink."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, request, session, url_for

from app import access, clock, csrf, db, equipment, privacy
from app.domain import advice
from app.domain.deeplink import Link, Outcome
from app.logs import event
from app.pages import page, see_other
from app.services import (
    applied,
    arrivals,
    catalogue_renew,
    drafts,
    links,
    refused_links,
    waiting,
)
from app.student import followed

bp = Blueprint("start", __name__)

KEPT = ("returnUrl", "returnUrlNietGeslaagd", "kenmerk")


@bp.get("/")
@access.public
def index() -> Response:
    today = clock.today()
    last = advice.this_april(today, equipment.settings().deadlines)
    return page("start.html", last=last, today=today)


@bp.get("/privacy")
@access.public
def privacy_statement() -> Response:
    """What happens with a student's data (WIZ-12)."""
    contact = equipment.settings().privacy_contact
    return page("privacy.html", since=privacy.SINCE, contact=contact)


@bp.route("/aanmelden", methods=["GET", "POST"])
@access.checks_token
@access.public
def deeplink() -> Response:
    """A school's link (DEE-1): what it names is shown first, and kept here. Who is logged in
    begins with a button: following a link, or a picture with its address, begins nothing.

    With only a key it is the one that was kept under it, and without a query the newest: the way
    back after choosing a language, and the way on after logging in.
    """
    if request.method == "POST":
        if access.by_digid() is None:  # any more: the page itself says how to go on
            return see_other(url_for(".deeplink") + access.query())
        csrf.check()
    local = not equipment.settings().production
    query: Mapping[str, str] = asked()
    if set(query) <= {"link"}:
        kept = followed.found(query["link"]) if query else followed.newest()
        if query and kept is None:
            return page("link_expired.html", 410)
        query = links.query(kept.link) if kept else query
    renew(query)
    with db.reading() as connection:
        arrived = arrivals.read(connection, query, clock.now(), local)
    refused_links.log(arrived.brin, arrived.refused, clock.now())
    for line in arrived.refused:
        event("link_refused", institution=arrived.brin, reason=line.reason)
    if arrived.link is None:
        return page("link_unknown.html", 404)
    status = 200
    if request.method == "POST" and not arrived.closed:
        try:
            draft_id = drafts.begin(session["student"], arrived.link, clock.now())
            return see_other(url_for("wizard.resume", draft_id=draft_id))
        except drafts.TooManyDrafts:
            status = 422
    kept = followed.keep(arrived)
    for earlier in ("onward", "typed"):  # the link is where this student wants to go now
        session.pop(earlier, None)
    beside = begun_already(arrived.link)
    return page(
        "link.html",
        status,
        arrived=arrived,
        followed=kept,
        back=way_back(arrived, beside),
        elsewhere=elsewhere(arrived),
        beside=beside,
        applied=applied_already(arrived.link),
        address=f"{url_for('.deeplink')}?{urlencode(given(arrived.link))}",
        today=clock.today(),
    )


def asked() -> dict[str, str]:
    """The query of this request. A kenmerk that isn't UTF-8 would come back as another: it doesn't
    count. (Werkzeug keeps its bytes as %E9, and that would become %25E9.)"""
    query = request.args.to_dict()
    raw = parse_qsl(
        request.query_string.decode("latin-1"), keep_blank_values=True, errors="replace"
    )
    if "\ufffd" in dict(reversed(raw)).get("kenmerk", ""):
        query["kenmerk"] = ""
    return query


def renew(query: Mapping[str, str]) -> None:
    """What a link names, as RIO has it now, within PATIENCE altogether.

    None is begun with less than half of that left: RIO would be taken for one that is down.
    """
    registers, store = equipment.registers(), equipment.store()
    named = [query.get("opleiding", "")]
    if not named[0]:
        with db.reading() as connection:
            named = catalogue_renew.of_crebo(
                connection, query.get("instelling", "").upper(), query.get("crebo", "")
            )
    ends = clock.ticks() + catalogue_renew.PATIENCE
    for programme_id in named:
        left = ends - clock.ticks()
        if left > catalogue_renew.PATIENCE / 2:
            catalogue_renew.renew(registers.catalogue, store, programme_id, left)


def begun_already(link: Link) -> waiting.Beside | None:
    """What the student who is logged in has open beside this link; None when nobody is."""
    student_id = access.by_digid()
    if student_id is None:
        return None
    with db.reading() as connection:
        mine = waiting.of_student(connection, student_id, clock.today())
        return waiting.beside(connection, mine, link)


def applied_already(link: Link) -> applied.Sent | None:
    """What the student who is logged in sent for what this link names; None when nobody is."""
    student_id = access.by_digid()
    if student_id is None:
        return None
    with db.reading() as connection:
        return applied.running_for(link, applied.of_student(connection, student_id))


def way_back(arrived: arrivals.Arrived, beside: waiting.Beside | None) -> links.Back | None:
    """For whom there is no going on from here."""
    if not arrived.closed and not (beside and beside.full):
        return None
    outcome = Outcome.NIET_MOGELIJK if arrived.closed else Outcome.AFGEBROKEN
    local = not equipment.settings().production
    with db.reading() as connection:
        return links.back(connection, arrived.link, outcome, local)


def given(link: Link) -> dict[str, str]:
    return {name: text for name, text in links.query(link).items() if text}


def elsewhere(arrived: arrivals.Arrived) -> Callable[..., str]:
    """A link to something else of the school, that leads back to the same place."""
    assert arrived.link is not None, "it names something"
    kept = {name: text for name, text in given(arrived.link).items() if name in KEPT}
    return lambda **named: f"{url_for('.deeplink')}?{urlencode({**named, **kept})}"
