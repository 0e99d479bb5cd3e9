"""Asking a register while somebody waits: no more often than it can bear, or longer than we can."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from app import db
from app.domain.ports import Unavailable
from app.store import Store, StoreDown

T = TypeVar("T")
PAUSE = 10  # seconds in which one that was out of order isn't asked
AT_ONCE = 2  # of this process's threads may wait for one register,
WAIT = 0.5  # and another so many seconds for its turn
REMEMBERED = 10_000  # people


class Sparing:
    """One register. A student may ask it `most` times `within` a span of time, in this process."""

    def __init__(self, register: str, most: int, within: timedelta) -> None:
        self.register, self._most, self._within = register, most, within
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._asked: dict[str, tuple[datetime, int]] = {}

    def allows(self, student_id: str, now: datetime) -> bool:
        """Counts, too."""
        since, times = self._asked.get(student_id, (now, 0))
        since, times = (now, 0) if now - since > self._within else (since, times)
        if len(self._asked) > REMEMBERED:
            self._asked.clear()
        self._asked[student_id] = (since, times + 1)
        return times < self._most

    def ask(self, store: Store, student_id: str, now: datetime, asked: Callable[[], T]) -> T:
        """Raises a RegisterError; Unavailable without asking when it was out of order just now,
        when others wait for it, or when this student asks too much."""
        db.let_go()
        down = f"{self.register}:down"
        if not self.allows(student_id, now) or store.get(down):
            raise Unavailable(self.register, "not asked")
        db.let_go()
        if not self._turn.acquire(timeout=WAIT):
            raise Unavailable(self.register, "others wait for it")
        try:
            return asked()
        except Unavailable:
            with suppress(StoreDown):
                store.put(down, b"1", PAUSE)
            raise
        finally:
            self._turn.release()


DUO = Sparing("duo", 20, timedelta(minutes=15))
SBB = Sparing("sbb", 300, timedelta(minutes=5))
BAG = Sparing("bag", 100, timedelta(minutes=5))
