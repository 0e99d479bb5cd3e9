"""Not too often: a number a minute, counted in this process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response

from app import clock
from app.problems import problem

MINUTE = 60
MOST_CLIENTS = 10_000  # what is remembered at once

_counts: OrderedDict[str, int] = OrderedDict()  # who asked last comes last
_busy: set[str] = set()
_minute = 0
_lock = threading.Lock()


def throttled(who: str, most: int) -> Response | None:
    """The answer for whoever asks more than `most` times in this minute; None for others."""
    global _minute
    now = clock.real_seconds()
    with _lock:
        if int(now // MINUTE) != _minute:
            _minute = int(now // MINUTE)
            _counts.clear()
        count = _counts[who] = _counts.pop(who, 0) + 1
        if len(_counts) > MOST_CLIENTS:
            _counts.popitem(last=False)  # whoever goes on asking stays counted
    if count <= most:
        return None
    wait = str(MINUTE - int(now % MINUTE))
    detail = f"U vraagt meer dan {most} keer in een minuut. Wacht {wait} seconden."
    return problem(429, detail, "te-vaak", {"Retry-After": wait})


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
    """Everybody may begin again."""
    with _lock:
        _counts.clear()
