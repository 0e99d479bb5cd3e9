"""Our side of logging in, against DigiStub in a process of its own, and all it can do wrong."""

from __future__ import annotations

import base64
import dataclasses
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from app.domain.ports import (
    Level,
    LevelTooLow,
    LoginCancelled,
    LoginFailed,
    LoginRefused,
    LoginUnavailable,
)
from digistub import CLIENT_ID, CLIENT_SECRET
from tests.contract.digid_walk import BACK, BSN, EC, LOGGED_OUT, RSA, provider, walk

STRANGER = RSAKey.generate_key(2048)


@pytest.mark.rule("IDN-1")
@pytest.mark.parametrize("level", Level)
def test_somebody_logs_in(issuer: str, browser: httpx.Client, level: Level) -> None:
    digid = provider(issuer, level="10")
    identity = digid.finish(*walk(digid, browser, level=level), BACK)
    assert (identity.bsn, identity.level) == (BSN, level)
    assert BSN not in repr(identity)


@pytest.mark.parametrize(
    "client",
    [
        {"client_id": "signs-rsa", "client_key": RSA.as_pem(private=True).decode()},
        {"client_id": "signs-ec", "client_key": EC.as_pem(private=True).decode()},
        {"client_id": "bsn-in-token", "client_secret": "geheim"},
    ],
    ids=["private_key_jwt RS256", "private_key_jwt ES256", "secret, BSN in the id_token"],
)
def test_each_kind_of_client_logs_in(
    issuer: str, browser: httpx.Client, client: dict[str, str]
) -> None:
    digid = provider(issuer, **client)
    assert digid.finish(*walk(digid, browser), BACK).bsn == BSN


@pytest.mark.parametrize(
    "client",
    [
        {"client_id": CLIENT_ID, "client_secret": "fout"},
        {"client_id": CLIENT_ID},
        {
            "client_id": "signs-rsa",
            "client_key": RSAKey.generate_key(2048).as_pem(private=True).decode(),
        },
    ],
    ids=["wrong secret", "no secret", "another key"],
)
def test_a_client_that_cant_prove_itself_is_refused(
    issuer: str, browser: httpx.Client, client: dict[str, str]
) -> None:
    digid = provider(issuer, **client)
    start, query = walk(digid, browser)
    with pytest.raises(LoginRefused) as refused:
        digid.finish(start, query, BACK)
    assert refused.value.reason in ("token-401", "token-400")


@pytest.mark.rule("IDN-1")
def test_the_request_holds_what_nl_gov_asks(issuer: str) -> None:
    digid = provider(issuer)
    query = parse_qs(urlsplit(digid.start(BACK).url).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [BACK]
    assert query["acr_values"] == ["urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"]
    starts = [digid.start(BACK) for _ in range(1000)]
    for values in zip(*[(s.state, s.nonce, s.verifier) for s in starts], strict=True):
        assert len(set(values)) == len(starts)
        assert all(len(base64.urlsafe_b64decode(v + "=")) * 8 >= 128 for v in values)


REFUSED = {
    "alg-none": "token",
    "foreign-key": "signature",
    "unknown-key": "key",
    "embedded-jwk": "signature",
    "aud-other": "aud",
    "aud-other-azp": "aud",
    "aud-two": "aud",
    "azp-other": "azp",
    "iss-wrong": "iss",
    "nonce-wrong": "nonce",
    "nonce-missing": "nonce",
    "exp-past": "exp",
    "exp-missing": "exp",
    "iat-old": "iat",
    "iat-missing": "iat",
    "sub-missing": "sub",
    "no-id-token": "id_token",
    "acr-missing": "acr",
    "acr-unknown": "acr",
    "userinfo-other": "userinfo-sub",
    "sofi": "sofinummer",
    "sector-other": "bsn",
    "no-bsn": "bsn",
    "bsn-short": "bsn",
    "bsn-elfproef": "elfproef",
    "response-iss": "answer-iss",
}


@pytest.mark.each_run(12)
@pytest.mark.rule("IDN-5")
@pytest.mark.parametrize(("fault", "reason"), REFUSED.items())
def test_an_answer_that_isnt_right_is_refused(
    issuer: str, browser: httpx.Client, fault: str, reason: str
) -> None:
    digid = provider(issuer)
    start, query = walk(digid, browser, fault=fault)
    with pytest.raises(LoginRefused) as refused:
        digid.finish(start, query, BACK)
    assert refused.value.reason == reason
    assert BSN not in str(refused.value)


@pytest.mark.rule("IDN-5")
@pytest.mark.parametrize("fault", ["sofi", "no-bsn", "bsn-short", "bsn-elfproef"])
def test_a_wrong_bsn_in_the_id_token_is_refused(
    issuer: str, browser: httpx.Client, fault: str
) -> None:
    digid = provider(issuer, client_id="bsn-in-token", client_secret="geheim")
    start, query = walk(digid, browser, fault=fault)
    with pytest.raises(LoginRefused) as refused:
        digid.finish(start, query, BACK)
    assert refused.value.reason == REFUSED[fault]


@pytest.mark.rule("IDN-5")
def test_the_sector_before_a_bsn_is_taken_off(issuer: str, browser: httpx.Client) -> None:
    digid = provider(issuer)
    assert digid.finish(*walk(digid, browser, fault="sector"), BACK).bsn == BSN


@pytest.mark.rule("IDN-5")
@pytest.mark.parametrize(
    ("asked", "level", "fault"),
    [("20", "10", ""), ("25", "20", ""), ("30", "25", ""), ("20", "30", "acr-lower")],
)
def test_a_level_below_the_one_asked_is_told_apart(
    issuer: str, browser: httpx.Client, asked: str, level: str, fault: str
) -> None:
    digid = provider(issuer, level=asked)
    start, query = walk(digid, browser, level=level, fault=fault)
    with pytest.raises(LevelTooLow):
        digid.finish(start, query, BACK)


@pytest.mark.rule("IDN-6")
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("access_denied", LoginCancelled),
        ("login_required", LoginCancelled),
        ("server_error", LoginUnavailable),
        ("temporarily_unavailable", LoginUnavailable),
    ],
)
def test_what_digid_says_went_wrong(
    issuer: str, browser: httpx.Client, error: str, expected: type[LoginFailed]
) -> None:
    digid = provider(issuer)
    start, query = walk(digid, browser, fault=error)
    with pytest.raises(expected) as failed:
        digid.finish(start, query, BACK)
    assert query["error_description"] not in str(failed.value)


