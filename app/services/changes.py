"""What a student still changes of an application that was sent (MIJ-5).

Its ids stay; the school gets it again, with a higher change number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from app import db
from app.domain import rules
from app.domain.dossier import Dossier
from app.domain.draft import QUESTIONS, Contact, Draft
from app.domain.journey import Walk
from app.domain.status import INTEREST, RETRACTABLE, Status
from app.models import application
from app.services import applied, dossiers, mailbox, messages
from app.services.drafts import NoSuchDraft, Opened
from app.services.messages import Kind


class Ended(Exception):
    """The application has an end status, perhaps since a moment: nothing was changed."""

    def __init__(self, status: Status) -> None:
        super().__init__()
        self.status = status


@dataclass(frozen=True)
class Again(Opened):
    """A sent application in the place of a draft. What was sent counts, whatever has closed or
    filled up since."""

    status: Status

    @cached_property
    def walk(self) -> Walk:
        path = (question for question in QUESTIONS if self.answers.answer(question) is not None)
        return Walk(tuple(path), self.answers)

    def may_change(self, question: str) -> bool:
        """Raises Ended."""
        if self.status not in RETRACTABLE:
            raise Ended(self.status)
        if question == "address":  # only where DUO's has become secret
            return Dossier(self.answers).address_known is None
        if question == "leerbedrijf":
            return rules.works_while_learning(self.answers, self.today)
        return question == "contact"


def again(connection: Connection, student_id: str, draft_id: str, now: datetime) -> Again:
    """What this draft became. Raises NoSuchDraft, also of an interessemelding: that stays as it
    was left."""
    found = applied.by_draft(connection, student_id, draft_id)
    if found is None or found.interest:
        raise NoSuchDraft()
    answers = found.dossier.answers
    return Again(draft_id, student_id, answers, 0, 0, found.link, now, answers, found.status)


def change(
    student_id: str,
    draft_id: str,
    question: str,
    given: Any,
    language: str,
    asks: bool,
    now: datetime,
) -> bool:
    """Answer this question otherwise, for the school too; False when it is the same answer. A
    new e-mail address gets a mail, in `language`, where it `asks` whether that is theirs (WIZ-5).

    Raises NoSuchDraft or Ended.
    """
    with db.transaction() as connection:
        row = connection.execute(
            select(application)
            .where(application.c.draft_id == draft_id, application.c.student_id == student_id)
            .with_for_update(key_share=True)
        ).first()
        if row is None or row.kind == INTEREST:
            raise NoSuchDraft()
        if Status(row.status) not in RETRACTABLE:
            raise Ended(Status(row.status))
        before = dossiers.opened(row.ca_keten_id, row.document).answers
        after = before.with_answer(question, given)
        if after == before:
            return False
        dossiers.keep(connection, row, after)
        if asks and isinstance(given, Contact) and is_elsewhere(after, before):
            mailbox.ask_whose(connection, student_id, given.email, language, now)
        messages.announce(connection, [row.id], Kind.CHANGE, now)
    return True


def is_elsewhere(after: Draft, before: Draft) -> bool:
    """Whether mail goes to another address than before."""
    emails = [told.contact.email if told.contact else "" for told in (after, before)]
    return emails[0] != emails[1]
