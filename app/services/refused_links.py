"""A school's log of links that don't count (DEE-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select

from app import db
from app.domain.deeplink import Refusal
from app.models import refused_link

LINES = 200  # that the log keeps


class Refused(NamedTuple):
    """A parameter that doesn't count."""

    parameter: str
    reason: Refusal
    link: str


def log(brin: str, refused: Sequence[Refused], now: datetime) -> None:
    """A line for each kind, so that nobody can fill it."""
    if not refused:
        return
    table = refused_link.c
    with db.transaction() as connection:
        added = db.insert(connection, refused_link)
        for line in refused:
            row = {"brin": brin, **line._asdict(), "times": 1, "last_at": now}
            connection.execute(
                added.values(row).on_conflict_do_update(
                    index_elements=["brin", "parameter", "reason", "link"],
                    set_={"times": table.times + 1, "last_at": now},
                )
            )
        newest = (
            select(table.id)
            .where(table.brin == brin)
            .order_by(table.last_at.desc(), table.id.desc())
            .limit(LINES)
        )
        connection.execute(delete(refused_link).where(table.brin == brin, table.id.not_in(newest)))
