"""The OpenID Connect provider itself: Authlib's server with our clients, codes and tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core.grants import OpenIDCode
from authlib.oidc.rpinitiated import EndSessionEndpoint
from joserfc.jwk import KeySet

from digistub import tokens
from digistub.world import Login, World

AUTH_METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")


@dataclass(frozen=True)
class Client:
    """A registered relying party. `jwks` holds the public keys for private_key_jwt."""

    client_id: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    client_secret: str = field(default="", repr=False)
    jwks: Mapping[str, Any] | None = None
    bsn_in_id_token: bool = False

    @property
    def client_metadata(self) -> dict[str, Any]:
        return {"post_logout_redirect_uris": list(self.post_logout_redirect_uris)}

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: an authorization request always names its redirect address."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        return "openid" if scope and "openid" in scope.split() else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        given, kept = client_secret.encode(), self.client_secret.encode()
        return bool(kept) and hmac.compare_digest(given, kept)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        if method == "private_key_jwt":
            return self.jwks is not None
        return bool(self.client_secret) and method in AUTH_METHODS

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


def clients_from(text: str) -> list[Client]:
    """The clients in DIGISTUB_CLIENTS: a JSON list of objects with the fields of Client."""
    return [_client(**item) for item in json.loads(text or "[]")]


def _client(**item: Any) -> Client:
    fields: dict[str, Any] = {n: tuple(x) if isinstance(x, list) else x for n, x in item.items()}
    return Client(**fields)


class Code:
    """A login as Authlib's grant wants to see it."""

    def __init__(self, login: Login) -> None:
        self.login = login
        self.code_challenge = login.code_challenge
        self.code_challenge_method = login.code_challenge_method

    def get_redirect_uri(self) -> str:
        return self.login.redirect_uri

    def get_scope(self) -> str:
        return self.login.scope

    def get_nonce(self) -> str:
        return self.login.nonce

    def get_auth_time(self) -> None:
        """None: the moment of the code is close enough."""

    def get_acr(self) -> str:
        return self.login.acr

    def get_amr(self) -> None:
        """None: NL GOV forbids amr."""


class Token:
    """An access token that exists, as Authlib's validator wants to see it."""

    def __init__(self, login: Login) -> None:
        self.login = login

    def get_scope(self) -> str:
        return self.login.scope

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False


class CodeGrant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = list(AUTH_METHODS)
    server: Provider

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        self.server.world.keep_code(code, request.user)

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        login = self.server.world.take_code(code, client.client_id)
        flask.g.fault = login.fault if login else ""
        return Code(login) if login else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Already gone: asking for it took it."""

    def authenticate_user(self, authorization_code: Code) -> Login:
        return authorization_code.login


class ProofKey(CodeChallenge):
    """PKCE with S256 is required, also of clients that have a secret."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with code_challenge_method S256 is required.")
        if not data.get("state"):
            raise InvalidRequestError("Missing 'state' in request.")
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):
    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=True)
        self.provider = provider

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return False

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": self.provider.issuer, "aud": client.client_id}

    def process_token(self, grant: CodeGrant, response: Any) -> Any:
        token = response[1]
        login: Login = grant.request.user
        if login.fault == "no-id-token":
            return token
        claims = self.get_compatible_claims(grant.request)
        claims.update(self.get_authorization_code_claims(grant.request.authorization_code))
        claims.update(self.provider.identity(grant.request.client, login, "id_token"))
        token["id_token"] = tokens.sign(claims, self.provider.key, login.fault)
        return token


class Assertion(JWTBearerClientAssertion):
    """A client that signs with its own key (RFC 7523)."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self.provider = provider

    def get_audiences(self) -> list[str]:
        return [self.provider.issuer, f"{self.provider.issuer}/token"]

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        return self.provider.world.first_use(claims["sub"], jti)

    def resolve_client_public_key(self, client: Client) -> KeySet:
        keys: Any = client.jwks or {"keys": []}
        return KeySet.import_key_set(keys)


class Issuer(IssuerParameter):
    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def get_issuer(self) -> str:
        return self.issuer


class EndSession(EndSessionEndpoint):
    server: Provider

    def get_server_jwks(self) -> KeySet:
        return KeySet([self.server.key])

    def get_algorithms(self) -> list[str]:
        return ["RS256"]

    def end_session(self, end_session_request: Any) -> None:
        """Nothing to end: everybody logs in anew each time."""

    def is_post_logout_redirect_uri_legitimate(
        self, request: OAuth2Request, post_logout_redirect_uri: str, client: Any, logout_hint: Any
    ) -> bool:
        return True  # registered is enough: there is no session to end by trickery


class AccessToken(BearerTokenValidator):
    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def authenticate_token(self, token_string: str) -> Token | None:
        login = self.world.login_of(token_string)
        return Token(login) if login else None


class AnyTransport(FlaskOAuth2Request):
    """Authlib refuses plain http outside loopback; a test tool on a home network may use it."""

    def __init__(self, request: flask.Request) -> None:
        address = request.url.replace("http://", "https://", 1)
        OAuth2Request.__init__(self, request.method, address, headers=request.headers)
        self._request = request
        self.payload = FlaskOAuth2Payload(request)


class Provider(AuthorizationServer):
    def __init__(self, issuer: str, world: World, clients: list[Client]) -> None:
        super().__init__(query_client={c.client_id: c for c in clients}.get)
        self.issuer = issuer
        self.world = world
        self.key = tokens.signing_key(world)
        self.pepper = world.secret("pepper", secrets.token_hex(32)).encode()
        self.register_token_generator("default", self._access_token)
        self.register_client_auth_method("private_key_jwt", Assertion(self))
        self.register_grant(CodeGrant, [ProofKey(required=True), IdToken(self)])
        self.register_extension(Issuer(issuer))
        self.register_endpoint(EndSession)
        self.protector = ResourceProtector()
        self.protector.register_token_validator(AccessToken(world))

    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        return AnyTransport(flask.request)

    def save_token(self, token: Mapping[str, Any], request: OAuth2Request) -> None:
        self.world.keep_token(token["access_token"], request.user)

    def identity(self, client: Client, login: Login, place: str) -> dict[str, Any]:
        """Who logged in: the BSN is in the userinfo, and in the id_token for whom asks that."""
        claims = {"sub": self._subject(login), "acr": login.acr}
        if place == "userinfo" or client.bsn_in_id_token:
            claims["bsn"] = login.bsn
        return tokens.spoil_identity(claims, login.fault)

    def _subject(self, login: Login) -> str:
        """Pairwise: another one at each client, and nothing of the BSN shows."""
        text = f"{login.client_id}\n{login.bsn}".encode()
        digest = hmac.new(self.pepper, text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def _access_token(self, **_: Any) -> dict[str, Any]:
        return {
            "token_type": "Bearer",
            "access_token": secrets.token_urlsafe(32),
            "expires_in": 300,
            "scope": "openid",
        }
