"""RIO's open API, version 2, as a test service, with a change feed of our own beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, abort, current_app
from werkzeug.exceptions import HTTPException

from digistub import rio_bodies as bodies
from digistub.rio_answers import PAGING, answer, arguments, as_json, list_of, one, page_of
from digistub.rio_catalogue import Catalogue, Now
from digistub.rio_types import Offer
from digistub.world import World

bp = Blueprint("rio", __name__)

VALID_ON = frozenset({"datumGeldigOp"})
WANTED = {  # parameters that pick offers
    "type": "kind",
    "onderwijslocatieId": "location",
    "opleidingseenheidcode": "training",
    "organisatorischeEenheidcode": "provider",
}
Body = dict[str, Any]
Row = TypeVar("Row")


@bp.errorhandler(HTTPException)
def wrong(error: HTTPException) -> Response:
    status = error.code or 500
    return as_json({"status": status, "title": error.name}, status)


@bp.get("/erkenningen")
def schools() -> Response:
    args = arguments({"erkenningtype", "volledigeNaam", "plaatsnaam"} | VALID_ON | PAGING)
    instelling = args.get("erkenningtype", bodies.SCHOOL) == bodies.SCHOOL
    found = list(_rows().schools.values()) if instelling else []
    return page_of("erkenningen", "Erkenningen", found, bodies.school)


@bp.get("/erkenningen/<brin>")
def school(brin: str) -> Response:
    arguments(VALID_ON)
    return one("erkenning", bodies.school(_by(_rows().schools, brin)))


@bp.get("/erkenningen/<brin>/organisatorische-eenheden")
def units_of_school(brin: str) -> Response:
    arguments(VALID_ON)
    _by(_rows().schools, brin)
    found = map(bodies.provider, _rows().providers_of(brin))
    return list_of("erkenning-eenheden", "OrganisatorischeEenheden", found)


@bp.get("/organisatorische-eenheden")
def units() -> Response:
    known = {"organisatorischeEenheidType", "onderwijslocatiegebruikId", "aangebodenOpleidingId"}
    args = arguments(known | {"instellingserkenningId"} | VALID_ON | PAGING)
    brin = args.get("instellingserkenningId")
    found = list(_rows().providers.values()) if brin is None else _rows().providers_of(brin)
    if args.get("organisatorischeEenheidType", bodies.PROVIDER) != bodies.PROVIDER:
        found = []
    return page_of("organisatorische-eenheden", "OrganisatorischeEenheden", found, bodies.provider)


@bp.get("/organisatorische-eenheden/<code>")
def unit(code: str) -> Response:
    arguments(VALID_ON)
    return one("organisatorische-eenheid", bodies.provider(_by(_rows().providers, code)))


@bp.get("/organisatorische-eenheden/<code>/contactadressen")
def contacts(code: str) -> Response:
    arguments(VALID_ON)
    found = bodies.contacts(_by(_rows().providers, code))
    return list_of("contactadressen", "Contactadressen", found)


@bp.get("/organisatorische-eenheden/<code>/erkenningen")
def schools_of_unit(code: str) -> Response:
    arguments(VALID_ON)
    school = _rows().schools[_by(_rows().providers, code).brin]
    return list_of("eenheid-erkenningen", "Erkenningen", [bodies.school(school)])


@bp.get("/aangeboden-opleidingen")
def offers() -> Response:
    args = arguments({*WANTED} | VALID_ON | PAGING)
    if args.get("type", bodies.OFFER_TYPES[0]) not in bodies.OFFER_TYPES:
        abort(400)
    now = _now()
    found = now.found(**{field: args[name] for name, field in WANTED.items() if name in args})

    def body(row: Offer) -> Body:
        return _offer_body(now.changed(row))

    return page_of("aangeboden-opleidingen", "AangebodenOpleidingen", found, body)


@bp.get("/aangeboden-opleidingen/<uuid:key>")
def offer(key: str) -> Response:
    arguments(VALID_ON)
    return one("aangeboden-opleiding", _offer_body(_offer(key)))


@bp.get("/aangeboden-opleidingen/<uuid:key>/aangeboden-opleiding-cohorten")
def cohorts_of_offer(key: str) -> Response:
    args = arguments({"aanmeldperiode"})
    found = bodies.cohorts(_now(), _offer(key), _world().today())
    on = args.get("aanmeldperiode")
    if on is not None:
        found = [c for c in found if _within(c, on)]
    return list_of("opleiding-cohorten", "AangebodenOpleidingscohorten", found)


@bp.get("/aangeboden-opleidingen/<uuid:key>/onderwijsaanbieder")
def unit_of_offer(key: str) -> Response:
    arguments(VALID_ON)
    return one("onderwijsaanbieder", bodies.provider(_rows().providers[_offer(key).provider]))


@bp.get("/aangeboden-opleidingen/<uuid:key>/onderwijslocatie")
def location_of_offer(key: str) -> Response:
    arguments(())
    return one("onderwijslocatie", bodies.location(_rows().locations[_offer(key).location]))


@bp.get("/aangeboden-opleidingen/<uuid:key>/opleiding")
def training_of_offer(key: str) -> Response:
    arguments(VALID_ON)
    return one("opleiding", bodies.training(_rows().trainings[_offer(key).training]))


@bp.get("/aangeboden-opleiding-cohorten")
def cohorts() -> Response:
    known = {"aangebodenOpleidingCohorttype", "beginAanmeldperiode", "eindeAanmeldperiode"}
    args = arguments(known | {"aanmeldperiode", "status"} | PAGING)
    if args.get("status", "O") not in ("O", "G"):
        abort(400)
    now, today = _now(), _world().today()
    wanted = frozenset((name, value) for name, value in args.items() if name not in PAGING)

    def body(row: tuple[Offer, str]) -> Body:
        return bodies.cohort(now, *row, today)

    found = _cohorts(now, today, wanted)
    return page_of("aangeboden-opleiding-cohorten", "AangebodenOpleidingscohorten", found, body)


@bp.get("/aangeboden-opleiding-cohorten/<path:key>")
def cohort(key: str) -> Response:
    arguments(())
    row = _now().offer(key.rpartition("_")[2]) or abort(404)
    found = bodies.cohorts(_now(), row, _world().today())
    body = next((body for body in found if body["id"] == key), None)
    return one("aangeboden-opleiding-cohort", body or abort(404))


@bp.get("/onderwijslocaties/<code>")
def location(code: str) -> Response:
    arguments(())
    return one("onderwijslocatie", bodies.location(_by(_rows().locations, code)))


@bp.get("/opleidingen/<code>/opleidingserkenning")
def recognition(code: str) -> Response:
    arguments(VALID_ON)
    row = _rows().trainings.get(code) or abort(400)  # RIO documents no 404 here
    return one("opleidingserkenning", bodies.recognition(row))


@bp.get("/wijzigingen")
def changed() -> Response:
    """RIO hasn't this one: keys only, of what changed after `sinds` up to `totEnMet`."""
    since = _moment(arguments({"sinds"}).get("sinds", ""))
    keys, until = _world().rio_changed(since)
    found = [{"aangebodenOpleidingcode": key} for key in keys]
    return answer("wijzigingen", {"wijzigingen": found, "totEnMet": until.isoformat()})


