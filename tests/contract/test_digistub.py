"""DigiStub by itself: what it promises to testers, and what it refuses to portals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import html5lib
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from digistub import CLIENT_ID, CLIENT_SECRET, create_world
from digistub.people import PEOPLE
from digistub.tokens import FAULTS
from digistub.world import Login, World
from tests.worlds import new_world

PORTAL = "http://127.0.0.1:8000"
ISSUER = f"{PORTAL}/digistub"
BACK = f"{PORTAL}/login/digid/terug"
VERIFIER = "v" * 43
BSN = PEOPLE[0].bsn
QUERY = {
    "client_id": CLIENT_ID,
    "response_type": "code",
    "redirect_uri": BACK,
    "scope": "openid",
    "state": "een-state",
    "nonce": "een-nonce",
    "code_challenge": create_s256_code_challenge(VERIFIER),
    "code_challenge_method": "S256",
}


@pytest.fixture
def world(tmp_path: Path) -> Flask:
    return new_world(ISSUER, tmp_path)


@pytest.fixture
def client(world: Flask) -> Iterator[FlaskClient]:
    with world.test_client() as tester:
        yield tester


def authorize(client: FlaskClient, **change: str | None) -> TestResponse:
    query = {name: value for name, value in {**QUERY, **change}.items() if value is not None}
    return client.get("/authorize?" + urlencode(query))


def choose(client: FlaskClient, **form: str) -> TestResponse:
    return client.post("/authorize?" + urlencode(QUERY), data={"bsn": BSN, **form})


def code_of(response: TestResponse) -> str:
    return parse_qs(urlsplit(response.location).query)["code"][0]


def exchange(client: FlaskClient, code: str, **change: str) -> TestResponse:
    return client.post(
        "/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": VERIFIER,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            **change,
        },
    )


@pytest.mark.rule("IDN-2")
def test_the_issuer_is_exactly_its_address(client: FlaskClient) -> None:
    metadata = client.get("/.well-known/openid-configuration").get_json()
    assert metadata["issuer"] == ISSUER
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    for name in ("authorization", "token", "userinfo", "end_session"):
        path = urlsplit(metadata[f"{name}_endpoint"]).path.removeprefix("/digistub")
        assert client.get(path).status_code != 404


@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "onbekend"},
        {"redirect_uri": f"{BACK}/"},
        {"redirect_uri": "https://kwaad.example/"},
        {"redirect_uri": f"{BACK}?meer=1"},
        {"redirect_uri": None},
    ],
)
def test_who_it_doesnt_know_is_never_redirected_to(
    client: FlaskClient, change: dict[str, str | None]
) -> None:
    response = authorize(client, **change)
    assert response.status_code == 400
    assert "Location" not in response.headers


@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "te-kort"}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_a_request_without_what_is_required_goes_back(
    client: FlaskClient, change: dict[str, str | None], error: str
) -> None:
    back = urlsplit(authorize(client, **change).location)
    assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
    query = parse_qs(back.query)
    assert query["error"] == [error]
    assert query["iss"] == [ISSUER]


@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": f"{BACK}/"},
        {"client_secret": "fout"},
        {"client_secret": ""},
    ],
)
def test_a_code_is_only_for_who_asked_it(client: FlaskClient, change: dict[str, str]) -> None:
    response = exchange(client, code_of(choose(client)), **change)
    assert response.status_code in (400, 401)
    assert "id_token" not in response.get_json()


@pytest.mark.rule("IDN-2")
def test_a_code_counts_once(client: FlaskClient) -> None:
    code = code_of(choose(client))
    assert "id_token" in exchange(client, code).get_json()
    again = exchange(client, code)
    assert (again.status_code, again.get_json()["error"]) == (400, "invalid_grant")


def _take(folder: Path, code: str) -> bool:
    return World(folder).take_code(code, "c") is not None


@pytest.mark.rule("IDN-2")
def test_a_code_counts_once_over_all_workers(tmp_path: Path) -> None:
    login = Login("c", BACK, "openid", "n", "x", "S256", BSN, "acr")
    codes = [f"code-{n}" for n in range(40)]
    for code in codes:
        World(tmp_path).keep_code(code, login)
    with get_context("spawn").Pool(2) as pool:
        taken = pool.starmap(_take, [(tmp_path, code) for code in codes for _ in range(2)], 1)
    assert sum(taken) == len(codes)


@pytest.mark.rule("IDN-2")
def test_two_workers_sign_with_one_key(tmp_path: Path) -> None:
    keys = [create_world(ISSUER, tmp_path).test_client().get("/jwks").get_json() for _ in range(2)]
    assert keys[0] == keys[1]
    assert "d" not in keys[0]["keys"][0], "the private half stays inside"


def test_userinfo_wants_a_token_that_exists(client: FlaskClient) -> None:
    for header in ({}, {"Authorization": "Bearer geraden"}):
        assert client.get("/userinfo", headers=header).status_code == 401
    token = exchange(client, code_of(choose(client))).get_json()["access_token"]
    claims = client.get("/userinfo", headers={"Authorization": f"Bearer {token}"}).get_json()
    assert claims["bsn"] == BSN


@pytest.mark.rule("IDN-2")
def test_the_subject_is_another_one_at_each_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {"client_id": "ander", "client_secret": "x", "redirect_uris": [BACK]}
    monkeypatch.setenv("DIGISTUB_CLIENTS", json.dumps([other]))
    provider = create_world(ISSUER, tmp_path).extensions["provider"]
    subjects = []
    for name in (CLIENT_ID, "ander"):
        login = Login(name, BACK, "openid", "n", "x", "S256", BSN, "acr")
        claims = provider.identity(provider.query_client(name), login, "id_token")
        assert BSN not in str(claims)
        subjects.append(claims["sub"])
    assert subjects[0] != subjects[1]


@pytest.mark.rule("IDN-2")
def test_the_page_offers_people_levels_and_faults(client: FlaskClient) -> None:
    page = authorize(client, acr_values="http://eidas.europa.eu/LoA/substantial").text
    for said in (unescape(page), unescape(client.get("/").text)):
        for person in PEOPLE:
            assert person.name in said
            assert person.shows in said
    assert '<input type="radio" name="niveau" value="25" checked>' in page
    assert all(f'<option value="{fault}">' in page for fault in FAULTS)


@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize("bsn", ["123456789", "12345678", "000000000", "abc", "１２３４５６７８２"])
def test_a_bsn_that_cant_exist_is_told(client: FlaskClient, bsn: str) -> None:
    response = choose(client, bsn=bsn)
    assert response.status_code == 422
    assert "Dit BSN klopt niet" in response.text


def test_the_browser_may_go_to_the_client_and_nowhere_else(client: FlaskClient) -> None:
    policy = authorize(client).headers["Content-Security-Policy"]
    assert f"form-action 'self' {PORTAL}" in policy
    assert "script" not in policy
    assert "form-action 'self'" in client.get("/").headers["Content-Security-Policy"]
    assert PORTAL not in client.get("/").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/school/99XX",
        "/school/91XX",
        "/school/92XX",
        "/school/99XX/terug?status=x&b=<b>",
        "/logout",
        "/authorize?client_id=x",
    ],
)
def test_every_page_parses(client: FlaskClient, path: str) -> None:
    html5lib.HTMLParser(strict=True).parse(client.get(path).text)


def test_the_login_page_parses(client: FlaskClient) -> None:
    html5lib.HTMLParser(strict=True).parse(authorize(client).text)
    html5lib.HTMLParser(strict=True).parse(choose(client, bsn='1"><b>').text)


def test_a_service_is_broken_and_mended_over_http(client: FlaskClient) -> None:
    world: World = client.application.extensions["world"]
    client.post("/fouten", data={"wat": "duo/personen/500", "bsn": BSN})
    client.post("/fouten", data={"wat": "duo/personen/timeout"})
    assert world.fault("duo", "personen", BSN) == "500"
    assert world.fault("duo", "personen", PEOPLE[1].bsn) == "timeout"
    client.post("/fouten", data={"hersteld": "duo/personen", "bsn": BSN})
    assert world.fault("duo", "personen", BSN) == "timeout"
    html5lib.HTMLParser(strict=True).parse(client.get("/").text)
    client.post("/fouten", data={"alles": "ja"})
    assert world.faults() == []
    assert client.post("/fouten", data={"wat": "maan/x/y"}).status_code == 422
    assert client.post("/fouten", data={"wat": ""}).status_code == 422


def test_the_school_shows_what_came_back(client: FlaskClient) -> None:
    page = client.get("/school/99XX/terug?status=geslaagd&kenmerk=<b>").text
    assert "geslaagd" in page
    assert "&lt;b&gt;" in page
    links = client.get("/school/99XX").text
    assert f"{PORTAL}/aanmelden?instelling=99XX" in links
    assert f"{PORTAL}/aanmelden?opleiding=" in links
    assert client.get("/school/00AA").status_code == 404


def test_what_is_kept_doesnt_show_a_bsn() -> None:
    login = Login("c", BACK, "openid", "n", "x", "S256", BSN, "acr")
    assert BSN not in repr(login)
