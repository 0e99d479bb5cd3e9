"""Removing ten thousand students whose year is over, while others go on applying (RET-1): what it
takes of memory, and how long it holds anybody up.

Run by itself (`python -m bench.removal`) it is the process that removes, with the portal's own
settings: it prints what it measured as JSON.
"""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import sqlalchemy as sa

from app import config, db, keys
from app.models import student
from app.services import ledger, retention
from app.services.retention import What
from bench.server import Server
from digistub.people import fresh_bsn
from tests.portal import Student

PERSONS = 10_000
KIND = "adult"  # of the generated applications
LATER = timedelta(days=800)  # when their year, and that of their start, is over
APPLICANTS = 12  # before it, and again meanwhile
LONGEST, GROWTH = 100, 24  # milliseconds, MB


def removals(portal: Server, persons: int = PERSONS) -> Iterator[tuple[Any, ...]]:
    """Rows of a result."""
    portal.command("testdoor", "applications", "--number", str(persons), "--kind", KIND)
    alone = [applies(portal, n) for n in range(APPLICANTS)]
    removing = subprocess.Popen(
        [sys.executable, "-m", "bench.removal"], env=portal.environ, stdout=subprocess.PIPE
    )
    meanwhile: list[float] = []
    while removing.poll() is None:
        meanwhile.append(applies(portal, APPLICANTS + len(meanwhile)))
    said, _ = removing.communicate()
    found = json.loads(said)
    assert removing.returncode == 0, "it ended by itself"
    assert found["removed"] >= persons, found
    where = portal.name
    yield f"removing {found['removed']} students, {where}", found["seconds"], "s"
    yield f"a student, {where}", found["seconds"] / found["removed"] * 1000, "ms"
    yield f"longest transaction, {where}", found["longest"], "ms", LONGEST
    yield f"memory that it takes more, {where}", found["growth"], "MB", GROWTH
    yield f"who sent meanwhile, {where}", len(meanwhile), "students"
    waits = median(meanwhile) / median(alone)
    yield f"sending meanwhile, {where}", waits, "× alone"


def applies(portal: Server, number: int) -> float:
    """Seconds that sending takes somebody new."""
    with httpx.Client(base_url=portal.address, timeout=60) as browser:
        one = Student(browser, fresh_bsn("9997", number))
        one.log_in()
        one.walk_to("controleren")
        began = time.perf_counter()
        one.answer()
        took = time.perf_counter() - began
        assert one.at == "verstuurd", one.page.url
    return took


# --- the process that removes --------------------------------------------------------------------


def memory() -> float:
    """MB that this process has now."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    assert found
    return int(found[1]) / 1000


def main() -> None:
    gc.collect()
    gc.freeze()  # as wsgi.py does
    settings = config.read()
    keys.use(settings.data_keys, settings.secret_key)
    ledger.use(settings.deletion_ledger)
    db.connect(settings.database_url)
    now = datetime.now(UTC) + LATER
    with db.transaction() as connection:
        connection.execute(sa.update(student).values(warned_at=now - timedelta(days=31)))
        old = set(connection.execute(sa.select(student.c.id)).scalars())
    due = retention.due
    # Of who applies meanwhile the year isn't over.
    retention.due = lambda moment: (one for one in due(moment) if one.id in old)
    took: list[float] = []
    opened = db.transaction

    @contextmanager
    def timed() -> Iterator[Any]:
        with opened() as connection:
            began = time.perf_counter()
            yield connection
        took.append(time.perf_counter() - began)

    db.transaction = timed
    seen, stop = [memory()], threading.Event()

    def watch() -> None:
        while not stop.wait(0.05):
            seen.append(memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    done = retention.run(now, lambda: None, everybody=True)
    seconds = time.perf_counter() - began
    stop.set()
    watcher.join()
    measured = {
        "removed": done[What.ACCOUNT] + done[What.PROFILE],
        "seconds": seconds,
        "longest": max(took) * 1000,
        "growth": max(seen) - seen[0],
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
