"""Interessemeldingen: left without DigiD by who knows the code of a school (INT-1), or after it for
a cohort whose access code the student hasn't got (WIZ-9).

Who comes without DigiD is a student without a BSN, with one draft, and nothing of theirs is ever
linked to what DigiD or DUO said of anybody.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from app import db
from app.domain.by_duo import ByDuo
from app.domain.deeplink import Link
from app.domain.draft import Draft, Interest, Known, Learnt, Outcome
from app.domain.status import INTEREST
from app.models import application, draft, email_link, student
from app.services import applied, catalogue, documents, drafts, remembered
from app.services.drafts import NoSuchDraft

NOT_ASKED = ByDuo(Known(Outcome.UNKNOWN), Learnt(Outcome.UNKNOWN))  # of DUO


class Guest(NamedTuple):
    """Who came without DigiD, and their one draft, sent or not."""

    student_id: str
    draft_id: str


def begin(link: Link, language: str, now: datetime) -> Guest:
    """Somebody new, with a draft for the school of this link."""
    guest = Guest(str(uuid4()), str(uuid4()))
    document = remembered.sealed(guest.student_id, None, NOT_ASKED)
    answers = Draft(interest=Interest.CODE)
    with db.transaction() as connection:
        connection.execute(
            insert(student),
            {
                "id": guest.student_id,
                "document": document,
                "known_version": 1,
                "language": language,
                "created_at": now,
                "seen_at": now,
            },
        )
        connection.execute(
            insert(draft),
            {
                "id": guest.draft_id,
                "student_id": guest.student_id,
                "document": documents.sealed(guest.draft_id, answers, 1, link),
                "version": 1,
                "created_at": now,
                "touched_at": now,
            },
        )
    return guest


def draft_of(connection: Connection, student_id: str) -> tuple[str, bool] | None:
    """The one draft of who came without DigiD, and whether it was sent; None once it is gone."""
    sent = select(application.c.draft_id).where(
        application.c.student_id == student_id, application.c.draft_id.is_not(None)
    )
    if draft_id := connection.execute(sent).scalar():
        return str(draft_id), True
    waits = select(draft.c.id).where(draft.c.student_id == student_id)
    draft_id = connection.execute(waits).scalar()
    return (str(draft_id), False) if draft_id else None


def waits(connection: Connection, student_id: str, brin: str) -> str | None:
    """The draft of who came without DigiD, where it is for this school and not sent yet."""
    mine = select(draft.c.id, draft.c.document).filter_by(student_id=student_id)
    for draft_id, document in connection.execute(mine):
        link = documents.opened(draft_id, document).link
        if link is not None and link.brin == brin:
            return str(draft_id)
    return None


def by_link(connection: Connection, token: str) -> Guest | None:
    """Whose interessemelding the link in a mail opens; None once that is gone, and for a link of
    who came by DigiD: what is theirs opens with DigiD alone."""
    row = connection.execute(
        select(student.c.id, application.c.draft_id)
        .join(email_link, email_link.c.student_id == student.c.id)
        .join(application, application.c.student_id == student.c.id)
        .where(email_link.c.token_hash == sha256(token.encode()).hexdigest())
        .where(student.c.bsn_hash.is_(None), application.c.kind == INTEREST)
        .where(application.c.draft_id.is_not(None), application.c.document.is_not(None))
    ).first()
    return Guest(*row) if row else None


def apply(student_id: str, draft_id: str, now: datetime) -> str:
    """A draft of an application for what this interessemelding was for, once the school gave its
    code (INT-4): the one that waits already, or a new one, with what the student told before.
    Raises NoSuchDraft or TooManyDrafts."""
    with db.reading() as connection:
        found = applied.by_draft(connection, student_id, draft_id)
        if found is None or not found.interest:
            raise NoSuchDraft()
        cohort_id = found.choice.cohort_id
        choice = catalogue.find(connection, cohort_id, now) or found.choice
        mine = (draft.c.student_id == student_id, draft.c.cohort_id == cohort_id)
        waiting = connection.execute(select(draft.c.id, draft.c.document).where(*mine)).all()
    for row in waiting:
        if documents.opened(row.id, row.document).answers.interest is None:
            return str(row.id)
    begun = drafts.begin(student_id, None, now)
    with db.reading() as connection:
        opened = drafts.open_draft(connection, student_id, begun, now)
    drafts.answer(opened, "choice", choice, now)
    return begun
