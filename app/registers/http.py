"""The one way out: every call to a foreign system goes through a client made here.

A client talks to one origin, follows no redirect, unpacks nothing, reads 1 MB at most and is
done within its time, however slowly the other side drips. What goes wrong becomes one of the
five errors of `app.domain.ports`, without the address, the question or the answer in it.
"""

from __future__ import annotations

import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpx

from app.domain.ports import (
    MalformedReply,
    Misconfigured,
    RateLimited,
    RegisterError,
    RequestRejected,
    Unavailable,
)

CONNECT_SECONDS = 1.0
TOTAL_SECONDS = 3.0
PAGE_SECONDS = 3.5  # whoever waits has a page within five
MOST_BYTES = 1_000_000
MOST_CONNECTIONS = 8

# httpx writes every address, query included, to the log at level INFO.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

_page_ends: ContextVar[float | None] = ContextVar("page_ends", default=None)


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


def transport_to(base_url: str, transport: httpx.BaseTransport | None = None) -> Bounded:
    """A transport for the origin of `base_url` only: over the network, or over `transport`."""
    url = httpx.URL(base_url)
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("a register's address begins with http:// or https://")
    limits = httpx.Limits(max_connections=MOST_CONNECTIONS)
    return Bounded(transport or httpx.HTTPTransport(limits=limits, trust_env=False), url)


def timeouts(seconds: float = TOTAL_SECONDS) -> httpx.Timeout:
    return httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))


def httpx_client(
    base_url: str,
    transport: httpx.BaseTransport | None = None,
    timeout: float = TOTAL_SECONDS,
    headers: Mapping[str, str] | None = None,
) -> httpx.Client:
    """For a library that wants httpx itself. `timeout` is the total in seconds."""
    return httpx.Client(
        base_url=base_url,
        transport=transport_to(base_url, transport),
        timeout=timeouts(timeout),
        headers={**OUR_HEADERS, **(headers or {})},
        follow_redirects=False,
        trust_env=False,
    )


OUR_HEADERS = {"User-Agent": "centraal-aanmelden", "Accept-Encoding": "identity"}


@contextmanager
def page_budget(seconds: float = PAGE_SECONDS) -> Iterator[None]:
    """All calls inside, by this thread, are done within `seconds` together, and within a budget
    that was there already."""
    ends = time.monotonic() + seconds
    before = _page_ends.set(min(ends, _page_ends.get() or ends))
    try:
        yield
    finally:
        _page_ends.reset(before)


def seconds_left(most: float) -> float:
    """How long a call may take: `most`, or what `page_budget` leaves of it. 0 is nothing."""
    ends = _page_ends.get()
    return most if ends is None else min(most, _left(ends))


class Client:
    """JSON to and from one register. Safe to share between threads.

    `timeout` is the total of one try, in seconds. A register that is Unavailable is tried once
    more, within PAGE_SECONDS for both or what `page_budget` leaves.
    """

    def __init__(
        self,
        register: str,
        base_url: str,
        transport: httpx.BaseTransport | None = None,
        timeout: float = TOTAL_SECONDS,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.register = register
        self._timeout = timeout
        self._base_url = base_url.rstrip("/")
        self._http = httpx_client(base_url, transport, timeout, headers)

    def get_json(
        self, path: str, params: Mapping[str, str | int] | None = None, absent: bool = False
    ) -> Any:
        """With `absent`, a 404 is an answer: None. Raises a RegisterError."""
        return self._json("GET", path, absent, params=params)

    def post_json(self, path: str, body: Any) -> Any:
        """Raises a RegisterError. Only for questions: it may be asked twice."""
        return self._json("POST", path, False, json=body)

    def close(self) -> None:
        self._http.close()

    def _json(self, method: str, path: str, absent: bool, **content: Any) -> Any:
        ends = _page_ends.get() or time.monotonic() + max(PAGE_SECONDS, self._timeout)
        answer = self._once(method, path, ends, content)
        if isinstance(answer, Unavailable) and not isinstance(answer, RateLimited) and _left(ends):
            answer = self._once(method, path, ends, content)
        if isinstance(answer, httpx.Response):
            if absent and answer.status_code == httpx.codes.NOT_FOUND:
                return None
            answer = _refusal(self.register, answer.status_code) or answer
        if isinstance(answer, RegisterError):
            raise answer
        # A question's answer is about somebody: what it says twice of them is read as both.
        return self._decoded(answer, _with_both if method == "POST" else None)

    def _once(
        self, method: str, path: str, ends: float, content: dict[str, Any]
    ) -> httpx.Response | RegisterError:
        # Errors are handed back and raised outside of `except`: httpx's own exception holds the
        # whole request, and would go along as the context of ours.
        seconds = min(self._timeout, _left(ends))
        if not seconds:
            return Unavailable(self.register, "no time left")
        try:
            response = self._http.request(
                method, self._base_url + path, timeout=timeouts(seconds), **content
            )
        except httpx.HTTPError as error:
            return _failure(self.register, error)
        if response.status_code >= 500:
            return Unavailable(
                self.register, str(response.status_code), answered=response.status_code == 500
            )
        return response

    def _decoded(self, response: httpx.Response, hook: Callable[..., Any] | None) -> Any:
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise MalformedReply(self.register, "not JSON")
        try:
            return json.loads(response.content, object_pairs_hook=hook)
        except (ValueError, RecursionError):
            pass
        raise MalformedReply(self.register, "not JSON")


def _with_both(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a key may stand twice: then its value is the list of both."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = {key for key in keys if keys.count(key) > 1}
        found |= {key: [value for name, value in pairs if name == key] for key in twice}
    return found


def _left(ends: float) -> float:
    return max(0.0, ends - time.monotonic())


def _failure(register: str, error: httpx.HTTPError) -> RegisterError:
    if isinstance(error, TooLarge):
        return MalformedReply(register, "too large")
    if isinstance(error, OtherOrigin | httpx.UnsupportedProtocol) or _bad_certificate(error):
        return Misconfigured(register, "address or certificate")
    if isinstance(error, httpx.TimeoutException):
        return Unavailable(register, "no answer in time")
    return Unavailable(register, "no connection")


def _bad_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _refusal(register: str, status: int) -> RegisterError | None:
    if status == httpx.codes.OK:
        return None
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return RateLimited(register, "429")
    if status in (401, 403, 407) or 300 <= status < 400:
        return Misconfigured(register, str(status))
    if 400 <= status < 500:
        return RequestRejected(register, str(status))
    return MalformedReply(register, str(status))
