"""Asking several registers at once: who waits, waits for the slowest only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

from app import db
from app.domain.ports import RegisterError


def together(
    *asked: Callable[[], Any], meanwhile: Callable[[], object] = lambda: None
) -> list[Any]:
    """What each answers, or its RegisterError, in the order given. None of them may use the
    database, where `meanwhile` may: what was being read is let go of first."""
    db.let_go()
    with ThreadPoolExecutor(len(asked)) as pool:
        answers: list[Future[Any]] = [pool.submit(copy_context().run, ask) for ask in asked]
        meanwhile()
    return [_answer(answer) for answer in answers]


@contextmanager
def beside(ask: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
    """Asks while the body asks others; afterwards what was given tells the answer, or the
    RegisterError. `ask` may not use the database."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(copy_context().run, ask)
        yield lambda: _answer(answer)


def _answer(answer: Future[Any]) -> Any:
    try:
        return answer.result()
    except RegisterError as error:
        return error
