"""The one way out, against servers that do it wrong (checklist items 42 and 54)."""

from __future__ import annotations

import gzip
import logging
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from werkzeug.wrappers import Request, Response

from app.domain.ports import (
    MalformedReply,
    Misconfigured,
    RateLimited,
    RegisterError,
    RequestRejected,
    Unavailable,
)
from app.registers.bounded import InProcess
from app.registers.http import Client, httpx_client, page_budget
from tests.contract.raw_server import Behaviour, Send, answer, drip, self_signed, serving

SECRET = "999653027"


def ask(url: str, timeout: float = 5) -> Any:
    """With something personal in the question, and in the address for good measure."""
    return Client("duo", url, timeout=timeout).post_json(f"/personen?bsn={SECRET}", [SECRET])


def fixed(data: bytes) -> Behaviour:
    return lambda _, send: send(data)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("400 Bad Request", RequestRejected),
        ("404 Not Found", RequestRejected),
        ("422 Unprocessable", RequestRejected),
        ("401 Unauthorized", Misconfigured),
        ("403 Forbidden", Misconfigured),
        ("429 Too Many", RateLimited),
        ("500 Broken", Unavailable),
        ("503 Closed", Unavailable),
        ("204 No Content", MalformedReply),
    ],
)
def test_a_status_becomes_one_of_five_errors(status: str, error: type[RegisterError]) -> None:
    with serving(fixed(answer(b"{}", status))) as url, pytest.raises(RegisterError) as caught:
        ask(url)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html>",
        b'{"personen": [',
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"9" * 5_000,
    ],
    ids=["html", "half", "empty", "not utf-8", "deep", "long number"],
)
def test_nonsense_is_a_malformed_reply(body: bytes) -> None:
    with serving(fixed(answer(body))) as url, pytest.raises(MalformedReply):
        ask(url)


def test_a_page_that_says_it_is_no_json_is_malformed() -> None:
    reply = answer(b"{}").replace(b"application/json", b"text/html")
    with serving(fixed(reply)) as url, pytest.raises(MalformedReply):
        ask(url)


def test_more_than_a_megabyte_is_not_read_to_its_end() -> None:
    sent = 0

    def flood(request: bytes, send: Send) -> None:
        nonlocal sent
        send(answer(b"").replace(b"Content-Length: 0", b"Content-Length: 100000000"))
        for _ in range(1000):
            send(b"x" * 100_000)
            sent += 100_000

    with serving(flood) as url, pytest.raises(MalformedReply):
        ask(url, timeout=3)
    assert sent < 20_000_000


def test_a_packed_answer_is_refused_whatever_it_unpacks_to() -> None:
    packed = answer(
        gzip.compress(b"[" + b"0," * 5_000_000 + b"0]"), headers="Content-Encoding: gzip\r\n"
    )
    with serving(fixed(packed)) as url, pytest.raises(MalformedReply):
        ask(url)


@pytest.mark.parametrize("what", ["nothing", "headers", "body"])
def test_dripping_ends_at_the_total_time(what: str) -> None:
    def behave(_: bytes, send: Send) -> None:
        reply = answer(b'{"a": "' + b"x" * 200 + b'"}')
        if what == "nothing":
            time.sleep(10)
        head = 0 if what == "headers" else reply.index(b"\r\n\r\n") + 4
        send(reply[:head])
        drip(reply[head:], send)

    began = time.monotonic()
    with serving(behave) as url, pytest.raises(Unavailable):
        ask(url, timeout=0.3)
    assert 0.55 < time.monotonic() - began < 3  # two tries of 0.3 s, on a busy machine


def test_one_retry_within_what_the_page_may_take() -> None:
    tries: list[float] = []

    def slow(_: bytes, send: Send) -> None:
        tries.append(time.monotonic())
        time.sleep(10)

    with serving(slow) as url:
        began = time.monotonic()
        with page_budget(1):
            for _ in range(3):
                with pytest.raises(Unavailable):
                    ask(url, timeout=0.8)
        assert time.monotonic() - began < 3  # without a budget: 4.8 s, in six tries
        assert len(tries) <= 2


def test_a_register_that_is_back_at_the_second_try_is_fine() -> None:
    replies = iter([answer(b"", "503 Closed"), answer(b'{"a": 1}')])
    with serving(lambda _, send: send(next(replies))) as url:
        assert ask(url) == {"a": 1}


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "429 Too Many"])
def test_what_retrying_cannot_mend_is_asked_once(status: str) -> None:
    asked = 0

    def count(_: bytes, send: Send) -> None:
        nonlocal asked
        asked += 1
        send(answer(b"{}", status))

    with serving(count) as url, pytest.raises(RegisterError):
        ask(url)
    assert asked == 1


