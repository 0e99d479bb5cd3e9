"""Who looked at whom, and who changed what: lines are added, never changed (ADM-2, item 52)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert

from app.models import audit


class Actor(NamedTuple):
    """Who acts, when, and from where: an IP address, or the command line."""

    kind: str  # sis, student, administrator, operator, system
    name: str  # a client's OIN; no person's name
    origin: str
    at: datetime  # by the machine's clock, whatever a tester's says


def note(
    connection: Connection,
    actor: Actor,
    action: str,
    about: str,
    result: str,
    brin: str,
    number: int = 0,
) -> None:
    """One line. `about` are caKetenIds, or what an operator changes; `number`
    is how many persons were shown. Nothing personal is written."""
    connection.execute(
        insert(audit),
        {
            "at": actor.at,
            "actor_kind": actor.kind,
            "actor": actor.name,
            "origin": actor.origin[:45],
            "action": action,
            "object": about,
            "result": result,
            "brin": brin,
            "number": number,
        },
    )
