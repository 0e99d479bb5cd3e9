"""A cohort's access code, tried by a student (WIZ-9)."""

from __future__ import annotations

import hmac

from app.domain.catalogue import Choice
from app.services.catalogue import lock
from app.services.patience import TooOften as TooOften
from app.store import Store

TRIES = 5
WITHIN = 15 * 60  # seconds in which those are too many; and of the pause after the last


def fits(store: Store, student_id: str, choice: Choice, typed: str) -> bool:
    """Whether it opens this cohort. Counted before it is compared, so that tries side by side
    don't slip through: each takes one of TRIES places, for WITHIN. Raises TooOften: then nobody is
    told whether the last was right."""
    places = [f"code:{student_id}:{choice.cohort_id}:{number}" for number in range(TRIES)]
    pause = f"code:{student_id}:{choice.cohort_id}:pause"
    if store.get(pause) is not None:
        raise TooOften(max(1, store.left(pause)))  # or it ends just now
    if not any(store.incr(place, WITHIN) == 1 for place in places):
        raise TooOften(max(1, min(store.left(place) for place in places)))
    if not hmac.compare_digest(lock(choice.cohort_id, typed).encode(), choice.lock.encode()):
        if all(store.get(place) is not None for place in places):
            store.put(pause, b"1", WITHIN)
        return False
    for place in places:
        store.delete(place)
    return True
