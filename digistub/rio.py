"""RIO's open API, version 2, as a test service over `digistub.rio_data`."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, current_app, json, request
from werkzeug.exceptions import HTTPException

from digistub import rio_bodies as bodies
from digistub.rio_data import LOCATIONS, MBO, OFFERS, PROVIDERS, SCHOOLS, TRAININGS, VAVO, Offer

bp = Blueprint("rio", __name__)

SLOW_SECONDS = 30.0
PAGE_SIZE = 20
MOST_PAGE_SIZE = 100
PAGING = frozenset({"page", "pageSize", "sort"})
VALID_ON = frozenset({"datumGeldigOp"})
Body = dict[str, Any]


@bp.errorhandler(HTTPException)
def wrong(error: HTTPException) -> Response:
    status = error.code or 500
    return _json({"status": status, "title": error.name}, status)


@bp.get("/erkenningen")
def schools() -> Response:
    args = _args({"erkenningtype", "volledigeNaam", "plaatsnaam"} | VALID_ON | PAGING)
    instelling = args.get("erkenningtype", bodies.SCHOOL) == bodies.SCHOOL
    found = SCHOOLS if instelling else ()
    return _page("erkenningen", "Erkenningen", map(bodies.school, found))


@bp.get("/erkenningen/<brin>/organisatorische-eenheden")
def units_of_school(brin: str) -> Response:
    _args(VALID_ON)
    _by(SCHOOLS, "brin", brin)
    found = [bodies.provider(p) for p in PROVIDERS if p.brin == brin]
    return _list("erkenning-eenheden", "OrganisatorischeEenheden", found)


@bp.get("/organisatorische-eenheden")
def units() -> Response:
    known = {"organisatorischeEenheidType", "onderwijslocatiegebruikId", "aangebodenOpleidingId"}
    args = _args(known | {"instellingserkenningId"} | VALID_ON | PAGING)
    brin = args.get("instellingserkenningId")
    kind = args.get("organisatorischeEenheidType", bodies.PROVIDER)
    found = [p for p in PROVIDERS if kind == bodies.PROVIDER and brin in (None, p.brin)]
    return _page(
        "organisatorische-eenheden", "OrganisatorischeEenheden", map(bodies.provider, found)
    )


@bp.get("/organisatorische-eenheden/<code>")
def unit(code: str) -> Response:
    _args(VALID_ON)
    return _one("organisatorische-eenheid", bodies.provider(_by(PROVIDERS, "code", code)))


@bp.get("/organisatorische-eenheden/<code>/contactadressen")
def contacts(code: str) -> Response:
    _args(VALID_ON)
    found = bodies.contacts(_by(PROVIDERS, "code", code))
    return _list("contactadressen", "Contactadressen", found)


@bp.get("/organisatorische-eenheden/<code>/erkenningen")
def schools_of_unit(code: str) -> Response:
    _args(VALID_ON)
    school = _by(SCHOOLS, "brin", _by(PROVIDERS, "code", code).brin)
    return _list("eenheid-erkenningen", "Erkenningen", [bodies.school(school)])


@bp.get("/aangeboden-opleidingen")
def offers() -> Response:
    known = {"type", "onderwijslocatieId", "opleidingseenheidcode", "organisatorischeEenheidcode"}
    args = _args(known | VALID_ON | PAGING)
    if args.get("type", MBO) not in bodies.OFFER_TYPES:
        abort(400)
    found = [
        offer
        for offer in OFFERS
        if args.get("type") in (None, VAVO if not offer.leertraject else MBO)
        and args.get("onderwijslocatieId") in (None, offer.location)
        and args.get("opleidingseenheidcode") in (None, offer.training)
        and args.get("organisatorischeEenheidcode") in (None, offer.provider)
    ]
    return _page("aangeboden-opleidingen", "AangebodenOpleidingen", map(bodies.offer, found))


@bp.get("/aangeboden-opleidingen/<uuid:key>")
def offer(key: str) -> Response:
    _args(VALID_ON)
    return _one("aangeboden-opleiding", bodies.offer(_offer(key)))


@bp.get("/aangeboden-opleidingen/<uuid:key>/aangeboden-opleiding-cohorten")
def cohorts_of_offer(key: str) -> Response:
    args = _args({"aanmeldperiode"})
    found = bodies.cohorts(_offer(key), _world().today())
    on = args.get("aanmeldperiode")
    if on is not None:
        found = [c for c in found if _within(c, on)]
    return _list("opleiding-cohorten", "AangebodenOpleidingscohorten", found)


@bp.get("/aangeboden-opleidingen/<uuid:key>/onderwijsaanbieder")
def unit_of_offer(key: str) -> Response:
    _args(VALID_ON)
    return _one("onderwijsaanbieder", bodies.provider(_by(PROVIDERS, "code", _offer(key).provider)))


@bp.get("/aangeboden-opleidingen/<uuid:key>/onderwijslocatie")
def location_of_offer(key: str) -> Response:
    _args(())
    return _one("onderwijslocatie", bodies.location(_by(LOCATIONS, "code", _offer(key).location)))


@bp.get("/aangeboden-opleidingen/<uuid:key>/opleiding")
def training_of_offer(key: str) -> Response:
    _args(VALID_ON)
    return _one("opleiding", bodies.training(_by(TRAININGS, "code", _offer(key).training)))


@bp.get("/aangeboden-opleiding-cohorten")
def cohorts() -> Response:
    known = {"aangebodenOpleidingCohorttype", "beginAanmeldperiode", "eindeAanmeldperiode"}
    args = _args(known | {"aanmeldperiode", "status"} | PAGING)
    if args.get("status", "O") not in ("O", "G"):
        abort(400)
    today = _world().today()
    found = [
        cohort
        for offer in OFFERS
        for cohort in bodies.cohorts(offer, today)
        if args.get("status") in (None, cohort["status"])
        and args.get("aangebodenOpleidingCohorttype") in (None, cohort["type"])
        and args.get("beginAanmeldperiode") in (None, cohort["beginAanmeldperiode"])
        and args.get("eindeAanmeldperiode") in (None, cohort.get("eindeAanmeldperiode"))
        and ("aanmeldperiode" not in args or _within(cohort, args["aanmeldperiode"]))
    ]
    return _page("aangeboden-opleiding-cohorten", "AangebodenOpleidingscohorten", found)


@bp.get("/onderwijslocaties/<code>")
def location(code: str) -> Response:
    _args(())
    return _one("onderwijslocatie", bodies.location(_by(LOCATIONS, "code", code)))


@bp.get("/opleidingen/<code>/opleidingserkenning")
def recognition(code: str) -> Response:
    _args(VALID_ON)
    return _one("opleidingserkenning", bodies.recognition(_by(TRAININGS, "code", code)))


def _world() -> Any:
    return current_app.extensions["world"]


def _by(rows: Iterable[Any], field: str, value: str) -> Any:
    return next((row for row in rows if getattr(row, field) == value), None) or abort(404)


def _offer(key: object) -> Offer:
    found: Offer = _by(OFFERS, "id", str(key))
    return found


def _within(cohort: Body, on: str) -> bool:
    return cohort["beginAanmeldperiode"] <= on <= cohort.get("eindeAanmeldperiode", "9999-12-31")


def _args(known: Iterable[str]) -> dict[str, str]:
    """RIO answers 400 to a parameter it doesn't know, and so do we."""
    if set(request.args) - set(known):
        abort(400)
    for name in ("datumGeldigOp", "aanmeldperiode", "beginAanmeldperiode", "eindeAanmeldperiode"):
        if not re.fullmatch(r"(\d{4}-\d\d-\d\d)?", request.args.get(name, "")):
            abort(400)
    if request.args.get("sort", "id") != "id":
        abort(400)
    return request.args.to_dict()


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else abort(400)


