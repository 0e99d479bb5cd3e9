"""A foreign client logs in at DigiStub: what it speaks is OpenID Connect, and not our dialect."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from app.assets.build import node
from digistub.people import PEOPLE
from tests.contract.digistub_process import running_digistub

SCRIPT = Path(__file__).parent / "openid_client" / "login.mjs"
BACK = "http://127.0.0.1:9/terug"
AFTER_LOGOUT = "http://127.0.0.1:9/klaar"
KEY = RSAKey.generate_key(2048, auto_kid=True)
BSN = PEOPLE[1].bsn


def _client(name: str, **more: Any) -> dict[str, Any]:
    return {
        "client_id": name,
        "redirect_uris": [BACK],
        "post_logout_redirect_uris": [AFTER_LOGOUT],
        **more,
    }


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    clients = [
        _client("met-geheim", client_secret="geheim-woord"),
        _client("met-sleutel", jwks={"keys": [KEY.as_dict(private=False)]}),
    ]
    with running_digistub(tmp_path_factory.mktemp("digistub"), clients) as address:
        yield address


def _login(issuer: str, **asked: Any) -> dict[str, Any]:
    question = {
        "issuer": issuer,
        "redirectUri": BACK,
        "afterLogout": AFTER_LOGOUT,
        "bsn": BSN,
        "fault": "",
        **asked,
    }
    done = subprocess.run(
        [*node(), str(SCRIPT), json.dumps(question)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


BY_SECRET = {"clientId": "met-geheim", "secret": "geheim-woord"}


@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize(
    "client",
    [
        {**BY_SECRET, "method": "client_secret_post"},
        {**BY_SECRET, "method": "client_secret_basic"},
        {"clientId": "met-sleutel", "jwk": KEY.as_dict(private=True), "method": "private_key_jwt"},
    ],
    ids=lambda client: client["method"],
)
def test_npms_openid_client_logs_in(issuer: str, client: dict[str, Any]) -> None:
    learnt = _login(issuer, **client)
    assert learnt.get("bsn") == BSN, learnt
    assert learnt["acr"] == "http://eidas.europa.eu/LoA/substantial"
    assert BSN not in learnt["sub"]
    assert learnt["left"] == AFTER_LOGOUT
    assert learnt["stateEchoed"] is True


REFUSED = {
    "alg-none": "OAUTH_INVALID_RESPONSE",
    "nonce-wrong": "OAUTH_JWT_CLAIM_COMPARISON_FAILED",
    "aud-other": "OAUTH_JWT_CLAIM_COMPARISON_FAILED",
    "iss-wrong": "OAUTH_JWT_CLAIM_COMPARISON_FAILED",
    "exp-past": "OAUTH_JWT_TIMESTAMP_CHECK_FAILED",
    "sub-missing": "OAUTH_INVALID_RESPONSE",
    "response-iss": "OAUTH_INVALID_RESPONSE",
}


@pytest.mark.each_run(3)
@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize(("fault", "code"), REFUSED.items())
def test_a_fault_is_one_to_others_too(issuer: str, fault: str, code: str) -> None:
    learnt = _login(issuer, **BY_SECRET, method="client_secret_post", fault=fault)
    assert learnt == {"refused": code}
