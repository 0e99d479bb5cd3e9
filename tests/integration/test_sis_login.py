"""Logging in of a SIS: its own key, or outside production a secret (SIS-6)."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey
from time_machine import Traveller

from app import clock
from app.api import throttle
from app.services import sis_clients
from tests import watch
from tests.portal import BASE, Portal
from tests.production import open_production
from tests.sis import API, OIN, SECRET, TOKEN, Sis, sis
from tests.sis_keys import (
    EC,
    GRANT,
    RSA,
    THEIRS,
    ask,
    by_hand,
    claims,
    opens,
    register,
    signed,
)

pytestmark = pytest.mark.each_run_on("sqlite")


@pytest.fixture(autouse=True)
def unhurried() -> None:
    throttle.forget()


@pytest.fixture
def supplier(any_portal: Portal) -> Portal:
    """A SIS with two keys."""
    register(any_portal)
    return any_portal


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSA, "PS256"), (RSA, "RS256"), (EC, "ES256")],
    ids=["PS256", "RS256", "ES256"],
)
def test_by_its_own_key(supplier: Portal, key: Any, algorithm: str) -> None:
    answer = ask(supplier, signed(claims(), key, algorithm))
    token = answer.json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 600)
    assert set(token) == {"access_token", "token_type", "expires_in"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert opens(supplier, answer) == 200
    assert ask(supplier, signed(claims(aud=BASE), key, algorithm)).status_code == 200


WRONG: dict[str, Callable[[], dict[str, str]]] = {
    "another's key": lambda: signed(claims(), RSAKey.generate_key(2048, {"kid": "een"})),
    "its public key as a secret": lambda: by_hand(
        "HS256", lambda text: hmac.digest(RSA.as_pem(private=False), text, "sha256")
    ),
    "unsigned": lambda: by_hand("none", lambda _text: b""),
    "its own jwk in the header": lambda: signed(
        claims(),
        other := RSAKey.generate_key(2048, {"kid": "drie"}),
        jwk=other.as_dict(private=False),
    ),
    "for another": lambda: signed(claims(aud="https://een-ander.example")),
    "of another": lambda: signed(claims(iss=OIN)),
    "as another": lambda: signed(claims(sub=OIN, iss=OIN)),
    "expired": lambda: signed(claims(exp=int(clock.real_seconds()) - 120)),
    "not yet": lambda: signed(claims(nbf=int(clock.real_seconds()) + 300)),
    "long": lambda: signed(claims(exp=int(clock.real_seconds()) + 3600)),
    "for ever": lambda: signed(claims(exp=None)),
    "exp of words": lambda: signed(claims(exp="morgen")),
    "no jti": lambda: signed(claims(jti=None)),
    "another's name beside it": lambda: {**signed(claims()), "client_id": OIN},
    "nobody's number": lambda: signed(claims(sub="\0", iss="\0")),
    "JSON without an end": lambda: by_hand("RS256", lambda _text: b"x", b'{"sub":' + b"[" * 50_000),
    **{
        f"crit {crit}": lambda crit=crit: by_hand("RS256", lambda _text: b"x", crit=crit)  # type: ignore[misc]
        for crit in (1, True, None, "x", {}, {"a": 1}, [1], [None], [[]], [{}], ["x"])
    },
    "nobody": lambda: signed(claims(sub="1" * 20, iss="1" * 20)),
    "no JWT": lambda: {**signed(claims()), "client_assertion": "a.b.c"},
    "nothing": lambda: dict(GRANT),
    "only a name": lambda: {**GRANT, "client_id": THEIRS},
    "a wrong secret": lambda: {**GRANT, "client_id": OIN, "client_secret": "stubsiS"},
    "a hash": lambda: {
        **GRANT,
        "client_id": OIN,
        "client_secret": sis_clients.hashed(SECRET),
    },
}


# Without a JWT that can be read; as the OpenAPI document says.
NO_JWT = {"JSON without an end", "nothing", "only a name", "a wrong secret", "a hash"}


@pytest.mark.each_run(12)
@pytest.mark.parametrize("wrong", WRONG)
def test_who_proves_nothing_gets_nothing(supplier: Portal, wrong: str) -> None:
    form = WRONG[wrong]()
    with watch.logged() as log:
        answer = ask(supplier, form)
    assert answer.status_code == (401 if wrong in NO_JWT else 400), answer.text
    assert answer.json()["error"] == "invalid_client"
    assert "access_token" not in answer.text
    for value in (form.get("client_assertion"), form.get("client_secret")):
        assert value is None or value not in answer.text + log.text


@pytest.mark.parametrize("given", ["", " ", " x", " ====", " /zr/", f" {'A' * 9000}"])
def test_a_header_that_is_none_is_refused(any_portal: Portal, given: str) -> None:
    answer = ask(any_portal, dict(GRANT), Authorization=f"Basic{given}")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_another_grant_is_refused(supplier: Portal) -> None:
    answer = ask(supplier, {**signed(claims()), "grant_type": "password"})
    assert answer.json()["error"] == "unsupported_grant_type"
    assert supplier.browser().get(TOKEN).status_code == 405


def test_an_assertion_counts_once(supplier: Portal) -> None:
    form = signed(claims(jti="eens"))
    assert [ask(supplier, form).status_code for _ in range(3)] == [200, 400, 400]
    other = signed(claims(jti="eens"), EC, "ES256")
    assert ask(supplier, other).status_code == 400


@pytest.mark.parametrize("way", ["client_secret_post", "client_secret_basic"])
def test_by_a_secret_outside_production(any_portal: Portal, way: str) -> None:
    if way == "client_secret_post":
        answer = ask(any_portal, {**GRANT, "client_id": OIN, "client_secret": SECRET})
    else:
        basic = base64.b64encode(f"{OIN}:{SECRET}".encode()).decode()
        answer = ask(any_portal, dict(GRANT), Authorization=f"Basic {basic}")
    assert opens(any_portal, answer) == 200
    assert SECRET not in str(watch.rows())


def test_an_ended_key_stays_ended(supplier: Portal) -> None:
    now = clock.real_now()
    sis_clients.end_key(THEIRS, "een", timedelta(0), now)
    sis_clients.end_key(THEIRS, "een", timedelta(hours=24), now)
    assert ask(supplier, signed(claims())).status_code == 400
    with pytest.raises(ValueError, match="was ended"):
        sis_clients.add_jwk(THEIRS, json.dumps(RSA.as_dict(private=False)), now)


def test_who_is_unknown_and_who_has_no_such_key_are_told_the_same(supplier: Portal) -> None:
    wrong = ("nobody", "another's key", "as another")
    assert len({ask(supplier, WRONG[name]()).text for name in wrong}) == 1


def test_keys_change_without_a_pause(supplier: Portal, machine: Traveller) -> None:
    new = RSAKey.generate_key(2048, {"kid": "nieuw"})
    register(supplier, new)
    for key in (RSA, new):
        assert ask(supplier, signed(claims(), key)).status_code == 200
    sis_clients.end_key(THEIRS, "een", timedelta(hours=2), clock.real_now())
    machine.shift(timedelta(hours=2, seconds=-1))
    assert ask(supplier, signed(claims())).status_code == 200
    machine.shift(timedelta(seconds=2))
    assert ask(supplier, signed(claims())).status_code == 400
    assert ask(supplier, signed(claims(), new)).status_code == 200


NO_KEYS: dict[str, Callable[[], str]] = {
    **{text: lambda text=text: text for text in ("", "{}", "[]", "1", '{"kty": "RSA"}')},  # type: ignore[misc]
    "an empty set": lambda: '{"keys": []}',
    "too long": lambda: "x" * 5000,
    "a private key": lambda: json.dumps(RSA.as_dict(private=True)),
    "a short one": lambda: json.dumps(RSAKey.generate_key(1024).as_dict(private=False)),
    "a secret": lambda: json.dumps(OctKey.generate_key(256).as_dict()),
    **{
        str(other): lambda other=other: json.dumps(  # type: ignore[misc]
            {**EC.as_dict(private=False), "kid": str(other), **other}
        )
        for other in (
            *({"use": "enc"}, {"use": 5}, {"key_ops": ["encrypt"]}, {"key_ops": 5}),
            *({"key_ops": []}, {"key_ops": None}, {"key_ops": [["verify"]]}, {"alg": "ES384"}),
            *({"alg": "RS256"}, {"alg": 5}, {"alg": []}),
            *({"kid": "a\nb"}, {"kid": "\0"}, {"kid": "\u202ea"}, {"kid": "\ud800"}),
        )
    },
    "an algorithm of ours that isn't taken": lambda: json.dumps(
        {**RSA.as_dict(private=False), "alg": "RS512"}
    ),
    "another curve": lambda: '{"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"}',
}


@pytest.mark.parametrize("what", NO_KEYS)
def test_what_is_no_public_key_is_refused(one_portal: Portal, what: str) -> None:
    sis_clients.set_up(THEIRS, "Een leverancier", ["99XX"], clock.real_now())
    with pytest.raises(ValueError, match="key"):
        sis_clients.add_jwk(THEIRS, NO_KEYS[what](), clock.real_now())


def test_a_key_that_says_what_it_is_for(any_portal: Portal) -> None:
    for key, algorithm in ((RSA, "PS256"), (RSA, "RS256"), (EC, "ES256")):
        told = {"alg": algorithm, "use": "sig", "key_ops": ["verify"], "kid": algorithm}
        sis_clients.set_up(THEIRS, "Een leverancier", ["99XX"], clock.real_now())
        text = json.dumps(key.as_dict(private=False) | told)
        sis_clients.add_jwk(THEIRS, text, clock.real_now())
        form = signed(claims(), key, algorithm, kid=algorithm)
        assert ask(any_portal, form).status_code == 200


def test_a_key_set_of_one_and_a_key_without_a_name(any_portal: Portal) -> None:
    nameless = RSAKey.generate_key(2048)
    sis_clients.set_up(THEIRS, "Een leverancier", ["99XX"], clock.real_now())
    text = json.dumps({"keys": [nameless.as_dict(private=False)]})
    kid = sis_clients.add_jwk(THEIRS, text, clock.real_now())
    assert sis_clients.add_jwk(THEIRS, text, clock.real_now()) == kid
    assert ask(any_portal, signed(claims(), nameless, kid=kid)).status_code == 200
    other = json.dumps({**RSA.as_dict(private=False), "kid": kid})
    with pytest.raises(ValueError, match="another key"):
        sis_clients.add_jwk(THEIRS, other, clock.real_now())


def test_in_production_a_secret_opens_nothing(database_url: str) -> None:
    portal = open_production(database_url)
    form = {**GRANT, "client_id": OIN, "client_secret": SECRET}
    assert portal.browser().post(TOKEN, data=form).status_code == 401


@pytest.mark.rule("SIS-6")
def test_too_often_is_too_often(any_portal: Portal, machine: Traveller) -> None:
    machine.move_to(datetime.now(UTC).replace(second=5))  # so that the minute doesn't end
    throttle.forget()
    form = {**GRANT, "client_id": OIN, "client_secret": "raad"}
    tries = [ask(any_portal, form) for _ in range(62)]
    assert [t.status_code for t in tries].count(429) == 2
    assert int(tries[-1].headers["Retry-After"]) <= 60
    assert tries[-1].json()["title"] == "Te veel vragen"
    other = Sis(any_portal.browser(), OIN[:16] + "91XX", SECRET, "91XX")
    other.log_in()
    machine.shift(timedelta(seconds=60))
    reader = sis(any_portal)
    throttle.forget()
    asked = [reader.get(f"{API}/party/me").status_code for _ in range(602)]
    assert asked.count(429) == 2
