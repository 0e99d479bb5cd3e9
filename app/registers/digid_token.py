"""What must be true of an id_token before it is believed (IDN-5). Every refusal has its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from stdnum.nl import bsn as elfproef

from app.domain.ports import Level, LevelTooLow, LoginRefused

ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY_SECONDS = 60
MOST_AGE_SECONDS = 300
BSN_SECTOR = "s00000000:"
SOFINUMMER_SECTOR = "s00000001:"

_SAML = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
_EIDAS = "http://eidas.europa.eu/LoA/"
ACR: Mapping[Level, str] = MappingProxyType(
    {
        Level.BASIS: f"{_SAML}PasswordProtectedTransport",
        Level.MIDDEN: f"{_SAML}MobileTwoFactorContract",
        Level.SUBSTANTIEEL: f"{_SAML}Smartcard",
        Level.HOOG: f"{_SAML}SmartcardPKI",
    }
)
LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        **{acr: level for level, acr in ACR.items()},
        f"{_EIDAS}low": Level.MIDDEN,
        f"{_EIDAS}substantial": Level.SUBSTANTIEEL,
        f"{_EIDAS}high": Level.HOOG,
    }
)


class UnknownKey(LoginRefused):
    """Signed with a key that the provider doesn't list, or not yet when we asked."""


def read(id_token: str, keys: KeySet) -> dict[str, Any]:
    """The claims, once the signature is right. Raises LoginRefused."""
    failure: LoginRefused
    try:
        return jwt.decode(id_token, keys, ALGORITHMS).claims
    except InvalidKeyIdError:
        failure = UnknownKey("key")
    except BadSignatureError:
        failure = LoginRefused("signature")
    except (JoseError, ValueError):
        failure = LoginRefused("token")
    raise failure


def check_claims(claims: dict[str, Any], issuer: str, client_id: str, nonce: str) -> None:
    """Raises LoginRefused with the name of the first claim that isn't right."""
    must: jwt.ClaimsOption = {"essential": True}
    registry = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_SECONDS, iss=must, sub=must, aud=must, exp=must, iat=must, nonce=must
    )
    try:
        registry.validate(claims)
    except ClaimError as error:
        wrong = error.claim
    else:
        # joserfc saw types and times; it is too lenient about values and age.
        rules = {
            "iss": claims["iss"] == issuer,
            "aud": claims["aud"] in (client_id, [client_id]),
            "azp": claims.get("azp", client_id) == client_id,
            "nonce": claims["nonce"] == nonce,
            "iat": registry.now - claims["iat"] <= MOST_AGE_SECONDS + LEEWAY_SECONDS,
        }
        wrong = next((name for name, holds in rules.items() if not holds), "")
    if wrong:
        raise LoginRefused(wrong)


def checked_level(acr: object, asked: Level) -> Level:
    """Raises LoginRefused for a level we don't know, LevelTooLow for one below the one asked."""
    level = LEVELS.get(acr) if isinstance(acr, str) else None
    if level is None:
        raise LoginRefused("acr")
    order = list(Level)
    if order.index(level) < order.index(asked):
        raise LevelTooLow
    return level


def checked_bsn(value: object) -> str:
    """Nine digits that pass the elfproef, without the sector before it. Raises LoginRefused."""
    if not isinstance(value, str) or not value:
        raise LoginRefused("bsn")
    if value.startswith(SOFINUMMER_SECTOR):
        raise LoginRefused("sofinummer")
    bsn = value.removeprefix(BSN_SECTOR)
    if not re.fullmatch("[0-9]{9}", bsn):
        raise LoginRefused("bsn")
    if not elfproef.is_valid(bsn):
        raise LoginRefused("elfproef")
    return bsn
