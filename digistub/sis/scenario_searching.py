"""Looking through the list: pages, and filters that leave out what doesn't belong."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from digistub.sis.api import CAMBO, things
from digistub.sis.scenario import LeftOut, Stage, Step, check, mark, refused
from digistub.sis.scenario_reading import some
from digistub.sis.state import number_of

Item = dict[str, Any]
Belongs = Callable[[Item, str], bool]  # with a value that was asked for
NOBODY = "999999990"  # passes the elfproef, and is nobody's
MOST_PAGES = 50  # that are turned
PAGES = 5  # about how many one answer's worth of applications is cut into


def pages(stage: Stage) -> None:
    """Bladzijden met Range geven samen alles, en een link naar de volgende"""
    everybody = stage.items(stage.path())
    if len(everybody) < 3:
        raise LeftOut("er zijn geen drie aanmeldingen")
    few = stage.ask(stage.path(), headers={"Range": "items=0-1"})
    check(few.status_code == 206, f"antwoord {few.status_code}, niet 206")
    first = few.json()["items"]
    check(len(first) == 2, f"{len(first)} aanmeldingen, niet 2")
    check(few.headers.get("Content-Range", "").startswith("items 0-1/"), "zonder Content-Range")
    check("next" in few.links, "zonder link naar de volgende bladzijde")
    size = max(2, len(everybody) // PAGES)
    seen: set[tuple[str, int]] = set()
    for place in range(0, MOST_PAGES * size, size):  # what changed before may come twice
        wanted = {"Range": f"items={place}-{place + size - 1}"}
        page = list(map(mark, things(stage.ask(stage.path(), headers=wanted).json(), "caKetenId")))
        numbers = [number for _, number in page]
        check(numbers == sorted(set(numbers)), "een bladzijde is niet op wijzigingsvolgnummer")
        seen.update(page)
        if len(page) < size:
            check(seen.issuperset(map(mark, everybody)), "op de bladzijden ontbreekt er een")
            break
    refused(stage.ask(stage.path(), headers={"Range": "items=5-1"}), 400)


def by_link(stage: Stage) -> None:
    """Wie steeds de link naar de volgende bladzijde volgt, krijgt alles één keer"""
    whole = stage.ask(stage.path())
    wanted = list(map(mark, things(whole.json(), "caKetenId")))
    if len(wanted) < 3:
        raise LeftOut("er zijn geen drie aanmeldingen")
    size = max(2, len(wanted) // PAGES)
    address = CAMBO + stage.path()
    found: list[tuple[str, int]] = []
    while address and len(found) < len(wanted):
        answer = stage.api.call("GET", address, {"Range": f"items=0-{size - 1}"})
        page = list(map(mark, things(answer.json(), "caKetenId")))
        check(page, "een link wijst naar een lege bladzijde")
        found += page
        address = the_next(stage, answer)
    check(found[: len(wanted)] == wanted, "de bladzijden zijn samen niet de hele lijst")
    check("next" in whole.links or not address, "na de laatste bladzijde komt nog een link")


def the_next(stage: Stage, answer: httpx.Response) -> str:
    """Where the rest is, at this server; empty at the end. A token is sent to no other."""
    if "next" not in answer.links:
        return ""
    url = str(answer.url.join(answer.links["next"]["url"]))
    check(url.startswith(f"{stage.api.server}/"), "een link wijst naar een andere server")
    return url.removeprefix(stage.api.server)


def moment(item: Item) -> datetime:
    return datetime.fromisoformat(item["datumTijdIndienen"])


def sifts(
    stage: Stage, item: Item, name: str, right: str, wrong: str, belongs: Belongs | None = None
) -> None:
    """A filter finds this application by one value and not by another, and nothing else than what
    `belongs`: what has the value itself, when nothing is said. The list begins at the application,
    so that it comes first however many there are."""
    fits = belongs or (lambda one, value: one.get(name) == value)
    for value in (right, wrong):
        by = {"vanafWijziging": item["wijzigingsvolgnummer"], name: value}
        found = by_post(stage, **by) if name == "bsn" else stage.items(stage.path(), **by)
        there = mark(item) in map(mark, found)
        check(there or value == wrong, f"{name}: wat erbij hoort, wordt niet gevonden")
        check(
            all(fits(one, value) for one in found) and not (there and value == wrong),
            f"{name}: er komt ook wat er niet bij hoort",
        )


def by_post(stage: Stage, **by: Any) -> list[Item]:
    return things(stage.api.post(CAMBO + stage.path("/zoek"), by), "caKetenId")


def by_ids(stage: Stage) -> None:
    """Zoeken op caKetenId, ketenId, opleiding en endpoint geeft alleen wat erbij hoort"""
    item, *others = some(stage)
    programmes = [one["opleiding"] for one in others if one["opleiding"] != item["opleiding"]]
    sifts(stage, item, "caKetenId", item["caKetenId"], str(uuid.uuid4()))
    sifts(stage, item, "ketenId", item["ketenId"], f"{stage.brin}:90000000")
    sifts(stage, item, "opleiding", item["opleiding"], (*programmes, str(uuid.uuid4()))[0])
    points = stage.api.koppelpunten()
    own = next(number_of(one) for one in points if one["koppelpuntcode"] == stage.code)
    sifts(stage, item, "endpoint", str(own), str(own + 1), lambda _, value: value == str(own))
    refused(stage.ask(stage.path(), params={"vanafWijziging": "veel"}), 400)


def by_moment(stage: Stage) -> None:
    """Zoeken op het moment van indienen: «vanaf» telt mee, «tot» niet"""
    item = some(stage)[0]
    at = moment(item)
    then, later = (one.isoformat() for one in (at, at + timedelta(seconds=1)))
    of = datetime.fromisoformat
    sifts(stage, item, "vanafDatumIndienen", then, later, lambda one, v: moment(one) >= of(v))
    sifts(stage, item, "totDatumIndienen", later, then, lambda one, v: moment(one) < of(v))


def by_bsn(stage: Stage) -> None:
    """Zoeken op BSN geeft alleen van wie het is; het BSN staat niet in het adres"""
    known = [one for one in some(stage) if one.get("bsn")]
    if not known:
        raise LeftOut("er is geen aanmelding met een BSN")
    others = [one["bsn"] for one in known if one["bsn"] != known[0]["bsn"]]
    sifts(stage, known[0], "bsn", known[0]["bsn"], (*others, NOBODY)[0])


STEPS: tuple[Step, ...] = (pages, by_link, by_ids, by_moment, by_bsn)
