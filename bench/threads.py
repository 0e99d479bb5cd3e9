"""What threads do to somebody's wait: the same portal on one thread and on four."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx

from app.registers import TEST_SERVICES
from bench.server import Server, free_port, serving
from bench.visitor import Visitor, drive, shown
from digistub import create_world
from digistub.people import fresh_bsn
from tests.portal import ADULT, HOMELESS, MINOR, SECRET, Student

CHOICES = (1, 4)
CROWD = (MINOR, ADULT, HOMELESS, SECRET) * 2  # visitors at once
REQUESTS = 2000
PAUSE = 0.02  # seconds between a visitor's pages


def waits(portal: Server) -> Iterator[tuple[str, float, str]]:
    """Name, value and unit of each measure."""
    for count in CHOICES:
        other = replace(portal, threads=count, port=free_port())
        with serving(other):
            times = sorted(crowded(other))
            name = f"{count} thread{'s' if count > 1 else ''}, GET"
            crowd = f"{name} by {len(CROWD)} visitors"
            yield f"{crowd}: median", times[len(times) // 2] * 1000, "ms"
            yield f"{crowd}: 99 %", times[-len(times) // 100] * 1000, "ms"
            longest = max(beside(other, count))
            yield f"{name} while DUO is silent: longest", longest * 1000, "ms"


def crowded(server: Server) -> list[float]:
    visitors = [Visitor(server, bsn) for bsn in CROWD]
    drive(visitors, shown, REQUESTS // 10, 200)
    return drive(visitors, shown, REQUESTS, 200)


def beside(server: Server, number: int) -> list[float]:
    """How long somebody waits for a page while another logs in and DUO doesn't answer."""
    silent = fresh_bsn("9997", number)
    world = create_world(server.address + TEST_SERVICES, Path(server.environ["INSTANCE"]))
    world.extensions["world"].set_fault("duo", "personen", silent, "timeout")
    visitor = Visitor(server, ADULT)
    times: list[float] = []
    with ThreadPoolExecutor(1) as pool, httpx.Client(base_url=server.address, timeout=30) as client:
        login = pool.submit(Student(client, silent).log_in)
        while not login.done():
            times += drive([visitor], shown, 1, 200)
            time.sleep(PAUSE)
        login.result()
    return times
