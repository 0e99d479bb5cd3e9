"""A cohort's access code, tried by a student (WIZ-9)."""

from __future__ import annotations

import hmac

from app.domain.catalogue import Choice
from app.services.catalogue import lock
from app.store import Store

TRIES = 5
WITHIN = 15 * 60  # seconds, from the first of those tries; and of the pause after the last


class TooOften(Exception):
    """Too many tries; nobody is told whether the last was right."""

    def __init__(self, seconds: int) -> None:
        """How long the pause lasts still."""
        super().__init__(seconds)
        self.seconds = seconds


def fits(store: Store, student_id: str, choice: Choice, typed: str) -> bool:
    """Whether it opens this cohort. Counted before it is compared, so that tries side by side
    don't slip through. Raises TooOften."""
    tries = f"code:{student_id}:{choice.cohort_id}"
    pause = f"{tries}:pause"
    if store.get(pause) is not None:
        raise TooOften(max(1, store.left(pause)))  # or it ends just now
    number = store.incr(tries, WITHIN)
    if number > TRIES:
        raise TooOften(max(1, store.left(tries)))
    if not hmac.compare_digest(lock(choice.cohort_id, typed).encode(), choice.lock.encode()):
        if number == TRIES:
            store.put(pause, b"1", WITHIN)
        return False
    store.delete(tries)
    return True
