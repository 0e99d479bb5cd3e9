"""What a SIS does with a koppelpunt: take what is new, keep it, and say what must be said of it.

Nothing gets lost: whatever answer gets lost, it asks again from the last change number up to which
it misses nothing. Nothing is doubled: each thing that it says has a key that follows from what it
is about, and so have the status messages that it sends.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import quote

from digistub.sis.api import CAMBO, STATUSES, Api, Refused, Trouble, things
from digistub.sis.state import RECEIPT, STATUS, Outgoing, State, number_of, readable

STUB = "Stub SIS"
NAMES = uuid.UUID("6f0d2c0e-5a53-4c0f-9d0e-3b6a1c9f7e21")  # of our status messages
MOST = 100  # statuses in one question
CODES = ("AO", "OA", "LI", "LNI", "AI")


class Lost(Trouble):
    """An answer that came, and was thrown away as if it hadn't."""


@dataclass(frozen=True)
class Manner:
    """How this SIS behaves."""

    koppelpunten: tuple[str, ...] = ()  # codes; empty: all that it has
    only_on_stub: bool = False  # leaves those alone that are not set to the Stub SIS
    statuses: tuple[str, ...] = ()  # that each new application gets, in this order
    acknowledges: bool = True
    drop: int = 0  # every so many answers get lost; 0: none
    repeat: bool = False  # says everything twice
    reorder: bool = False  # says things in a random order
    seed: int = 0


