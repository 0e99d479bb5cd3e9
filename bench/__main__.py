"""Measures the portal beside a bare Flask hello, in one run: `python -m bench [part …]`,
where a part is pages, coupling, search, companies, sync, removal or million.

The ruler is the CPU time (user and system) of the worker process a request, as a multiple of
hello's on the same server with the same settings. All servers are up together and take turns;
a figure is the median of the rounds. One visitor at a time is what a page costs by itself, and
has the limits; the same with all of STUDENTS at once stands beside it. Prints a table, writes
bench/results.json, and ends with exit code 1 when something is over its limit.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

import sqlalchemy as sa

from bench.companies import companies
from bench.coupling import coupling, growing
from bench.removal import removals
from bench.search import searches
from bench.server import Server, serving
from bench.sync import syncs
from bench.threads import waits
from bench.visitor import Request, Visitor, answered, drive, fragment, home, shown
from tests import services
from tests.portal import ADULT, HOMELESS, MINOR, SECRET, form_fields

RESULTS = Path(__file__).parent / "results.json"
STUDENTS = (MINOR, ADULT, HOMELESS, SECRET)  # one a connection, so that no two share a draft
CROWD = STUDENTS[1:]  # beside the first
ROUNDS = 5
HELLOS, REQUESTS = 6000, 1000  # a round
WARM = 300
numbers = count(1)
PARTS = ("pages", "coupling", "search", "companies", "sync", "removal")
MILLION = "million"  # only when asked for: minutes, and gigabytes
SIZES = (10_000, 100_000, 1_000_000)


class Result(NamedTuple):
    name: str
    value: float
    unit: str
    limit: float | None = None  # at most


class Job(NamedTuple):
    name: str
    visitors: list[Visitor]
    request: Request
    times: int = REQUESTS
    status: int = 200
    limit: float | None = None


def main() -> None:
    wanted = sys.argv[1:] or PARTS
    assert set(wanted) <= {*PARTS, MILLION}, f"parts are {', '.join(PARTS)}, {MILLION}"
    began = time.monotonic()
    folder = services.make_folder()
    try:
        results = []
        if "pages" in wanted:
            with ExitStack() as stack:
                results += pages(stack, folder)
        if "coupling" in wanted:
            for portal in islice(set_up(folder, "coupling"), 2):
                say(f"A SIS on {portal.name}")
                results += [Result(*row) for row in coupling(portal)]
        if MILLION in wanted:
            for portal in islice(set_up(folder, MILLION), 2):
                say(f"A million applications on {portal.name}")
                results += [Result(*row) for row in growing(portal, SIZES)]
        if "search" in wanted:
            for portal in places(folder)[:2]:
                say(f"Searching among 10,000 programmes on {portal.name}")
                results += [Result(*row) for row in searches(portal, empty(folder, portal.name))]
        if "sync" in wanted:
            say("Synchronising 10,000 programmes")
            urls = {portal.name: empty(folder, portal.name) for portal in places(folder)[:2]}
            results += [Result(*row) for row in syncs(folder, urls)]
        if "removal" in wanted:
            for portal in islice(set_up(folder, "removal"), 2):
                say(f"Removing 10,000 students on {portal.name}")
                with serving(portal):
                    results += [Result(*row) for row in removals(portal)]
        if "companies" in wanted:  # last: making so many stays in this process's memory
            portal = next(set_up(folder))
            say("Searching among 250,000 leerbedrijven")
            results += [Result(*row) for row in companies(portal)]
    finally:
        services.end()
    RESULTS.write_text(json.dumps([r._asdict() for r in results], indent=1) + "\n")
    say(f"\n{table(results)}\n\n{time.monotonic() - began:.0f} s; also in {RESULTS.name}")
    sys.exit(any(over(result) for result in results))


def pages(stack: ExitStack, folder: Path) -> list[Result]:
    hello = stack.enter_context(serving(Server("hello", "bench.hello:app", folder)))
    portals = [stack.enter_context(serving(portal)) for portal in set_up(folder)]
    somebody = Visitor(hello)
    alone = [Job("hello", [somebody], home, HELLOS)]
    crowd = [Job("hello in a crowd", [somebody, *(Visitor(hello) for _ in CROWD)], home, HELLOS)]
    for portal in portals:
        student = Visitor(portal, STUDENTS[0])
        many = [student, *(Visitor(portal, bsn) for bsn in CROWD)]
        alone += steps(portal.name, [student], limit=6 if portal.name == "SQLite" else None)
        crowd += steps(f"{portal.name}, in a crowd", many)
    results = costs(alone) + costs(crowd)
    for portal in portals:
        results.append(Result(f"memory after that, {portal.name}", portal.memory(), "MB", 120))
    results += weights(portals[0])
    return results + [Result(*measure) for measure in waits(portals[0])]


def set_up(folder: Path, part: str = "") -> Iterator[Server]:
    """The portal on what this machine has, each with its own migrated database and catalogue."""
    for portal in places(folder, part):
        say(f"Setting up the portal on {portal.name}")
        portal.command("migrate")
        portal.command("testdoor", "schools")
        portal.command("catalogue", "sync")
        yield portal


def places(folder: Path, part: str = "") -> list[Server]:
    """Portals not yet set up, on each database that this machine has."""
    found: dict[str, dict[str, str]] = {"SQLite": {}}
    if any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb"):
        found["PostgreSQL"] = {}
    if "PostgreSQL" in found and shutil.which("redis-server"):
        found["PostgreSQL and Redis"] = {"REDIS_URL": f"unix://{services.redis()}"}
    return [
        Server(
            name,
            "wsgi:app",
            folder,
            {
                "APP_ENV": "test",
                "INSTANCE": str(folder / f"{name.replace(' ', '-')}{part}"),
                **({} if name == "SQLite" else {"DATABASE_URL": database(f"{name}{part}")}),
                **environ,
            },
        )
        for name, environ in found.items()
    ]


def empty(folder: Path, name: str) -> str:
    """The URL of a new database of this kind, not migrated."""
    if name == "SQLite":
        return f"sqlite:///{folder}/{next(numbers)}.db"
    return database(f"number {next(numbers)}")


def database(name: str) -> str:
    """A new database in this run's PostgreSQL, or the one of that name."""
    socket = services.postgresql()
    server = sa.create_engine(f"postgresql+psycopg://portal@/postgres?host={socket}")
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        there = connection.scalar(
            sa.text("SELECT 1 FROM pg_database WHERE datname = :n"), {"n": name}
        )
        if not there:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    server.dispose()
    return f"postgresql://portal@/{name.replace(' ', '%20')}?host={socket}"


