"""Asking several registers at once: who waits, waits for the slowest only."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from app import db
from app.domain.ports import RegisterError


def together(*asked: Callable[[], Any]) -> list[Any]:
    """What each answers, or its RegisterError, in the order given. None of them may use the
    database: what was being read is let go of first."""
    db.let_go()
    with ThreadPoolExecutor(len(asked)) as pool:
        answers: list[Future[Any]] = [pool.submit(copy_context().run, ask) for ask in asked]
    return [_answer(answer) for answer in answers]


def _answer(answer: Future[Any]) -> Any:
    try:
        return answer.result()
    except RegisterError as error:
        return error
