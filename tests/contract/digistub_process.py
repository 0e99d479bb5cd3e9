"""DigiStub in a process of its own, on another origin than the portal."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

PORTAL = "http://127.0.0.1:9"  # nobody listens there: the tests play the portal
START = 60  # seconds that a process may take before it answers


@contextmanager
def running_digistub(
    folder: Path, clients: list[dict[str, Any]] | None = None, portal: str = PORTAL
) -> Iterator[str]:
    """Its issuer, while it runs. `clients` as in DIGISTUB_CLIENTS; `portal` is where that is."""
    port = free_port()
    issuer = f"http://localhost:{port}/digistub"
    command = [sys.executable, "-m", "digistub", "--port", str(port), "--portal", portal]
    process = subprocess.Popen(
        [*command, "--instance", str(folder)],
        env={**os.environ, "DIGISTUB_CLIENTS": json.dumps(clients or [])},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until_up(f"{issuer}/jwks", process)
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + START
    while time.monotonic() < ends:
        assert process.poll() is None, "it stopped at once"
        try:
            # without TLS's certificates, which cost more to read than anything that is asked
            if httpx.get(url, trust_env=False, verify=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"{url} doesn't answer")
