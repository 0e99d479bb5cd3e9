"""A school's log of links that don't count (DEE-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, delete, select

from app import db
from app.domain.deeplink import Refusal
from app.models import refused_link

LINES = 20  # that the log keeps of a parameter and a reason: many of one push out no other


class Refused(NamedTuple):
    """A parameter that doesn't count."""

    parameter: str
    reason: Refusal
    link: str


def log(brin: str, refused: Sequence[Refused], now: datetime) -> None:
    """A line for each link, and no more than LINES for each kind, so that nobody can fill it."""
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
        for kind in sorted({(line.parameter, line.reason.value) for line in refused}):
            alike = and_(table.brin == brin, table.parameter == kind[0], table.reason == kind[1])
            newest = select(table.id).where(alike)
            newest = newest.order_by(table.last_at.desc(), table.id.desc()).limit(LINES)
            connection.execute(delete(refused_link).where(alike, table.id.not_in(newest)))
