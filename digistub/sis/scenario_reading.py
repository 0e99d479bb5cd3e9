"""Taking applications: seen, acknowledged, lost and found again."""

from __future__ import annotations

from typing import Any

from digistub.sis.api import CAMBO
from digistub.sis.scenario import LeftOut, Stage, Step, check, mark, refused
from digistub.sis.state import number_of


def new_ones_come_once(stage: Stage) -> None:
    """Nieuwe aanmeldingen komen op volgorde, en één keer"""
    stage.set(bevestigend="nee")
    stage.make("minor", "abroad", "interest", "bbl", "unknown")
    waiting = stage.fresh()
    check(len(waiting) == 5, f"{len(waiting)} aanmeldingen, niet 5")
    numbers = [item["wijzigingsvolgnummer"] for item in waiting]
    check(numbers == sorted(set(numbers)), "niet op volgorde van wijzigingsvolgnummer")
    check(not stage.fresh(), "ze komen nog een keer")


def complete(stage: Stage) -> None:
    """Elke aanmelding heeft wat de koppeling verplicht stelt"""
    required = ("datumTijdIndienen", "instelling", "opleiding", "opleidingCohort", "roepnaam")
    for item in some(stage):
        missing = [name for name in (*required, "type") if not item.get(name)]
        check(not missing, f"zonder {', '.join(missing)}")
        check(item["$type"] == "vca.Aanmelding", "een ander $type dan vca.Aanmelding")


def a_withdrawal(stage: Stage) -> None:
    """Wat de student introk, komt als ingetrokken"""
    stage.make("withdrawn")
    (item,) = stage.fresh()
    check(item["ingetrokken"] is True, "niet ingetrokken")


def a_lost_answer(stage: Stage) -> None:
    """Een antwoord dat wegviel, is terug te halen met vanafWijziging"""
    stage.make("adult", "partner", "changed")
    before = stage.highest()
    gone = {mark(item) for item in stage.fresh()}
    check(not stage.fresh(), "zonder bevestigen komen ze nog een keer")
    again = stage.items(stage.path(), vanafWijziging=before + 1)
    check({mark(item) for item in again} == gone, "andere dan er weggevallen waren")


def acknowledging(stage: Stage) -> None:
    """Wie bevestigt, krijgt alles tot het bevestigd is; twee keer mag"""
    stage.set(bevestigend="ja")
    try:
        stage.make("adult", "minor")
        first, second = stage.fresh()
        check([mark(i) for i in stage.fresh()] == [mark(first), mark(second)], "niet herhaald")
        once, twice = stage.acknowledge(first), stage.acknowledge(first)
        check(once == twice, "een ander antwoord op de tweede bevestiging")
        check([mark(i) for i in stage.fresh()] == [mark(second)], "niet alleen het andere")
        stage.acknowledge(second)
        check(not stage.fresh(), "bevestigd, en toch nog een keer")
    finally:
        stage.set(bevestigend="nee")


def an_error_report(stage: Stage) -> None:
    """Een foutmelding mag twee keer, en laat de aanmelding beschikbaar"""
    stage.needs_a_door()
    item = some(stage)[-1]
    path = stage.path(f"/{number_of(item)}/foutmelding")
    body = {"foutmelding": "De opleiding is hier onbekend."}
    first, again = (stage.api.post(CAMBO + path, body) for _ in range(2))
    check(first == again, "een ander antwoord op de tweede foutmelding")
    refused(stage.ask(path, "POST", json={}), 400)
    one = stage.api.get(stage.path(f"/{number_of(item)}"))
    check(mark(one) == mark(item), "niet meer te lezen")


def one_by_its_number(stage: Stage) -> None:
    """Eén aanmelding is te lezen, en een onbekende bestaat niet"""
    item = some(stage)[0]
    one = stage.api.get(stage.path(f"/{number_of(item)}"))
    check(one["caKetenId"] == item["caKetenId"], "een andere aanmelding")
    refused(stage.ask(stage.path("/999999999")), 404)


def pages(stage: Stage) -> None:
    """Bladzijden met Range, en een link naar de volgende"""
    if len(stage.items(stage.path())) < 3:
        raise LeftOut("er zijn geen drie aanmeldingen")
    few = stage.ask(stage.path(), headers={"Range": "items=0-1"})
    check(few.status_code == 206, f"antwoord {few.status_code}, niet 206")
    first = few.json()["items"]
    check(len(first) == 2, f"{len(first)} aanmeldingen, niet 2")
    check(few.headers.get("Content-Range", "").startswith("items 0-1/"), "zonder Content-Range")
    check("next" in few.links, "zonder link naar de volgende bladzijde")
    later = stage.ask(stage.path(), headers={"Range": "items=2-3"}).json()["items"]
    numbers = [item["wijzigingsvolgnummer"] for item in first + later]
    check(numbers == sorted(set(numbers)), "bladzijden overlappen")
    refused(stage.ask(stage.path(), headers={"Range": "items=5-1"}), 400)


def filters(stage: Stage) -> None:
    """Zoeken op ketenId, opleiding, moment en BSN; het BSN niet in het adres"""
    item = next((one for one in some(stage) if one.get("bsn")), None)
    if item is None:
        raise LeftOut("er is geen aanmelding met een BSN")
    by = {"ketenId": item["ketenId"], "vanafDatumIndienen": item["datumTijdIndienen"]}
    for name, value in {**by, "opleiding": item["opleiding"]}.items():
        found = stage.items(stage.path(), **{name: value})
        check(mark(item) in {mark(one) for one in found}, f"niet gevonden met {name}")
    answer = stage.api.post(CAMBO + stage.path("/zoek"), {"bsn": item["bsn"]})
    check(mark(item) in {mark(one) for one in answer["items"]}, "niet gevonden met BSN")
    check(stage.items(stage.path(), ketenId=f"{stage.brin}:90000000") == [], "niet leeg")
    refused(stage.ask(stage.path(), params={"vanafWijziging": "veel"}), 400)


def ready_again(stage: Stage) -> None:
    """Opnieuw klaarzetten: dezelfde aanmeldingen, hogere wijzigingsvolgnummers"""
    stage.emptied()
    before = dict(stage.known)
    highest = stage.highest()
    stage.wish("klaarzetten", instelling=stage.brin)
    found = {item["caKetenId"]: item for item in stage.emptied()}
    check(before.keys() <= found.keys(), "niet alles kwam opnieuw")
    check(all(i["wijzigingsvolgnummer"] > highest for i in found.values()), "geen hoger nummer")


def some(stage: Stage) -> list[dict[str, Any]]:
    """Of what was read, by number; what there was before when nothing was."""
    found = sorted(stage.known.values(), key=number_of) or stage.items(stage.path())
    if not found:
        raise LeftOut("er zijn geen aanmeldingen")
    return found


STEPS: tuple[Step, ...] = (
    new_ones_come_once,
    complete,
    a_withdrawal,
    a_lost_answer,
    acknowledging,
    an_error_report,
    one_by_its_number,
    pages,
    filters,
    ready_again,
)
