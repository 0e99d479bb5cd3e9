"""Schools, as the operator sets them up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select, update

from app import db
from app.models import institution, koppelpunt


def set_up(brin: str, name: str, domains: Sequence[str], code: str, active_from: datetime) -> None:
    """A school with its allowed domains and one koppelpunt; done twice it changes nothing."""
    row = {"name": name, "domains": list(domains)}
    with db.transaction() as connection:
        changed = connection.execute(
            update(institution).where(institution.c.brin == brin).values(row)
        )
        if not changed.rowcount:
            connection.execute(insert(institution), {"brin": brin, **row})
        known = connection.execute(select(koppelpunt.c.id).where(koppelpunt.c.code == code)).first()
        if known is None:
            connection.execute(
                insert(koppelpunt),
                {"code": code, "uuid": str(uuid4()), "brin": brin, "active_from": active_from},
            )
