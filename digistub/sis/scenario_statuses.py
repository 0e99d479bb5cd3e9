"""Statuses through the mbo-koppelpunt: in turn, twice, in another order, after an end, and of what
has none."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from digistub.sis.api import STATUSES
from digistub.sis.scenario import LeftOut, Stage, Step, check, refused

Item = dict[str, Any]
TRIES = 12  # applications, to have one of a cohort that hasn't begun


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
    """Raises LeftOut without a door: there a status would be of somebody."""
    stage.needs_a_door()
    answer = stage.api.post(STATUSES, {"aanmeldstatussen": list(messages)})
    results: list[Item] = answer["resultaten"]
    check(len(results) == len(messages), "niet voor elke status een resultaat")
    return results


def one(stage: Stage, kind: str = "bbl-without") -> Item:
    """An application of which nothing was said yet; not of vavo, of which no status counts."""
    stage.make(kind)
    (item,) = stage.emptied()
    return item


def not_begun(stage: Stage) -> Item:
    """The same, of a cohort that begins the day after tomorrow or later."""
    then = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    for _ in range(TRIES):
        item = one(stage)
        if item.get("gewensteStartdatum", then) >= then:
            return item
    raise LeftOut("elk cohort is al begonnen")


def right(results: list[Item], outcome: str = "verwerkt") -> None:
    for result in results:
        check(result["resultaat"] == outcome, f"{result['code']}: {result['melding']}")


def wrong(result: Item, code: str) -> None:
    """Nothing was done with it, for the reason that it should say."""
    got = f"{result['resultaat']}, {result['code']}"
    check(got == f"fout, {code}", f"{got}; niet fout, {code}")


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
    """Een oudere status die later komt, gaat niet over een nieuwere heen"""
    item = one(stage)
    for ago, code in ((60, "OA"), (120, "AO")):
        right(send(stage, message(item, code, ago)))
    ends_as(stage, item, "OFFERED")


def item_by_item(stage: Stage) -> None:
    """Een onbekende status of aanmelding is een fout van die ene"""
    item = one(stage)
    status, unknown, last = send(
        stage,
        message(item, "XX"),
        message(item, "AO", caKetenId=str(uuid.uuid4())),
        message(item, "AO"),
    )
    wrong(status, "status-onbekend")
    wrong(unknown, "aanmelding-onbekend")
    right([last])


def both_ids(stage: Stage) -> None:
    """Met caKetenId en ketenId wint caKetenId, met een waarschuwing"""
    item = one(stage)
    (result,) = send(stage, message(item, "AO", ketenId=f"{item['instelling']}:90000000"))
    right([result])
    check(result["waarschuwingen"], "zonder waarschuwing")
    (result,) = send(stage, message(item, "OA", caKetenId=None, ketenId=item["ketenId"]))
    right([result])
    ends_as(stage, item, "OFFERED")


def withdrawn_by_the_school(stage: Stage) -> None:
    """Wat de school intrekt, komt terug als ingetrokken"""
    item = one(stage)
    right(send(stage, message(item, "AI")))
    again = {found["caKetenId"]: found for found in stage.emptied()}
    check(item["caKetenId"] in again, "er kwam geen bericht")
    check(again[item["caKetenId"]]["ingetrokken"] is True, "niet ingetrokken")


def corrected(stage: Stage) -> None:
    """Een afwijzing is te herstellen, met inschrijven en niet met ontvangen"""
    item = one(stage)
    right(send(stage, message(item, "LNI", 4)))
    right(send(stage, message(item, "AO", 3)), "gelogd")
    ends_as(stage, item, "REJECTED")
    right(send(stage, message(item, "LI", 2)))
    right(send(stage, message(item, "LNI", 1)), "gelogd")
    ends_as(stage, item, "ENROLLED")


def undone(stage: Stage) -> None:
    """Een inschrijving gaat niet door: intrekken kan tot het cohort begint, en blijft dan zo"""
    item = not_begun(stage)
    right(send(stage, message(item, "LI", 3)))
    right(send(stage, message(item, "AI", 2)))
    right(send(stage, message(item, "LI", 1)), "gelogd")
    ends_as(stage, item, "WITHDRAWN")


def of_vavo(stage: Stage) -> str:
    """Een status van vavo wordt geweigerd, of doorgelaten waar dat mag"""
    item = one(stage)
    (result,) = send(stage, message(item, "AO", leertraject="VAVO"))
    if result["resultaat"] == "verwerkt":
        ends_as(stage, item, "RECEIVED")
        return "hier doorgelaten"
    wrong(result, "vavo")
    ends_as(stage, item, "SUBMITTED")
    return "hier geweigerd"


def of_an_interest(stage: Stage) -> None:
    """Een interessemelding heeft geen statussen"""
    item = one(stage, "interest")
    before = stage.status_of(item)
    (result,) = send(stage, message(item, "AO"))
    wrong(result, "interessemelding")
    ends_as(stage, item, before)


def own_series(stage: Stage) -> None:
    """Een ketenId van de eigen reeks wordt aangenomen, een onbekend van onze reeks niet"""
    nobody = {"caKetenId": None, "instelling": stage.brin}
    theirs = f"{stage.brin}:1{uuid.uuid4().int % 10**7:07}"
    own, ours = send(
        stage,
        message(nobody, "AO", ketenId=theirs),
        message(nobody, "AO", ketenId=f"{stage.brin}:90000000"),
    )
    right([own], "doorgestuurd")
    wrong(ours, "aanmelding-onbekend")


def no_list(stage: Stage) -> None:
    """Zonder lijst van statussen komt er een fout in JSON"""
    refused(stage.api.call("POST", STATUSES, json={}), 400)
    refused(stage.api.call("POST", STATUSES, content=b"{"), 400)


def another_school_s(stage: Stage) -> None:
    """Een aanmelding bij een andere school is alsof zij niet bestaat, onder welke BRIN ook"""
    brin = next(iter(stage.others.values()), "")
    if not brin:
        raise LeftOut("er is geen andere instelling")
    stage.wish("aanmeldingen", instelling=brin, soort="adult")
    theirs = next(row for row in stage.latest() if row["instelling"] == brin)
    unknown, *results = send(
        stage,
        message(theirs, "LNI", caKetenId=str(uuid.uuid4()), brin=stage.brin),
        message(theirs, "LNI", brin=stage.brin),
        message(theirs, "LNI"),
        message(theirs, "LNI", caKetenId=None, ketenId=theirs["ketenId"]),
    )
    for result in results:
        wrong(result, "aanmelding-onbekend")
        check(result["melding"] == unknown["melding"], "een ander antwoord dan bij een onbekende")
    check(stage.status_of(theirs) != "REJECTED", "de status telde")


STEPS: tuple[Step, ...] = (
    in_turn,
    twice,
    reordered,
    item_by_item,
    both_ids,
    withdrawn_by_the_school,
    corrected,
    undone,
    of_vavo,
    of_an_interest,
    own_series,
    no_list,
    another_school_s,
)