def steps(where: str, visitors: list[Visitor], limit: float | None = None) -> list[Job]:
    """The step «contact» of a draft that is complete."""
    return [
        Job(f"GET of a step, {where}", visitors, shown, limit=limit),
        Job(f"POST of a step, {where}", visitors, answered, status=303, limit=limit),
        Job(f"GET of a step by HTMX, {where}", visitors, fragment),
    ]


def costs(jobs: list[Job]) -> list[Result]:
    """CPU a request; the first job is the ruler of the others."""
    spent: list[list[float]] = [[] for _ in jobs]
    for job in jobs:
        drive(job.visitors, job.request, WARM, job.status)
    for number in range(ROUNDS):
        say(f"Round {number + 1} of {ROUNDS}")
        for job, seconds in zip(jobs, spent, strict=True):
            server = job.visitors[0].server
            before = server.cpu()
            drive(job.visitors, job.request, job.times, job.status)
            seconds.append((server.cpu() - before) / job.times)
    for job in jobs:
        if job.request is answered:
            saved(job.visitors)
    ruler = median(spent[0])
    return [
        Result(jobs[0].name, ruler * 1e6, "µs of CPU"),
        *(
            Result(job.name, median(seconds) / ruler, "× hello", job.limit)
            for job, seconds in zip(jobs[1:], spent[1:], strict=True)
        ),
    ]


def saved(visitors: list[Visitor]) -> None:
    """Every visitor's last answer is in the draft: the POSTs that were measured did save."""
    for visitor in visitors:
        visitor.connect()
        shown_now = form_fields(visitor.ask(shown(visitor)).text)
        assert shown_now["email"] == f"student{visitor.answers}@voorbeeld.nl", shown_now


def weights(portal: Server) -> list[Result]:
    """What a phone downloads: bytes over the line, headers included."""
    visitor = Visitor(portal)
    page = visitor.ask(home(visitor))
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    first = page.size + sum(visitor.ask(visitor.get(file)).size for file in files)
    student = Visitor(portal, MINOR)
    return [
        Result(f"first page and its {len(files)} files", first / 1000, "kB", 80),
        Result("a next step", student.ask(shown(student)).size / 1000, "kB", 6),
        Result("a next step by HTMX", student.ask(fragment(student)).size / 1000, "kB", 6),
    ]


def over(result: Result) -> bool:
    return result.limit is not None and result.value > result.limit


def table(results: list[Result]) -> str:
    lines = []
    for result in results:
        name, value, unit, limit = result
        allowed = "" if limit is None else f"at most {limit:g}"
        lines.append(f"{name:<56} {value:9.2f} {unit:<10} {allowed}{'  TOO MUCH' * over(result)}")
    return "\n".join(lines)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
