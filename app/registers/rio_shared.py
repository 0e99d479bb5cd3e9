"""What many programmes share: a location, an opleiding.

RIO tells which it is for one programme at a time, but it lists the programmes of either. So the
first programme that shows one also gives the list, and the others needn't be asked: for 10,000
programmes that is a thousand calls in place of twenty thousand.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from app.registers.reply import Reply

LIFE = 3600.0  # seconds: what is shared doesn't outlive its synchronisation by much
MOST_PROGRAMMES = 50_000


class Shared:
    """Things of one kind, and which programmes have which. Threads may share it."""

    def __init__(self, below: str, key: str, pattern: str, filter_by: str) -> None:
        self.below = below  # where a programme's own one stands
        self.key = key  # of its code
        self.pattern = pattern
        self.filter_by = filter_by  # lists the programmes that have it
        self._lock = threading.Lock()
        self._things: dict[str, Reply] = {}
        self._codes: dict[str, str] = {}  # programme id -> code
        self._listed: set[tuple[str, str]] = set()

    def of(self, programme_id: str) -> Reply | None:
        """None: not known, so it must be asked."""
        return self._things.get(self._codes.get(programme_id, ""))

    def first(self, code: str, kind: str, thing: Reply) -> bool:
        """Whether the caller is the first with this one, and so is to list who has it too."""
        with self._lock:
            self._things.setdefault(code, thing)
            fresh = (code, kind) not in self._listed
            self._listed.add((code, kind))
            return fresh

    def add(self, programme_id: str, code: str) -> None:
        if len(self._codes) < MOST_PROGRAMMES:
            self._codes[programme_id] = code


def _places() -> Shared:
    code = "onderwijslocatiecode"
    return Shared("onderwijslocatie", code, r"\d{3}X\d{3}", "onderwijslocatieId")


def _trainings() -> Shared:
    code = "opleidingseenheidcode"
    return Shared("opleiding", code, r"\d{4}O\d{4}", code)


@dataclass(frozen=True)
class Known:
    """What one synchronisation has read and needn't read again."""

    places: Shared = field(default_factory=_places)
    trainings: Shared = field(default_factory=_trainings)
    crebos: dict[str, str] = field(default_factory=dict)  # opleiding id -> crebo
    born: float = field(default_factory=time.monotonic)

    @property
    def stale(self) -> bool:
        return time.monotonic() - self.born > LIFE
