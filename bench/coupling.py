"""What a SIS costs: pulling what waits, beside reading the same rows bare; and polling for nothing.

What is counted is CPU of the portal's worker and of PostgreSQL's processes for it. «Bare» is: the
same rows from the database, as the portal's own statements read them, dumped by Python's own `json`
with nothing opened, marked or logged. What is compared is measured by turns: a machine isn't
equally fast all the time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import sqlalchemy as sa

from app import db
from app.models import message
from app.services import sis_clients
from bench.server import Server, serving
from bench.stored import CODE, YEAR, Copies, bsn_of
from bench.visitor import Visitor, home
from tests.sis import API, OIN, TOKEN
from tests.sis import SECRET as STUB_SECRET

Row = tuple[str, float, str, float | None]
WAITING, BATCH = 10_000, 500
AT_MOST = 3.0  # times bare
SISES, OF_A_CORE = 60, 0.1
POLLS, EACH = 3000, 500
GIVEN = b'"vca.Aanmelding","links"'  # once in each application
TIMES, TURNS = 7, 3
GROWN = 1.3  # times a batch with ten thousand stored
SLOWER = 3.0  # that a filter may become, with a hundred times as much stored


def coupling(portal: Server) -> Iterator[Row]:
    """Of a portal that is set up: what waits pulled whole, and polls of an empty queue."""
    with serving(portal):
        copied, bare, pulled = Copies(portal), 0.0, 0.0
        for _turn in range(TURNS):
            copied.store(WAITING, waiting=True)
            bare, pulled = bare + bare_cost(copied), pulled + pull(portal)
        yield f"reading bare, {portal.name}", bare / TURNS * 1e6, "µs a row", None
        yield f"pulling {WAITING:,}, {portal.name}", pulled / bare, "× bare", AT_MOST
        copied.settle()
        poll, hello = polling(portal)
        yield f"{SISES} SISs that poll, {portal.name}", poll * SISES, "of a core", OF_A_CORE
        yield "  a poll", poll / hello, "× hello", None


def growing(portal: Server, sizes: tuple[int, ...]) -> Iterator[Row]:
    """The price of a batch while more and more is stored."""
    with serving(portal):
        copied, first = Copies(portal), 0.0
        begins: dict[str, float] = {}
        for size in sizes:
            copied.store(size - copied.stored - WAITING, waiting=False)
            copied.store(WAITING, waiting=True)
            copied.settle()
            cost = pull(portal) * BATCH
            first = first or cost
            yield f"a batch with {size:,} stored, {portal.name}", cost * 1000, "ms of CPU", None
            yield f"  the same beside {sizes[0]:,}", cost / first, "×", GROWN
            late = changes(portal, copied.last - 2 * BATCH) * BATCH
            begins["late"] = begins.get("late", late)
            yield "  a batch by change number", late * 1000, "ms of CPU", None
            yield "    the same", late / begins["late"], "×", GROWN
            for name, seconds in filtered(portal, copied):
                begins[name] = begins.get(name, seconds)
                yield f"  {name}", seconds * 1000, "ms", None
                yield "    the same", seconds / begins[name], "×", SLOWER


def bare_cost(copied: Copies) -> float:
    """Seconds of CPU a row: of this process, that only reads and dumps, and of the database."""
    m, last, number = message.c, 0, 0
    text = orjson.dumps(copied.bodies[0]).decode()
    began = time.process_time() + database_cpu()
    while True:
        with db.reading() as connection:
            rows = connection.execute(
                sa.select(m.application_id, m.change_number, m.document)
                .where(m.koppelpunt_id == copied.point, m.waiting, m.change_number > last)
                .order_by(m.change_number)
                .limit(BATCH)
            ).all()
        if not rows:
            return (time.process_time() + database_cpu() - began) / number
        # A sealed document is no text; the same number of characters is dumped in its place.
        json.dumps([{"id": row[0], "change": row[1], "document": text} for row in rows])
        last, number = rows[-1].change_number, number + len(rows)


def spent(portal: Server) -> float:
    """Seconds of CPU until now."""
    return portal.cpu_now() + database_cpu()


def database_cpu() -> float:
    """Seconds that PostgreSQL's processes for this database have used."""
    if db.engine().dialect.name == "sqlite":
        return 0.0
    with db.reading() as connection:
        pids = connection.scalars(
            sa.text(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend'"
            )
        ).all()
    return sum(int(Path(f"/proc/{p}/schedstat").read_text().split()[0]) for p in pids) / 1e9


