"""`python -m digistub.sis` as a process of its own, which can be killed; and what must be the same
at both ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import clock, db, sandbox_rows
from app.config import ROOT
from app.models import application, application_status, koppelpunt, message
from app.sandbox_people import Kind
from app.services import koppelpunten
from digistub.sis.state import State
from tests.sis import OIN, SCHOOL, SECRET

Ids = dict[str, tuple[int, int, bool]]  # by caKetenId: id, change number, withdrawn
LOGIN = ("--client", OIN, "--secret", SECRET)


def command(server: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "digistub.sis", "--server", server, *options]


def environ(**changed: str) -> dict[str, str]:
    return {**os.environ, "APP_ENV": "test", **changed}


def run(server: str, *options: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Until it ends by itself."""
    return subprocess.run(
        command(server, *options),
        cwd=ROOT,
        env=environ(**changed),
        capture_output=True,
        text=True,
        timeout=100,
    )


@contextmanager
def running(server: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Ended with SIGTERM, unless it was killed before."""
    process = subprocess.Popen(
        command(server, *options),
        cwd=ROOT,
        env=environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def lines_until(process: subprocess.Popen[str], text: str) -> list[str]:
    """What it said, up to the first line that holds this."""
    said: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line.rstrip())
        if text in line:
            return said
    raise AssertionError(f"it never said {text}: {said}")


def theirs(path: Path, server: str, code: str) -> Ids:
    """What the SIS has."""
    state = State(path, server)
    found = state.applications(code)
    state.db.close()
    return found


def ours(code: str) -> Ids:
    """What it should have."""
    wanted = (
        select(application.c.ca_keten_id, application.c.id, message.c.change_number)
        .add_columns(application.c.status)
        .join(message, message.c.application_id == application.c.id)
        .join(koppelpunt, koppelpunt.c.id == message.c.koppelpunt_id)
        .where(koppelpunt.c.code == code, message.c.latest)
    )
    with db.reading() as connection:
        rows = connection.execute(wanted).all()
    return {r.ca_keten_id: (r.id, r.change_number, r.status == "WITHDRAWN") for r in rows}


def statuses() -> dict[int, list[str]]:
    """By application, each status that it has had by a school, once a message."""
    kept = application_status.c
    with db.reading() as connection:
        rows: Any = connection.execute(
            select(kept.application_id, kept.status)
            .where(kept.message_id != "")
            .order_by(kept.since, kept.id)
        ).all()
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.application_id, []).append(row.status)
    return found


def generate(number: int, *kinds: Kind) -> None:
    sandbox_rows.generate(SCHOOL, number, clock.now(), kinds)


def set_point(code: str = SCHOOL, **settings: object) -> None:
    wanted = koppelpunten.Settings(**settings)  # type: ignore[arg-type]
    koppelpunten.set_up(code, code, wanted, clock.now(), production=False)
