"""SBB's leerbedrijven as a test service: docs/registers/sbb-leerbedrijven.yaml."""

from __future__ import annotations

import re
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response, abort, current_app, json, request
from werkzeug.exceptions import HTTPException

from digistub.faults import as_json, failing
from digistub.sbb_data import Accreditation
from digistub.sbb_index import Companies
from digistub.world import World

bp = Blueprint("sbb", __name__)

PAGE, MOST, MOST_PAGES = 10, 50, 1000
LONGEST = 100  # characters of a query
EXPIRED = "expired"  # a fault of its own: every accreditation is over at once
COMPANY = "/leerbedrijven/<leerbedrijf_id>"


@bp.errorhandler(HTTPException)
def wrong(error: HTTPException) -> Response:
    return _problem(error.code or 500)


@bp.get("/leerbedrijven")
def zoeken() -> Response:
    crebo, day = _asked({"crebo", "peildatum", "zoekterm", "pagina", "aantal"})
    query = request.args.get("zoekterm", "")
    page, size = _number("pagina", 1, MOST_PAGES), _number("aantal", PAGE, MOST)
    if len(query) > LONGEST:
        abort(400)
    ahead = (day - _world().today()).days
    found = _companies().search(crebo, query, ahead, (page - 1) * size, size + 1)
    answer = {
        "leerbedrijven": [{**row.body, "erkendVoor": row.accredited_for} for row in found[:size]],
        "pagina": page,
        "meer": len(found) > size,
    }
    return _answer("zoeken", answer)


@bp.get(COMPANY)
def bedrijf(leerbedrijf_id: str) -> Response:
    return _answer("bedrijf", _body(leerbedrijf_id))


@bp.get(f"{COMPANY}/erkenning")
def erkenning(leerbedrijf_id: str) -> Response:
    crebo, day = _asked({"crebo", "peildatum"})
    _body(leerbedrijf_id)
    today = _world().today()
    found = _companies().accreditation(leerbedrijf_id, crebo)
    if found is not None and _world().fault("sbb", "erkenning") == EXPIRED:
        found = found._replace(ends=-1)
    answer = {
        "leerbedrijfId": leerbedrijf_id,
        "crebo": crebo,
        "peildatum": day.isoformat(),
        "status": _status(found, (day - today).days),
    }
    if found is not None:
        answer["erkendVoor"] = found.crebo
        answer["begindatum"] = (today + timedelta(days=found.begins)).isoformat()
        if found.ends is not None:
            answer["einddatum"] = (today + timedelta(days=found.ends)).isoformat()
    return _answer("erkenning", answer)


def _status(found: Accreditation | None, day: int) -> str:
    """`day` is counted from today."""
    if found is None:
        return "NIET_ERKEND"
    if found.ends is not None and found.ends < day:
        return "VERLOPEN"
    return "NOG_NIET_ERKEND" if day < found.begins else "ERKEND"


def _asked(known: set[str]) -> tuple[str, date]:
    """The crebo and the day asked about; 400 for what the description doesn't know."""
    crebo, day = request.args.get("crebo", ""), request.args.get("peildatum", "")
    if set(request.args) - known or not re.fullmatch(r"[0-9]{5}", crebo):
        abort(400)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
        abort(400)
    try:
        return crebo, date.fromisoformat(day)
    except ValueError:
        abort(400)


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,3}", text) and int(text) <= most else abort(400)


def _body(leerbedrijf_id: str) -> dict[str, Any]:
    if not re.fullmatch(r"[1-9][0-9]{8}", leerbedrijf_id):
        abort(400)
    return _companies().body(leerbedrijf_id) or abort(404)


def _world() -> World:
    return cast(World, current_app.extensions["world"])


def _companies() -> Companies:
    return cast(Companies, current_app.extensions["sbb"])


def _answer(call: str, answer: dict[str, Any]) -> Response:
    fault = _world().fault("sbb", call)
    if not fault or fault == EXPIRED:
        return as_json(answer)
    return failing(fault, answer, _wrong_types, _problem)


def _wrong_types(answer: dict[str, Any]) -> dict[str, Any]:
    """Lists in place of texts, and numbers in place of lists."""
    return {key: 7 if isinstance(value, list) else [value] for key, value in answer.items()}


def _problem(status: int) -> Response:
    body = {"title": HTTPStatus(status).phrase, "status": status}
    return Response(json.dumps(body), status, mimetype="application/problem+json")
