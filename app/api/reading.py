"""What a SIS reads: who it is, its koppelpunten, and their applications (SIS-1, SIS-4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import orjson
from flask import Blueprint, Response, g, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from app import clock, db, equipment
from app.api import asked
from app.api.asked import Wrong
from app.api.guard import NO_SUCH, actor, is_stub, koppelpunt, sis
from app.problems import problem
from app.services import delivery, koppelpunten, sis_clients
from app.services.delivery import HEAD, Given, NotThere, Point
from app.services.koppelpunten import Koppelpunt

bp = Blueprint("reading", __name__, url_prefix="/cambo/rest/v1")
OURS = "application/vnd.topicus.cambo+json"
TYPES = (OURS, "application/json")


@bp.get("/party/me")
@sis
def me() -> Response:
    client_id = g.token.client_id
    with db.reading() as connection:
        name, brins = sis_clients.described(connection, client_id)
    party = {"$type": "vca.Party", "oin": client_id, "naam": name, "instellingen": brins}
    return answer(orjson.dumps(party))


@bp.get("/koppelpunt")
@sis
def points() -> Response:
    g.quiet = is_stub()  # it asks every second, on the terminal of who tries the portal
    with db.reading() as connection:
        brins = sis_clients.brins(connection, g.token.client_id)
        found = koppelpunten.of_schools(connection, brins)
        waiting = delivery.counts(connection, [point.id for point in found])
    now = clock.real_now()
    items = [_point(p, now, waiting.get(p.id, 0)) for p in found if p.code in g.token.koppelpunten]
    return answer(orjson.dumps({"items": items}))


def _point(point: Koppelpunt, now: datetime, waiting: int) -> dict[str, Any]:
    href = f"{_here()}/koppelpunt/{quote(point.code)}"
    return {
        "$type": "vca.Koppelpunt",
        "links": [{"id": point.id, "rel": "self", "type": "vca.Koppelpunt", "href": href}],
        "koppelpuntcode": point.code,
        "naam": point.name or point.code,
        "uuid": point.uuid,
        "instelling": point.brin,
        "onderwijsaanbieders": list(point.providers),
        "sis": point.sis,
        "actief": not point.off and point.active_from <= now,
        "actiefVanaf": asked.written(point.active_from),
        "bevestigend": point.acknowledging,
        "wachtend": waiting,
    }


@bp.get("/koppelpunt/<code>/aanmelding/nieuw")
@sis
@koppelpunt
def fresh(where: Point) -> Response:
    """The oldest that wait, at most 500; from now on they count as fetched. Who asks for the
    headers alone gets nothing, so nothing counts."""
    if request.method == "HEAD":
        return listed(where, [])
    return listed(where, delivery.fresh(where, actor(), clock.real_now()))


@bp.get("/koppelpunt/<code>/aanmelding")
@sis
@koppelpunt
def search(where: Point) -> Response:
    """By change number: with filters in the address, and a Range."""
    return _search(where, request.args.to_dict())


@bp.post("/koppelpunt/<code>/aanmelding/zoek")
@sis
@koppelpunt
def search_by_post(where: Point) -> Response:
    """The same with the filters in JSON: a BSN doesn't belong in an address (RET-2). It is ours, so
    unlike the existing coupling's address it takes no field that it doesn't know."""
    try:
        given = asked.body()
        asked.only_filters(given)
    except Wrong as wrong:
        return wrong.answer()
    return _search(where, given)


def _search(where: Point, given: dict[str, Any]) -> Response:
    try:
        filters = asked.filters(given, where.id, request.headers.get("Range", ""))
    except Wrong as wrong:
        return wrong.answer()
    if filters is None:
        return listed(where, [])
    found = delivery.listed(where, filters, actor())
    response = listed(where, found.given)
    last = filters.first + found.read - 1
    if found.read:
        response.headers["Content-Range"] = f"items {filters.first}-{last}/*"
    if "Range" in request.headers and found.read:
        response.status_code = 206
    # A BSN goes into no link, so then there is none (RET-2).
    if found.more_from is not None and filters.bsn is None:
        response.headers["Link"] = _next(where, found.more_from + 1, given)
    return response


def _next(where: Point, change: int, given: dict[str, Any]) -> str:
    """The rest, from the next change on, by the filters that counted and nothing else."""
    kept = {name: given[name] for name in asked.LINKED if given.get(name) not in (None, "")}
    query = "&".join(f"{quote(n)}={quote(str(v))}" for n, v in kept.items())
    query = f"vanafWijziging={change}{'&' if query else ''}{query}"
    return f'<{_here()}/koppelpunt/{quote(where.code)}/aanmelding?{query}>; rel="next"'


@bp.get("/koppelpunt/<code>/aanmelding/<int:application_id>")
@sis
@koppelpunt
def one(where: Point, application_id: int) -> Response:
    try:
        found = delivery.one(where, application_id, actor())
    except NotThere:
        return problem(404, NO_SUCH, "aanmelding-onbekend")
    return answer(_linked(found, _href(where)))


def listed(where: Point, found: Sequence[Given]) -> Response:
    href = _href(where)
    return answer(b'{"items":[' + b",".join(_linked(one, href) for one in found) + b"]}")


def _linked(one: Given, href: bytes) -> bytes:
    """An application with what is known now only: put into its JSON as text, which costs a
    thirtieth of reading and writing it."""
    assert one.body.startswith(HEAD), "every message begins so"
    return (
        b'%b"links":[{"id":%d,"rel":"self","type":"vca.Aanmelding","href":"%b%d"}],'
        b'"wijzigingsvolgnummer":%d,%b'
        % (HEAD, one.id, href, one.id, one.change_number, one.body[len(HEAD) :])
    )


def _href(where: Point) -> bytes:
    return f"{_here()}/koppelpunt/{quote(where.code)}/aanmelding/".encode()


def _here() -> str:
    return equipment.settings().base_url + "/cambo/rest/v1"


def answer(body: bytes) -> Response:
    """In the media type that was asked for; without a wish the coupling's own."""
    wanted = _media_type(request.headers.get("Accept", ""))
    return Response(body, content_type=wanted, headers={"Vary": "Accept"})


@lru_cache(maxsize=256)
def _media_type(accept: str) -> str:
    """The best of ours for this Accept: a SIS says the same each time."""
    accepted = parse_accept_header(accept, MIMEAccept)
    asked_for = [(name.partition(";")[0].strip(), q) for name, q in accepted]
    return MIMEAccept(asked_for).best_match(TYPES, OURS)  # a charset makes it no other type
