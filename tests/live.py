"""The portal as it really runs: granian in a process group of its own, which can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from app import keys
from app.config import ROOT
from scripts.serve import WORKER, granian
from tests.portal import Portal, open_portal
from tests.processes import free_port, wait_until_up


def as_setting() -> str:
    """The data keys of this process."""
    return ",".join(f"{key_id}:{b64encode(keys._keys[key_id]).decode()}" for key_id in keys.ids())


@dataclass
class Live:
    """`portal` is in this process, on the same database and with the same keys."""

    portal: Portal
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return self.portal.base

    @property
    def environ(self) -> dict[str, str]:
        settings = self.portal.settings
        return {
            **os.environ,
            "APP_ENV": "test",
            "BASE_URL": settings.base_url,
            "INSTANCE": str(settings.instance),
            "DATABASE_URL": settings.database_url,
            "DATA_KEYS": as_setting(),
        }

    def start(self, workers: int = 1) -> None:
        """With the command that `make run` uses; returns when it answers."""
        host, port = self.url.removeprefix("http://").split(":")
        command = granian(host, port, "wsgi:app")
        command[command.index("--workers") + 1] = str(workers)
        self.process = self.run(command)
        wait_until_up(f"{self.url}/healthz", self.process)

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        """The job loop."""
        return self.run([*WORKER, *options])

    def run(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """As a power cut does: nobody gets to finish anything."""
        if self.process is not None:
            kill(self.process)
            self.process = None


def kill(process: subprocess.Popen[Any]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def live_portal(database_url: str) -> Iterator[Live]:
    """Not started yet; killed at the end."""
    live = Live(open_portal(database_url, BASE_URL=f"http://127.0.0.1:{free_port()}"))
    try:
        yield live
    finally:
        live.kill()
