"""The OpenAPI documents: what the portal serves, and that they say what it does."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

import httpx
import pytest
from flask import abort
from werkzeug.routing import Rule

from app import access, db
from app.api import documents, openapi
from app.problems import PATHS, VERSION
from app.store import StoreDown
from tests.contract import own_answers
from tests.contract.described import DATA
from tests.portal import BASE, Portal, open_portal
from tests.production import PORTAL, open_production

APIS = list(openapi.FILES)
DIFFERENT_NAMES = {"code": "koppelpuntcode", "application_id": "id"}  # here, and in the document
# What `vca_Aanmelding` has beside the existing coupling's description.
OURS = {
    *("voorkeursAchternaam", "voorkeursVoorvoegsels", "gewensteStartdatum"),
    "additionalObjects",
}


@pytest.fixture
def portal(one_portal: Portal) -> Portal:
    return one_portal


def served(portal: Portal, api: str) -> httpx.Response:
    return portal.browser().get(f"{api}/openapi.json")


@pytest.mark.rule("SIS-6")
@pytest.mark.parametrize("api", APIS)
def test_anybody_gets_the_document_on_any_website(portal: Portal, api: str) -> None:
    answer = served(portal, api)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = answer.json()
    assert found["openapi"].startswith("3.1")
    assert found["info"]["version"] == VERSION
    assert found["servers"][0]["url"] == BASE + api
    assert "{{" not in answer.text


@pytest.mark.rule("SIS-6")
def test_only_the_documents_are_for_any_website(portal: Portal) -> None:
    for path in (f"{APIS[0]}/party/me", f"{APIS[1]}/aanmeldstatussen", "/docs/sis"):
        assert "Access-Control-Allow-Origin" not in portal.browser().get(path).headers


def described(rule: Rule) -> str:
    """Its address as the documents write it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: f"{{{DIFFERENT_NAMES[found[1]]}}}", rule.rule)


@pytest.mark.rule("SIS-6")
def test_every_address_of_the_api_is_described_and_the_other_way_round(portal: Portal) -> None:
    ours = {
        (method, described(rule))
        for rule in portal.app.url_map.iter_rules()
        if rule.rule.startswith(PATHS)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert ours == {(one.method, one.path) for one in own_answers.operations()}


@pytest.mark.rule("SIS-6")
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
def test_every_answer_says_the_version(portal: Portal, method: str) -> None:
    browser = portal.browser()
    for path in ("/party/me", "/openapi.json", "/bestaat-niet", "/koppelpunt/x/aanmelding/1"):
        for api in APIS:
            assert browser.request(method, api + path).headers["API-Version"] == VERSION
    assert browser.request(method, "/login/oauth2/token").headers["API-Version"] == VERSION
    assert "API-Version" not in browser.request(method, "/").headers


@pytest.mark.rule("SIS-6")
@pytest.mark.parametrize("error", [500, 503, ValueError("Kanarie"), db.Busy(), StoreDown()])
def test_what_goes_wrong_says_the_version_too(sqlite_url: str, error: Any) -> None:
    portal = open_portal(sqlite_url)

    def fall() -> None:
        if isinstance(error, int):
            abort(error)
        raise error

    portal.app.view_functions["reading.me"] = access.public(fall)
    answer = portal.browser().get(
        f"{APIS[0]}/party/me"
    )  # the browser looks whether it is described
    assert answer.headers["API-Version"] == VERSION
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.rule("SIS-4")
def test_what_a_sis_is_served_is_described_as_the_existing_coupling_does() -> None:
    theirs = json.loads((DATA / "cambo_aanmelding.json").read_text())["components"]["schemas"]
    ours = deepcopy(own_answers.document(APIS[0]))["components"]["schemas"]
    added = ours["vca_Aanmelding"]["allOf"][1]["properties"]
    for name in OURS:
        del added[name]
    assert {name: ours[name] for name in theirs} == theirs


@pytest.mark.rule("IDN-2")
def test_in_production_nothing_is_for_testing(sqlite_url: str) -> None:
    browser = open_production(sqlite_url).browser()
    for api in APIS:
        text = browser.get(f"{api}/openapi.json").text
        assert text.count(PORTAL) > 3
        said = text.replace(PORTAL, "")
        assert not re.search(r"secret|stub|\btest|9{20}", said, re.IGNORECASE), api


def test_a_value_that_there_is_not_stops_the_start() -> None:
    values = {name: value for name, value in own_answers.VALUES.items() if name != "batch"}
    with pytest.raises(KeyError, match="batch"):
        openapi.document(APIS[0], values, True)


@pytest.mark.rule("SIS-6")
def test_english_has_each_text_of_the_documents() -> None:
    catalogue = documents.openapi.catalogue("en", own_answers.VALUES)
    said = set()

    def read(node: Any, name: str = "") -> None:
        if isinstance(node, list):
            for each in node:
                read(each)
        elif isinstance(node, dict):
            for key, each in node.items():
                if key not in ("example", "examples"):
                    read(each, key)
        elif name in openapi.TEXTS and isinstance(node, str):
            said.add(node)

    for api in APIS:
        read(own_answers.document(api))
    assert sorted(said - set(catalogue)) == []
    assert sorted(set(catalogue) - said) == []


def answer(status: int, body: Any, path: str = "/party/me", **headers: str) -> httpx.Response:
    request = httpx.Request("GET", f"{BASE}{APIS[0]}{path}")
    usual = {"API-Version": VERSION, "Content-Type": "application/json", **headers}
    return httpx.Response(status, headers=usual, content=json.dumps(body), request=request)


ME = {"$type": "vca.Party", "oin": "9" * 20, "naam": "SIS", "instellingen": ["99XX"]}


@pytest.mark.parametrize(
    "wrong",
    [
        answer(200, {**ME, "extra": 1}),
        answer(200, {**ME, "oin": "9"}),
        answer(200, ME, **{"Content-Type": "text/html"}),
        answer(200, ME, **{"API-Version": "0.9.0"}),
        answer(200, ME, **{"Link": "<x>"}),
        answer(204, ME),
        answer(200, ME, path="/party/jij"),
        answer(404, {"title": "x"}, path="/party/jij"),
        answer(401, ME),
    ],
)
def test_an_answer_that_is_not_described_is_seen(wrong: httpx.Response) -> None:
    own_answers.check(answer(200, ME))
    with pytest.raises(AssertionError):
        own_answers.check(wrong)


def taken(body: Any) -> httpx.Response:
    """A report of an error that was answered with success."""
    address = f"{BASE}{APIS[0]}/koppelpunt/99XX/aanmelding/1/foutmelding"
    said = {"id": 1, "wijzigingsvolgnummer": 1, "resultaat": "fout"}
    return httpx.Response(
        200,
        headers={"API-Version": VERSION, "Content-Type": "application/json"},
        json=said,
        request=httpx.Request("POST", address, json=body),
    )


def test_what_was_taken_and_is_not_described_is_seen() -> None:
    own_answers.check(taken({"foutmelding": "x", "onbekend": {"veld": 1}}))
    for wrong in ({"foutmelding": 7}, {"onbekend": 1}, ["x"]):
        with pytest.raises(AssertionError):
            own_answers.check(taken(wrong))
