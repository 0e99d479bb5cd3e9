"""One page at a time calculates; who waits for somebody else lets the next one in.

Python runs one thread at a time anyway. Left to themselves, threads that are all busy take the
interpreter from each other at every query: a third of the processor goes into that, and a page
in a crowd takes a quarter longer (docs/decisions/0005).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_turn = threading.Lock()
_own = threading.local()


@contextmanager
def taken() -> Iterator[None]:
    """Within it this thread calculates."""
    with _turn:
        _own.taken = True
        try:
            yield
        finally:
            _own.taken = False


@contextmanager
def given_up() -> Iterator[None]:
    """Within it this thread waits for somebody else: a register, another writer, a disk."""
    if not getattr(_own, "taken", False):
        yield
        return
    _own.taken = False
    _turn.release()
    try:
        yield
    finally:
        _turn.acquire()
        _own.taken = True
