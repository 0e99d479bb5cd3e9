"""The test services in this process, and DUO, RIO and PDOK held against their descriptions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app.registers.http import Client, InProcess
from digistub.world import World
from tests.contract import described
from tests.worlds import new_world

BASE = "http://127.0.0.1:8000/digistub"


class Stub:
    """DigiStub mounted as the portal mounts it."""

    def __init__(self, folder: Path) -> None:
        self.app: Flask = new_world(BASE, folder)
        self.world: World = self.app.extensions["world"]
        mounted: Any = DispatcherMiddleware(NotFound(), {"/digistub": self.app})
        self.transport = InProcess(mounted)

    def duo(self, timeout: float = 3, checked: bool = True) -> Client:
        return Client("duo", f"{BASE}/duo", self._via("duo", checked), timeout)

    def rio(self, timeout: float = 3, checked: bool = True) -> Client:
        return Client("rio", f"{BASE}/rio", self._via("rio", checked), timeout)

    def bag(self, timeout: float = 3, checked: bool = True) -> Client:
        return Client("bag", f"{BASE}/bag", self._via("bag", checked), timeout)

    def _via(self, service: str, checked: bool) -> httpx.BaseTransport:
        """Unchecked is for faults that no description allows."""
        if not checked:
            return self.transport
        description = {"duo": described.brp, "rio": described.rio, "bag": described.bag}[service]
        return described.Described(self.transport, description(), f"/digistub/{service}")
