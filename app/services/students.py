"""A student arrives: found by BSN, with what DUO knows of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, Select, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from app import db, keys
from app.domain.by_duo import ByDuo
from app.domain.draft import Known, Learnt, Outcome
from app.domain.education import PriorEducation
from app.domain.person import Person
from app.domain.ports import MalformedReply, RegisterError, Registers
from app.models import student
from app.prepared import Prepared
from app.services import ledger, remembered, schools, secrecy
from app.services.asking import together
from app.services.remembered import of as of
from app.store import Store


class Gone(Exception):
    """DUO has this person as deceased, or as registered by mistake: nobody can apply under their
    name (DUO-5)."""


class NoSuchStudent(Exception):
    """They removed all that was theirs, in another window."""


class Arrival(NamedTuple):
    student_id: str
    name: str  # as DUO has it; empty when DUO doesn't say
    language: str  # that they read from now on


def arrive(
    bsn: str,
    language: str,
    registers: Registers,
    store: Store,
    now: datetime,
    chosen: bool = True,
) -> Arrival:
    """Remember this student and what DUO says of them now (DUO-1, DUO-9). A language that wasn't
    `chosen` is only for somebody new: who was here before keeps theirs (LAN-1). Raises Gone; then
    nothing is kept of somebody new."""
    with db.reading() as connection:
        row = connection.execute(_by_bsn(bsn)).first()
    said = ask_duo(bsn, registers, store)
    if said.gone and row is None:
        raise Gone()
    version = row.known_version if row else 0
    try:
        arrival = _remembered(bsn, language, chosen, said, version, now)
    except IntegrityError:  # their other device was first, a moment ago
        arrival = _remembered(bsn, language, chosen, said, version, now)
    if said.gone:  # after what has become secret with it was erased
        raise Gone()
    return arrival


def _remembered(
    bsn: str, language: str, chosen: bool, said: ByDuo, version: int, now: datetime
) -> Arrival:
    with db.transaction() as connection:
        row = connection.execute(_by_bsn(bsn).with_for_update(key_share=True)).first()
        if row is None:
            # While keys change, two servers may hash a BSN by different ones: no unique row then
            # keeps two devices apart. The least of the hashes is the same for both.
            db.in_turn(connection, min(keys.lookups("bsn", bsn)))
            row = connection.execute(_by_bsn(bsn).with_for_update(key_share=True)).first()
        if row is None:
            student_id = str(uuid4())
            connection.execute(
                insert(student),
                {
                    "id": student_id,
                    "bsn_hash": keys.lookup("bsn", bsn),
                    "document": remembered.sealed(student_id, bsn, said),
                    "known_version": 1,
                    "language": language,
                    "created_at": now,
                    "seen_at": now,
                },
            )
        else:
            student_id, language = row.id, language if chosen else row.language
            connection.execute(
                update(student)
                .where(student.c.id == student_id)
                .values(bsn_hash=keys.lookup("bsn", bsn), language=language, seen_at=now)
            )
            said = _stored(connection, row, bsn, said, version, now)
    name = said.known.person.called if said.known.person else ""
    return Arrival(student_id, name, language)


def consult(
    student_id: str,
    registers: Registers,
    store: Store,
    now: datetime,
    meanwhile: Callable[[], object] = lambda: None,
) -> Known:
    """Ask DUO again, between the pages (DUO-6, DUO-9): «probeer opnieuw», and before sending.
    `meanwhile` is done while DUO thinks."""
    with db.reading() as connection:
        row = connection.execute(_BY_ID, {"id": student_id}).one()
    bsn, earlier = remembered.opened(row.document, student_id)
    assert bsn is not None, "who came without DigiD is no business of DUO's"
    said = ask_duo(bsn, registers, store, meanwhile)
    if said.after(earlier) != earlier:
        with db.transaction() as connection:
            found = connection.execute(_BY_ID.with_for_update(key_share=True), {"id": student_id})
            said = _stored(connection, found.one(), bsn, said, row.known_version, now)
    return said.after(earlier).known


def _stored(
    connection: Connection, row: Any, bsn: str, said: ByDuo, version: int, now: datetime
) -> ByDuo:
    """What DUO says of this student from now on. `version` is what was known when DUO was asked:
    where another device has stored an answer since, that one counts, and ours only fills in what
    it lacks. An address that either calls secret is (DUO-9). The last thing of its transaction."""
    _, earlier = remembered.opened(row.document, row.id)
    if row.known_version == version:
        said = said.after(earlier)
    else:
        said = earlier.after(said).hidden() if said.secret else earlier.after(said)
    connection.execute(
        update(student)
        .where(student.c.id == row.id)
        .values(
            document=remembered.sealed(row.id, bsn, said),
            known_version=row.known_version + (said != earlier),
        )
    )
    if said.secret:
        if new := said != earlier:
            ledger.note(ledger.Kind.ADDRESS, [row.id], now)
        secrecy.hide(connection, row.id, now, noted=new)
    return said


def _by_bsn(bsn: str) -> Select[Any]:
    of = student.c
    return select(of.id, of.document, of.known_version, of.language).where(
        student.c.bsn_hash.in_(keys.lookups("bsn", bsn))
    )


_BY_ID = select(student.c.id, student.c.document, student.c.known_version).where(
    student.c.id == bindparam("id")
)


_HERE = Prepared(select(student.c.id).where(student.c.id == bindparam("id")))


def here(connection: Connection, student_id: str) -> None:
    """Raises NoSuchStudent."""
    if _HERE.first(connection, id=student_id) is None:
        raise NoSuchStudent()


def speak(student_id: str, language: str) -> None:
    """Mail goes out in the language that the student reads here (LAN-1)."""
    with db.transaction() as connection:
        connection.execute(
            update(student).where(student.c.id == student_id).values(language=language)
        )


def ask_duo(
    bsn: str,
    registers: Registers,
    store: Store,
    meanwhile: Callable[[], object] = lambda: None,
) -> ByDuo:
    """DUO never blocks: whatever goes wrong is an outcome (DUO-6)."""
    person, educations = together(
        lambda: registers.persons.person(bsn),
        lambda: registers.educations.educations(bsn),
        meanwhile=meanwhile,
    )
    learnt = _learnt(educations)
    named = schools.named(learnt.educations, registers.catalogue, store)
    return ByDuo(_known(person), replace(learnt, educations=named))


def _known(answer: Person | RegisterError | None) -> Known:
    if isinstance(answer, RegisterError):
        hides = isinstance(answer, MalformedReply) and answer.hides
        return Known(Outcome.UNAVAILABLE, hides=hides)
    return Known(Outcome.FOUND, answer) if answer else Known(Outcome.UNKNOWN)


def _learnt(answer: tuple[PriorEducation, ...] | RegisterError) -> Learnt:
    if isinstance(answer, RegisterError):
        return Learnt(Outcome.UNAVAILABLE)
    return Learnt(Outcome.FOUND, answer) if answer else Learnt(Outcome.UNKNOWN)
