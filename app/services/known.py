"""What a student already told us, for a next application (DEE-6, WIZ-14)."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from app import keys
from app.codec import decode
from app.domain.draft import Draft
from app.models import application, draft, student
from app.services import documents, students

OF_ONE_PROGRAMME = dict.fromkeys(("choice", "key", "joining", "start_day", "leerbedrijf"))


def answers(connection: Connection, student_id: str) -> tuple[Draft, int]:
    """The answers about the student: of the draft worked on last, else of the application sent
    last; and the version of DUO's data that they were given against."""
    found = _of_draft(connection, student_id) or _of_application(connection, student_id)
    told, seen = found or (Draft(), 0)
    return replace(told, **OF_ONE_PROGRAMME), seen


def _of_draft(connection: Connection, student_id: str) -> tuple[Draft, int] | None:
    rows = connection.execute(
        select(draft.c.id, draft.c.document)
        .where(draft.c.student_id == student_id)
        .order_by(draft.c.touched_at.desc())
    )
    for row in rows:
        told, seen, _link = documents.opened(row.id, row.document)
        if replace(told, **OF_ONE_PROGRAMME) != Draft():  # else nothing was answered yet
            return told, seen
    return None


def _of_application(connection: Connection, student_id: str) -> tuple[Draft, int] | None:
    row = connection.execute(
        select(application.c.ca_keten_id, application.c.document)
        .where(application.c.student_id == student_id)
        .order_by(application.c.submitted_at.desc(), application.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    content = keys.unseal(f"application.document.{row.ca_keten_id}", row.document)
    told = decode(Draft, content["answers"])
    version = select(student.c.known_version).where(student.c.id == student_id)
    seen = connection.execute(version).scalar_one()
    told = students.of(connection, student_id)[1].marked(told)
    # What DUO said then isn't carried over: it may have become secret since (DUO-9).
    return told if told.person and told.person.current else replace(told, person=None), seen
