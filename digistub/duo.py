"""DUO's persons as a test service: Haal Centraal BRP Personen bevragen 2, one operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, json

from digistub.faults import as_json, asked, failing, fault_of
from digistub.people import person_at, person_for

bp = Blueprint("duo", __name__)

BSN = re.compile(r"[0-9]{9}", re.ASCII)
AUTOMATIC = ("geheimhoudingPersoonsgegevens", "opschortingBijhouding", "indicatieGeheim")
FIELDS = ("burgerservicenummer", "geslacht", "naam", "geboorte", "verblijfplaats", "partners")
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
TITLES = {
    400: ("Een of meer parameters zijn niet correct.", "paramsValidation"),
    401: ("Niet correct geauthenticeerd.", "authentication"),
    429: ("Te veel vragen.", "tooManyRequests"),
    500: ("Interne server fout.", "serverError"),
    503: ("Bronservice BRP is tijdelijk niet beschikbaar.", "notAvailable"),
}


@bp.post("/personen")
def personen() -> Response:
    question = asked()
    wrong = _wrong(question)
    if wrong:
        return _problem(400, wrong)
    numbers: list[str] = question["burgerservicenummer"]
    world = current_app.extensions["world"]
    fault = next((f for bsn in numbers if (f := _fault(bsn))), "")
    found = [person for bsn in numbers if (person := person_for(bsn, world.today()))]
    answer = {
        "type": question["type"],
        "personen": [_only(_complete(person), question["fields"]) for person in found],
    }
    if fault == "other-person":
        answer = {**answer, "personen": [_other(p) for p in answer["personen"]]}
    elif fault:
        return failing(fault, answer, _wrong_types, _problem)
    return as_json(answer)


def _fault(bsn: str) -> str:
    person = person_at(bsn)
    own = person.persons_fault if person else ""
    return fault_of(current_app.extensions["world"], "duo", "personen", bsn, own)


def _wrong(question: Any) -> str:
    """The parameter that isn't right; empty when all are."""
    if not isinstance(question, dict) or question.get("type") != "RaadpleegMetBurgerservicenummer":
        return "type"
    numbers = question.get("burgerservicenummer")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 20:
        return "burgerservicenummer"
    if not all(isinstance(n, str) and BSN.fullmatch(n) for n in numbers):
        return "burgerservicenummer"
    fields = question.get("fields")
    if not isinstance(fields, list) or not 1 <= len(fields) <= 130:
        return "fields"
    known = all(isinstance(f, str) and f.split(".")[0] in FIELDS for f in fields)
    return "" if known else "fields"


def _complete(person: Mapping[str, Any]) -> dict[str, Any]:
    """With what the real service derives: dates in words, the boolean of the secrecy."""
    whole = {**person, "geboorte": {**person.get("geboorte", {})}}
    if "datum" in whole["geboorte"]:
        whole["geboorte"]["datum"] = _in_words(whole["geboorte"]["datum"])
    if whole.get("indicatieGeheim"):
        whole.setdefault("geheimhoudingPersoonsgegevens", True)
    return whole


def _in_words(datum: Mapping[str, Any]) -> dict[str, Any]:
    match datum["type"]:
        case "Datum":
            day = date.fromisoformat(datum["datum"])
            words = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        case "JaarMaandDatum":
            words = f"{MONTHS[datum['maand'] - 1]} {datum['jaar']}"
        case "JaarDatum":
            words = str(datum["jaar"])
        case _:
            words = "onbekend"
    return {"langFormaat": words, **datum}


def _only(person: Mapping[str, Any], fields: list[str]) -> dict[str, Any]:
    """The fields asked for, and what comes along unasked."""
    kept: dict[str, Any] = {key: person[key] for key in AUTOMATIC if key in person}
    for field in fields:
        _copy(person, kept, field.split("."))
    return kept


def _copy(source: Mapping[str, Any], target: dict[str, Any], path: list[str]) -> None:
    key, *rest = path
    if key not in source:
        return
    if not rest:
        target[key] = source[key]
    elif isinstance(source[key], list):
        into = target.setdefault(key, [{} for _ in source[key]])
        for item, copy in zip(source[key], into, strict=True):
            _copy(item, copy, rest)
    elif isinstance(source[key], dict):
        inner = target.setdefault(key, {})
        if "type" in source[key]:
            inner["type"] = source[key]["type"]
        _copy(source[key], inner, rest)


def _wrong_types(answer: dict[str, Any]) -> dict[str, Any]:
    wrong = {"geboorte": {"datum": 20090314}}
    return {
        **answer,
        "personen": [{**p, "naam": [p.get("naam")], **wrong} for p in answer["personen"]],
    }


def _other(person: Mapping[str, Any]) -> dict[str, Any]:
    return {**person, "burgerservicenummer": "999990019"}


def _problem(status: int, name: str = "") -> Response:
    title, code = TITLES.get(status, TITLES[500])
    problem: dict[str, Any] = {"title": title, "status": status, "code": code}
    if name:
        problem["invalidParams"] = [{"name": name, "code": "invalid", "reason": "Ongeldig."}]
    return Response(json.dumps(problem), status, mimetype="application/problem+json")
