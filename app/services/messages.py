"""Messages to a school's SIS: what will be served of an application, as it stands now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app import keys
from app.codec import decode
from app.domain.dossier import Dossier
from app.domain.draft import Draft
from app.domain.message import Kept, served
from app.domain.status import Status
from app.models import application, message
from app.services import students


def of_application(connection: Connection, application_id: int) -> dict[str, Any]:
    """JSON of a `vca.Aanmelding`. Raises NoResultFound when there is no such application."""
    row = connection.execute(select(application).filter_by(id=application_id)).one()
    content = keys.unseal(f"application.document.{row.ca_keten_id}", row.document)
    bsn, _said = students.of(connection, row.student_id)
    identification = content["identification"]
    kept = Kept(
        ca_keten_id=row.ca_keten_id,
        keten_id=row.keten_id,
        change_number=_last_change(connection, application_id),
        bsn=bsn,
        requested_at=row.requested_at,
        level=identification["level"],
        identified_at=datetime.fromisoformat(identification["moment"]),
        in_time=content.get("in_time"),
        withdrawn=row.status == Status.WITHDRAWN,
    )
    return served(Dossier(decode(Draft, content["answers"])), kept)


def _last_change(connection: Connection, application_id: int) -> int:
    number = select(func.max(message.c.change_number)).filter_by(application_id=application_id)
    return int(connection.execute(number).scalar_one())
