"""Registers that fail, in the ways that networks and servers know (checklist item 54)."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.portal import Portal

AT_MOST = 5  # seconds that anybody waits for a page
SILENCE = 30.0
NOBODY_LISTENS = 1  # a port
CANARY = "kanarie8f3"  # in every answer that isn't as it should be
OUR_FAULT = "dat ligt niet aan jou"

Fault = Callable[[httpx.Request, httpx.BaseTransport], httpx.Response]


def refused(request: httpx.Request, works: httpx.BaseTransport) -> httpx.Response:
    with httpx.HTTPTransport() as network:
        return network.handle_request(httpx.Request("GET", f"http://127.0.0.1:{NOBODY_LISTENS}/"))


def silent(request: httpx.Request, works: httpx.BaseTransport) -> httpx.Response:
    time.sleep(SILENCE)
    return works.handle_request(request)


def error(request: httpx.Request, works: httpx.BaseTransport) -> httpx.Response:
    return httpx.Response(500, json={"title": CANARY, "status": 500})


def html(request: httpx.Request, works: httpx.BaseTransport) -> httpx.Response:
    return httpx.Response(200, html=f"<!doctype html><title>{CANARY}</title>")


def cut_off(request: httpx.Request, works: httpx.BaseTransport) -> httpx.Response:
    body = works.handle_request(request).read()
    half = body[: len(body) // 2]
    return httpx.Response(200, content=half, headers={"Content-Type": "application/json"})


def wrong_types(request: httpx.Request, works: httpx.BaseTransport) -> httpx.Response:
    answer = works.handle_request(request)
    answer.read()
    return httpx.Response(200, json=_turned(answer.json()))


def _turned(value: Any) -> Any:
    """The same shape, with a list where a text or a number was."""
    if isinstance(value, dict):
        return {key: _turned(inner) for key, inner in value.items()}
    return [_turned(inner) for inner in value] if isinstance(value, list) else [CANARY]


def large(request: httpx.Request, works: httpx.BaseTransport) -> httpx.Response:
    return httpx.Response(200, json={"vulling": CANARY * 1_000_000})


def another(request: httpx.Request, works: httpx.BaseTransport) -> httpx.Response:
    """A whole answer, about another person or company."""
    text = works.handle_request(request).read().decode()
    number = r'("(?:burgerservicenummer|leerbedrijfId)":\s*)"[0-9]+"'
    text, times = re.subn(number, r'\1"999990019"', text)
    assert times, "it was about nobody"
    return httpx.Response(200, text=text, headers={"Content-Type": "application/json"})


def bad_certificate(request: httpx.Request, works: httpx.BaseTransport) -> httpx.Response:
    """As httpx tells of one."""
    wrong = ssl.SSLCertVerificationError("certificate verify failed")
    raise httpx.ConnectError(str(wrong), request=request) from wrong


FAULTS: dict[str, Fault] = {
    "refused": refused,
    "bad certificate": bad_certificate,
    "silent": silent,
    "500": error,
    "html": html,
    "cut off": cut_off,
    "wrong types": wrong_types,
    "large": large,
}


def fails_with(problem: Exception) -> Fault:
    """A call that doesn't get as far as an answer."""

    def fault(request: httpx.Request, works: httpx.BaseTransport) -> httpx.Response:
        raise problem

    return fault


@dataclass
class Broken(httpx.BaseTransport):
    """What answers at an address that holds `where` (a pattern) fails; the others work."""

    works: httpx.BaseTransport
    where: str
    fault: Fault
    asked: int = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not re.search(self.where, request.url.path):
            return self.works.handle_request(request)
        self.asked += 1
        return self.fault(request, self.works)


@contextmanager
def broken(portal: Portal, where: str, fault: Fault) -> Iterator[Broken]:
    works = portal.outside.inside
    portal.outside.inside = register = Broken(works, where, fault)
    try:
        yield register
    finally:
        portal.outside.inside = works


@contextmanager
def in_time() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < AT_MOST


def warm(portal: Portal) -> None:
    """What is measured is waiting, not the loading of templates."""
    dutch = portal.app.extensions["environments"]["nl"]
    for name in dutch.list_templates(["html"]):
        dutch.get_template(name)
