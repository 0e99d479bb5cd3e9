"""The one way out: every call to a foreign system goes through a client made here.

A client talks to one origin, follows no redirect, unpacks nothing, reads 1 MB at most and is
done within its time, however slowly the other side drips. What goes wrong becomes one of the
five errors of `app.domain.ports`, without the address, the question or the answer in it.
"""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
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
from app.registers.bounded import Bounded, OtherOrigin, TooLarge

CONNECT_SECONDS = 1.0
TOTAL_SECONDS = 3.0
PAGE_SECONDS = 3.5  # whoever waits has a page within five
MOST_CONNECTIONS = 8

# httpx writes every address, query included, to the log at level INFO.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

_page_ends: ContextVar[float | None] = ContextVar("page_ends", default=None)


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

    def tell(self, path: str, body: Any) -> None:
        """Once, without a question: any 2xx is well. Raises a RegisterError."""
        answer = self._once("POST", path, time.monotonic() + self._timeout, {"json": body})
        if isinstance(answer, httpx.Response):
            if answer.is_success:
                return
            answer = _refusal(self.register, answer.status_code) or answer
        if isinstance(answer, RegisterError):
            raise answer
        raise MalformedReply(self.register)

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
