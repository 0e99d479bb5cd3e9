"""Whose mailbox a confirmed address is (app/services/mailbox.py) is kept as a keyed hash only:
which address that is, is found among those in its owner's applications and drafts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, Connection, select

from app import db, keys
from app.domain.draft import Draft
from app.models import application, draft, email_link
from app.services import documents, dossiers, mailbox
from app.services.sealed import in_order


class Link(NamedTuple):
    """`hashes` are those of the same address by each of our keys, the current first; none when
    it stands nowhere any more."""

    token_hash: str
    email_hash: str
    hashes: Sequence[str]


def batches(size: int) -> Iterator[list[Link]]:
    """Every link, so many at a time."""
    of = email_link.c
    wanted = select(of.token_hash, of.student_id, of.email_hash)
    for rows in in_order(wanted, of.token_hash, size):
        with db.reading() as connection:
            known = _known(connection, {row.student_id for row in rows})
        yield [
            Link(row.token_hash, row.email_hash, known.get((row.student_id, row.email_hash), ()))
            for row in rows
        ]


def _known(connection: Connection, students: Collection[str]) -> dict[tuple[str, str], list[str]]:
    """By student and any hash of one of their addresses: all its hashes."""
    found: dict[tuple[str, str], list[str]] = {}
    for student_id, emails in _emails(connection, students).items():
        for email in emails:
            hashes = mailbox.hashes(email)
            found |= dict.fromkeys([(student_id, one) for one in hashes], hashes)
    return found


def _emails(connection: Connection, students: Collection[str]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for table, place, opened in SOURCES:
        of = table.c
        rows = select(of.student_id, place, of.document).where(
            of.student_id.in_(students), of.document.is_not(None)
        )
        for student_id, where, document in connection.execute(rows):
            try:
                answers: Draft = opened(where, document).answers
            except (keys.UnknownKey, InvalidTag):
                continue
            if answers.contact is not None:
                found[student_id].add(answers.contact.email)
    return found


SOURCES: tuple[tuple[Any, Column[Any], Callable[[str, bytes], Any]], ...] = (
    (application, application.c.ca_keten_id, dossiers.opened),
    (draft, draft.c.id, documents.opened),
)
