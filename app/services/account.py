"""What a student sets for all that is theirs: how they are reached, in which language, and
whether they want mail (MIJ-3, MIJ-4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select, update

from app import db
from app.domain.draft import Contact
from app.domain.status import APPLICATION, RETRACTABLE
from app.models import application, draft, student
from app.services import documents, dossiers, mailbox, messages
from app.services.messages import Kind
from app.services.students import NoSuchStudent


class Wishes(NamedTuple):
    language: str
    wants_mail: bool


def wishes(connection: Connection, student_id: str) -> Wishes:
    """Raises NoSuchStudent."""
    wanted = select(student.c.language, student.c.wants_mail).filter_by(id=student_id)
    row = connection.execute(wanted).first()
    if row is None:
        raise NoSuchStudent()
    return Wishes(*row)


def wish(student_id: str, wanted: Wishes) -> None:
    """From now on. Raises NoSuchStudent."""
    with db.transaction() as connection:
        mine = update(student).where(student.c.id == student_id)
        if not connection.execute(mine.values(**wanted._asdict())).rowcount:
            raise NoSuchStudent()


def contact(connection: Connection, student_id: str) -> Contact | None:
    """As it stands in what was worked on or sent last; None where it stands nowhere that can
    still be changed."""
    given = [
        (moment, answers.contact)
        for moment, answers in _changeable(connection, student_id)
        if answers.contact is not None
    ]
    return max(given, key=lambda one: one[0])[1] if given else None


def _changeable(connection: Connection, student_id: str) -> list[tuple[datetime, Any]]:
    drafts = select(draft).filter_by(student_id=student_id)
    return [
        *(
            (row.touched_at, documents.opened(row.id, row.document).answers)
            for row in connection.execute(drafts)
        ),
        *(
            (row.submitted_at, dossiers.opened(row.ca_keten_id, row.document).answers)
            for row in connection.execute(_open(student_id))
        ),
    ]


def _open(student_id: str) -> Any:
    mine = {"student_id": student_id, "kind": APPLICATION}
    changeable = select(application).filter_by(**mine)
    return changeable.where(application.c.status.in_(RETRACTABLE)).order_by(application.c.id)


def reach(student_id: str, given: Contact, language: str, asks: bool, now: datetime) -> bool:
    """This e-mail address and telephone number from now on, in every draft and in every
    application that can be changed, for their schools too; a roepnaam stays as it is there. False
    when all of it was so. A new address gets a mail, in `language`, that asks whether it is theirs,
    where it `asks` that (WIZ-5)."""
    with db.transaction() as connection:
        drafts = select(draft).filter_by(student_id=student_id).order_by(draft.c.id)
        changed = sum(
            _in_draft(connection, row, given, now)
            for row in connection.execute(drafts.with_for_update()).all()
        )
        held = _open(student_id).with_for_update(key_share=True)
        sent = [row for row in connection.execute(held).all() if _in_sent(connection, row, given)]
        if sent:
            if asks:
                mailbox.ask_whose(connection, student_id, given.email, language, now)
            messages.announce(connection, [row.id for row in sent], Kind.CHANGE, now)
    return bool(changed or sent)


def _in_draft(connection: Connection, row: Row[Any], given: Contact, now: datetime) -> bool:
    answers, seen, link = documents.opened(row.id, row.document)
    if answers.contact is None or (after := _after(answers.contact, given)) == answers.contact:
        return False
    document = documents.sealed(row.id, answers.with_answer("contact", after), seen, link)
    connection.execute(
        update(draft)
        .where(draft.c.id == row.id)
        .values(document=document, version=draft.c.version + 1, touched_at=now)
    )
    return True


def _in_sent(connection: Connection, row: Row[Any], given: Contact) -> bool:
    answers = dossiers.opened(row.ca_keten_id, row.document).answers
    if answers.contact is None or (after := _after(answers.contact, given)) == answers.contact:
        return False
    dossiers.keep(connection, row, answers.with_answer("contact", after))
    return True


def _after(before: Contact, given: Contact) -> Contact:
    return replace(before, email=given.email, phone=given.phone)