def bearer(portal: Server, oin: str = OIN, secret: str = STUB_SECRET) -> str:
    form = {"grant_type": "client_credentials", "client_id": oin, "client_secret": secret}
    answer = httpx.post(portal.address + TOKEN, data=form, trust_env=False)
    return f"Authorization: Bearer {answer.json()['access_token']}"


def pull(portal: Server) -> float:
    """Everything that waits, in batches; seconds of the portal's CPU a row."""
    own, last = bearer(portal), ""
    visitor = Visitor(portal)
    number, before = 0, spent(portal)
    while number < WAITING or last:
        answer = visitor.ask(visitor.get(f"{API}/koppelpunt/{CODE}/aanmelding/nieuw", own))
        assert answer.status == 200, answer.text
        number += (given := answer.body.count(GIVEN))
        last = "more" if given else ""
    return (spent(portal) - before) / number


def changes(portal: Server, first: int) -> float:
    """A few batches by change number; seconds of the portal's CPU a row."""
    own = bearer(portal)
    visitor = Visitor(portal)
    number, before = 0, spent(portal)
    for _ in range(10):
        address = f"{API}/koppelpunt/{CODE}/aanmelding?vanafWijziging={first}"
        number += visitor.ask(visitor.get(address, own)).body.count(GIVEN)
    return (spent(portal) - before) / number


def filtered(portal: Server, copied: Copies) -> Iterator[tuple[str, float]]:
    """Each filter of the list, about as much found by it at any size: the least of some seconds,
    of which the database's are a part."""
    url = f"{portal.address}{API}/koppelpunt/{CODE}/aanmelding"
    day = copied.until - YEAR / 2
    window = {
        "vanafDatumIndienen": day.isoformat(),
        "totDatumIndienen": (day + YEAR * BATCH / copied.stored).isoformat(),
    }
    asked: dict[str, dict[str, Any]] = {
        "by ketenId": {"params": {"ketenId": f"99XX:8{copied.next - 5000:07d}"}},
        "by BSN": {"method": "POST", "json": {"bsn": bsn_of(copied.next - 5000)}},
        "of a programme with a hundred": {"params": {"opleiding": copied.programmes[copied.rare]}},
        "of a programme with a quarter": {"params": {"opleiding": copied.often}},
        "by moment of sending": {"params": window},
        "both": {"params": {"opleiding": copied.often, **window}},
        "with Range, 5,000 on": {"headers": {"Range": "items=5000-5499"}},
    }
    name, _, token = bearer(portal).partition(": ")
    with httpx.Client(headers={name: token}, trust_env=False, timeout=60) as sis:
        for said, question in asked.items():
            method = question.pop("method", "GET")
            address = f"{url}/zoek" if method == "POST" else url
            taken = []
            for _time in range(TIMES):
                began = time.perf_counter()
                answer = sis.request(method, address, **question)
                taken.append(time.perf_counter() - began)
                assert answer.is_success, answer.text
                assert GIVEN in answer.content, said
            yield said, min(taken)


def polling(portal: Server) -> tuple[float, float]:
    """Seconds of CPU for one look at an empty queue, by SISs that each stay below what is allowed
    (a refusal would cost less); and for a bare hello."""
    used, hellos, now = 0.0, 0.0, datetime.now(UTC)
    with serving(Server("hello", "bench.hello:app", portal.folder)) as hello:
        for number in range(POLLS // EACH):
            oin = f"{number:020}"
            sis_clients.set_up(oin, "Een van zestig", [CODE], now)
            own = bearer(portal, oin, sis_clients.add_secret(oin, now))
            visitor, greeted = Visitor(portal), Visitor(hello)
            request = visitor.get(f"{API}/koppelpunt/{CODE}/aanmelding/nieuw", own)
            before = spent(portal)
            for _ in range(EACH):
                answer = visitor.ask(request)
                assert (answer.status, answer.body) == (200, b'{"items":[]}')
            used += spent(portal) - before
            before = hello.cpu_now()
            for _ in range(EACH):
                assert greeted.ask(home(greeted)).status == 200
            hellos += hello.cpu_now() - before
    return used / POLLS, hellos / POLLS
