"""The only clock.

Two times. `real_*` is what the machine says: sessions, tokens, throttles, leases. `now` and
`today` are domain time: outside production a tester can move it (windows, age, retention),
by an offset that `shift` sets and `offset_source` reads.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFFSET_LIFE = 1.0  # seconds that another process may still see the old offset

_source: Callable[[], float] | None = None
_offset = (0.0, 0.0)  # seconds, and the monotonic moment until which they hold


def offset_source(source: Callable[[], float] | None) -> None:
    """Where domain time's offset (seconds) comes from; None fixes it at zero."""
    global _source, _offset
    _source, _offset = source, (0.0, 0.0)


def forget_offset() -> None:
    """After a change of the offset: this process reads it again at once."""
    global _offset
    _offset = (0.0, 0.0)


def _shift() -> timedelta:
    global _offset
    if _source is None:
        return timedelta()
    if time.monotonic() >= _offset[1]:
        _offset = (_source(), time.monotonic() + OFFSET_LIFE)
    return timedelta(seconds=_offset[0])


def now() -> datetime:
    """Domain time, UTC."""
    return datetime.now(UTC) + _shift()


def today() -> date:
    """The date in Europe/Amsterdam by domain time."""
    return local_date(now())


def local_date(moment: datetime) -> date:
    """The date in Europe/Amsterdam at this moment."""
    return moment.astimezone(AMSTERDAM).date()


def real_now() -> datetime:
    """The machine's time, UTC."""
    return datetime.now(UTC)


def real_seconds() -> float:
    """The machine's time in seconds since 1970."""
    return time.time()


def ticks() -> float:
    """For measuring how long something took: seconds since some moment."""
    return time.perf_counter()
