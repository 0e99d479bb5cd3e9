"""How a SIS proves who it is: a secret, a key of its own, or a certificate (OAuth 2.0)."""

from __future__ import annotations

import json
import ssl
import time
import uuid
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

SANDBOX, STUB_SECRET = "99XX", "stubsis"
LIFE = 60  # seconds that an assertion lives
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS: Mapping[str, str] = MappingProxyType(
    {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
)


def stub_client(brin: str) -> str:
    """The OIN as which a Stub SIS logs in for a test school, with the secret STUB_SECRET."""
    return "9" * 20 if brin == SANDBOX else "9" * 16 + brin


class Login(Protocol):
    """What goes with the question for a token: fields of the form, and headers."""

    def proof(self, client_id: str, audience: str) -> tuple[dict[str, str], dict[str, str]]: ...


@dataclass(frozen=True)
class Secret:
    """Outside production only."""

    secret: str = field(repr=False)
    basic: bool = False  # in a header, in place of the form

    def proof(self, client_id: str, audience: str) -> tuple[dict[str, str], dict[str, str]]:
        if not self.basic:
            return {"client_id": client_id, "client_secret": self.secret}, {}
        pair = b64encode(f"{client_id}:{self.secret}".encode()).decode()
        return {}, {"Authorization": f"Basic {pair}"}


@dataclass(frozen=True)
class Key:
    """A private JWK: `private_key_jwt` (RFC 7523)."""

    jwk: RSAKey | ECKey = field(repr=False)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Key:
        """Raises ValueError for what is no private key."""
        try:
            key = JWKRegistry.import_key(dict(given))
        except (JoseError, KeyError, TypeError, ValueError):
            raise ValueError("dit is geen JWK") from None
        if not isinstance(key, RSAKey | ECKey) or not key.is_private:
            raise ValueError("dit is geen private RSA- of EC-sleutel")
        return cls(key)

    def assertion(self, client_id: str, audience: str) -> str:
        key = self.jwk
        algorithm = "PS256" if isinstance(key, RSAKey) else ALGORITHMS[key.curve_name]
        now = int(time.time())
        claims = {
            **{"iss": client_id, "sub": client_id, "aud": audience},
            **{"iat": now, "exp": now + LIFE, "jti": str(uuid.uuid4())},
        }
        head = {"alg": algorithm, **({"kid": key.kid} if key.kid else {})}
        return str(jwt.encode(head, claims, key, algorithms=[algorithm]))

    def proof(self, client_id: str, audience: str) -> tuple[dict[str, str], dict[str, str]]:
        signed = self.assertion(client_id, audience)
        return {
            "client_id": client_id,
            "client_assertion_type": ASSERTION,
            "client_assertion": signed,
        }, {}


@dataclass(frozen=True)
class Certificate:
    """Mutual TLS: the connection itself proves it (RFC 8705)."""

    certificate: Path
    key: Path

    def load(self, context: ssl.SSLContext) -> None:
        """Raises OSError for files that can't be read or don't belong together."""
        context.load_cert_chain(self.certificate, self.key)

    def proof(self, client_id: str, audience: str) -> tuple[dict[str, str], dict[str, str]]:
        return {"client_id": client_id}, {}


def read_key(path: Path) -> Key:
    """Raises ValueError, with what is wrong in Dutch."""
    try:
        return Key.of(json.loads(path.read_text()))
    except OSError:
        raise ValueError(f"{path} is niet te lezen") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
