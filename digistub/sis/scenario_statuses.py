"""Statuses through the mbo-koppelpunt: in turn, twice, and in another order."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from digistub.sis.api import STATUSES
from digistub.sis.scenario import LeftOut, Stage, Step, check, refused

Item = dict[str, Any]


def message(item: Item, status: str, ago: float = 0, **other: Any) -> Item:
    """A status of an application, said so many seconds ago."""
    at = datetime.now(UTC) - timedelta(seconds=ago)
    usual = {
        "berichtId": str(uuid.uuid4()),
        "caKetenId": item["caKetenId"],
        "status": status,
        "tijdstip": at.isoformat().replace("+00:00", "Z"),
        "brin": item["instelling"],
    }
    return {**usual, **other}


def send(stage: Stage, *messages: Item) -> list[Item]:
    answer = stage.api.post(STATUSES, {"aanmeldstatussen": list(messages)})
    results: list[Item] = answer["resultaten"]
    check(len(results) == len(messages), "niet voor elke status een resultaat")
    return results


def one(stage: Stage) -> Item:
    """An application of which nothing was said yet."""
    stage.make("adult")
    (item,) = stage.emptied()
    return item


def right(results: list[Item]) -> None:
    for result in results:
        check(result["resultaat"] == "verwerkt", f"{result['code']}: {result['melding']}")


def ends_as(stage: Stage, item: Item, status: str) -> None:
    held = stage.status_of(item)
    check(held == status, f"de status is {held}, niet {status}")


def in_turn(stage: Stage) -> None:
    """Ontvangen, een plek aangeboden, ingeschreven"""
    item = one(stage)
    for ago, code in ((3, "AO"), (2, "OA"), (1, "LI")):
        right(send(stage, message(item, code, ago)))
    ends_as(stage, item, "ENROLLED")


def twice(stage: Stage) -> None:
    """Hetzelfde bericht twee keer telt één keer"""
    item = one(stage)
    said = message(item, "AO")
    first, again = (send(stage, said)[0] for _ in range(2))
    right([first, again])
    check(again["herhaald"] is True, "de tweede is geen herhaling")
    other = {**said, "status": "LI"}
    check(send(stage, other)[0]["resultaat"] == "fout", "een ander bericht met hetzelfde berichtId")
    ends_as(stage, item, "RECEIVED")


def reordered(stage: Stage) -> None:
    """Een oudere status die later komt, verandert niets"""
    item = one(stage)
    for ago, code in ((1, "LI"), (3, "AO"), (2, "OA")):
        send(stage, message(item, code, ago))
    ends_as(stage, item, "ENROLLED")


def item_by_item(stage: Stage) -> None:
    """Een onbekende status of aanmelding is een fout van die ene"""
    item = one(stage)
    results = send(
        stage,
        message(item, "XX"),
        message(item, "AO", caKetenId=str(uuid.uuid4())),
        message(item, "AO"),
    )
    check([r["resultaat"] for r in results[:2]] == ["fout", "fout"], "geen fout van die ene")
    right(results[2:])


def both_ids(stage: Stage) -> None:
    """Met caKetenId en ketenId wint caKetenId, met een waarschuwing"""
    item = one(stage)
    (result,) = send(stage, message(item, "AO", ketenId=f"{item['instelling']}:90000000"))
    right([result])
    check(result["waarschuwingen"], "zonder waarschuwing")
    (result,) = send(stage, message(item, "OA", caKetenId=None, ketenId=item["ketenId"]))
    right([result])


def withdrawn_by_the_school(stage: Stage) -> None:
    """Wat de school intrekt, komt terug als ingetrokken"""
    item = one(stage)
    right(send(stage, message(item, "AI")))
    again = {found["caKetenId"]: found for found in stage.emptied()}
    check(item["caKetenId"] in again, "er kwam geen bericht")
    check(again[item["caKetenId"]]["ingetrokken"] is True, "niet ingetrokken")


def no_list(stage: Stage) -> None:
    """Zonder lijst van statussen komt er een fout in JSON"""
    refused(stage.api.call("POST", STATUSES, json={}), 400)
    refused(stage.api.call("POST", STATUSES, content=b"{"), 400)


def another_school_s(stage: Stage) -> None:
    """Over een aanmelding bij een ander zegt deze SIS niets"""
    if not stage.others:
        raise LeftOut("er is geen andere instelling")
    item = one(stage)
    (result,) = send(stage, message(item, "AO", brin="91XX" if stage.brin != "91XX" else "92XX"))
    check(result["resultaat"] == "fout", "de status telde")
    ends_as(stage, item, "SUBMITTED")


STEPS: tuple[Step, ...] = (
    in_turn,
    twice,
    reordered,
    item_by_item,
    both_ids,
    withdrawn_by_the_school,
    no_list,
    another_school_s,
)
