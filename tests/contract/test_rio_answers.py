"""Every answer of RIO's test service, as RIO itself describes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from digistub import rio_bodies
from digistub.rio_catalogue import Catalogue, Change
from digistub.rio_data import OFFERS
from digistub.rio_types import Offer
from tests.contract import described
from tests.contract.world import BASE
from tests.worlds import new_world

PATHS = "/digistub/rio"
OURS = "/wijzigingen"  # RIO hasn't it
GENERATED, EACH = 500, 12  # so many, of which each twelfth is looked at
CALLS = {  # by the last fixed part of the address; its page or its thing
    "erkenningen": "erkenningen",
    "aangeboden-opleidingen": "aangeboden-opleidingen",
    "aangeboden-opleiding-cohorten": "aangeboden-opleiding-cohorten",
    "organisatorische-eenheden": "organisatorische-eenheden",
}


class Rio:
    """The test service, asked directly; each answer is held against the description."""

    def __init__(self, folder: Path, programmes: int = 0) -> None:
        self.app: Flask = new_world(BASE, folder, programmes=programmes)
        self.rows: Catalogue = self.app.extensions["rio"]
        mounted = DispatcherMiddleware(NotFound(), {"/digistub": self.app})
        self._http = httpx.Client(transport=httpx.WSGITransport(mounted), base_url=BASE)

    def get(self, path: str, **params: str) -> httpx.Response:
        answer = self._http.get(f"{BASE}/rio{path}" + (f"?{urlencode(params)}" if params else ""))
        described.rio().check_response(answer.request, path, answer)
        return answer

    def rules(self) -> list[str]:
        """The address of each route, such as /onderwijslocaties/<code>."""
        rules = (r.rule for r in self.app.url_map.iter_rules() if r.endpoint.startswith("rio."))
        return sorted(rule.removeprefix("/rio") for rule in rules if not rule.endswith(OURS))

    def paths(self, rule: str, offers: list[Offer]) -> Iterator[str]:
        """Every address of this route that is about these offers."""
        before, placeholder, after = rule.partition("<")
        if not placeholder:
            yield rule
            return
        for key in sorted(self._keys(before.strip("/"), offers)):
            yield before + quote(key) + after.partition(">")[2]

    def _keys(self, collection: str, offers: list[Offer]) -> set[str]:
        providers = [self.rows.providers[offer.provider] for offer in offers]
        keys = {
            "erkenningen": {provider.brin for provider in providers},
            "organisatorische-eenheden": {provider.code for provider in providers},
            "aangeboden-opleidingen": {offer.id for offer in offers},
            "aangeboden-opleiding-cohorten": {
                f"{rio_bodies.cohort_code(offer, name)}_{offer.id}"
                for offer in offers
                for name in offer.cohorts
            },
            "onderwijslocaties": {offer.location for offer in offers},
            "opleidingen": {offer.training for offer in offers},
        }
        return keys[collection]


@pytest.fixture(scope="module")
def rio(tmp_path_factory: pytest.TempPathFactory) -> Rio:
    return Rio(tmp_path_factory.mktemp("digistub"))


@pytest.fixture(scope="module")
def big_rio(tmp_path_factory: pytest.TempPathFactory) -> Rio:
    return Rio(tmp_path_factory.mktemp("digistub"), GENERATED)


def walk(rio: Rio, offers: list[Offer]) -> int:
    """Ask everything about these; how many answers there were."""
    paths = [path for rule in rio.rules() for path in rio.paths(rule, offers)]
    for path in paths:
        assert rio.get(path).status_code == 200, path
    return len(paths)


def test_every_answer_about_every_programme_is_as_described(rio: Rio) -> None:
    cohorts = sum(len(offer.cohorts) for offer in OFFERS)
    assert walk(rio, list(OFFERS)) > 5 * len(OFFERS) + cohorts


def test_and_so_it_is_for_generated_ones(big_rio: Rio) -> None:
    offers = [offer for offer in big_rio.rows.every_offer if offer not in OFFERS]
    assert len(offers) == GENERATED
    assert walk(big_rio, offers[::EACH]) > 5 * GENERATED // EACH


def test_every_page_is_as_described(big_rio: Rio) -> None:
    for path in ("/aangeboden-opleidingen", "/aangeboden-opleiding-cohorten", "/erkenningen"):
        seen: list[str] = []
        for page in range(100):
            body = big_rio.get(path, page=str(page), pageSize="100").json()
            (items,) = body["_embedded"].values()
            seen += [item["id"] for item in items]
            if "next" not in body["_links"]:
                break
        assert seen == sorted(set(seen))
        assert len(seen) > len(OFFERS)


def test_a_changed_rio_is_as_described(tmp_path: Path) -> None:
    rio = Rio(tmp_path)
    kok, gone, *_ = OFFERS
    code = rio_bodies.cohort_code(kok, kok.cohorts[0])
    for change in (
        Change(kok.id, "", "name", "Kok & <b>bakker</b>"),
        Change(kok.id, code, "closed", ""),
        Change(kok.id, code, "code", "Zon en maan"),
        Change(gone.id, "", "gone", ""),
    ):
        rio.app.extensions["world"].change_rio(change)
    assert rio.get(f"/aangeboden-opleidingen/{kok.id}").json()["eigennaam"] == "Kok & <b>bakker</b>"
    cohort = rio.get(f"/aangeboden-opleiding-cohorten/{code}_{kok.id}").json()
    assert (cohort["status"], cohort["toegangscodeCohort"]) == ("G", "Zon en maan")
    for rule in rio.rules():
        for path in rio.paths(rule, [gone]) if "aangeboden" in rule and "<" in rule else ():
            assert rio.get(path).status_code == 404, path
    listed = rio.get("/aangeboden-opleidingen", pageSize="100").json()["_embedded"]
    assert gone.id not in {item["id"] for item in listed["AangebodenOpleidingen"]}
    assert len(listed["AangebodenOpleidingen"]) == len(OFFERS) - 1


def test_what_is_not_there_gets_a_documented_answer(rio: Rio) -> None:
    strange = Offer("bestaat-niet", "", "", "", "", "", ("vast",))
    keys = {"<brin>": "00AA", "<code>": "000X000", "<uuid:key>": strange.id, "<path:key>": "x_y"}
    rules = [rule for rule in rio.rules() if "<" in rule]
    assert rules
    for rule in rules:
        for placeholder, key in keys.items():
            rule = rule.replace(placeholder, key)
        # Here RIO documents no 404.
        status = 400 if rule.endswith("/opleidingserkenning") else 404
        assert rio.get(rule).status_code == status, rule


def test_an_unknown_parameter_is_a_documented_400(rio: Rio) -> None:
    for rule in rio.rules():
        path = next(rio.paths(rule, [OFFERS[0]]))
        assert rio.get(path, soort="x").status_code == 400, path


@pytest.mark.parametrize("status", [403, 406, 503])
def test_documented_refusals_can_be_had(rio: Rio, status: int) -> None:
    world = rio.app.extensions["world"]
    for call, path in CALLS.items():
        world.set_fault("rio", call, None, str(status))
        assert rio.get(f"/{path}").status_code == status
    world.mend()