@lru_cache(maxsize=8)
def _cohorts(
    now: Now, today: date, wanted: frozenset[tuple[str, str]]
) -> Sequence[tuple[Offer, str]]:
    """In order of id. Kept for the pages that follow: it is a walk past all of them."""
    args = dict(wanted)
    on = args.pop("aanmeldperiode", None)
    if "aangebodenOpleidingCohorttype" in args:
        args["type"] = args.pop("aangebodenOpleidingCohorttype")
    found = {
        body["id"]: (row, name)
        for row in now.found()
        for name in row.cohorts
        for body in [bodies.cohort(now, row, name, today)]
        if all(body.get(key) == value for key, value in args.items())
        and (on is None or _within(body, on))
    }
    return [found[key] for key in sorted(found)]


def _world() -> World:
    return cast(World, current_app.extensions["world"])


def _rows() -> Catalogue:
    return cast(Catalogue, current_app.extensions["rio"])


def _now() -> Now:
    return Now(_rows(), _world().rio_changes())


def _by(rows: Mapping[str, Row], key: str) -> Row:
    return rows.get(key) or abort(404)


def _offer(key: object) -> Offer:
    return _now().offer(str(key)) or abort(404)


def _offer_body(row: Offer) -> Body:
    return bodies.offer(row, _rows().trainings[row.training].level)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        abort(400)
    return moment if moment.tzinfo is not None else abort(400)


def _within(cohort: Body, on: str) -> bool:
    return cast(bool, cohort["beginAanmeldperiode"] <= on <= cohort.get("eindeAanmeldperiode", "~"))
