"""A whole acceptance test of a server, step by step, over the network.

Outside production the server has a testers' door: there it asks for what each step needs. Without
it applications and statuses are left alone: nothing that waits is asked for, nothing is said of an
application, and steps that need to are left out, with the reason.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from digistub.sis.api import CAMBO, Api, Refused, Trouble, said, things
from digistub.sis.login import stub_client
from digistub.sis.state import number_of, readable

DOOR = "/testdeur/sis"


class Failed(Exception):
    """The server did something else than it should."""


class LeftOut(Exception):
    """This step can't be taken here."""


def check(right: object, otherwise: str) -> None:
    if not right:
        raise Failed(otherwise)


@dataclass
class Stage:
    """One koppelpunt of a server, and what is known of it."""

    api: Api
    code: str = ""
    brin: str = ""
    others: dict[str, str] = field(default_factory=dict)  # of other schools: code and BRIN
    door: bool = False
    acknowledges: bool = False  # the koppelpunt repeats what isn't acknowledged
    was: dict[str, str] = field(default_factory=dict)  # how the koppelpunt was set at first
    known: dict[str, dict[str, Any]] = field(default_factory=dict)  # by caKetenId, as read last

    def path(self, rest: str = "") -> str:
        return f"/koppelpunt/{quote(self.code)}/aanmelding{rest}"

    def ask(self, path: str, method: str = "GET", **sent: Any) -> httpx.Response:
        return self.api.call(method, CAMBO + path, **sent)

    def items(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Raises Failed for what no SIS can read."""
        found = things(self.api.get(path, **query), "caKetenId")
        check(all(map(readable, found)), "een aanmelding mist ids, links of wijzigingsvolgnummer")
        self.known |= {item["caKetenId"]: item for item in found}
        return found

    def fresh(self) -> list[dict[str, Any]]:
        """One batch of what waits. Raises LeftOut without a door: there it waits for a real SIS."""
        self.needs_a_door()
        return self.items(self.path("/nieuw"))

    def emptied(self) -> list[dict[str, Any]]:
        """All that waits, acknowledged where that is what it waits for."""
        found: dict[tuple[str, int], dict[str, Any]] = {}
        while batch := [i for i in self.fresh() if mark(i) not in found]:
            found |= {mark(item): item for item in batch}
            for item in batch if self.acknowledges else ():
                self.acknowledge(item)
        return list(found.values())

    def acknowledge(self, item: dict[str, Any]) -> Any:
        change = item["wijzigingsvolgnummer"]
        path = f"{CAMBO}{self.path(f'/{number_of(item)}/ontvangst')}"
        return self.api.post(path, {"wijzigingsvolgnummer": change})

    def highest(self) -> int:
        """The highest change number of all that was read."""
        return max((i["wijzigingsvolgnummer"] for i in self.known.values()), default=0)

    # --- the testers' door ---------------------------------------------------------------------

    def needs_a_door(self) -> None:
        if not self.door:
            raise LeftOut("deze server heeft geen testdeur")

    def wish(self, what: str, **form: Any) -> Any:
        """Raises LeftOut without a door, Failed when it says no."""
        self.needs_a_door()
        answer = self.api.raw("POST", f"{DOOR}/{what}", data=form)
        check(answer.is_success, f"de testdeur weigert {what}: {answer.text[:200]}")
        return answer.json()

    def make(self, *kinds: str) -> None:
        """Generated applications, not read yet; what waited before has been."""
        self.emptied()
        self.wish("aanmeldingen", instelling=self.brin, soort=list(kinds))

    def set(self, **form: str) -> None:
        point = self.wish("koppelpunt", koppelpunt=self.code, **form)
        self.acknowledges = point["bevestigend"]

    def leave(self) -> None:
        """The koppelpunt as it was, as far as the server lets us."""
        if self.was:
            with suppress(Failed, Trouble, ValueError, KeyError):
                self.set(**self.was)

    def status_of(self, item: dict[str, Any]) -> str:
        """What the server holds for the status of an application."""
        rows = self.latest()
        return next((r["status"] for r in rows if r["caKetenId"] == item["caKetenId"]), "")

    def latest(self) -> list[dict[str, Any]]:
        """Applications at every test school, newest first."""
        rows: list[dict[str, Any]] = self.api.raw("GET", DOOR).json()["aanmeldingen"]
        return rows


def mark(item: dict[str, Any]) -> tuple[str, int]:
    return item["caKetenId"], item["wijzigingsvolgnummer"]


# Its docstring is its line; what it gives is said behind that: which of the right answers it got.
Step = Callable[[Stage], str | None]


def prepare(stage: Stage) -> None:
    """Het koppelpunt is te vinden"""
    points = stage.api.koppelpunten()
    check(points, "deze SIS heeft geen koppelpunten")
    codes = [point["koppelpuntcode"] for point in points]
    stage.code = stage.code or codes[0]
    check(stage.code in codes, f"deze SIS heeft geen koppelpunt {stage.code}")
    own = next(point for point in points if point["koppelpuntcode"] == stage.code)
    stage.brin = own["instelling"]
    stage.acknowledges = bool(own.get("bevestigend"))
    same = None
    door = stage.api.raw("GET", DOOR)
    if door.status_code == 200:
        there = door.json()["koppelpunten"]
        same = next((point for point in there if point["koppelpunt"] == stage.code), None)
        stage.door = same is not None
        others = (point for point in there if point["koppelpunt"] not in codes)
        stage.others = {point["koppelpunt"]: point["instelling"] for point in others}
    if same is not None:
        stage.was = {"bevestigend": "ja" if same["bevestigend"] else "nee"}
        if same["stub"] and stage.api.client_id != stub_client(stage.brin):
            stage.was["stub"] = "ja"
            stage.set(stub="nee")


def play(api: Api, code: str, say: Callable[[str], object] = sys.stdout.write) -> int:
    """0 when every step passed, else 1."""
    from digistub.sis import (
        scenario_door,
        scenario_reading,
        scenario_searching,
        scenario_statuses,
    )

    stage = Stage(api, code)
    steps = (
        *(*scenario_door.STEPS[:1], prepare, *scenario_door.STEPS[1:]),
        *scenario_reading.STEPS,
        *scenario_searching.STEPS,
        *scenario_statuses.STEPS,
    )
    say(f"Acceptatietest van {api.server}, als {api.client_id}\n")
    try:
        failed, left_out = _played(stage, steps, say)
    finally:
        stage.leave()
    passed = len(steps) - failed - left_out
    say(f"\n{passed} goed, {failed} fout, {left_out} overgeslagen\n")
    return 1 if failed else 0


def _played(stage: Stage, steps: Sequence[Step], say: Callable[[str], object]) -> tuple[int, int]:
    failed = left_out = 0
    for number, step in enumerate(steps, 1):
        mode, why = "goed ", ""
        try:
            if note := step(stage):
                why = f" ({note})"
        except LeftOut as error:
            left_out, mode, why = left_out + 1, "    –", f" ({error})"
        except (Failed, Trouble, Refused) as error:
            failed, mode, why = failed + 1, "FOUT ", f": {error}"
        except Exception as error:  # what no SIS could have made anything of
            failed, mode, why = failed + 1, "FOUT ", f": onleesbaar ({type(error).__name__})"
        say(f"[{number:2}/{len(steps)}] {mode} {(step.__doc__ or '').strip()}{why}\n")
        if failed and step is prepare:
            break
    return failed, left_out


def refused(answer: httpx.Response, *statuses: int) -> str:
    """What it says, when it refuses as it should."""
    check(answer.status_code in statuses, f"antwoord {answer.status_code}, niet {statuses[0]}")
    try:
        body = answer.json()
    except ValueError:
        body = None
    check(isinstance(body, dict), "de fout is geen JSON")
    check(said(answer).strip(), "de fout zegt niets")
    return said(answer)
