"""What an application's encrypted document holds: the answers that were sent, the link that the
student came by, and what is kept beside those."""

from __future__ import annotations

from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, update

from app import keys
from app.codec import decode, encode
from app.domain.deeplink import Link
from app.domain.draft import Draft
from app.models import application


class Content(NamedTuple):
    answers: Draft
    link: Link | None
    beside: dict[str, Any]  # level and moment of identification, language, in time or not, …


def sealed(ca_keten_id: str, answers: Draft, link: Link | None, beside: dict[str, Any]) -> bytes:
    return keys.seal(
        _place(ca_keten_id), {"v": 1, "answers": encode(answers), "link": encode(link), **beside}
    )


def opened(ca_keten_id: str, document: bytes) -> Content:
    content = keys.unseal(_place(ca_keten_id), document)
    answers, link = decode(Draft, content.pop("answers")), content.pop("link", None)
    content.pop("v")
    return Content(answers, decode(Link, link) if link else None, content)


def readable(row: Any) -> Draft | None:
    """What was sent with this row of `application`; None where its key is gone."""
    try:
        return opened(row.ca_keten_id, row.document).answers
    except (keys.UnknownKey, InvalidTag):
        return None


def keep(connection: Connection, row: Any, answers: Draft) -> None:
    """`answers` in place of those in this row of `application`, which this transaction holds."""
    _answers, link, beside = opened(row.ca_keten_id, row.document)
    document = sealed(row.ca_keten_id, answers, link, beside)
    connection.execute(
        update(application).where(application.c.id == row.id).values(document=document)
    )


def _place(ca_keten_id: str) -> str:
    return f"application.document.{ca_keten_id}"
