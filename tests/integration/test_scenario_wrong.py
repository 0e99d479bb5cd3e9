"""The acceptance test, played against servers that are right but for one thing (SIS-7)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import httpx
import pytest

from app.api import throttle
from app.domain import status
from app.domain.status import Source, Status
from app.services import sis_clients
from digistub.sis import scenario, scenario_searching, scenario_statuses
from digistub.sis.api import STATUSES, Api, Refused, Trouble
from digistub.sis.login import Secret
from digistub.sis.scenario import Failed, LeftOut, Stage, Step
from tests.portal import Portal
from tests.sis import OIN, SECRET

Ask = Callable[[httpx.Request], httpx.Request]
Answer = Callable[[httpx.Request, httpx.Response], httpx.Response]


class Wrong(httpx.BaseTransport):
    """The portal, which reads something else than was asked or says something else than it did."""

    def __init__(
        self, portal: Portal, ask: Ask | None = None, answer: Answer | None = None
    ) -> None:
        self.inside = httpx.WSGITransport(portal.app)
        self.ask, self.answer = ask, answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        found = self.inside.handle_request(self.ask(request) if self.ask else request)
        found.read()
        return self.answer(request, found) if self.answer else found


def instead(request: httpx.Request, url: httpx.URL, content: bytes) -> httpx.Request:
    headers = [(k, v) for k, v in request.headers.items() if k.lower() != "content-length"]
    return httpx.Request(request.method, url, headers=headers, content=content)


def ignoring(name: str) -> Ask:
    """A filter, in an address and in JSON."""

    def read(request: httpx.Request) -> httpx.Request:
        content, url = request.read(), request.url.copy_remove_param(name)
        if url.path.endswith("/zoek"):
            body = {key: value for key, value in json.loads(content).items() if key != name}
            content = json.dumps(body).encode()
        return instead(request, url, content)

    return read


def linking(change: Callable[[str], str]) -> Answer:
    def answered(_: httpx.Request, found: httpx.Response) -> httpx.Response:
        if link := found.headers.get("Link"):
            found.headers["Link"] = change(link)
        return found

    return answered


def moved(by: int) -> Callable[[str], str]:
    """The rest, from another change on than it should be."""

    def change(link: str) -> str:
        return re.sub(r"vanafWijziging=(\d+)", lambda m: f"vanafWijziging={int(m[1]) + by}", link)

    return change


def telling(was: str, becomes: str) -> Answer:
    """Of statuses, something else than it did."""

    def answered(request: httpx.Request, found: httpx.Response) -> httpx.Response:
        if request.url.path != STATUSES:
            return found
        content = found.content.replace(f'"{was}"'.encode(), f'"{becomes}"'.encode())
        return httpx.Response(found.status_code, json=json.loads(content))

    return answered


def by_arrival() -> Ask:
    """As if each status were of the moment at which it first came."""
    came: dict[str, str] = {}

    def read(request: httpx.Request) -> httpx.Request:
        if request.url.path != STATUSES or b"berichtId" not in request.read():
            return request
        body = json.loads(request.read())
        for one in body["aanmeldstatussen"]:
            one["tijdstip"] = came.setdefault(one["berichtId"], datetime.now(UTC).isoformat())
        return instead(request, request.url, json.dumps(body).encode())

    return read


def one_further(request: httpx.Request) -> httpx.Request:
    """Each page but the first, as when an application before it has moved up."""
    wanted = request.headers.get("Range", "")
    if found := re.fullmatch(r"items=([1-9]\d*)-(\d+)", wanted):
        request.headers["Range"] = f"items={int(found[1]) + 1}-{int(found[2]) + 1}"
    return request


def upside_down(_: httpx.Request, found: httpx.Response) -> httpx.Response:
    """Every list, from its end."""
    if "Content-Range" in found.headers:
        content = {"items": found.json()["items"][::-1]}
        kept = {
            name: found.headers[name] for name in ("Content-Range", "Link") if name in found.headers
        }
        return httpx.Response(found.status_code, json=content, headers=kept)
    return found


@pytest.fixture
def stage(one_portal: Portal) -> Stage:
    throttle.forget()
    return staged(httpx.WSGITransport(one_portal.app), one_portal)


def staged(transport: httpx.BaseTransport, portal: Portal) -> Stage:
    stage = Stage(Api(portal.base, OIN, Secret(SECRET), transport))
    scenario.prepare(stage)
    return stage


def failing(stage: Stage, steps: Sequence[Step]) -> list[str]:
    found = []
    for step in steps:
        try:
            step(stage)
        except LeftOut:
            continue
        except (Failed, Trouble, Refused):
            found.append(step.__name__)
    return found


FILTERS = {
    **dict.fromkeys(("caKetenId", "ketenId", "opleiding", "endpoint"), "by_ids"),
    **dict.fromkeys(("vanafDatumIndienen", "totDatumIndienen"), "by_moment"),
    "bsn": "by_bsn",
}


@pytest.mark.each_run(3)
@pytest.mark.rule("SIS-7")
@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_that_leaves_nothing_out(one_portal: Portal, stage: Stage, name: str) -> None:
    stage.make("adult", "minor", "abroad")
    stage.emptied()
    wrong = staged(Wrong(one_portal, ignoring(name)), one_portal)
    assert failing(wrong, scenario_searching.STEPS) == [FILTERS[name]]


LINKS = {
    "skips one": moved(1),
    "begins too early": moved(-1),
    "goes nowhere": lambda link: link.replace("next", "last"),
    "goes elsewhere": lambda link: link.replace("127.0.0.1", "elders.example"),
}


@pytest.mark.rule("SIS-7")
@pytest.mark.parametrize("how", LINKS)
def test_a_link_that_does_not_give_the_rest(one_portal: Portal, stage: Stage, how: str) -> None:
    stage.make(*["adult"] * 5)
    stage.emptied()
    wrong = staged(Wrong(one_portal, answer=linking(LINKS[how])), one_portal)
    assert "by_link" in failing(wrong, scenario_searching.STEPS)


PAGES = {"one is lost": (one_further, None), "upside down": (None, upside_down)}


@pytest.mark.rule("SIS-7")
@pytest.mark.parametrize("how", PAGES)
def test_pages_that_are_not_the_whole(one_portal: Portal, stage: Stage, how: str) -> None:
    stage.make(*["adult"] * 5)
    stage.emptied()
    assert failing(stage, [scenario_searching.pages]) == []
    ask, answer = PAGES[how]
    wrong = staged(Wrong(one_portal, ask, answer), one_portal)
    assert failing(wrong, [scenario_searching.pages]) == ["pages"]


SAID = {
    "corrected": telling("gelogd", "verwerkt"),
    "of_vavo": telling("vavo", "aanmelding-onbekend"),
    "of_an_interest": telling("interessemelding", "aanmelding-onbekend"),
    "own_series": telling("doorgestuurd", "verwerkt"),
}


@pytest.mark.each_run(2)
@pytest.mark.rule("STA-2")
@pytest.mark.rule("SIS-7")
@pytest.mark.parametrize("step", SAID)
def test_a_status_that_is_answered_otherwise(one_portal: Portal, stage: Stage, step: str) -> None:
    wrong = staged(Wrong(one_portal, answer=SAID[step]), one_portal)
    assert step in failing(wrong, scenario_statuses.STEPS)


MOVES = {
    "corrected": [(Status.REJECTED, set()), (Status.REJECTED, {Status.ENROLLED, Status.RECEIVED})],
    "undone": [(Status.ENROLLED, set()), (Status.WITHDRAWN, {Status.ENROLLED})],
}


@pytest.mark.each_run(2)
@pytest.mark.rule("STA-3")
@pytest.mark.rule("SIS-7")
@pytest.mark.parametrize(
    ("step", "after", "may"), [(step, *move) for step, moves in MOVES.items() for move in moves]
)
def test_a_move_that_is_missing_or_too_many(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, step: str, after: Status, may: set[Status]
) -> None:
    changed = {**status.MOVES, (after, Source.KOPPELPUNT): frozenset(may)}
    monkeypatch.setattr(status, "MOVES", changed)
    assert failing(stage, scenario_statuses.STEPS) == [step]


@pytest.mark.rule("STA-2")
@pytest.mark.rule("SIS-7")
def test_a_server_that_goes_by_arrival(one_portal: Portal, stage: Stage) -> None:
    wrong = staged(Wrong(one_portal, by_arrival()), one_portal)
    assert failing(wrong, scenario_statuses.STEPS) == ["reordered"]


@pytest.mark.rule("SIS-6")
@pytest.mark.rule("SIS-7")
def test_a_server_that_keeps_no_schools_apart(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sis_clients, "brins", lambda *_: ["91XX", "92XX", "99XX"])
    assert failing(stage, scenario_statuses.STEPS) == ["another_school_s"]