class Sis:
    """One client of one server."""

    def __init__(
        self, api: Api, state: State, manner: Manner, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self.api, self.state, self.manner, self.say = api, state, manner, say
        self.lost = 0  # answers
        self._answers = 0
        self._random = Random(manner.seed)
        self._sure: set[str] = set()  # koppelpunten of which every answer arrived
        self._said: dict[str, str] = {}  # by koppelpunt: why it gives nothing; empty: it gives

    def round(self) -> bool:
        """Everything once; whether anything happened. Raises Trouble or Refused."""
        happened = False
        for point in self._points():
            happened |= self._take(point)
        return self._speak() or happened

    def _points(self) -> Iterator[str]:
        wanted = self.manner.koppelpunten
        if wanted and not self.manner.only_on_stub:
            yield from wanted
            return
        for point in self.api.koppelpunten():
            code, waiting = point["koppelpuntcode"], point.get("wachtend", 1)
            if wanted and code not in wanted:
                continue
            if self.manner.only_on_stub and point.get("sis") != STUB:
                self._sure.discard(code)
            elif point.get("actief", True) and (
                self._unheard(point) or waiting or self._in_doubt(code)
            ):
                yield code

    def _unheard(self, point: dict[str, Any]) -> bool:
        """The Stub SIS takes all that waits: then we ask once, to be told why we get nothing."""
        if point.get("sis") != STUB:
            self._said.pop(point["koppelpuntcode"], None)
            return False
        return point["koppelpuntcode"] not in self._said

    def _in_doubt(self, code: str) -> bool:
        """An answer may be missing: one got lost, or we were killed before it was kept."""
        return code not in self._sure and self.state.reached(code) is not None

    def _take(self, code: str) -> bool:
        happened = False
        try:
            if self._in_doubt(code):
                happened |= self._catch_up(code)
            elif self.state.reached(code) is None:
                self.state.reach(code, 0)
            self._sure.add(code)
            while self._keep(code, self._items(f"/koppelpunt/{quote(code)}/aanmelding/nieuw")):
                happened = True
            self._said[code] = ""
        except Refused as refused:
            if refused.status != 409:  # off, or on the stub: a matter of whoever sets it
                raise
            if self._said.get(code) != str(refused):
                self.say(f"{code}: {refused}")
            self._said[code] = str(refused)
        except Trouble:
            self._sure.discard(code)
            raise
        return happened

    def _catch_up(self, code: str) -> bool:
        """All that changed since what we are sure of."""
        happened = False
        while True:
            start = (self.state.reached(code) or 0) + 1
            path = f"/koppelpunt/{quote(code)}/aanmelding"
            items = self._items(path, vanafWijziging=start)
            happened |= self._keep(code, items)
            if not items:
                return happened

    def _items(self, path: str, **query: Any) -> list[dict[str, Any]]:
        items = things(self.api.get(path, **query), "caKetenId")
        if not all(map(readable, items)):
            raise Trouble("een aanmelding is niet te lezen")
        if items:
            self._arrives()
        return items

    def _arrives(self) -> None:
        """Of the answers that say something the first doesn't, and from there every so many."""
        self._answers += 1
        if self.manner.drop and self._answers % self.manner.drop == 1:
            self.lost += 1
            raise Lost("antwoord weggegooid")

    def _keep(self, code: str, items: Sequence[dict[str, Any]]) -> bool:
        """Whether there was anything new among them."""
        if not items:
            return False
        news = self.state.unknown(code, items)
        to_say = [self._receipt(code, item) for item in items if self.manner.acknowledges]
        for item, fresh in news:
            if fresh and item.get("type") == "A" and not item.get("ingetrokken"):
                to_say += chain(code, item, self.manner.statuses)
        reached = max(item["wijzigingsvolgnummer"] for item in items)
        kept = [item for item, _ in news]
        self.state.keep(self.api.client_id, code, kept, to_say, reached)
        for item, fresh in news:
            gone = ", ingetrokken" if item.get("ingetrokken") else ""
            self.say(f"{code}: {item['ketenId']} {'nieuw' if fresh else 'veranderd'}{gone}")
        return bool(news)

    def _receipt(self, code: str, item: dict[str, Any]) -> Outgoing:
        change = item["wijzigingsvolgnummer"]
        key = f"{RECEIPT} {item['caKetenId']} {change}"
        return Outgoing(key, RECEIPT, code, number_of(item), {"wijzigingsvolgnummer": change})

    # --- what is said ------------------------------------------------------------------------

    def _speak(self) -> bool:
        waiting = self.state.waiting(self.api.client_id)
        if self.manner.reorder:
            self._random.shuffle(waiting)
        for one in (w for w in waiting if w.kind == RECEIPT):
            self.state.said([(one.key, self._told(self._path(one), one.body))])
        statuses = [w for w in waiting if w.kind == STATUS]
        size = 1 if self.manner.reorder else MOST
        for first in range(0, len(statuses), size):
            self._send(statuses[first : first + size])
        return bool(waiting)

    def _path(self, one: Outgoing) -> str:
        return f"{CAMBO}/koppelpunt/{quote(one.koppelpunt)}/aanmelding/{one.id}/{RECEIPT}"

    def _told(self, path: str, body: Any) -> str:
        """What came of it. A refusal is an answer too: it isn't said again."""
        try:
            self._post(path, body)
        except Refused as refused:
            self.say(f"geweigerd: {refused}")
            return str(refused)
        return "goed"

    def _post(self, path: str, body: Any) -> Any:
        """Said again until the answer arrives, and once more by who repeats."""
        left = 1 + self.manner.repeat
        while left:
            answer = self.api.post(path, body)
            try:
                self._arrives()
                left -= 1
            except Lost:
                continue
        return answer

    def _send(self, some: Sequence[Outgoing]) -> None:
        body = {"aanmeldstatussen": [one.body for one in some]}
        try:
            answer = self._post(STATUSES, body)
        except Refused as refused:
            if len(some) > 1:  # one of them spoils it for all
                for one in some:
                    self._send([one])
                return
            self.say(f"status geweigerd: {refused}")
            self.state.said([(some[0].key, str(refused))])
            return
        results = answer.get("resultaten") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(some):
            raise Trouble("het antwoord heeft niet voor elke status een resultaat")
        self.state.said([(one.key, str(r)) for one, r in zip(some, results, strict=True)])
        for one, result in zip(some, results, strict=True):
            wrong = isinstance(result, dict) and result.get("resultaat") == "fout"
            told = f", fout: {result.get('melding')}" if wrong else ""
            who = f"{one.koppelpunt}: status {one.body['status']} voor {one.body['ketenId']}"
            self.say(f"{who}{told}")


def chain(code: str, item: dict[str, Any], statuses: Sequence[str]) -> list[Outgoing]:
    """A status message for each, a millisecond apart, the last of them now. Their ids follow from
    the application and the code: sent twice they are the same messages."""
    now = datetime.now(UTC)
    found = []
    for n, status in enumerate(statuses):
        at = now - timedelta(milliseconds=len(statuses) - n)
        message_id = str(uuid.uuid5(NAMES, f"{item['caKetenId']} {n} {status}"))
        body = {
            "berichtId": message_id,
            "caKetenId": item["caKetenId"],
            "ketenId": item["ketenId"],
            "status": status,
            "tijdstip": at.isoformat().replace("+00:00", "Z"),
            "brin": item["instelling"],
        }
        found.append(Outgoing(f"{STATUS} {message_id}", STATUS, code, number_of(item), body))
    return found
