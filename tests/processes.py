"""Servers that a test starts: on a port of their own, and waited for until they answer."""

from __future__ import annotations

import socket
import subprocess
import time

import httpx

START = 60  # seconds that a process may take before it answers


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
