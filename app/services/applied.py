"""Applications that were sent, for the student who sent them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from app import keys
from app.codec import decode
from app.domain.catalogue import Choice
from app.domain.deeplink import Link
from app.domain.dossier import Dossier
from app.domain.draft import Draft
from app.domain.status import Status
from app.models import application


class Sent(NamedTuple):
    """An application, for the student who sent it."""

    id: int
    draft_id: str
    ca_keten_id: str
    reference: str  # its ketenId
    status: Status
    submitted_at: datetime
    dossier: Dossier
    link: Link | None
    in_time: bool | None  # for 1 April; None where it makes no difference (WIZ-16)

    @property
    def choice(self) -> Choice:
        return self.dossier.choice


def by_draft(connection: Connection, student_id: str, draft_id: str) -> Sent | None:
    """What this draft of this student became, or None."""
    row = connection.execute(
        select(application).where(
            application.c.draft_id == draft_id, application.c.student_id == student_id
        )
    ).first()
    return _sent(row) if row else None


def of_student(connection: Connection, student_id: str) -> list[Sent]:
    """Newest first."""
    rows = connection.execute(
        select(application)
        .where(application.c.student_id == student_id)
        .order_by(application.c.submitted_at.desc(), application.c.id.desc())
    ).all()
    return [_sent(row) for row in rows]


def _sent(row: Row[Any]) -> Sent:
    content = keys.unseal(f"application.document.{row.ca_keten_id}", row.document)
    return Sent(
        id=row.id,
        draft_id=row.draft_id,
        ca_keten_id=row.ca_keten_id,
        reference=row.keten_id,
        status=Status(row.status),
        submitted_at=row.submitted_at,
        dossier=Dossier(decode(Draft, content["answers"])),
        link=decode(Link, content["link"]) if content.get("link") else None,
        in_time=content.get("in_time"),
    )
