"""Not too often: a number a minute, counted by all processes together.

A process counts by itself, and says in the store after each `step` how many there were: what
nobody has said yet is less than a step of each process. Of a step of one that is nothing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from flask import Response

from app import clock, equipment
from app.problems import problem
from app.store import Store

MINUTE = 60
STEP = 40  # a write for each question would cost more than the question
MOST_CLIENTS = 10_000  # what is remembered at once

_counts: OrderedDict[str, tuple[int, int]] = OrderedDict()  # own since, and everybody's last time
_busy: set[str] = set()
_minute = _era = 0
_lock = threading.Lock()


def throttled(who: str, most: int, step: int = STEP) -> Response | None:
    """The answer for whoever asks more than `most` times in this minute; None for others."""
    wait = too_often(equipment.store(), who, most, step)
    if wait is None:
        return None
    detail = f"U vraagt meer dan {most} keer in een minuut. Wacht {wait} seconden."
    return problem(429, detail, "te-vaak", {"Retry-After": str(wait)})


def too_often(store: Store, who: str, most: int, step: int = STEP) -> int | None:
    """How many seconds to wait for whoever asked `most` times in this minute; None for others.
    Raises StoreDown."""
    now = clock.real_seconds()
    minute = int(now // MINUTE)
    since, said = _counted(who, minute)
    if since % step == 0 and said + since <= most:
        told = sha256(f"{_era} {who}".encode()).hexdigest()
        since, said = 0, step * store.incr(f"throttle:{minute}:{told}", 2 * MINUTE)
        with _lock:
            _counts[who] = (since, said)
    return MINUTE - int(now % MINUTE) if said + since > most else None


def _counted(who: str, minute: int) -> tuple[int, int]:
    global _minute
    with _lock:
        if minute != _minute:
            _minute = minute
            _counts.clear()
        since, said = _counts.pop(who, (0, 0))
        _counts[who] = (since + 1, said)
        if len(_counts) > MOST_CLIENTS:
            _counts.popitem(last=False)  # whoever goes on asking stays counted
        return since + 1, said


@contextmanager
def alone(who: str) -> Iterator[bool]:
    """Whether nobody is at it for the same `who`, in this process; held until the end."""
    with _lock:
        free = who not in _busy
        _busy.add(who)
    try:
        yield free
    finally:
        if free:
            with _lock:
                _busy.discard(who)


def forget() -> None:
    """Everybody may begin again at this process."""
    global _era
    with _lock:
        _era += 1
        _counts.clear()
