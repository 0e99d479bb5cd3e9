"""Drafts: beginning one, opening it, keeping an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, insert, select, update

from app import db
from app.clock import local_date
from app.domain.by_duo import ByDuo
from app.domain.catalogue import Choice
from app.domain.deeplink import Link
from app.domain.draft import OF_PROGRAMME, Draft, Key
from app.domain.journey import Walk, dropped, walk
from app.models import draft, student
from app.prepared import Prepared
from app.services import catalogue, documents, known, ledger, students

AT_MOST = 10  # drafts a student
OF_DUO = frozenset({"person", "picked"})  # questions whose answer repeats what DUO said


class NoSuchDraft(Exception):
    """There is none, or it is somebody else's: nobody can tell which."""


class TooManyDrafts(Exception):
    """The student has AT_MOST drafts already."""


@dataclass(frozen=True)
class Opened:
    """A draft as it stands: refreshed, and walked."""

    id: str
    student_id: str
    answers: Draft
    version: int
    known_version: int
    link: Link | None
    now: datetime
    before: Draft  # the answers as they were kept last

    @cached_property
    def today(self) -> date:
        return local_date(self.now)

    @cached_property
    def walk(self) -> Walk:
        return walk(self.answers, self.today)

    @property
    def fallen(self) -> list[str]:
        """The questions whose answer no longer counts, and which are asked again (WIZ-3)."""
        kept = self.walk.kept
        return [
            question
            for question in self.walk.path
            if self.answers.answer(question) is not None and kept.answer(question) is None
        ]

    @property
    def lapsed(self) -> tuple[str, ...]:
        """The questions that the programme chosen asks no longer, as the school changed it."""
        kept = self.walk.kept
        if kept.choice is None or kept.choice == self.before.choice:
            return ()
        gone = dropped(walk(self.before, self.today), self.walk)
        return tuple(question for question in gone if question in OF_PROGRAMME)

    def said(self) -> ByDuo:
        """What DUO said last."""
        with db.reading() as connection:
            return students.of(connection, self.student_id)[1]


_OPEN = Prepared(
    select(draft.c.document, draft.c.version, student.c.known_version, catalogue.CHANGES)
    .join(student, student.c.id == draft.c.student_id)
    .where(draft.c.id == bindparam("id"), draft.c.student_id == bindparam("student"))
)


def begin(student_id: str, link: Link | None, now: datetime) -> str:
    """A new draft with what the student told us before, and the link that they came by. Raises
    TooManyDrafts, or NoSuchStudent.

    The same link opened again goes on with the draft that it began; another one takes a draft
    in which nothing was done yet, that nobody has to throw away then (DEE-6).
    """
    with db.transaction() as connection:
        # One at a time, or two devices go over the maximum.
        mine = select(student.c.id).where(student.c.id == student_id).with_for_update()
        if connection.execute(mine).first() is None:
            raise students.NoSuchStudent()
        rows = connection.execute(
            select(draft.c.id, draft.c.document, draft.c.version)
            .where(draft.c.student_id == student_id)
            .order_by(draft.c.touched_at.desc())
        ).all()
        untouched = []
        for row in rows if link else ():
            came_by = documents.opened(row.id, row.document).link
            if came_by == link:
                return str(row.id)
            if came_by is None and row.version == 1:
                untouched.append(row.id)
        told, seen = known.answers(connection, student_id, local_date(now))
        for draft_id in untouched:  # still: another tab may answer just now
            document = documents.sealed(draft_id, told, seen, link)
            if _keep(connection, draft_id, 1, document, None, now):
                return str(draft_id)
        if len(rows) >= AT_MOST:
            raise TooManyDrafts()
        draft_id = str(uuid4())
        connection.execute(
            insert(draft),
            {
                "id": draft_id,
                "student_id": student_id,
                "document": documents.sealed(draft_id, told, seen, link),
                "version": 1,
                "created_at": now,
                "touched_at": now,
            },
        )
    return draft_id


