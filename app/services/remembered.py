"""What is kept of a student: the BSN, and what DUO said last; sealed. Who came without DigiD has
neither."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from app import keys
from app.codec import decode, encode
from app.domain.by_duo import ByDuo
from app.domain.draft import Outcome
from app.models import student

_OF = select(student.c.document).where(student.c.id == bindparam("id"))


def of(connection: Connection, student_id: str) -> tuple[str | None, ByDuo]:
    """BSN, and what DUO said last."""
    document = connection.execute(_OF, {"id": student_id}).scalar_one()
    return opened(document, student_id)


def sealed(student_id: str, bsn: str | None, said: ByDuo) -> bytes:
    who = {} if bsn is None else {"bsn": bsn}
    return keys.seal(f"student.document.{student_id}", {"v": 1, **who, **encode(said)})


def opened(document: bytes, student_id: str) -> tuple[str | None, ByDuo]:
    content = keys.unseal(f"student.document.{student_id}", document)
    learnt = content.get("learnt") or {"outcome": Outcome.UNAVAILABLE}
    return content.get("bsn"), decode(ByDuo, {**content, "learnt": learnt})
