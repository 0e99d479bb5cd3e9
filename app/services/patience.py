"""Asking a register while somebody waits: no more often than it can bear, or longer than we can."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from app import db
from app.domain.ports import Unavailable
from app.store import Store, StoreDown

T = TypeVar("T")
PAUSE = 10  # seconds in which one that was out of order isn't asked
AT_ONCE = 2  # of this process's threads may wait for one register, each for another student,
WAIT = 0.5  # and another so many seconds for its turn
REMEMBERED = 10_000  # people


class Sparing:
    """One register. A student may ask it `most` times `within` so many seconds, in this process.
    Real ones, whatever a tester does with our clock."""

    def __init__(
        self,
        register: str,
        most: int,
        within: float,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self.register, self._most, self._within = register, most, within
        self._stopwatch = stopwatch
        self._turn, self._waiting = threading.Condition(), set[str]()
        self._asked: dict[str, tuple[float, int]] = {}

    def allows(self, student_id: str) -> bool:
        """Counts, too."""
        now = self._stopwatch()
        since, times = self._asked.get(student_id, (now, 0))
        since, times = (now, 0) if now - since > self._within else (since, times)
        if len(self._asked) > REMEMBERED:
            self._asked.clear()
        self._asked[student_id] = (since, times + 1)
        return times < self._most

    def ask(self, store: Store, student_id: str, asked: Callable[[], T]) -> T:
        """Raises a RegisterError; Unavailable without asking when it was out of order just now,
        when others wait for it, or when this student asks too much."""
        db.let_go()
        if not self.allows(student_id) or self.rests(store, student_id):
            raise Unavailable(self.register, "not asked")
        db.let_go()
        with self._turn:
            if not self._turn.wait_for(lambda: self._may_wait(student_id), WAIT):
                raise Unavailable(self.register, "others wait for it")
            self._waiting.add(student_id)
        try:
            return asked()
        except Unavailable as error:
            # What it answers to one question says nothing of the questions of others.
            down = self._down(student_id if error.answered else "")
            with suppress(StoreDown):
                store.put(down, b"1", PAUSE)
            raise
        finally:
            with self._turn:
                self._waiting.discard(student_id)
                self._turn.notify_all()

    def rests(self, store: Store, student_id: str) -> bool:
        """Whether it was out of order just now, for everybody or for this student."""
        return any(store.get(self._down(whose)) is not None for whose in ("", student_id))

    def _down(self, whose: str) -> str:
        return f"{self.register}:down:{whose}" if whose else f"{self.register}:down"

    def _may_wait(self, student_id: str) -> bool:
        return student_id not in self._waiting and len(self._waiting) < AT_ONCE


MINUTE = 60
DUO = Sparing("duo", 20, 15 * MINUTE)
SBB = Sparing("sbb", 300, 5 * MINUTE)
BAG = Sparing("bag", 100, 5 * MINUTE)
MAIL = Sparing("mail", 3, 15 * MINUTE)  # the confirmation once more
SENDING = Sparing("sending", 20, 15 * MINUTE)  # asks DUO, RIO and SBB at once