@pytest.mark.rule("IDN-5")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "een-ander"}, "state"),
        ({"state": None}, "state"),
        ({"code": None}, "code"),
        ({"code": "geraden"}, "token-400"),
        ({"error": "invalid_request", "code": None}, "answer-error"),
        ({"error": "access_denied", "state": "een-ander"}, "state"),
        ({"iss": "https://een-ander.example"}, "answer-iss"),
    ],
)
def test_a_query_that_isnt_right_is_refused(
    issuer: str, browser: httpx.Client, change: dict[str, str | None], reason: str
) -> None:
    digid = provider(issuer)
    start, query = walk(digid, browser)
    changed = {name: value for name, value in {**query, **change}.items() if value is not None}
    with pytest.raises(LoginRefused) as refused:
        digid.finish(start, changed, BACK)
    assert refused.value.reason == reason


@pytest.mark.rule("IDN-5")
def test_an_answer_counts_once_and_only_for_who_began(issuer: str, browser: httpx.Client) -> None:
    digid = provider(issuer)
    start, query = walk(digid, browser)
    other = dataclasses.replace(start, verifier=digid.start(BACK).verifier)
    with pytest.raises(LoginRefused):
        digid.finish(other, query, BACK)
    with pytest.raises(LoginRefused):
        digid.finish(start, query, BACK)


@pytest.mark.rule("IDN-7")
@pytest.mark.parametrize("client", [CLIENT_ID, "bsn-in-token"])
def test_logging_out_comes_back_to_the_portal(
    issuer: str, browser: httpx.Client, client: str
) -> None:
    secret = CLIENT_SECRET if client == CLIENT_ID else "geheim"
    digid = provider(issuer, client_id=client, client_secret=secret)
    identity = digid.finish(*walk(digid, browser), BACK)
    url = digid.logout_url(identity.id_token, LOGGED_OUT)
    assert url is not None
    payload = (parse_qs(urlsplit(url).query).get("id_token_hint") or ["."])[0].split(".")[1]
    assert BSN not in base64.urlsafe_b64decode(payload + "==").decode()
    assert browser.get(url).headers["Location"] == LOGGED_OUT


def test_a_key_that_is_none_is_refused_at_the_start() -> None:
    public = RSA.as_pem(private=False).decode()
    for key in ("geen sleutel", public):
        with pytest.raises(ValueError, match="DIGID_CLIENT_KEY"):
            provider("https://digid.example", client_id="x", client_key=key)
