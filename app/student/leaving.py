"""The way back to a school, for who stops before anything was sent (DEE-2)."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import Connection

from app.codec import decode
from app.domain.catalogue import Choice
from app.domain.deeplink import Link
from app.services import links


def back(
    connection: Connection, link: Link | None, choice: Choice | None = None
) -> links.Back | None:
    """To the school whose link this is; None for who came by no link (DEE-4)."""
    local = not current_app.extensions["settings"].production
    return links.back(connection, link, links.AFGEBROKEN, local, choice)


def kept(content: Any) -> Link | None:
    """The link of a draft that was thrown away just now, as a session holds it."""
    return decode(Link, content) if content else None