def _page(call: str, collection: str, found: Iterable[Body]) -> Response:
    page, size = _number("page", 0), _number("pageSize", PAGE_SIZE)
    if not 1 <= size <= MOST_PAGE_SIZE:
        abort(400)
    items = sorted(found, key=lambda item: str(item["id"]))
    shown = items[page * size : (page + 1) * size]
    links = {"self": {"href": request.url}}
    if (page + 1) * size < len(items):
        query = {**request.args.to_dict(), "page": page + 1}
        links["next"] = {"href": f"{request.base_url}?{urlencode(query)}"}
    return _answer(call, {"_embedded": {collection: shown}, "_links": links}, page)


def _list(call: str, collection: str, found: list[Body]) -> Response:
    links = {"self": {"href": request.url}}
    return _answer(call, {"_embedded": {collection: found}, "_links": links})


def _one(call: str, body: Body) -> Response:
    return _answer(call, {**body, "_links": {"self": {"href": request.url}}})


def _answer(call: str, body: Body, page: int = 0) -> Response:
    """Faults: 500, truncated, empty, html, timeout; with `:n`, on page n only."""
    fault, _, on_page = (_world().fault("rio", call, None) or "").partition(":")
    if not fault or (on_page and int(on_page) != page):
        return _json(body)
    return FAULTS.get(fault, _error)(body)


def _json(body: Body, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def _error(body: Body) -> Response:
    return _json({"status": 500, "title": "Internal Server Error"}, 500)


def _truncated(body: Body) -> Response:
    return Response(json.dumps(body)[:-20], mimetype="application/json")


def _empty(body: Body) -> Response:
    return _json({"_embedded": {}, "_links": {"self": {"href": request.url}}})


def _html(body: Body) -> Response:
    return Response("<!doctype html><title>Onderhoud</title><p>RIO is in onderhoud.")


def _slow(body: Body) -> Response:
    time.sleep(SLOW_SECONDS)
    return _json(body)


FAULTS: dict[str, Callable[[Body], Response]] = {
    "500": _error,
    "truncated": _truncated,
    "empty": _empty,
    "html": _html,
    "timeout": _slow,
}
