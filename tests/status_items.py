"""Statuses as a school's SIS sends them, of applications that were just sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import httpx

from app import clock
from app.domain.routing import VAVO
from app.services import applications
from tests import watch
from tests.applicants import adult, open_now, ready
from tests.portal import Portal
from tests.sis import SCHOOL, Sis

STATUSES = "/koppelpunt-mbo/v1/aanmeldstatussen"
Item = dict[str, Any]
_numbers = count(1)


def sent(portal: Portal, number: int = 0, cohort: int = 0, vavo: bool = False) -> Any:
    """The row of an application that was just sent: to 99XX, unless it is for VAVO."""
    wanted = (lambda c: c.leertraject == VAVO) if vavo else (lambda c: c.brin == SCHOOL)
    ids = sorted(choice.cohort_id for choice in open_now() if wanted(choice))
    receipt = applications.submit(*ready(portal, adult(number), ids[cohort]).sends())
    return watch.row_of("application", id=receipt.application_id)


def item(application: Any, code: str = "AO", **other: Any) -> Item:
    """Sent now, or `after` so many seconds; with None a field isn't there."""
    after = timedelta(seconds=other.pop("after", 0))
    usual = {
        "berichtId": f"bericht-{next(_numbers)}",
        "caKetenId": application.ca_keten_id,
        "status": code,
        "tijdstip": written(clock.now() + after),
        "brin": application.brin,
        **other,
    }
    return {name: value for name, value in usual.items() if value is not None}


def written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def send(sis: Sis, *items: Any) -> httpx.Response:
    return sis.post(STATUSES, json={"aanmeldstatussen": list(items)})


def results(sis: Sis, *items: Any) -> list[Item]:
    answer = send(sis, *items)
    assert answer.status_code == 200, answer.text
    found: list[Item] = answer.json()["resultaten"]
    assert len(found) == len(items)
    return found


def result(sis: Sis, one: Any) -> Item:
    (found,) = results(sis, one)
    return found


def warned(found: Item) -> list[str]:
    return [warning["code"] for warning in found["waarschuwingen"]]


def status_of(application: Any) -> str:
    return str(watch.row_of("application", id=application.id).status)


def kinds(application: Any) -> list[str]:
    """Of its messages to the SIS, in their order."""
    every = watch.all_of("message", application_id=application.id)
    return [m.kind for m in sorted(every, key=lambda m: m.change_number)]
