"""What an invented school offers, as its own website knows it: from what RIO says today."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

import httpx
from flask import current_app

from digistub import rio_bodies
from digistub.controls import portal
from digistub.rio_catalogue import Now

FEW = 5  # places that a tester can fill


class State(StrEnum):
    OPEN = "open"
    LATER = "later"
    OVER = "over"
    CLOSED = "closed"


class Intake(NamedTuple):
    """A cohort, as RIO writes it."""

    code: str
    state: State
    begins: str
    access_code: str = ""
    places: int = 0


class Programme(NamedTuple):
    id: str
    name: str
    where: str
    crebo: str  # empty: vavo
    hidden: str  # why the portal doesn't show it
    intakes: tuple[Intake, ...]

    def in_state(self, *states: State) -> list[Intake]:
        return [intake for intake in self.intakes if intake.state in states]


class Set(NamedTuple):
    """What schools set in the portal: keys of programmes, BRINs of schools."""

    unticked: frozenset[str] = frozenset()
    programmes: frozenset[str] = frozenset()  # with a return link
    schools: frozenset[str] = frozenset()


NOTHING = Set()


def what_is_set() -> Set:
    """Nothing where the portal doesn't answer."""
    try:
        with portal() as door:
            told = door.get("/ingesteld").raise_for_status().json()
        return Set(*(frozenset(told[name]) for name in Set._fields))
    except (httpx.HTTPError, ValueError, KeyError):
        return NOTHING


def programmes(brin: str, unticked: frozenset[str] = frozenset()) -> list[Programme]:
    world = current_app.extensions["world"]
    now, today = Now(current_app.extensions["rio"], world.rio_changes()), world.today()
    trainings, locations = now.catalogue.trainings, now.catalogue.locations
    return [
        Programme(
            offer.id,
            offer.name or trainings[offer.training].name,
            f"{offer.leertraject or 'vavo'} in {locations[offer.location].place}",
            trainings[offer.training].crebo if offer.leertraject else "",
            "niet voor het portaal"
            if offer.leertraject == "ODT"
            else "niet aangevinkt door de school"
            if offer.id in unticked
            else "",
            tuple(intake(body, today) for body in rio_bodies.cohorts(now, offer, today)),
        )
        for provider in now.catalogue.providers_of(brin)
        for offer in map(now.changed, now.found(provider=provider.code))
    ]


def intake(body: rio_bodies.Body, today: date) -> Intake:
    """By what the cohort is, whatever it is called."""
    day = today.isoformat()
    return Intake(
        body["code"],
        State.CLOSED
        if body["status"] != "O"
        else State.LATER
        if day < body["beginAanmeldperiode"]
        else State.OVER
        if day > body.get("eindeAanmeldperiode", day)
        else State.OPEN,
        body["beginAanmeldperiode"],
        body.get("toegangscodeCohort", ""),
        body.get("deelnemersplaatsen", 0),
    )
