"""Asking a register while somebody waits: no more often than it can bear, or longer than we can."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from app import db
from app.domain.ports import Unavailable
from app.store import Store, StoreDown

T = TypeVar("T")
PAUSE = 10  # seconds in which one that was out of order isn't asked
AT_ONCE = 3  # of this process's threads may wait for one register,
EACH = 2  # so many for one student, whose browser gives up a question when the next is typed,
WAIT = 0.5  # and another so many seconds for its turn
REMEMBERED = 10_000  # people


class TooOften(Exception):
    """Too many tries."""

    def __init__(self, seconds: int) -> None:
        """How long the pause lasts still."""
        super().__init__(seconds)
        self.seconds = seconds


class Allowance:
    """What a student may do `most` times `within` so many seconds, in this process. Real ones,
    whatever a tester does with our clock."""

    def __init__(
        self, most: int, within: float, stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self.within, self._stopwatch = most, within, stopwatch
        self._done: dict[str, tuple[float, int]] = {}

    def allows(self, student_id: str) -> bool:
        """Counts, too."""
        now = self._stopwatch()
        since, times = self._done.get(student_id, (now, 0))
        since, times = (now, 0) if now - since > self.within else (since, times)
        if len(self._done) > REMEMBERED:
            self._done.clear()
        self._done[student_id] = (since, times + 1)
        return times < self._most


class Sparing:
    """One register, and how often a student may ask it."""

    def __init__(self, register: str, allowance: Allowance) -> None:
        self.register, self._allowance = register, allowance
        self._turn, self._waiting = threading.Condition(), Counter[str]()

    def ask(self, store: Store, student_id: str, asked: Callable[[], T]) -> T:
        """Raises a RegisterError; Unavailable without asking when it was out of order just now,
        when others wait for it, or when this student asks too much."""
        db.let_go()
        out_of_order = any(store.get(self._down(whose)) for whose in ("", student_id))
        if out_of_order or not self._allowance.allows(student_id):
            raise Unavailable(self.register, "not asked")
        db.let_go()
        with self._turn:
            if not self._turn.wait_for(lambda: self._may_wait(student_id), WAIT):
                raise Unavailable(self.register, "others wait for it")
            self._waiting[student_id] += 1
        try:
            return asked()
        except Unavailable as error:
            # That it stumbles over one question says nothing of the questions of others.
            down = self._down(student_id if error.answered else "")
            with suppress(StoreDown):
                store.put(down, b"1", PAUSE)
            raise
        finally:
            with self._turn:
                self._waiting[student_id] -= 1
                self._waiting += Counter()  # forgets who waits no more
                self._turn.notify_all()

    def _down(self, whose: str) -> str:
        return f"{self.register}:down:{whose}" if whose else f"{self.register}:down"

    def _may_wait(self, student_id: str) -> bool:
        return self._waiting[student_id] < EACH and self._waiting.total() < AT_ONCE


MINUTE = 60
DUO = Allowance(20, 15 * MINUTE)  # «probeer DUO opnieuw»
SENDING = Allowance(20, 15 * MINUTE)  # which asks DUO, RIO and SBB at once
CHANGING = Allowance(20, 15 * MINUTE)  # an application that was sent; a new address gets a mail
TAKING = Allowance(20, 15 * MINUTE)  # all that is held, to read or as a file
SBB = Sparing("sbb", Allowance(300, 5 * MINUTE))
BAG = Sparing("bag", Allowance(100, 5 * MINUTE))
