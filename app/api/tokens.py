"""Logging in of a SIS: OAuth 2.0 client credentials (SIS-6).

A SIS proves who it is with its own key (`private_key_jwt`), with its certificate where a trusted
proxy ends mutual TLS, or outside production with a secret. A token lives TOKEN_SECONDS, opens the
koppelpunten that the SIS has when it asks for it, and is kept as a hash. Nothing ends one earlier,
so a process needn't look up twice what one opens.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2.rfc6749 import InvalidClientError, OAuth2Request
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from flask import Blueprint, Response, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app import access, clock, db, equipment
from app.api import certificates
from app.api.throttle import throttled
from app.services import koppelpunten, sis_clients

TOKEN_SECONDS = 600
MOST_ASSERTION = 600  # seconds that an assertion may still have to live
MOST_KNOWN = 1000  # tokens that a process remembers
MOST_TRIES, MOST_FROM = 60, 600  # a minute, by client and address, and by address
JWT, TLS = "private_key_jwt", "tls_client_auth"
BY_SECRET = ("client_secret_post", "client_secret_basic")
ALGORITHMS = list(sis_clients.ALGORITHMS)

NO_PROOF = "Unknown client, or proven by none of its keys."

bp = Blueprint("tokens", __name__)


@dataclass(frozen=True)
class Token:
    client_id: str
    koppelpunten: tuple[str, ...]  # codes
    certificate: str  # fingerprint of the one that it was given to (RFC 8705), or empty
    until: float  # seconds since 1970


@dataclass(frozen=True)
class Client:
    """A SIS as Authlib wants to see it."""

    client_id: str
    production: bool

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str | None) -> str:
        return ""

    def check_client_secret(self, client_secret: str) -> bool:
        if self.production:
            return False
        with db.reading() as connection:
            now = clock.real_now()
            return sis_clients.has_secret(connection, self.client_id, client_secret, now)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in (JWT, TLS) or (method in BY_SECRET and not self.production)

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"


def client(client_id: str) -> Client | None:
    if not sis_clients.OIN.fullmatch(client_id):
        return None
    with db.reading() as connection:
        found = sis_clients.exists(connection, client_id)
    return Client(client_id, equipment.settings().production) if found else None


class Assertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """A SIS that signs with its own key (RFC 7523). Each assertion counts once."""

    CLIENT_AUTH_METHOD = JWT

    def get_audiences(self) -> list[str]:
        here = equipment.settings().base_url
        return [here, here + "/login/oauth2/token"]

    def resolve_client_public_key(self, client: Client) -> KeySet:
        with db.reading() as connection:
            found = sis_clients.jwks(connection, client.client_id, clock.real_now())
        if not found:
            raise InvalidClientError(description=NO_PROOF)
        return KeySet.import_key_set({"keys": found})

    def process_assertion_claims(self, assertion: str, resolve_key: Any) -> Any:
        """As Authlib does, with the algorithms that the NL profile allows."""
        try:
            token = jwt.decode(assertion, resolve_key, algorithms=ALGORITHMS)
        except (JoseError, ValueError, TypeError):  # TypeError: a `crit` that is no list of names
            raise InvalidClientError(description=NO_PROOF) from None
        named = request.form.get("client_id")
        if named and named != token.claims.get("sub"):  # RFC 7521 §4.2
            raise InvalidClientError(description="'client_id' is another than the assertion's.")
        self.verify_claims(token.claims)
        return token.claims

    def verify_claims(self, claims: dict[str, Any]) -> None:
        left = claims.get("exp", 0)
        if not isinstance(left, int | float) or left > clock.real_seconds() + MOST_ASSERTION:
            raise InvalidClientError(description="'exp' is at most ten minutes from now.")
        super().verify_claims(claims)

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        used = sha256(f"{claims['sub']}\n{jti}".encode()).hexdigest()
        life = MOST_ASSERTION + 2 * self.leeway
        return equipment.store().incr(f"sis:jti:{used}", life) == 1


def by_certificate(query_client: Callable[[str], Client | None], asked: Any) -> Client | None:
    """The certificate's subject bears the OIN of who asks (RFC 8705)."""
    shown = certificates.shown(request, clock.real_now())
    if shown is None or shown.oin != asked.payload.client_id:
        return None
    with db.reading() as connection:
        counts = sis_clients.counts_certificate(
            connection, shown.oin, shown.fingerprint, clock.real_now()
        )
    return query_client(shown.oin) if counts else None


