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
    ready_again,
)
