"""A student arrives: found by BSN, with what DUO knows of them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from app import db, keys
from app.codec import decode, encode
from app.domain.draft import Known, Outcome
from app.domain.ports import PersonRegister, RegisterError
from app.models import student


class Arrival(NamedTuple):
    student_id: str
    name: str  # as DUO has it; empty when DUO doesn't say


def arrive(bsn: str, language: str, persons: PersonRegister, now: datetime) -> Arrival:
    """Remember this student and what DUO says of them now (DUO-1, DUO-9)."""
    known = ask_duo(bsn, persons)
    try:
        return _remembered(bsn, language, known, now)
    except IntegrityError:  # their other device was first, a moment ago
        return _remembered(bsn, language, known, now)


def _remembered(bsn: str, language: str, known: Known, now: datetime) -> Arrival:
    hashes = keys.lookups("bsn", bsn)
    with db.transaction() as connection:
        row = connection.execute(
            select(student.c.id, student.c.document, student.c.known_version)
            .where(student.c.bsn_hash.in_(hashes))
            .with_for_update()
        ).first()
        if row is None:
            student_id = str(uuid4())
            connection.execute(
                insert(student),
                {
                    "id": student_id,
                    "bsn_hash": hashes[0],
                    "document": _sealed(student_id, bsn, known),
                    "known_version": 1,
                    "language": language,
                    "created_at": now,
                    "seen_at": now,
                },
            )
        else:
            student_id = row.id
            earlier = _known(row.document, student_id)
            known = kept_or_new(earlier, known)
            connection.execute(
                update(student)
                .where(student.c.id == student_id)
                .values(
                    bsn_hash=hashes[0],
                    document=_sealed(student_id, bsn, known),
                    known_version=row.known_version + (known != earlier),
                    language=language,
                    seen_at=now,
                )
            )
    return Arrival(student_id, known.person.name if known.person else "")


def consult(student_id: str, persons: PersonRegister) -> Known:
    """Ask DUO again, between the pages (DUO-6, DUO-9): «probeer opnieuw», and before sending."""
    with db.reading() as connection:
        bsn, earlier = of(connection, student_id)
    known = kept_or_new(earlier, ask_duo(bsn, persons))
    if known != earlier:
        with db.transaction() as connection:
            connection.execute(
                update(student)
                .where(student.c.id == student_id)
                .values(
                    document=_sealed(student_id, bsn, known),
                    known_version=student.c.known_version + 1,
                )
            )
    return known


def speak(student_id: str, language: str) -> None:
    """Mail goes out in the language that the student reads here (LAN-1)."""
    with db.transaction() as connection:
        connection.execute(
            update(student).where(student.c.id == student_id).values(language=language)
        )


def ask_duo(bsn: str, persons: PersonRegister) -> Known:
    """DUO never blocks: whatever goes wrong is an outcome (DUO-6)."""
    db.let_go()
    try:
        person = persons.person(bsn)
    except RegisterError:
        return Known(Outcome.UNAVAILABLE)
    return Known(Outcome.FOUND, person) if person else Known(Outcome.UNKNOWN)


def kept_or_new(earlier: Known, known: Known) -> Known:
    """What DUO said before outlives an outage of DUO's."""
    return earlier if known.outcome is Outcome.UNAVAILABLE else known


_OF = select(student.c.document).where(student.c.id == bindparam("id"))


def of(connection: Connection, student_id: str) -> tuple[str, Known]:
    """BSN, and what DUO said last."""
    document = connection.execute(_OF, {"id": student_id}).scalar_one()
    content = keys.unseal(f"student.document.{student_id}", document)
    return content["bsn"], decode(Known, content["known"])


def _sealed(student_id: str, bsn: str, known: Known) -> bytes:
    return keys.seal(f"student.document.{student_id}", {"v": 1, "bsn": bsn, "known": encode(known)})


def _known(document: bytes, student_id: str) -> Known:
    return decode(Known, keys.unseal(f"student.document.{student_id}", document)["known"])
