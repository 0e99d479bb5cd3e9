"""A DigiD that is out of order, slow, changed or not to be trusted."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app.domain.ports import LoginFailed, LoginRefused, LoginUnavailable
from app.registers import digid as digid_module
from app.registers.bounded import InProcess
from app.registers.http import page_budget
from tests.contract.digid_walk import BACK, BSN, LOGGED_OUT, provider, walk
from tests.contract.raw_server import answer as raw_answer
from tests.contract.raw_server import serving
from tests.worlds import new_world


@pytest.mark.rule("IDN-5")
@pytest.mark.parametrize(
    ("switch", "expected"),
    [
        ("digid/metadata/issuer", "metadata-issuer"),
        ("digid/metadata/host", "metadata-endpoint"),
        ("digid/metadata/500", LoginUnavailable),
        ("digid/metadata/html", LoginUnavailable),
        ("digid/metadata/slow", LoginUnavailable),
    ],
)
def test_metadata_that_cant_be_trusted_or_had(
    issuer: str, browser: httpx.Client, mended: str, switch: str, expected: Any
) -> None:
    assert browser.post(mended, data={"wat": switch}).status_code == 303
    digid = provider(issuer, timeout=0.3)
    with pytest.raises(LoginFailed) as failed:
        digid.start(BACK)
    if isinstance(expected, str):
        assert isinstance(failed.value, LoginRefused)
        assert failed.value.reason == expected
    else:
        assert isinstance(failed.value, expected)
    assert digid.logout_url("", LOGGED_OUT) is None
    browser.post(mended, data={"alles": "ja"})
    assert digid.start(BACK).url.startswith(issuer), "a bad answer is not remembered"


@pytest.mark.rule("IDN-5")
def test_metadata_and_keys_are_remembered(issuer: str, browser: httpx.Client, mended: str) -> None:
    digid = provider(issuer)
    digid.finish(*walk(digid, browser), BACK)
    browser.post(mended, data={"wat": "digid/metadata/500"})
    browser.post(mended, data={"wat": "digid/jwks/500"})
    assert digid.finish(*walk(digid, browser), BACK).bsn == BSN


@pytest.mark.rule("IDN-6")
@pytest.mark.parametrize(
    "fault", ["token-500", "token-html", "token-slow", "userinfo-500", "digid/jwks/500"]
)
def test_a_provider_that_fails_half_way_is_out_of_order(
    issuer: str, browser: httpx.Client, mended: str, fault: str
) -> None:
    if "/" in fault:
        browser.post(mended, data={"wat": fault})
    digid = provider(issuer, timeout=0.5)
    start, query = walk(digid, browser, fault=fault)
    with pytest.raises(LoginUnavailable):
        digid.finish(start, query, BACK)


def test_nobody_there_is_out_of_order() -> None:
    digid = provider("http://127.0.0.1:9/digistub")
    with pytest.raises(LoginUnavailable):
        digid.start(BACK)
    assert digid.logout_url("", LOGGED_OUT) is None


def test_what_a_page_may_take_holds_for_logging_in_too(
    issuer: str, browser: httpx.Client, mended: str
) -> None:
    browser.post(mended, data={"wat": "digid/metadata/slow"})
    began = time.monotonic()
    with page_budget(0.2), pytest.raises(LoginUnavailable):
        provider(issuer).start(BACK)
    assert time.monotonic() - began < 2.5  # a call by itself may take 3


@pytest.mark.rule("IDN-5")
def test_a_new_key_of_the_provider_is_fetched_but_not_at_every_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer = "http://127.0.0.1:9/digistub"
    world = new_world(issuer, tmp_path)
    mounted: Any = DispatcherMiddleware(world, {"/digistub": world})
    digid = provider(issuer, transport=InProcess(mounted))
    with httpx.Client(transport=httpx.WSGITransport(mounted)) as browser:
        digid.finish(*walk(digid, browser), BACK)
        world.extensions["provider"].key = RSAKey.generate_key(2048, auto_kid=True)
        with pytest.raises(LoginRefused, match="key"):
            digid.finish(*walk(digid, browser), BACK)
        monkeypatch.setattr(digid_module, "RENEW_SECONDS", 0)
        assert digid.finish(*walk(digid, browser), BACK).bsn == BSN


def test_a_cookie_of_the_provider_doesnt_go_along_with_the_next_student() -> None:
    asked: list[bytes] = []

    def sets_a_cookie(request: bytes, send: Any) -> None:
        asked.append(request)
        send(raw_answer(b"{}", headers="Set-Cookie: sessie=van-een-ander\r\n"))

    with serving(sets_a_cookie) as address:
        digid = provider(address)
        for _ in range(2):
            with pytest.raises(LoginRefused):
                digid.start(BACK)
    assert len(asked) == 2
    assert not any(b"cookie" in request.lower() for request in asked)
