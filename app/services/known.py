"""What a student already told us, for a next application (DEE-6, WIZ-14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from operator import itemgetter

from sqlalchemy import Connection, select

from app.domain.by_duo import ByDuo
from app.domain.draft import OF_PROGRAMME, QUESTIONS, Draft
from app.models import application, draft, student
from app.services import documents, dossiers, students


def answers(connection: Connection, student_id: str, today: date) -> tuple[Draft, int]:
    """The answers about the student in the draft worked on last, completed from what came before:
    other drafts, and the application sent last. And the version of DUO's data that they are
    marked against."""
    version = select(student.c.known_version).where(student.c.id == student_id)
    seen = connection.execute(version).scalar_one()
    said = students.of(connection, student_id)[1]
    told = Draft()
    found = sorted(_all(connection, student_id, said, today), key=itemgetter(0), reverse=True)
    for _moment, earlier in found:
        for question in set(QUESTIONS) - set(OF_PROGRAMME):
            if told.answer(question) is None:
                told = told.with_answer(question, earlier.answer(question))
    return told, seen


def _all(
    connection: Connection, student_id: str, said: ByDuo, today: date
) -> Iterator[tuple[datetime, Draft]]:
    for row in connection.execute(
        select(draft.c.id, draft.c.document, draft.c.touched_at).where(
            draft.c.student_id == student_id
        )
    ):
        yield row.touched_at, said.marked(documents.opened(row.id, row.document).answers)
    sent = connection.execute(
        select(application.c.ca_keten_id, application.c.document, application.c.submitted_at)
        .where(application.c.student_id == student_id)
        .order_by(application.c.submitted_at.desc(), application.c.id.desc())
        .limit(1)
    ).first()
    if sent is not None:
        told = dossiers.opened(sent.ca_keten_id, sent.document).answers
        yield sent.submitted_at, said.renewed(told, today)
