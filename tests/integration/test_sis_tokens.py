"""What a token opens and for how long, and certificates at a trusted proxy (SIS-6)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import update
from time_machine import Traveller

from app import clock, db
from app.api import throttle
from app.api.guard import MOST
from app.models import store
from app.problems import VERSION
from app.services import koppelpunten, sis_clients
from tests import watch
from tests.portal import Portal, open_portal
from tests.sis import API, OIN, SECRET, TOKEN, sis
from tests.sis_keys import (
    GRANT,
    THEIRS,
    ask,
    opens,
    register,
)
from tests.status_items import STATUSES

pytestmark = pytest.mark.each_run_on("sqlite")


@pytest.fixture(autouse=True)
def unhurried() -> None:
    throttle.forget()


# --- certificates -------------------------------------------------------------------------------


def certificate(oin: str = THEIRS, begins: int = -1, ends: int = 1) -> str:
    """The header of a proxy that ended mutual TLS (RFC 9440); days from now."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "sis.voorbeeld.nl"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, oin),
        ]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begins))
        .not_valid_after(now + timedelta(days=ends))
        .sign(key, hashes.SHA256())
    )
    return f":{base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()}:"


@pytest.fixture
def behind_proxy(database_url: str) -> Portal:
    portal = open_portal(database_url, TRUSTED_PROXIES="127.0.0.0/8")
    register(portal)
    return portal


def test_by_a_certificate_as_the_existing_coupling_does(behind_proxy: Portal) -> None:
    """Only its OIN is in the form; the token is bound to the certificate."""
    own = certificate()
    form = {**GRANT, "client_id": THEIRS}
    answer = ask(behind_proxy, form, **{"Client-Cert": own})
    assert opens(behind_proxy, answer, **{"Client-Cert": own}) == 200
    assert opens(behind_proxy, answer) == 401
    assert opens(behind_proxy, answer, **{"Client-Cert": certificate()}) == 401


def test_a_certificate_of_another_opens_nothing(behind_proxy: Portal) -> None:
    form = {**GRANT, "client_id": THEIRS}
    own = certificate()
    for other in (
        *(certificate(OIN), certificate(begins=1, ends=2), certificate(begins=-2, ends=-1)),
        *("", "::", ":%%%:", ":bmVl:", own[1:-1], f":{'A' * 20_000}:"),
    ):
        assert ask(behind_proxy, form, **{"Client-Cert": other}).status_code == 401, other[:20]


def test_a_certificate_counts_only_from_a_trusted_proxy(any_portal: Portal) -> None:
    register(any_portal)
    form = {**GRANT, "client_id": THEIRS}
    answer = ask(any_portal, form, **{"Client-Cert": certificate()})
    assert answer.status_code == 401


def test_who_it_is_stands_in_the_form_alone(behind_proxy: Portal) -> None:
    mine, header = {**GRANT, "client_id": THEIRS}, {"Client-Cert": certificate()}
    browser = behind_proxy.browser(**header)
    assert browser.post(TOKEN, params={"client_id": OIN}, data=mine).status_code == 200
    for form in (GRANT, {**GRANT, "client_id": OIN}):
        answer = browser.post(TOKEN, params={"client_id": THEIRS}, data=form)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    answer = browser.post(TOKEN, params=GRANT, data={"client_id": THEIRS})
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


ADDRESSES = {
    **{f"{API}/party/me": "GET", f"{API}/openapi.json": "GET", f"{API}/nergens": "GET"},
    **{f"{API}/koppelpunt/99XX/aanmelding/nieuw": "HEAD", TOKEN: "POST", STATUSES: "POST"},
}


@pytest.mark.rule("SIS-6")
@pytest.mark.parametrize("address", ADDRESSES)
def test_who_asks_over_http_is_told_to_use_https(sqlite_url: str, address: str) -> None:
    """What was sent could be read on its way: it counts for nothing, whatever it is."""
    portal = open_portal(sqlite_url, BASE_URL="https://portaal.test", TRUSTED_PROXIES="127.0.0.0/8")
    browser, method = portal.browser(), ADDRESSES[address]
    form = {**GRANT, "client_id": OIN, "client_secret": SECRET} if address == TOKEN else None
    headers = {"X-Forwarded-Proto": "http", "Authorization": "Bearer x"}
    with watch.logged() as log:
        answer = browser.request(method, address, data=form, headers=headers)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["API-Version"] == VERSION
    assert "Location" not in answer.headers
    if method != "HEAD":
        told = answer.json()
        assert (told["type"], told["status"]) == ("/docs/sis#fout-https", 403)
        assert told["detail"] == told["foutmelding"]
        assert told["detail"].startswith("Gebruik https: begin het adres met https://portaal.test.")
        assert told["instance"].rpartition(":")[2] in log.text
    secured = browser.request(method, address, data=form, headers={"X-Forwarded-Proto": "https"})
    assert secured.status_code != 403


# --- tokens -------------------------------------------------------------------------------------


