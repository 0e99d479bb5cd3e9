"""The OpenID Connect endpoints, and the page on which a tester says who logs in."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749.requests import OAuth2Payload
from authlib.oauth2.rfc6749.util import scope_to_list
from flask import Blueprint, Response, current_app, g, jsonify, render_template, request
from joserfc.jwk import KeySet
from werkzeug.datastructures import MultiDict

from digistub.people import GROUPS, PEOPLE, valid_bsn
from digistub.provider import AUTH_METHODS, Provider
from digistub.tokens import FAULTS
from digistub.world import Login, World

bp = Blueprint("oidc", __name__)
SLOW_SECONDS = 8


@dataclass(frozen=True)
class Level:
    code: str
    name: str
    acr: str
    eidas: str = ""


_SAML = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
_EIDAS = "http://eidas.europa.eu/LoA/"
LEVELS = (
    Level("10", "Basis", f"{_SAML}PasswordProtectedTransport"),
    Level("20", "Midden", f"{_SAML}MobileTwoFactorContract", f"{_EIDAS}low"),
    Level("25", "Substantieel", f"{_SAML}Smartcard", f"{_EIDAS}substantial"),
    Level("30", "Hoog", f"{_SAML}SmartcardPKI", f"{_EIDAS}high"),
)
ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "access_denied": "Annuleren",
        "login_required": "Annuleren, zoals andere makelaars het melden",
        "server_error": "Fout bij DigiD",
        "temporarily_unavailable": "Storing bij DigiD",
    }
)


def provider() -> Provider:
    return cast(Provider, current_app.extensions["provider"])


def world() -> World:
    return cast(World, current_app.extensions["world"])


@bp.get("/.well-known/openid-configuration")
def metadata() -> Any:
    issuer = provider().issuer
    fault = world().fault("digid", "metadata")
    if broken := _broken(fault):
        return broken
    return jsonify(
        issuer="https://een-ander.example" if fault == "issuer" else issuer,
        authorization_endpoint=f"{issuer}/authorize",
        token_endpoint=("https://een-ander.example" if fault == "host" else issuer) + "/token",
        userinfo_endpoint=f"{issuer}/userinfo",
        jwks_uri=f"{issuer}/jwks",
        end_session_endpoint=f"{issuer}/logout",
        response_types_supported=["code"],
        response_modes_supported=["query"],
        grant_types_supported=["authorization_code"],
        subject_types_supported=["pairwise"],
        scopes_supported=["openid"],
        claims_supported=["sub", "acr", "bsn"],
        id_token_signing_alg_values_supported=["RS256"],
        token_endpoint_auth_methods_supported=list(AUTH_METHODS),
        token_endpoint_auth_signing_alg_values_supported=["RS256", "PS256", "ES256"],
        code_challenge_methods_supported=["S256"],
        acr_values_supported=[level.acr for level in LEVELS]
        + [level.eidas for level in LEVELS if level.eidas],
        authorization_response_iss_parameter_supported=True,
        ui_locales_supported=["nl"],
    )


@bp.get("/jwks")
def jwks() -> Any:
    broken = _broken(world().fault("digid", "jwks"))
    return broken or jsonify(KeySet([provider().key]).as_dict(private=False))


@bp.route("/authorize", methods=["GET", "POST"])
def authorize() -> Any:
    try:
        grant = provider().get_consent_grant()
    except OAuth2Error as error:
        return _refuse(error)
    asked = _asked_level(grant.request.payload)
    if request.method == "GET":
        return _login_page(asked)
    answer = _chosen_error(request.form)
    if answer:
        return _back(grant.redirect_uri, error=answer, error_description=ERRORS[answer])
    bsn = request.form.get("bsn", "").strip() or request.form.get("persoon", "")
    if not valid_bsn(bsn):
        return _login_page(asked, wrong_bsn=True), 422
    login = _login(grant.request.payload, grant.redirect_uri, bsn)
    response = provider().create_authorization_response(grant_user=login, grant=grant)
    if login.fault == "response-iss":
        response.location = response.location.replace("iss=", "iss=https%3A%2F%2Feen-ander&x=")
    return response


@bp.post("/token")
def token() -> Any:
    response = provider().create_token_response()
    fault = g.get("fault", "").removeprefix("token-") or world().fault("digid", "token")
    return _broken(fault) or response


@bp.route("/userinfo", methods=["GET", "POST"])
def userinfo() -> Any:
    server = provider()
    with server.protector.acquire("openid") as proof:
        login: Login = proof.login
    fault = login.fault.removeprefix("userinfo-") or world().fault("digid", "userinfo", login.bsn)
    if broken := _broken(fault):
        return broken
    claims = server.identity(server.query_client(login.client_id), login, "userinfo")
    if login.fault == "userinfo-other":
        claims["sub"] = claims["sub"][::-1]
    return jsonify(claims)


@bp.route("/logout", methods=["GET", "POST"])
def logout() -> Any:
    try:
        response = provider().create_endpoint_response("end_session")
    except OAuth2Error:
        response = None
    return response or render_template("logged_out.html")


def _login(asked: OAuth2Payload, redirect_uri: str, bsn: str) -> Login:
    level = next((x for x in LEVELS if x.code == request.form.get("niveau")), LEVELS[1])
    fault = next((x for x in request.form.getlist("fout") if x in FAULTS), "")
    # A client that speaks eIDAS is answered in eIDAS.
    eidas = _EIDAS in asked.data.get("acr_values", "")
    return Login(
        client_id=asked.client_id,
        redirect_uri=redirect_uri,
        scope=" ".join(scope_to_list(asked.scope)),
        nonce=asked.data["nonce"],
        code_challenge=asked.data["code_challenge"],
        code_challenge_method=asked.data["code_challenge_method"],
        bsn=bsn,
        acr=level.eidas if eidas and level.eidas else level.acr,
        fault=fault or world().fault("digid", "login", bsn) or "",
    )


def _asked_level(payload: OAuth2Payload) -> Level:
    """The first level in acr_values that we know; midden when none is asked."""
    for value in payload.data.get("acr_values", "").split():
        for level in LEVELS:
            if value in (level.acr, level.eidas):
                return level
    return LEVELS[1]


def _chosen_error(form: MultiDict[str, str]) -> str:
    if form.get("actie") == "annuleren":
        return "access_denied"
    return next((x for x in [form.get("actie", ""), *form.getlist("fout")] if x in ERRORS), "")


def _login_page(asked: Level, wrong_bsn: bool = False) -> str:
    # Chromium holds the redirect after a form against form-action as well.
    client = urlsplit(request.args["redirect_uri"])
    g.form_action = f"'self' {client.scheme}://{client.netloc}"
    return render_template(
        "login.html",
        groups=GROUPS,
        levels=LEVELS,
        level=request.form.get("niveau", asked.code),
        chosen=request.form.get("persoon", PEOPLE[0].bsn),
        asked=asked,
        errors=ERRORS,
        faults=FAULTS,
        wrong_bsn=wrong_bsn,
        bsn=request.form.get("bsn", ""),
    )


def _refuse(error: OAuth2Error) -> Any:
    """To the client when its address is known to be its own, else a page here."""
    if error.redirect_uri:
        return _back(error.redirect_uri, **dict(error.get_body()))
    return render_template("refused.html", error=error), 400


def _back(redirect_uri: str, **answer: str) -> Response:
    query = {**answer, "state": request.args.get("state", ""), "iss": provider().issuer}
    mark = "&" if urlsplit(redirect_uri).query else "?"
    return Response(status=303, headers={"Location": redirect_uri + mark + urlencode(query)})


def _broken(fault: str | None) -> Response | None:
    """The answer of an endpoint that is out of order; None when it works."""
    if fault == "slow":
        time.sleep(SLOW_SECONDS)
    if fault in ("500", "503", "429"):
        return Response("kapot", status=int(fault), mimetype="text/plain")
    if fault == "html":
        return Response(
            "<!doctype html><title>Onderhoud</title><p>Even geduld", mimetype="text/html"
        )
    return None
