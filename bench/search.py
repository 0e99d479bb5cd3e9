"""What a search costs among 10,000 programmes: every query of the tests, and all that it is while
somebody types it, asked of a portal as the browser asks. The ruler is a step's GET there."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterator
from statistics import median

import httpx

from app import db, migrate
from bench.server import Server, serving
from bench.visitor import Answer, Visitor
from tests.portal import ADULT, Student
from tests.programmes import NOW, fill
from tests.searches import QUERIES, while_typing

TIMES = 4  # that each query is asked; the first to warm up
STEPS = 300
NOT_ASKED = "We kunnen nu geen leerbedrijven zoeken"
LIMIT = 4  # times a step's GET
Row = tuple[str, float, str, float | None]  # name, value, unit, limit


def searches(portal: Server, url: str) -> Iterator[Row]:
    """Of a portal like `portal`, on an empty database at `url`."""
    migrate.upgrade(url)
    with db.transaction() as connection:
        fill(connection)
    db.engine().dispose()
    server = Server(
        portal.name, portal.target, portal.folder, {**portal.environ, "DATABASE_URL": url}
    )
    with serving(server):
        moved = httpx.post(f"{server.address}/testdeur/klok", data={"nu": NOW.isoformat()})
        moved.raise_for_status()  # to the day of those programmes
        visitor = Visitor(server)
        address = at_the_question(visitor)
        asked(visitor, address, "", STEPS)
        step = asked(visitor, address.replace("opleiding", "contact"), "", STEPS)
        yield f"a step's GET, {portal.name}", step * 1000, "ms of CPU", None
        for what, headers, more in KINDS:
            costs = [
                asked(visitor, address, more + urllib.parse.quote(query), TIMES, headers) / step
                for query in (QUERIES if what == COUNTED else while_typing())
            ]
            for label, value, limit in spread(costs):
                yield f"{what} {label}, {portal.name}", value, "× a step's GET", limit


def spread(costs: list[float]) -> Iterator[tuple[str, float, float | None]]:
    """What is said of many queries, with the limit where there is one."""
    for label, part in (("p50", 0.5), ("p95", 0.95), ("longest", 1.0)):
        value = sorted(costs)[min(int(len(costs) * part), len(costs) - 1)]
        yield label, value, LIMIT if label == "p95" else None


COUNTED = "results with counts"  # for the filters, when somebody asks for these of a whole query
KINDS = (
    ("suggestions", ("HX-Request: true", "HX-Target: voorstellen"), "?voorstel=1&q="),
    ("results", (), "?q="),
    (COUNTED, (), "?verfijnen=1&q="),
)


def at_the_question(
    visitor: Visitor, goes_on: Callable[[Student], object] = bool, bsn: str = ADULT
) -> str:
    """A student who is about to look for a programme, or who `goes_on` to another page."""
    with httpx.Client(base_url=visitor.server.address) as browser:
        student = Student(browser, bsn)
        student.log_in()
        student.walk_to("opleiding")
        goes_on(student)
        own = (c for c in browser.cookies.jar if c.path == "/")
        visitor.cookies = "; ".join(f"{c.name}={c.value}" for c in own)
        return student.page.url.path


def asked(
    visitor: Visitor, address: str, query: str, times: int, headers: tuple[str, ...] = ()
) -> float:
    """Seconds of the worker's CPU: the median."""
    spent = []
    for _ in range(times):
        before = visitor.server.cpu_now()
        answer: Answer = visitor.ask(visitor.get(address + query, *headers))
        spent.append(visitor.server.cpu_now() - before)
        assert answer.status == 200, answer.text
        assert NOT_ASKED not in answer.text, "nothing was searched"
    return median(spent[1:])
