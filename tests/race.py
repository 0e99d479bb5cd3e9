"""The same act by several processes at the same moment, each with connections of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import select, text

from app import clock, db, keys
from app.api import throttle
from app.domain.person import Person
from app.models import message
from app.services import applications, guessing
from app.store import open_store

SECONDS = 60  # that they may wait for each other
CONTEXT = multiprocessing.get_context("forkserver")  # with nothing open that a fork would share
# What the acts' own modules import: each process would otherwise do so again, which costs more
# than its act.
CONTEXT.set_forkserver_preload(
    ["pytest", "psycopg", "tests.portal", "tests.status_items", __name__]
)


@dataclass(frozen=True)
class Raised:
    """An act that ended in an exception."""

    kind: str


def at_once(
    url: str, act: Callable[..., Any], calls: Sequence[tuple[Any, ...]], each: int = 1
) -> list[Any]:
    """What `act` gave in as many processes as there are calls, in their order.

    `each`: so many times one after the other; then a list of what they gave.
    """
    barrier, results = CONTEXT.Barrier(len(calls)), CONTEXT.SimpleQueue()
    secrets = tuple(keys._keys.items()), keys._secret.decode()
    processes = [
        CONTEXT.Process(target=_run, args=(barrier, results, number, url, secrets, act, call, each))
        for number, call in enumerate(calls)
    ]
    for process in processes:
        process.start()
    found = dict(results.get() for _ in processes)
    for process in processes:
        process.join()
    return [found[number] for number in range(len(calls))]


WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def beside(act: Callable[..., Any], *arguments: Any) -> threading.Thread:
    """`act` in a thread, while this one is inside a transaction: begun, and either done or waiting
    for that transaction. On SQLite it always waits."""
    thread = threading.Thread(target=act, args=arguments)
    thread.start()
    engine, deadline = db.engine(), clock.ticks() + SECONDS
    if engine.dialect.name == "sqlite":
        return thread
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while thread.is_alive() and not connection.execute(WAITING).scalar_one():
            assert clock.ticks() < deadline, "it neither ends nor waits"
            thread.join(0.01)
    return thread


def _run(
    barrier: Barrier,
    results: Any,
    number: int,
    url: str,
    secrets: tuple[tuple[tuple[str, bytes], ...], str],
    act: Callable[..., Any],
    call: tuple[Any, ...],
    each: int,
) -> None:
    keys.use(*secrets)
    db.connect(url)
    with db.reading():
        pass
    barrier.wait(SECONDS)
    gave = [_outcome(act, call) for _ in range(each)]
    db.engine().dispose()
    results.put((number, gave if each > 1 else gave[0]))


def _outcome(act: Callable[..., Any], call: tuple[Any, ...]) -> Any:
    try:
        return act(*call)
    except Exception as error:
        return Raised(type(error).__name__)


# --- acts that aren't a function of the portal's own -------------------------------------------


def own_act(act: Callable[..., Any], *arguments: Any) -> Any:
    """For a race in which not everybody does the same."""
    return act(*arguments)


def with_keys(data_keys: tuple[tuple[str, bytes], ...], act: Callable[..., Any], *call: Any) -> Any:
    """As a server does that was told of other DATA_KEYS."""
    keys.use(data_keys)
    return act(*call)


def patient(act: Callable[..., Any], *arguments: Any) -> Any:
    """As somebody does who hears that it is busy, and presses again."""
    deadline = clock.ticks() + SECONDS
    while True:
        try:
            return act(*arguments)
        except db.Busy:
            if clock.ticks() > deadline:
                raise


def sends_all(calls: Sequence[tuple[Any, ...]], pause: float) -> list[Any]:
    """One after the other, with so many seconds in between."""
    gave = []
    for call in calls:
        gave.append(patient(applications.submit, *call))
        time.sleep(pause)
    return gave


def killed(*_: Any) -> None:
    """As a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def stored(redis_url: str, method: str, *arguments: Any) -> Any:
    """One call of the store."""
    return getattr(open_store(redis_url), method)(*arguments)


def asks(redis_url: str, most: int, times: int) -> int:
    """How many of these somebody who may ask `most` a minute had to wait for."""
    store = open_store(redis_url)
    waits = [throttle.too_often(store, "one SIS", most) for _ in range(times)]
    return sum(wait is not None for wait in waits)


def guesses(redis_url: str, address: str, most: int, times: int) -> int:
    """How many of these wrong tries from one network are told that they were wrong."""
    store, told = open_store(redis_url), 0
    for _ in range(times):
        with suppress(guessing.TooOften):
            guessing.may_try(store, "code", address, most)
            guessing.count(store, "code", address, most)
            told += 1
    return told


@dataclass(frozen=True)
class Duo:
    """Knows everybody by one name, and nobody's school."""

    def educations(self, bsn: str) -> tuple[()]:
        return ()

    def person(self, bsn: str) -> Person:
        return Person(first_names="Sem", surname="Bakhuis", birth_date="20070801")


def read_changes(until: int) -> list[int]:
    """As a SIS reads: again and again what came after the last number seen."""
    seen: list[int] = []
    deadline = clock.ticks() + SECONDS
    while len(seen) < until and clock.ticks() < deadline:
        with db.reading() as connection:
            seen += connection.scalars(
                select(message.c.change_number)
                .where(message.c.change_number > (seen[-1] if seen else 0))
                .order_by(message.c.change_number)
            )
    return seen
