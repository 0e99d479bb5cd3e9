"""A SIS that proves who it is with its own keys, rightly and wrongly."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from app import clock
from app.services import sis_clients
from tests.portal import BASE, Portal
from tests.sis import API, TOKEN

THEIRS = "00000003271247010000"  # an OIN
GRANT = {"grant_type": "client_credentials"}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
RSA = RSAKey.generate_key(2048, {"kid": "een"})
EC = ECKey.generate_key("P-256", {"kid": "twee"})
Claims = dict[str, Any]


def register(portal: Portal, *keys: Any) -> None:
    sis_clients.set_up(THEIRS, "Een leverancier", ["99XX"], clock.real_now())
    for key in keys or (RSA, EC):
        sis_clients.add_jwk(THEIRS, json.dumps(key.as_dict(private=False)), clock.real_now())


def claims(**otherwise: Any) -> Claims:
    now = int(clock.real_seconds())
    usual = {
        **{"iss": THEIRS, "sub": THEIRS, "aud": BASE + TOKEN, "iat": now, "exp": now + 60},
        "jti": f"jti-{clock.ticks()}",
    }
    return {name: value for name, value in {**usual, **otherwise}.items() if value is not None}


def signed(what: Claims, key: Any = RSA, algorithm: str = "PS256", **header: Any) -> dict[str, str]:
    heading = {"alg": algorithm, "kid": getattr(key, "kid", None) or "x", **header}
    token = jwt.encode(heading, what, key, algorithms=[algorithm])
    return {**GRANT, "client_assertion_type": ASSERTION, "client_assertion": token}


def by_hand(
    algorithm: str, sign: Callable[[bytes], bytes], payload: bytes = b"", **header: Any
) -> dict[str, str]:
    """As no library would sign it."""
    head = json.dumps({"alg": algorithm, "kid": "een", **header}).encode()
    parts = [head, payload or json.dumps(claims()).encode()]
    text = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    signature = base64.urlsafe_b64encode(sign(text.encode())).decode().rstrip("=")
    return {**signed(claims()), "client_assertion": f"{text}.{signature}"}


def ask(portal: Portal, form: dict[str, str], **headers: str) -> httpx.Response:
    return portal.browser().post(TOKEN, data=form, headers=headers)


def opens(portal: Portal, answer: httpx.Response, **headers: str) -> int:
    """What the koppelpunt answers with this token."""
    assert answer.status_code == 200, answer.text
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}", **headers}
    return (
        portal.browser().get(f"{API}/koppelpunt/99XX/aanmelding/nieuw", headers=bearer).status_code
    )
