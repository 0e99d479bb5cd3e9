"""Logging in with DigiD over OpenID Connect, at a broker or at DigiStub.

Authlib makes the requests. What is checked of the token (IDN-5) stands in `digid_token`.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from app.domain.ports import (
    Identity,
    Level,
    LoginCancelled,
    LoginRefused,
    LoginStart,
    LoginUnavailable,
)
from app.registers import digid_token
from app.registers.digid_token import ACR, check_claims, checked_bsn, checked_level
from app.registers.http import TOTAL_SECONDS, httpx_client, page_budget, seconds_left, timeouts

CACHE_SECONDS = 600
RENEW_SECONDS = 60  # no sooner, however many tokens name a key that isn't there
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

CANCELLED = ("access_denied", "login_required", "interaction_required")
OUT_OF_ORDER = ("server_error", "temporarily_unavailable")


@dataclass
class _Kept:
    """An answer of the provider that holds for a while."""

    value: Any
    since: float = field(default_factory=time.monotonic)

    def age(self) -> float:
        return time.monotonic() - self.since


class DigidProvider:
    """`issuer` is the setting against which everything is held; its endpoints lie at the same
    origin. `client_key` (PEM, RSA or EC P-256) goes before `client_secret`. Nothing is asked of
    the provider before the first login.
    """

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str = "",
        client_key: str = "",
        bsn_claim: str = "bsn",
        level: str = "20",
        transport: httpx.BaseTransport | None = None,
        timeout: float = TOTAL_SECONDS,
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._client_key = _client_key(client_key)
        self._bsn_claim = bsn_claim
        self._level = Level(level)
        self._timeout = timeout
        self._http = httpx_client(issuer, transport, timeout)
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def start(self, redirect_uri: str) -> LoginStart:
        """Raises LoginUnavailable, or LoginRefused when its metadata can't be trusted."""
        with page_budget():
            endpoint = self._metadata()["authorization_endpoint"]
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        url = prepare_grant_uri(
            endpoint,
            client_id=self._client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope="openid",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            acr_values=ACR[self._level],
            prompt="login",
        )
        return LoginStart(url=url, state=state, nonce=nonce, verifier=verifier)

    def finish(self, start: LoginStart, answer: Mapping[str, str], redirect_uri: str) -> Identity:
        """Raises a LoginFailed; a LoginRefused names the check that failed."""
        with page_budget():
            return self._finish(start, answer, redirect_uri)

    def _finish(self, start: LoginStart, answer: Mapping[str, str], redirect_uri: str) -> Identity:
        self._check_answer(start, answer)
        token = self._token(answer["code"], start.verifier, redirect_uri)
        id_token = token.get("id_token")
        if not isinstance(id_token, str):
            raise LoginRefused("id_token")
        claims = self._claims(id_token)
        check_claims(claims, self._issuer, self._client_id, start.nonce)
        level = checked_level(claims.get("acr"), self._level)
        if self._bsn_claim in claims:
            # This id_token may not become part of an address: the BSN is in it.
            return Identity(bsn=checked_bsn(claims[self._bsn_claim]), level=level)
        bsn = self._bsn_from_userinfo(token.get("access_token"), claims["sub"])
        return Identity(bsn=bsn, level=level, id_token=id_token)

    def logout_url(self, id_token: str, return_to: str) -> str | None:
        try:
            endpoint = self._metadata().get("end_session_endpoint")
        except (LoginUnavailable, LoginRefused):
            return None
        if not endpoint:
            return None
        query = {"client_id": self._client_id, "post_logout_redirect_uri": return_to}
        if id_token:
            query["id_token_hint"] = id_token
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(query)}"

    def _check_answer(self, start: LoginStart, answer: Mapping[str, str]) -> None:
        if not hmac.compare_digest(answer.get("state", "").encode(), start.state.encode()):
            raise LoginRefused("state")
        if answer.get("iss", self._issuer) != self._issuer:  # RFC 9207
            raise LoginRefused("answer-iss")
        error = answer.get("error")
        if error in CANCELLED:
            raise LoginCancelled
        if error in OUT_OF_ORDER:
            raise LoginUnavailable
        if error is not None:
            raise LoginRefused("answer-error")
        if not answer.get("code"):
            raise LoginRefused("code")

    def _token(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        endpoint = self._metadata()["token_endpoint"]
        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=redirect_uri, code_verifier=verifier
        )
        url, headers, body = self._client_auth().prepare("POST", endpoint, dict(FORM), body)
        return self._ask("POST", url, "token", headers=headers, content=body)

    def _client_auth(self) -> ClientAuth:
        if self._client_key is not None:
            alg = "ES256" if isinstance(self._client_key, ECKey) else "RS256"
            return ClientAuth(self._client_id, self._client_key, PrivateKeyJWT(alg=alg))
        return ClientAuth(self._client_id, self._client_secret, "client_secret_basic")

    def _claims(self, id_token: str) -> dict[str, Any]:
        try:
            return digid_token.read(id_token, self._keys())
        except digid_token.UnknownKey:
            pass
        # It may have begun to sign with a new key.
        return digid_token.read(id_token, self._keys(renew=True))

    def _bsn_from_userinfo(self, access_token: object, subject: str) -> str:
        endpoint = self._metadata().get("userinfo_endpoint")
        if not endpoint or not isinstance(access_token, str) or not access_token.isascii():
            raise LoginRefused("bsn")
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        claims = self._ask("GET", endpoint, "userinfo", headers=headers)
        if claims.get("sub") != subject:
            raise LoginRefused("userinfo-sub")
        return checked_bsn(claims.get(self._bsn_claim))

    def _metadata(self) -> dict[str, Any]:
        url = f"{self._issuer}/.well-known/openid-configuration"
        metadata: dict[str, Any] = self._cached("metadata", url, self._check_metadata)
        return metadata

    def _check_metadata(self, found: dict[str, Any]) -> dict[str, Any]:
        if found.get("issuer") != self._issuer:
            raise LoginRefused("metadata-issuer")
        for name in (*ENDPOINTS, "userinfo_endpoint", "end_session_endpoint"):
            url = found.get(name)
            if url is None and name not in ENDPOINTS:
                continue
            if not isinstance(url, str) or not _same_origin(url, self._issuer):
                raise LoginRefused("metadata-endpoint")
        return found

    def _keys(self, renew: bool = False) -> KeySet:
        url = self._metadata()["jwks_uri"]
        keys: KeySet = self._cached(
            "jwks", url, _key_set, RENEW_SECONDS if renew else CACHE_SECONDS
        )
        return keys

    def _cached(self, name: str, url: str, check: Any, most: float = CACHE_SECONDS) -> Any:
        """What `url` gave at most `most` seconds ago, after `check`. Bad answers aren't kept."""
        with self._lock:
            kept = self._kept.get(name)
        if kept and kept.age() < most:
            return kept.value
        value = check(self._ask("GET", url, name, headers={"Accept": "application/json"}))
        with self._lock:
            self._kept[name] = _Kept(value)
        return value

    def _ask(self, method: str, url: str, what: str, **content: Any) -> dict[str, Any]:
        """A JSON object of the provider. Its texts go nowhere: they may name the student."""
        response = None
        seconds = seconds_left(self._timeout)
        if seconds:
            with suppress(httpx.HTTPError):
                response = self._http.request(method, url, timeout=timeouts(seconds), **content)
        if response is None or response.status_code >= 500 or response.status_code == 429:
            raise LoginUnavailable
        if response.status_code != httpx.codes.OK:
            raise LoginRefused(f"{what}-{response.status_code}")
        try:
            found = json.loads(response.content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise LoginUnavailable
        return found


def _client_key(pem: str) -> RSAKey | ECKey | None:
    """Raises ValueError when it isn't a private key in PEM, RSA or EC."""
    if not pem:
        return None
    for kind in (RSAKey, ECKey):
        try:
            key = kind.import_key(pem.replace("\\n", "\n"))
        except (JoseError, ValueError):
            continue
        if key.is_private:
            return key
    raise ValueError("DIGID_CLIENT_KEY must be an RSA or EC private key in PEM")


def _key_set(found: dict[str, Any]) -> KeySet:
    """The keys that may sign. Raises LoginUnavailable when there are none to be read."""
    try:
        return KeySet.import_key_set(
            {"keys": [key for key in found["keys"] if key.get("kty") in ("RSA", "EC")]}
        )
    except (JoseError, KeyError, TypeError, AttributeError, ValueError):
        pass
    raise LoginUnavailable


def _same_origin(url: str, other: str) -> bool:
    try:
        one, two = urlsplit(url), urlsplit(other)
        return (one.scheme, one.hostname, one.port) == (two.scheme, two.hostname, two.port)
    except ValueError:
        return False
