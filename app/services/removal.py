"""Removing somebody: all that leads to them goes, and every total stays as it was (RET-1, MIJ-3).

Of an application stays what is counted: its cohort, day and status history, an age band, its
caKetenId, and a random group that is the same of one person's and leads to nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from app import db
from app.clock import AMSTERDAM, local_date
from app.domain import rules
from app.domain.person import ages
from app.domain.retention import AgeBand, age_band
from app.domain.status import APPLICATION, INTEREST, RETRACTABLE, Status
from app.models import (
    application,
    application_status,
    draft,
    email_link,
    job,
    message,
    running,
    student,
)
from app.services import dossiers, ledger, messages, remembered, secrecy, statuses
from app.services.ledger import Kind as Gone
from app.services.messages import Kind
from app.services.statuses import BY_STUDENT, Said

of = application.c
GIVEN = ("created_at", "given_at", "acknowledged_at", "error_at")  # moments of a message
OF_STUDENT = (running, draft, email_link, job)  # rows that go with a student as they are


def by_student(student_id: str, now: datetime) -> bool:
    """All of it, at the student's own wish: what runs is withdrawn, and its SIS told. False when
    it was done before."""
    return account(student_id, Gone.STUDENT, now)


def by_reference(keten_id: str, now: datetime) -> bool:
    """The same of who has an application with this number, at a request that came otherwise."""
    with db.reading() as connection:
        theirs = select(of.student_id).where(of.keten_id == keten_id, of.student_id.is_not(None))
        student_id = connection.execute(theirs).scalar()
    return student_id is not None and by_student(student_id, now)


def account(
    student_id: str,
    why: Gone,
    now: datetime,
    again: bool = False,
    unless: Callable[[Connection, str], bool] = lambda _connection, _student_id: False,
) -> bool:
    """A student and all that is theirs. By its term (EXPIRED) nothing is withdrawn. False when
    there is no such student, or `unless` says that they must stay after all; `again`: it is in the
    ledger already."""
    with db.transaction() as connection:
        _hold(connection, student_id)
        held = select(student).filter_by(id=student_id).with_for_update()
        theirs = connection.execute(held).first()
        if theirs is None or unless(connection, student_id):
            return False
        graves = _account(connection, theirs, why, now)
        if graves:
            messages.announce(connection, list(graves), Kind.REMOVED, now, graves)
        if not again:  # after all that waits for others: who hears that it is busy isn't gone
            ledger.note(why, [student_id], now, on_disk=False)
    if not again:
        ledger.on_disk()  # which may take long, and nothing is locked any more
    return True


def _hold(connection: Connection, student_id: str) -> None:
    """In the order of everybody else, who has a draft or an application first, and then adds what
    refers to the student."""
    drafts = select(draft.c.id).filter_by(student_id=student_id).order_by(draft.c.id)
    connection.execute(drafts.with_for_update()).all()
    connection.execute(statuses.locked().where(of.student_id == student_id)).all()


def _account(
    connection: Connection, theirs: Row[Any], why: Gone, now: datetime
) -> dict[int, dict[str, Any]]:
    """What is left to tell SISs, by application."""
    student_id = theirs.id
    _hold(connection, student_id)  # what came between the two locks, too
    found = connection.execute(statuses.locked().where(of.student_id == student_id)).all()
    open_ = [row for row in found if Status(row.status) in RETRACTABLE]
    graves = {}
    if why is Gone.STUDENT:
        graves = {row.id: messages.tombstone(connection, row) for row in open_}
        said = Said(*BY_STUDENT, now)
        kept = [row for row in open_ if row.kind == APPLICATION]
        statuses.free(connection, [statuses.record(connection, row, said) for row in kept])
    _strip(connection, found, theirs.group_id or str(uuid4()), now)
    for table in OF_STUDENT:
        connection.execute(delete(table).where(table.c.student_id == student_id))
    connection.execute(delete(student).filter_by(id=student_id))
    return graves


def interest(student_id: str, draft_id: str, now: datetime) -> bool:
    """An interessemelding that its student takes back; the school's system hears of it. False for
    anything else, and when it was done before."""
    mine = (of.student_id == student_id, of.draft_id == draft_id, of.kind == INTEREST)
    with db.transaction() as connection:
        taken_back = _take_back(connection, now, *mine)
        if taken_back:
            ledger.note(Gone.INTEREST, [taken_back], now, on_disk=False)
    if taken_back:
        ledger.on_disk()
    return taken_back is not None


def _take_back(connection: Connection, now: datetime, *which: ColumnElement[bool]) -> str | None:
    """Its caKetenId; None where there is none."""
    row = connection.execute(statuses.locked().where(*which, of.removed_at.is_(None))).first()
    if row is None:
        return None
    graves = {row.id: messages.tombstone(connection, row)}
    _dossier(connection, row, now)
    messages.announce(connection, [row.id], Kind.REMOVED, now, graves)
    return str(row.ca_keten_id)


def dossier(ca_keten_id: str, now: datetime, again: bool = False) -> bool:
    """One application, by its term; its student stays. False when it was done before; `again` as
    above."""
    with db.transaction() as connection:
        kept = (of.ca_keten_id == ca_keten_id, of.removed_at.is_(None))
        row = connection.execute(statuses.locked().where(*kept)).first()
        if row is not None:
            _dossier(connection, row, now)
            if not again:
                ledger.note(Gone.APPLICATION, [ca_keten_id], now, on_disk=False)
    if row is not None and not again:
        ledger.on_disk()
    return row is not None


def _dossier(connection: Connection, row: Row[Any], now: datetime) -> None:
    group = str(uuid4())
    if row.student_id is not None:
        own = select(student.c.group_id).filter_by(id=row.student_id).with_for_update()
        group = connection.execute(own).scalar_one() or group
        connection.execute(update(student).filter_by(id=row.student_id).values(group_id=group))
    connection.execute(delete(running).filter_by(application_id=row.id))
    _strip(connection, [row], group, now)


def _strip(connection: Connection, found: Sequence[Row[Any]], group: str, now: datetime) -> None:
    """These rows of `statuses.locked` lead to nobody from now on. Who did something first can be
    told by moments: they become days."""
    ids = [row.id for row in found]
    messages.forget(connection, ids)
    sent = select(message).where(message.c.application_id.in_(ids))
    for row in connection.execute(sent).all():
        moments = {name: getattr(row, name) for name in GIVEN}
        days = {name: moment and day_of(moment) for name, moment in moments.items()}
        connection.execute(update(message).where(message.c.id == row.id).values(**days))
    history = application_status.c
    steps = select(history.id, history.since, history.until).where(history.application_id.in_(ids))
    for step in connection.execute(steps).all():
        days = {"since": day_of(step.since), "until": step.until and day_of(step.until)}
        anonymous = update(application_status).where(history.id == step.id)
        connection.execute(anonymous.values(message_id="", **days))
    for row in found:
        connection.execute(
            update(application)
            .where(of.id == row.id)
            .values(
                student_id=None,
                draft_id=None,
                keten_id=None,
                document=None,
                group_id=group,
                age_band=_age_band(row),
                requested_at=day_of(row.requested_at),
                submitted_at=day_of(row.submitted_at),
                removed_at=day_of(now),
            )
        )


def _age_band(row: Row[Any]) -> str:
    """As they were when they applied; of what can't be opened any more nobody knows."""
    answers = dossiers.readable(row)
    if answers is None:
        return AgeBand.UNKNOWN
    years = ages(rules.birth_date(answers), local_date(row.requested_at))
    return age_band(years[0] if years else None)