class Grant(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = [JWT, TLS, *BY_SECRET]


class Form(FlaskOAuth2Payload):  # type: ignore[misc]
    """What was posted, and nothing of the address (RFC 6749 §2.3.1)."""

    @property
    def data(self) -> Any:
        return self._request.form


class BehindProxy(FlaskOAuth2Request):  # type: ignore[misc]
    """Authlib refuses plain http outside loopback; BASE_URL has been held to https where it
    must be."""

    def __init__(self, asked: Any) -> None:
        address = asked.url.replace("http://", "https://", 1)
        OAuth2Request.__init__(self, asked.method, address, headers=asked.headers)
        self._request = asked
        self.payload = Form(asked)


class Server(AuthorizationServer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(query_client=client)
        self.register_token_generator("default", _fresh)
        self.register_client_auth_method(JWT, Assertion())
        self.register_client_auth_method(TLS, by_certificate)
        self.register_grant(Grant)

    def create_oauth2_request(self, _request: Any) -> OAuth2Request:
        return BehindProxy(request)

    def authenticate_client(
        self, asked: OAuth2Request, methods: Any, endpoint: str = "token"
    ) -> Any:
        """Who is unknown and who has other keys are told the same."""
        try:
            return super().authenticate_client(asked, methods, endpoint)
        except InvalidClientError as error:
            if "exist" in (error.description or ""):
                raise InvalidClientError(
                    status_code=error.status_code, description=NO_PROOF
                ) from None
            raise
        except (ValueError, RecursionError):  # a header that is no base64; JSON without an end
            raise InvalidClientError(status_code=401, description="Unreadable.") from None

    def save_token(self, token: dict[str, Any], asked: OAuth2Request) -> None:
        shown = certificates.shown(request, clock.real_now())
        bound = shown.fingerprint if shown and asked.auth_method == TLS else ""
        client_id = asked.client.client_id
        with db.reading() as connection:
            brins = sis_clients.brins(connection, client_id)
            codes = [k.code for k in koppelpunten.of_schools(connection, brins)]
        kept = orjson.dumps([client_id, codes, bound, clock.real_seconds() + TOKEN_SECONDS])
        equipment.store().put(_key(token["access_token"]), kept, TOKEN_SECONDS)


def _fresh(**_: Any) -> dict[str, Any]:
    return {
        "access_token": secrets.token_urlsafe(32),
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
    }


server = Server()


def _key(token: str) -> str:
    return f"sis:opens:{sha256(token.encode()).hexdigest()}"


_known: OrderedDict[str, Token] = OrderedDict()  # by key


def read(token: str) -> Token | None:
    """What a token opens; None when it is none of ours, or too old."""
    key = _key(token)
    found = _known.get(key) or _looked_up(key)
    return found if found and clock.real_seconds() < found.until else None


def _looked_up(key: str) -> Token | None:
    kept = equipment.store().get(key)
    if kept is None:
        return None
    client_id, codes, bound, until = orjson.loads(kept)
    _known[key] = found = Token(client_id, tuple(codes), bound, until)
    if len(_known) > MOST_KNOWN:
        _known.popitem(last=False)
    return found


@bp.post("/login/oauth2/token")
@access.checks_token
@access.public
def token() -> Response:
    """OAuth's own errors (RFC 6749 §5.2)."""
    asked = request.form.get("client_id") or "-"
    who = request.remote_addr
    for key, most in ((f"token {who}", MOST_FROM), (f"token {who} {asked[:60]}", MOST_TRIES)):
        if too_often := throttled(key, most, step=1):
            return too_often
    answer: Response = server.create_token_response()
    return answer