def test_nobody_listening_is_unavailable() -> None:
    with serving(fixed(b"")) as url:
        pass
    with pytest.raises(Unavailable):
        ask(url)


def test_hanging_up_half_way_is_unavailable() -> None:
    half = answer(b"{}").replace(b"Content-Length: 2", b"Content-Length: 200")
    with serving(fixed(half)) as url, pytest.raises(Unavailable):
        ask(url)


def test_a_redirect_is_not_followed_not_even_to_the_same_origin() -> None:
    asked: list[bytes] = []

    def elsewhere(request: bytes, send: Send) -> None:
        asked.append(request)
        send(answer(b"{}", "302 Found", "Location: /elsewhere\r\n"))

    with serving(elsewhere) as url, pytest.raises(Misconfigured):
        ask(url)
    assert len(asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://127.0.0.1:1/",
        "https://127.0.0.1/",
        "file:///etc/passwd",
    ],
)
def test_a_client_reaches_its_own_origin_only(address: str) -> None:
    reached = []

    class Anywhere(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            reached.append(str(request.url))
            return httpx.Response(200)

    client = httpx_client("http://127.0.0.1:8000/digistub", Anywhere())
    with suppress(httpx.TransportError):  # httpx reads file:///x as a path at our own origin
        client.get(address)
    assert all(url.startswith("http://127.0.0.1:8000/") for url in reached)
    assert client.get("http://127.0.0.1:8000/elsewhere").status_code == 200


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a", "127.0.0.1", ""])
def test_a_register_address_is_http(address: str) -> None:
    with pytest.raises(ValueError, match="http"):
        Client("duo", address)


def test_a_certificate_nobody_vouches_for_is_for_the_operator(tmp_path: Path) -> None:
    with (
        serving(fixed(answer(b"{}")), self_signed(tmp_path)) as url,
        pytest.raises(Misconfigured),
    ):
        ask(url)


@pytest.mark.parametrize("status", ["200 OK", "302 Found", "400 Bad Request", "503 Closed"])
def test_nothing_personal_in_errors_or_logs(status: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    reply = answer(f"<p>{SECRET}".encode(), status, f"Location: /{SECRET}\r\n")
    with serving(fixed(reply)) as url, pytest.raises(RegisterError) as caught:
        ask(url)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert SECRET not in caplog.text


def sleepy(environ: dict[str, Any], start_response: Any) -> Any:
    time.sleep(float(Request(environ).args["seconds"]))
    return Response("{}", mimetype="application/json")(environ, start_response)


def test_in_process_keeps_time_outs() -> None:
    client = Client("rio", "http://127.0.0.1:8000", InProcess(sleepy), timeout=0.3)
    assert client.get_json("/", {"seconds": "0"}) == {}
    began = time.monotonic()
    with pytest.raises(Unavailable):
        client.get_json("/", {"seconds": "10"})
    assert time.monotonic() - began < 3


def test_in_process_calls_do_not_wait_for_each_other() -> None:
    client = Client("rio", "http://127.0.0.1:8000", InProcess(sleepy), timeout=6)
    began = time.monotonic()
    with ThreadPoolExecutor(40) as pool:
        done = list(pool.map(lambda _: client.get_json("/", {"seconds": "0.2"}), range(40)))
    assert done == [{}] * 40
    assert time.monotonic() - began < 5  # one after the other: 8 s


def test_an_exception_in_process_is_a_500() -> None:
    app = Flask("broken")
    app.logger.disabled = True
    app.add_url_rule("/", view_func=lambda: str(1 / 0))
    with pytest.raises(Unavailable):
        Client("rio", "http://127.0.0.1:8000", InProcess(app)).get_json("/")


def test_absent_is_an_answer_where_asked_for() -> None:
    with serving(fixed(answer(b"{}", "404 Not Found"))) as url:
        assert Client("rio", url).get_json("/x", absent=True) is None


def test_a_cookie_of_one_call_does_not_go_along_with_the_next() -> None:
    asked: list[bytes] = []

    def remember(request: bytes, send: Send) -> None:
        asked.append(request)
        send(answer(b"{}", headers="Set-Cookie: who=me\r\nConnection: close\r\n"))

    with serving(remember) as url:
        client = Client("rio", url)
        for _ in range(2):
            client.get_json("/")
    assert len(asked) == 2
    assert b"cookie" not in asked[1].lower()