def open_draft(
    connection: Connection, student_id: str, draft_id: str, now: datetime, afresh: bool = False
) -> Opened:
    """The draft with what DUO and the catalogue say now. Raises NoSuchDraft.

    What fell away is shown now and written with the next answer. `afresh` also looks at what
    the version of our copy doesn't tell: the school's name, whether it can receive anything,
    the places left. What is shown for sending is looked up so, and what is sent.
    """
    row = _OPEN.first(connection, id=draft_id, student=student_id)
    if row is None:
        raise NoSuchDraft()
    document, version, known_version, facts = row
    content = documents.opened(draft_id, document)
    answers = content.answers
    if content.seen != known_version:
        answers = students.of(connection, student_id)[1].marked(answers)
    answers = by_rio(connection, answers, None if afresh else facts, now)
    link, before = content.link, content.answers
    return Opened(draft_id, student_id, answers, version, known_version, link, now, before)


def by_rio(connection: Connection, answers: Draft, facts: int | None, now: datetime) -> Draft:
    """`answers` with what our copy of RIO has now, when that isn't of the version `facts`; None:
    whatever it is, look."""
    choice = answers.choice
    if choice is None or facts == choice.version:
        return answers
    found = catalogue.find(connection, choice.cohort_id, now)
    answers = answers.with_answer("choice", found or replace(choice, active=False))
    given = answers.key is not None and answers.key.cohort_id == choice.cohort_id
    if found is not None and found.lock and not choice.lock and not given:
        # No code was enough when the student chose it: kept, so that they are told (WIZ-9).
        answers = replace(answers, key=Key(choice.cohort_id, lock=""))
    return answers


def answer(
    opened: Opened, question: str, given: Any, now: datetime, instead_of: Any = None
) -> Opened:
    """Keep the answer to one question, or only `instead_of` the one that is given. Another tab's
    answer to another question is kept too. When DUO has said something else meanwhile, an answer
    that repeats what DUO said is not: it may hold an address that has become secret (DUO-9).

    Raises NoSuchDraft when the draft has been sent or removed meanwhile.
    """
    seen = opened.known_version
    while True:
        answers = opened.answers.with_answer(question, given)
        choice = answers.choice
        document = documents.sealed(opened.id, answers, opened.known_version, opened.link)
        with db.transaction() as connection:
            overtaken = question in OF_DUO and _known_version(connection, opened) != seen
            kept = not overtaken and _keep(
                connection, opened.id, opened.version, document, choice, now
            )
        if kept:
            return replace(opened, answers=answers, version=opened.version + 1, before=answers)
        with db.reading() as connection:
            opened = open_draft(connection, opened.student_id, opened.id, now)
        if overtaken or instead_of not in (None, opened.answers.answer(question)):
            return opened


def _known_version(connection: Connection, opened: Opened) -> int:
    """Of DUO's data, which stays this one until the transaction ends."""
    of = select(student.c.known_version).where(student.c.id == opened.student_id)
    # Not a key's lock: sending another draft refers to this student, and would wait for it.
    return int(connection.execute(of.with_for_update(key_share=True)).scalar_one())


def _keep(
    connection: Connection,
    draft_id: str,
    version: int,
    document: bytes,
    choice: Choice | None,
    now: datetime,
) -> bool:
    """Whether it was of this version still."""
    cohort_id = choice.cohort_id if choice else None
    values = {"document": document, "cohort_id": cohort_id, "touched_at": now}
    return bool(_KEEP.change(connection, of=draft_id, at=version, version=version + 1, **values))


_KEEP = Prepared(
    update(draft)
    .where(draft.c.id == bindparam("of"), draft.c.version == bindparam("at"))
    .values(
        document=bindparam("document"),
        cohort_id=bindparam("cohort_id"),
        version=bindparam("version"),
        touched_at=bindparam("touched_at"),
    )
)


def remove(student_id: str, draft_id: str, now: datetime) -> Link | None:
    """The student throws a draft away. Returns the link that it came by, for the programme chosen
    where that is the same school's. Raises NoSuchDraft."""
    with db.transaction() as connection:
        gone = connection.execute(
            draft.delete()
            .where(draft.c.id == draft_id, draft.c.student_id == student_id)
            .returning(draft.c.document)
        ).first()
        if gone is None:
            raise NoSuchDraft()
        ledger.note(ledger.Kind.DRAFT, [draft_id], now)
    answers, _seen, link = documents.opened(draft_id, gone.document)
    choice = answers.choice
    if link is None or choice is None or choice.brin != link.brin:
        return link
    return replace(link, programme_id=choice.programme_id)