def test_a_token_lives_ten_minutes(any_portal: Portal, machine: Traveller) -> None:
    reader = sis(any_portal)
    machine.shift(timedelta(seconds=599))
    assert reader.get("nieuw").status_code == 200
    machine.shift(timedelta(seconds=2))
    answer = reader.get("nieuw")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_what_a_token_opens_is_looked_up_once(any_portal: Portal, machine: Traveller) -> None:
    """And then it lives no longer than it would have."""
    reader = sis(any_portal)
    assert reader.get("nieuw").status_code == 200
    with db.transaction() as connection:
        connection.execute(update(store).values(value=b"nothing that can be read"))
    machine.shift(timedelta(seconds=599))
    assert reader.get("nieuw").status_code == 200
    machine.shift(timedelta(seconds=2))
    assert reader.get("nieuw").status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic {}", "{}", "Bearer {}x", "Bearer {} x"]
)
def test_only_a_token_of_ours_in_the_header(any_portal: Portal, header: str) -> None:
    reader = sis(any_portal)
    token = reader.headers["Authorization"].removeprefix("Bearer ")
    reader.headers["Authorization"] = header.format(token)
    assert reader.get("nieuw").status_code == 401
    assert reader.get(f"{API}/party/me").status_code == 401
    assert reader.post("1/ontvangst").status_code == 401


def test_a_token_never_travels_in_an_address(any_portal: Portal) -> None:
    reader = sis(any_portal)
    token = reader.headers["Authorization"].removeprefix("Bearer ")
    answer = reader.get("nieuw", access_token=token)
    assert (answer.status_code, answer.json()["title"]) == (400, "Token in het adres")
    assert token not in answer.text
    assert token not in str(watch.rows())


def test_a_token_opens_the_koppelpunten_there_were(any_portal: Portal) -> None:
    reader = sis(any_portal)
    wanted = koppelpunten.Settings()
    koppelpunten.set_up("99XX-2", "99XX", wanted, clock.now(), production=False)
    reader.code = "99XX-2"
    assert reader.get("nieuw").status_code == 404
    assert len(reader.get(f"{API}/koppelpunt").json()["items"]) == 1
    assert reader.log_in().get("nieuw").status_code == 200
    assert len(reader.get(f"{API}/koppelpunt").json()["items"]) == 2


def test_a_sis_that_no_longer_acts_for_a_school_sees_nothing(any_portal: Portal) -> None:
    reader = sis(any_portal)
    sis_clients.set_up(OIN, "Weg", [], clock.real_now())
    assert reader.get("nieuw").status_code == 404
    assert reader.get(f"{API}/koppelpunt").json() == {"items": []}


def test_a_sis_with_a_registered_certificate_gets_in_by_that_alone(behind_proxy: Portal) -> None:
    form = {**GRANT, "client_id": THEIRS}
    own, other = certificate(), certificate()
    der = x509.load_der_x509_certificate(base64.b64decode(own[1:-1]))
    fingerprint = der.fingerprint(hashes.SHA256()).hex()
    kid = sis_clients.add_certificate(THEIRS, fingerprint, clock.real_now())
    assert ask(behind_proxy, form, **{"Client-Cert": own}).status_code == 200
    assert ask(behind_proxy, form, **{"Client-Cert": other}).status_code == 401
    sis_clients.end_key(THEIRS, kid, timedelta(0), clock.real_now())
    for one in (own, other):
        assert ask(behind_proxy, form, **{"Client-Cert": one}).status_code == 401


def test_one_list_of_statuses_at_a_time(any_portal: Portal) -> None:
    """Five hundred take a while, and there are few threads."""
    reader = sis(any_portal)
    address = "/koppelpunt-mbo/v1/aanmeldstatussen"
    with throttle.alone(f"statuses {OIN}") as free:
        assert free
        refused = reader.post(address, json={"aanmeldstatussen": [{}]})
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        other = sis(any_portal, "91XX").post(address, json={"aanmeldstatussen": [{}]})
        assert other.status_code == 200
    assert reader.post(address, json={"aanmeldstatussen": [{}]}).status_code == 200


# --- not too often ------------------------------------------------------------------------------


@pytest.mark.rule("SIS-6")
def test_made_up_koppelpunten_are_counted_as_one(any_portal: Portal, machine: Traveller) -> None:
    machine.move_to(datetime.now(UTC).replace(second=5))  # so that the minute doesn't end
    reader = sis(any_portal)
    asked = [reader.get(f"{API}/koppelpunt/Z{n}/aanmelding").status_code for n in range(MOST + 2)]
    assert (asked.count(404), asked.count(429)) == (MOST, 2)
    assert reader.get("nieuw").status_code == 200


@pytest.mark.rule("SIS-6")
def test_many_others_do_not_begin_anybody_again(one_portal: Portal, machine: Traveller) -> None:
    machine.move_to(datetime.now(UTC).replace(second=5))
    throttle.forget()
    with one_portal.app.test_request_context():
        for number in range(2 * throttle.MOST_CLIENTS):
            throttle.throttled(f"other {number}", 1)
            if number % (throttle.MOST_CLIENTS // 2) == 0:
                again = throttle.throttled("goes on", 1)
                assert (again is not None) == (number > 0)
    assert len(throttle._counts) == throttle.MOST_CLIENTS
