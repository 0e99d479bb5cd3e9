"""«There is news»: a word to the SIS's own address, by way of the outbox (SIS-9)."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from app import db
from app.domain.ports import News
from app.models import koppelpunt, message
from app.services import work

NUDGE = "nudge"


class Due(NamedTuple):
    url: str
    news: News


def enqueue(connection: Connection, point_ids: Collection[int]) -> None:
    """One job a koppelpunt that has an address for it, however much news there is."""
    k = koppelpunt.c
    wanted = select(k.id).where(k.id.in_(point_ids), k.nudge_url != "").order_by(k.id)
    for point_id in connection.execute(wanted).scalars():
        work.enqueue_once(connection, NUDGE, f"koppelpunt {point_id}", point_id)


def due(point_id: int) -> Due | None:
    """What to say where; None when nothing waits any more."""
    k = koppelpunt.c
    with db.reading() as connection:
        row = connection.execute(
            select(k.code, k.name, k.nudge_url).where(k.id == point_id, ~k.off, k.nudge_url != "")
        ).first()
        waiting = connection.execute(
            select(func.count()).where(message.c.koppelpunt_id == point_id, message.c.waiting)
        ).scalar_one()
    if row is None or not waiting:
        return None
    return Due(row.nudge_url, News(row.code, row.name or row.code, waiting))
