"""Signing the id_token, rightly or in one of the ways a portal must refuse."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from digistub.world import World

Claims = dict[str, Any]
DAY = 86_400

# What each fault does, in words for the tester. The codes are what a test posts as `fout`.
FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "alg-none": "Token zonder handtekening",
        "foreign-key": "Handtekening van een ander, met onze sleutelnaam",
        "unknown-key": "Onbekende sleutelnaam",
        "embedded-jwk": "Handtekening van een ander, met zijn sleutel in het token",
        "aud-other": "Token voor een ander portaal",
        "aud-other-azp": "Token voor een ander portaal, azp noemt dit portaal",
        "aud-two": "Token voor dit portaal en een ander",
        "azp-other": "Token voor dit portaal, azp noemt een ander",
        "iss-wrong": "Token van een andere uitgever",
        "nonce-wrong": "Verkeerde nonce",
        "nonce-missing": "Geen nonce",
        "exp-past": "Token is verlopen",
        "exp-missing": "Token zonder einde",
        "iat-old": "Token van gisteren",
        "iat-missing": "Geen tijdstip in het token",
        "sub-missing": "Geen sub",
        "no-id-token": "Geen id_token",
        "acr-lower": "Lager niveau dan gekozen (basis)",
        "acr-missing": "Geen niveau",
        "acr-unknown": "Onbekend niveau",
        "userinfo-other": "Gegevens van een ander in userinfo",
        "sofi": "Sofinummer in plaats van BSN",
        "sector": "BSN met het sectornummer ervoor (dit mag)",
        "sector-other": "BSN met een onbekend sectornummer",
        "no-bsn": "Geen BSN",
        "bsn-elfproef": "BSN dat niet door de elfproef komt",
        "bsn-short": "BSN van acht cijfers",
        "response-iss": "Antwoord noemt een andere uitgever",
        "token-500": "Fout bij het ophalen van het token",
        "token-html": "HTML in plaats van een token",
        "token-slow": "Token komt te laat",
        "userinfo-500": "Fout bij het ophalen van het BSN",
    }
)
BASIS = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"


def sign(claims: Claims, key: RSAKey, fault: str) -> str:
    """The claims as a signed token, after doing to them what the fault says."""
    spoilt = dict(claims)
    if fault in SPOIL:
        SPOIL[fault](spoilt)
    header: dict[str, Any] = {"alg": "RS256", "kid": key.kid}
    if fault == "unknown-key":
        header["kid"] = "onbekend"
    if fault == "alg-none":
        nobody: Any = None
        return jwt.encode({"alg": "none"}, spoilt, nobody, ["none"])
    if fault in ("foreign-key", "embedded-jwk"):
        # Short, because longer keys make a header that is refused for its size already.
        foreign = RSAKey.generate_key(1024, {"kid": key.kid or ""})
        if fault == "embedded-jwk":
            header["jwk"] = foreign.as_dict(private=False)
        return jwt.encode(header, spoilt, foreign, ["RS256"])
    return jwt.encode(header, spoilt, key, ["RS256"])


def spoil_identity(claims: Claims, fault: str) -> Claims:
    """`sub`, `acr` and `bsn` as they go into the id_token and the userinfo."""
    if "bsn" in claims and fault in SPOIL_BSN:
        claims = {**claims, "bsn": SPOIL_BSN[fault](claims["bsn"])}
    if fault == "no-bsn":
        claims.pop("bsn", None)
    if fault == "acr-missing":
        del claims["acr"]
    elif fault in SPOIL_ACR:
        claims["acr"] = SPOIL_ACR[fault]
    return claims


def _times(**offsets: int) -> Callable[[Claims], None]:
    def change(claims: Claims) -> None:
        for name, offset in offsets.items():
            claims[name] = int(time.time()) + offset

    return change


SPOIL: Mapping[str, Callable[[Claims], object]] = MappingProxyType(
    {
        "aud-other": lambda claims: claims.update(aud="een-ander-portaal"),
        "aud-other-azp": lambda claims: claims.update(azp=claims["aud"], aud="een-ander-portaal"),
        "aud-two": lambda claims: claims.update(aud=[claims["aud"], "een-ander-portaal"]),
        "azp-other": lambda claims: claims.update(azp="een-ander-portaal"),
        "iss-wrong": lambda claims: claims.update(iss="https://een-ander.example"),
        "nonce-wrong": lambda claims: claims.update(nonce=claims["nonce"][::-1]),
        "nonce-missing": lambda claims: claims.pop("nonce"),
        "exp-past": _times(exp=-120, iat=-180),
        "iat-old": _times(iat=-DAY),
        "exp-missing": lambda claims: claims.pop("exp"),
        "iat-missing": lambda claims: claims.pop("iat"),
        "sub-missing": lambda claims: claims.pop("sub"),
        "acr-missing": lambda claims: claims.pop("acr", None),
    }
)
SPOIL_ACR: Mapping[str, str] = MappingProxyType(
    {"acr-lower": BASIS, "acr-unknown": "urn:example:heel-zeker"}
)
SPOIL_BSN: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "sofi": lambda bsn: f"s00000001:{bsn}",
        "sector-other": lambda bsn: f"s00000002:{bsn}",
        "sector": lambda bsn: f"s00000000:{bsn}",
        "bsn-elfproef": lambda bsn: bsn[:8] + str((int(bsn[8]) + 1) % 10),
        "bsn-short": lambda bsn: bsn[:8],
    }
)


def signing_key(world: World) -> RSAKey:
    """Made once, and the same in every worker."""
    if not world.has_secret("key"):
        fresh = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        world.secret("key", json.dumps(fresh.as_dict(private=True)))
    return _imported(world.secret("key", ""))


@cache
def _imported(text: str) -> RSAKey:
    return RSAKey.import_key(json.loads(text))
