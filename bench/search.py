"""What a search costs among 10,000 programmes: every query of the tests, and all that it is while
somebody types it. The ruler is a step's GET of the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from app import db, migrate
from app.services.search import Filters, search
from tests.programmes import NOW, fill
from tests.searches import while_typing

SHOWN = 8  # suggestions
ROUNDS = 3
LIMIT, LIMIT_COUNTED = 4, 8  # times a step's GET
Ask = Callable[[str], object]
Row = tuple[str, float, str, float | None]  # name, value, unit, limit


def searches(name: str, url: str, step: float) -> Iterator[Row]:
    """In process, on an empty database at `url`; `step` is a step's GET in seconds of CPU."""
    migrate.upgrade(url)
    began = time.process_time()
    with db.transaction() as connection:
        fill(connection)
    yield f"10,000 programmes written, {name}", time.process_time() - began, "s of CPU", None
    with db.scope(), db.reading() as connection:

        def plain(query: str) -> object:
            return search(connection, query, Filters(), NOW, most=SHOWN)

        def counted(query: str) -> object:
            return search(connection, query, Filters(), NOW, most=SHOWN, counted=True)

        yield from figures(f"search%s, {name}", plain, time.process_time, step, LIMIT)
        yield from figures(
            f"search with counts%s, {name}", counted, time.process_time, step, LIMIT_COUNTED
        )
    db.engine().dispose()


def figures(
    name: str, ask: Ask, cpu: Callable[[], float], step: float, limit: float, times: int = 1
) -> Iterator[Row]:
    """Through whatever `ask` goes: for a server, `cpu` is its worker's, and `times` is enough to
    be seen on that clock. Of each query the median of the rounds."""
    spent: list[list[float]] = []
    queries = while_typing()
    for number in range(ROUNDS + 1):  # the first to warm up
        spent.append([costs(ask, query, cpu, times) for query in queries])
        if number == 0:
            spent.clear()
    of_each = sorted(sorted(rounds)[ROUNDS // 2] for rounds in zip(*spent, strict=True))
    for label, at in (("p50", 0.5), ("p95", 0.95), ("longest", 1.0)):
        value = of_each[min(int(len(of_each) * at), len(of_each) - 1)] / step
        held = limit if label == "p95" else None
        yield name % f" {label}", value, "× a step's GET", held


def costs(ask: Ask, query: str, cpu: Callable[[], float], times: int) -> float:
    before = cpu()
    for _ in range(times):
        ask(query)
    return (cpu() - before) / times
