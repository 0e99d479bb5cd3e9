"""A transport that is held to a time, a size and an origin, however the other side behaves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import httpx

MOST_BYTES = 1_000_000


class TooLarge(httpx.TransportError):
    """An answer of more than MOST_BYTES, or a packed one: nobody knows how big that becomes."""


class OtherOrigin(httpx.TransportError):
    """An address outside the register's own origin."""


class Bounded(httpx.BaseTransport):
    """Holds another transport to a total time, a size and (when given) one origin.

    The time is the request's read time-out. httpx counts that anew for each bit that comes in,
    and not at all for a name that doesn't resolve or an application in this process; so the
    call runs in a thread of its own, and the caller leaves when the time is up.
    """

    def __init__(self, inner: httpx.BaseTransport, origin: httpx.URL | None = None) -> None:
        self._inner = inner
        self._origin = origin

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._origin is not None and _origin(request.url) != _origin(self._origin):
            raise OtherOrigin("another origin than the register's", request=request)
        seconds = request.extensions.get("timeout", {}).get("read")
        ends = None if seconds is None else time.monotonic() + seconds
        try:
            return _in_thread(lambda: self._whole(request, ends), seconds)
        except TimeoutError:
            raise httpx.ReadTimeout("no whole answer in time", request=request) from None

    def _whole(self, request: httpx.Request, ends: float | None) -> httpx.Response:
        response = self._inner.handle_request(request)
        try:
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise TooLarge("a packed answer", request=request)
            body = _body(response, request, ends)
        finally:
            response.close()
        # Without cookies: what is set for one student may not go along with another's call.
        headers = [pair for pair in response.headers.multi_items() if pair[0] != "set-cookie"]
        return httpx.Response(response.status_code, headers=headers, stream=httpx.ByteStream(body))

    def close(self) -> None:
        self._inner.close()


def _body(response: httpx.Response, request: httpx.Request, ends: float | None) -> bytes:
    body = bytearray()
    stream = response.stream
    assert isinstance(stream, httpx.SyncByteStream)
    for part in stream:
        body += part
        if len(body) > MOST_BYTES:
            raise TooLarge("more than 1 MB", request=request)
        if ends is not None and time.monotonic() > ends:
            raise httpx.ReadTimeout("no whole answer in time", request=request)
    return bytes(body)


def _in_thread(work: Callable[[], httpx.Response], seconds: float | None) -> httpx.Response:
    """The outcome of `work`; TimeoutError when it isn't there in time."""
    outcome: Future[httpx.Response] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=run, name="register-call", daemon=True).start()
    return outcome.result(seconds)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


class InProcess(Bounded):
    """Calls a WSGI application in this process, as if over the network: time-outs are kept, and
    calls don't wait for each other."""

    def __init__(self, app: Callable[..., Any]) -> None:
        super().__init__(httpx.WSGITransport(app, raise_app_exceptions=False))
