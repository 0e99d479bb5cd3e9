"""The mbo-koppelpunt: what schools say of applications, item by item (STA-2). Nothing personal
that was sent is repeated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
from flask import Blueprint, Response, g

from app import clock, db, equipment
from app.api import asked, status_item
from app.api.asked import Wrong, wrong
from app.api.guard import actor, sis
from app.api.status_item import Unreadable
from app.api.throttle import alone
from app.domain.routing import Terms
from app.problems import problem
from app.services import sis_clients, status_messages
from app.services.status_messages import AHEAD, Refused, Result

MOST = 500  # items in one question
LIST = "aanmeldstatussen"
MINUTE = timedelta(minutes=1)
FAILED = "fout"  # the outcome of an item that nothing was done with

bp = Blueprint("statuses", __name__, url_prefix="/koppelpunt-mbo/v1")

# What a result says of each code: one line, for an administrator.
SAID = {
    "verwerkt": "Deze status telt.",
    "verwijderd": "De student heeft deze aanmelding laten verwijderen, of de bewaartermijn is "
    "voorbij. Deze status is gelogd en verandert niets.",
    "geen-overgang": "Deze status is bewaard en verandert niets: de aanmelding had hem al, of mag "
    "na de status die zij heeft niet meer naar deze.",
    "ingetrokken-door-student": "De student had deze aanmelding al ingetrokken. Deze status is "
    "bewaard en verandert niets.",
    "eigen-reeks": "Dit ketenId is van de eigen reeks van de instelling: hier verandert niets.",
    "aanmelding-onbekend": "U hebt geen aanmelding met dit caKetenId of ketenId.",
    "interessemelding": "Dit is een interessemelding: die heeft geen statussen.",
    "vavo": "Van VAVO neemt het koppelpunt geen statussen aan.",
    "berichtid-hergebruikt": "Met dit berichtId is eerder een ander bericht verwerkt. Geef elk "
    "bericht een eigen berichtId.",
    "te-veel-statussen": f"Van deze aanmelding zijn al {status_messages.MOST} statussen bewaard. "
    "Er komt geen bij.",
    "bericht-ongeldig": "Stuur een JSON-object voor elke status.",
    "berichtid-ongeldig": "Stuur een berichtId van 1 tot 100 tekens, zonder stuurtekens.",
    "brin-ongeldig": "Stuur de BRIN van de instelling, zoals 99XX.",
    "status-onbekend": "Stuur een van de statussen AO, OA, LI, LNI en AI.",
    "tijdstip-ongeldig": "Stuur een tijdstip als 2026-11-02T15:05:35Z.",
    "keten-id-ontbreekt": "Stuur een caKetenId of een ketenId.",
    "keten-id-ongeldig": "Een caKetenId is een UUID van 36 tekens. Een ketenId is een BRIN, een "
    "dubbele punt en acht cijfers.",
    "klok": f"Het tijdstip ligt meer dan {AHEAD // MINUTE} minuten in de toekomst. Het moment van "
    "ontvangst telt.",
    "keten-id-anders": "Het ketenId is van een andere aanmelding. Het caKetenId telt.",
    "tweede-aanmelding": "De student heeft al een andere lopende aanmelding voor deze opleiding.",
    "vol": "Er was geen plaats meer vrij bij deze opleiding.",
    "latere-vervallen": "Een status met een later tijdstip telt hierdoor niet meer: na deze status "
    "kan die niet volgen. Kijk na of het tijdstip klopt.",
    "aanbod-teruggenomen": "Hiermee neemt u het aanbod van een plek (OA) terug. Dat ziet de "
    "student. Is dat niet de bedoeling? Stuur dan OA opnieuw, met een later tijdstip.",
}


@bp.post("/aanmeldstatussen")
@sis
def received() -> Response:
    """Each item in a transaction of its own: what was answered is done, what wasn't may be sent
    again."""
    try:
        items = _items(asked.json_body())
    except Wrong as error:
        return error.answer()
    with db.reading() as connection:
        brins = sis_clients.brins(connection, g.token.client_id)
    with alone(f"statuses {g.token.client_id}") as free:  # five hundred hold a thread for a while
        if not free:
            detail = "Stuur de volgende lijst als het antwoord op de vorige er is."
            return problem(429, detail, "te-vaak", {"Retry-After": "1"})
        results = [_handled(given, brins) for given in items]
    return Response(orjson.dumps({"resultaten": results}), content_type="application/json")


def _items(found: Any) -> list[Any]:
    given = found.get(LIST) if isinstance(found, dict) else found
    if not isinstance(given, list) or not 1 <= len(given) <= MOST:
        raise wrong(LIST, f"Stuur een lijst van 1 tot {MOST} statussen.")
    return given


def _handled(given: Any, brins: list[str]) -> dict[str, Any]:
    echoed = status_item.ids(given)
    settings = equipment.settings()
    terms = Terms(settings.vva_ilt_codes, settings.vva_age_limit)
    try:
        item = status_item.read(given)
        result = status_messages.handle(
            item, actor(), brins, terms, settings.vavo_statuses, clock.now()
        )
    except Unreadable as error:
        return {**echoed, **_failed(error.code)}
    except Refused as error:
        return {**echoed, **_failed(error.why)}
    return {**echoed, **_said(result)}


def _failed(code: str) -> dict[str, Any]:
    return {"resultaat": FAILED, **_told(code), "waarschuwingen": []}


def _said(result: Result) -> dict[str, Any]:
    said = {
        "caKetenId": result.ca_keten_id,
        "ketenId": result.keten_id,
        "resultaat": result.outcome,
        **_told(result.why),
        "status": result.status,
        "herhaald": result.again,
        "waarschuwingen": [_told(code) for code in result.warnings],
    }
    return {name: value for name, value in said.items() if value != ""}


def _told(code: str) -> dict[str, str]:
    return {"code": code, "melding": SAID[code]}
