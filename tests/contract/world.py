"""The test services in this process, held against their descriptions; and a register that says what
a test wants."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
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
from app.registers.http import Client
from digistub.world import World
from tests.contract import described
from tests.worlds import new_world

BASE = "http://127.0.0.1:8000/digistub"
DESCRIPTIONS = {"duo": described.brp, "rio": described.rio, "sbb": described.sbb}

# How a test service fails when a tester asks for it, and what the client makes of that.
FAULTS: list[tuple[str, type[RegisterError]]] = [
    ("timeout", Unavailable),
    ("500", Unavailable),
    ("refused", Unavailable),
    ("429", RateLimited),
    ("401", Misconfigured),
    ("400", RequestRejected),
    ("html", MalformedReply),
    ("truncated", MalformedReply),
    ("wrong-types", MalformedReply),
    ("large", MalformedReply),
]
NOT_FOUND = ("404", RequestRejected)  # where that is no answer
ANOTHER_PERSON = ("other-person", MalformedReply)


class Stub:
    """DigiStub mounted as the portal mounts it."""

    def __init__(self, folder: Path) -> None:
        self.app: Flask = new_world(BASE, folder)
        self.world: World = self.app.extensions["world"]
        mounted: Any = DispatcherMiddleware(NotFound(), {"/digistub": self.app})
        self.transport = InProcess(mounted)

    def duo(self, timeout: float = 3, checked: bool = True) -> Client:
        return Client("duo", f"{BASE}/duo", self._via("duo", described.brp(), checked), timeout)

    def duo_education(self, timeout: float = 3, checked: bool = True) -> Client:
        transport = self._via("duo", described.duo_education(), checked)
        return Client("duo", f"{BASE}/duo", transport, timeout)

    def rio(self, timeout: float = 3, checked: bool = True) -> Client:
        return Client("rio", f"{BASE}/rio", self._via("rio", described.rio(), checked), timeout)

    def sbb(self, timeout: float = 3, checked: bool = True) -> Client:
        return Client("sbb", f"{BASE}/sbb", self._via("sbb", described.sbb(), checked), timeout)

    def bag(self, timeout: float = 3, checked: bool = True) -> Client:
        return Client("bag", f"{BASE}/bag", self._via("bag", described.bag(), checked), timeout)

    def _via(
        self, service: str, description: described.Description, checked: bool
    ) -> httpx.BaseTransport:
        """Unchecked is for faults that no description allows."""
        if not checked:
            return self.transport
        return described.Described(self.transport, description, f"/digistub/{service}")


class Says:
    """A register that says whatever `answer` is now, whatever it is asked."""

    url = "http://register.example"

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer

    def __call__(self, environ: Any, start_response: Any) -> Any:
        Request(environ).get_data()
        reply = Response(json.dumps(self.answer), mimetype="application/json")
        return reply(environ, start_response)

    def client(self, description: described.Description | None = None) -> Client:
        """Without a description, for what none allows."""
        transport: httpx.BaseTransport = InProcess(self)
        if description is not None:
            transport = described.Described(transport, description, "")
        return Client("duo", self.url, transport)
