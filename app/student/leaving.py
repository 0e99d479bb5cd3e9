"""The way back to a school, for who stops before anything was sent (DEE-2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from app import equipment
from app.codec import decode
from app.domain.catalogue import Choice
from app.domain.deeplink import Link, Outcome
from app.services import links


def back(
    connection: Connection, link: Link | None, choice: Choice | None = None
) -> links.Back | None:
    """To the school whose link this is; None for who came by no link (DEE-4)."""
    (only,) = backs(connection, [(link, choice)])
    return only


def backs(
    connection: Connection, came: Sequence[tuple[Link | None, Choice | None]]
) -> list[links.Back | None]:
    local = not equipment.settings().production
    return links.backs(connection, came, Outcome.AFGEBROKEN, local)


def kept(content: Any) -> Link | None:
    """The link of a draft that was thrown away just now, as a session holds it."""
    return decode(Link, content) if content else None
