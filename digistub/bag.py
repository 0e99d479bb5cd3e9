"""The BAG as a test service: the free search of PDOK's Locatieserver v3_1."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, current_app, json, request

from digistub.bag_addresses import HITS
from digistub.faults import as_json, failing

bp = Blueprint("bag", __name__)

PARAMETERS = {"q", "fq", "fl", "df", "bq", "qf", "start", "rows", "sort", "wt", "lat", "lon"}
ROWS, MOST_ROWS = 10, 100


@bp.get("/free")
def free() -> Response:
    """Fuzzy, as PDOK is: what fits best comes first, and something nearly always does."""
    try:
        start = int(request.args.get("start", 0))
        rows = int(request.args.get("rows", ROWS))
    except ValueError:
        return _problem(400)
    if set(request.args) - PARAMETERS or start < 0 or not 0 <= rows <= MOST_ROWS:
        return _problem(400)
    found = _found(request.args.get("q", ""), request.args.getlist("fq"))
    answer = {
        "response": {
            "numFound": len(found),
            "start": start,
            "maxScore": float(len(found)),
            "numFoundExact": True,
            "docs": found[start : start + rows],
        }
    }
    fault = current_app.extensions["world"].fault("bag", "adres")
    if fault == "other-address":
        return as_json({"response": {**answer["response"], "docs": [_other(d) for d in found]}})
    return failing(fault, answer, _wrong_types, _problem) if fault else as_json(answer)


def _found(question: str, filters: list[str]) -> list[dict[str, Any]]:
    """Every hit that has something of the question, those with most of it first."""
    words = re.findall(r"\w+", question.casefold())
    wanted = [f.partition(":")[2] for f in filters if f.startswith("type:")]
    hits = [hit for hit in HITS if not wanted or hit["type"] in wanted]
    fitting = [(_fit(hit, words), hit) for hit in hits]
    best = sorted((pair for pair in fitting if pair[0]), key=lambda pair: -pair[0])
    return [hit for _, hit in best]


def _fit(hit: dict[str, Any], words: list[str]) -> float:
    """How many words it has; a postcode of the same neighbourhood counts for half."""
    own = set(re.findall(r"\w+", hit["weergavenaam"].casefold()))
    own |= {str(hit.get("huisnummer", ""))}
    near = {word[:4] for word in own if len(word) == 6 and word[:4].isdigit()}
    return sum(1 if word in own else 0.5 * (word[:4] in near) for word in words)


def _other(hit: dict[str, Any]) -> dict[str, Any]:
    return {**hit, "postcode": "9999ZZ"}


def _wrong_types(answer: dict[str, Any]) -> dict[str, Any]:
    docs = [{**hit, "huisnummer": f"{hit['huisnummer']}"} for hit in answer["response"]["docs"]]
    return {"response": {**answer["response"], "docs": docs}}


def _problem(status: int) -> Response:
    problem = {"title": "Er ging iets mis", "status": status}
    return Response(json.dumps(problem), status, mimetype="application/problem+json")
