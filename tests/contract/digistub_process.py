"""DigiStub in a process of its own, on another origin than the portal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.processes import free_port, wait_until_up

PORTAL = "http://127.0.0.1:9"  # nobody listens there: the tests play the portal


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
