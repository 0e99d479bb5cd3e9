"""DUO's prior education as a test service: `docs/registers/duo-vooropleidingen.yaml`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, json

from digistub.faults import as_json, asked, failing, fault_of
from digistub.people import educations_for, person_at, valid_bsn

bp = Blueprint("duo_education", __name__)

SOMEBODY_ELSE = "999990019"
NUMBER = "burgerservicenummer"
ROWS = "vooropleidingen"


@bp.post("/vooropleidingen")
def vooropleidingen() -> Response:
    question = asked()
    bsn = question.get(NUMBER) if isinstance(question, dict) else None
    if not isinstance(bsn, str) or not valid_bsn(bsn):
        return _problem(400)
    world = current_app.extensions["world"]
    person = person_at(bsn)
    own = person.education_fault if person else ""
    fault = fault_of(world, "duo", "vooropleidingen", bsn, own)
    answer = {NUMBER: bsn, ROWS: educations_for(bsn, world.today())}
    if fault == "other-person":
        answer[NUMBER] = SOMEBODY_ELSE
    elif fault:
        return failing(fault, answer, _wrong_types, _problem)
    return as_json(answer)


def _wrong_types(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, ROWS: [{"instelling": 83, "vanaf": 2020}]}


def _problem(status: int) -> Response:
    problem = {"title": HTTPStatus(status).phrase, "status": status}
    return Response(json.dumps(problem), status, mimetype="application/problem+json")
