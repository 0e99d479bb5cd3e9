"""Drafts: beginning one, opening it, keeping an answer.

A draft's document holds the answers, which version of DUO's data they were given against, and
the link that the student came by.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, bindparam, insert, select, update

from app import db, keys
from app.clock import local_date
from app.codec import decode, encode
from app.domain.catalogue import Choice, Reason, availability
from app.domain.deeplink import Link
from app.domain.draft import Draft, Key, Known
from app.domain.journey import Walk, walk
from app.domain.leerbedrijf import Leerbedrijf
from app.models import draft, student
from app.prepared import Prepared
from app.services import catalogue, known, students

AT_MOST = 10  # drafts a student


class NoSuchDraft(Exception):
    """There is none, or it is somebody else's: nobody can tell which."""


class TooManyDrafts(Exception):
    """The student has AT_MOST drafts already."""


class Changed(NamedTuple):
    """What fell away since the student was here last: questions to answer again."""

    by_duo: bool = False
    choice: Reason | None = None  # why it can't be chosen any more
    key: Key | None = None  # what no longer opens the cohort; without a lock: it had no code
    leerbedrijf: Leerbedrijf | None = None  # that the student can't have, or for another crebo


@dataclass(frozen=True)
class Opened:
    """A draft as it stands: refreshed, and walked."""

    id: str
    student_id: str
    answers: Draft
    version: int
    known_version: int
    link: Link | None
    by_duo: bool  # DUO says something else than when the student looked
    now: datetime

    @cached_property
    def today(self) -> date:
        return local_date(self.now)

    @cached_property
    def walk(self) -> Walk:
        return walk(self.answers, self.today)

    @property
    def changed(self) -> Changed:
        """What fell away since the student was here last (DUO-9, WIZ-3)."""
        answers, kept = self.answers, self.walk.kept
        lost = answers.choice is not None and kept.choice is None and "choice" in self.walk.path
        why = availability(answers.choice, self.today) if lost and answers.choice else None
        key = answers.key if "key" in self.walk.path and kept.key is None else None
        if key is not None and kept.choice is not None and key.cohort_id != kept.choice.cohort_id:
            key = None
        gone = "leerbedrijf" in self.walk.path and kept.leerbedrijf is None
        companies = answers.leerbedrijf if gone else None
        return Changed(self.by_duo, why, key, companies[0] if companies else None)

    def known(self, connection: Connection) -> Known:
        """What DUO said last."""
        return students.of(connection, self.student_id)[1]


_OPEN = Prepared(
    select(draft.c.document, draft.c.version, student.c.known_version, catalogue.CHANGES)
    .join(student, student.c.id == draft.c.student_id)
    .where(draft.c.id == bindparam("id"), draft.c.student_id == bindparam("student"))
)


def begin(student_id: str, link: Link | None, now: datetime) -> str:
    """A new draft with what the student told us before, and the link that they came by. Raises
    TooManyDrafts.

    The same link opened again goes on with the draft that it began; another one takes a draft
    in which nothing was done yet, that nobody has to throw away then (DEE-6).
    """
    with db.transaction() as connection:
        connection.execute(  # one at a time, or two devices go over the maximum
            select(student.c.id).where(student.c.id == student_id).with_for_update()
        )
        rows = connection.execute(
            select(draft.c.id, draft.c.document, draft.c.version)
            .where(draft.c.student_id == student_id)
            .order_by(draft.c.touched_at.desc())
        ).all()
        untouched = []
        for row in rows if link else ():
            came_by = _content(row.id, row.document).get("link")
            if came_by == encode(link):
                return str(row.id)
            if not came_by and row.version == 1:
                untouched.append(row.id)
        told, seen = known.answers(connection, student_id)
        for draft_id in untouched:  # still: another tab may answer just now
            document = _sealed(draft_id, told, seen, link)
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
                "document": _sealed(draft_id, told, seen, link),
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
    content = _content(draft_id, document)
    answers, by_duo = refreshed(
        connection,
        student_id,
        decode(Draft, content["answers"]),
        content["known"],
        known_version,
        None if afresh else facts,
        now,
    )
    link = decode(Link, content["link"]) if content.get("link") else None
    return Opened(draft_id, student_id, answers, version, known_version, link, by_duo, now)


def refreshed(
    connection: Connection,
    student_id: str,
    answers: Draft,
    seen: int,
    known_version: int,
    facts: int | None,
    now: datetime,
) -> tuple[Draft, bool]:
    """`answers` by what DUO and the catalogue say now, and whether DUO's part fell away (DUO-9).

    `seen` is the version of DUO's data that they were given against, `facts` that of our copy of
    RIO now (None: whatever it is, look).
    """
    by_duo = False
    if answers.person is not None and seen != known_version:
        by_duo = students.of(connection, student_id)[1] != answers.person
        if by_duo:
            answers = replace(answers, person=None)
    if (choice := answers.choice) is not None and facts != choice.version:
        found = catalogue.find(connection, choice.cohort_id, now)
        answers = replace(answers, choice=found or replace(choice, active=False))
        given = answers.key is not None and answers.key.cohort_id == choice.cohort_id
        if found is not None and found.lock and not choice.lock and not given:
            # No code was enough when the student chose it: kept, so that they are told (WIZ-9).
            answers = replace(answers, key=Key(choice.cohort_id, lock=""))
    return answers, by_duo


def answer(opened: Opened, question: str, given: Any, now: datetime) -> Opened:
    """Keep the answer to one question. Another tab's answer to another question is kept too.

    Raises NoSuchDraft when the draft has been sent or removed meanwhile.
    """
    while True:
        answers = opened.answers.with_answer(question, given)
        choice = answers.choice
        document = _sealed(opened.id, answers, opened.known_version, opened.link)
        with db.transaction() as connection:
            kept = _keep(connection, opened.id, opened.version, document, choice, now)
        if kept:
            return replace(opened, answers=answers, version=opened.version + 1, by_duo=False)
        with db.reading() as connection:
            opened = open_draft(connection, opened.student_id, opened.id, now)


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


def remove(student_id: str, draft_id: str) -> Link | None:
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
    answers, link = told(draft_id, gone.document)
    choice = answers.choice
    if link is None or choice is None or choice.brin != link.brin:
        return link
    return replace(link, programme_id=choice.programme_id)


def told(draft_id: str, document: bytes) -> tuple[Draft, Link | None]:
    """The answers in a draft's document, and the link that it came by."""
    content = _content(draft_id, document)
    link = decode(Link, content["link"]) if content.get("link") else None
    return decode(Draft, content["answers"]), link


def _sealed(draft_id: str, answers: Draft, known: int, link: Link | None) -> bytes:
    return keys.seal(
        f"draft.document.{draft_id}",
        {"v": 1, "answers": encode(answers), "known": known, "link": encode(link)},
    )


def _content(draft_id: str, document: bytes) -> dict[str, Any]:
    return keys.unseal(f"draft.document.{draft_id}", document)  # type: ignore[no-any-return]
