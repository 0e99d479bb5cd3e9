"""What `make run` starts: the portal, a worker, and beside them the Stub SIS (SIS-7)."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from app import clock, sandbox_rows
from app.config import ROOT
from app.domain.status import Status
from app.sandbox_people import Kind
from tests import watch
from tests.live import Live, kill, live_portal
from tests.processes import START


@pytest.fixture
def live(sqlite_url: str) -> Iterator[Live]:
    with live_portal(sqlite_url) as found:
        yield found


@pytest.mark.rule("SIS-7")
def test_one_command_serves_and_its_stub_sis_takes_what_waits(live: Live) -> None:
    sandbox_rows.generate("91XX", 1, clock.now(), [Kind.ADULT])
    environ = {**live.environ, "HOST": "127.0.0.1", "PORT": live.url.rpartition(":")[2]}
    serve = [sys.executable, "scripts/serve.py"]
    process = subprocess.Popen(serve, cwd=ROOT, env=environ, start_new_session=True)
    try:
        deadline = time.monotonic() + START
        while watch.row_of("application").status != Status.RECEIVED:
            assert process.poll() is None, "it ended by itself"
            assert time.monotonic() < deadline, "the Stub SIS said nothing"
            time.sleep(0.1)
        assert (live.portal.settings.instance / "sis.db").exists()
        process.terminate()
        assert process.wait(START) == 0
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{live.url}/healthz", trust_env=False)
    finally:
        kill(process)
