"""What a SIS says of an application that it was given (SIS-1)."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, Response

from app import clock
from app.api import asked
from app.api.asked import Wrong, wrong
from app.api.guard import NO_SUCH, NO_SUCH_CHANGE, actor, koppelpunt, sis
from app.api.reading import answer
from app.problems import problem
from app.services import receipts
from app.services.delivery import NotThere, Point
from app.services.receipts import LONGEST_REPORT

bp = Blueprint("answering", __name__, url_prefix="/cambo/rest/v1/koppelpunt/<code>/aanmelding")


@bp.post("/<int:application_id>/ontvangst")
@sis
@koppelpunt
def received(where: Point, application_id: int) -> Response:
    """Of the `wijzigingsvolgnummer` in the body, else of the first that was given and isn't
    confirmed."""
    change = None
    try:
        change = _change(asked.body())
        number = receipts.acknowledge(where, application_id, change, actor(), clock.real_now())
    except Wrong as error:
        return error.answer()
    except NotThere:
        return _no_such(change)
    return _said(application_id, number, "ontvangen")


@bp.post("/<int:application_id>/foutmelding")
@sis
@koppelpunt
def failed(where: Point, application_id: int) -> Response:
    """The `foutmelding` in the body; the application stays available."""
    change = None
    try:
        given = asked.body()
        change = _change(given)
        text = given.get("foutmelding")
        if not isinstance(text, str) or not text.strip():
            raise wrong("foutmelding", "Stuur in een tekst wat er misging.")
        if len(text) > LONGEST_REPORT:
            raise wrong("foutmelding", f"Stuur hoogstens {LONGEST_REPORT} tekens.")
        number = receipts.report(
            where, application_id, text.strip(), change, actor(), clock.real_now()
        )
    except Wrong as error:
        return error.answer()
    except NotThere:
        return _no_such(change)
    return _said(application_id, number, "fout")


def _change(given: dict[str, Any]) -> int | None:
    value = given.get("wijzigingsvolgnummer")
    if value in (None, ""):
        return None
    try:
        return asked.number(value)
    except ValueError as error:
        raise wrong("wijzigingsvolgnummer", str(error)) from None


def _no_such(change: int | None) -> Response:
    """Whether the application is there isn't told, so that nobody learns of another school's."""
    return problem(404, NO_SUCH if change is None else NO_SUCH_CHANGE, "aanmelding-onbekend")


def _said(application_id: int, number: int, what: str) -> Response:
    return answer(
        orjson.dumps({"id": application_id, "wijzigingsvolgnummer": number, "resultaat": what})
    )