def day_of(moment: datetime) -> datetime:
    """The beginning of its day, in Europe/Amsterdam."""
    return datetime.combine(local_date(moment), time(), AMSTERDAM)


def replay(entries: Sequence[ledger.Entry], progress: Callable[[int], object]) -> dict[Gone, int]:
    """Once more what the ledger says was removed, at the moment that it says, after a restore; how
    much was there to remove, by its kind. Done twice it is done. `progress` hears how many entries
    were looked at."""
    done: Counter[Gone] = Counter()
    for number, entry in enumerate(entries, 1):
        match entry.kind:
            case Gone.STUDENT | Gone.EXPIRED:
                found = account(entry.id, entry.kind, entry.at, again=True)
            case Gone.APPLICATION:
                found = dossier(entry.id, entry.at, again=True)
            case Gone.INTEREST:
                with db.transaction() as connection:
                    which = of.ca_keten_id == entry.id
                    found = _take_back(connection, entry.at, which) is not None
            case Gone.DRAFT:
                found = _draft(entry.id)
            case Gone.ADDRESS:
                found = _address(entry.id, entry.at)
        done[entry.kind] += found
        progress(number)
    return done


def _draft(draft_id: str) -> bool:
    with db.transaction() as connection:
        return bool(connection.execute(delete(draft).filter_by(id=draft_id)).rowcount)


def _address(student_id: str, now: datetime) -> bool:
    """What DUO said of it before it became secret, too."""
    with db.transaction() as connection:
        held = select(student.c.document).filter_by(id=student_id).with_for_update()
        document = connection.execute(held).scalar()
        if document is None:
            return False
        bsn, said = remembered.opened(document, student_id)
        hidden = remembered.sealed(student_id, bsn, said.hidden())
        connection.execute(update(student).filter_by(id=student_id).values(document=hidden))
        return secrecy.hide(connection, student_id, now, noted=True) or said.hidden() != said
