"""How an application stands: what was said of it, and what that makes of it (STA-1 to STA-3).

Whoever changes a status locks the application's row first, so that of two who do it at once the
second sees what the first made of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from app import db
from app.clock import local_date
from app.domain import rules, status
from app.domain.draft import Draft
from app.domain.status import (
    APPLICATION,
    PLACED,
    REASONS,
    RETRACTABLE,
    RUNNING,
    Event,
    Source,
    Status,
    Step,
)
from app.models import application, application_status, running
from app.services import dossiers, mailings, messages, places
from app.services.messages import Kind

of = application.c
row = application_status.c


BY_STUDENT = (Status.WITHDRAWN, Source.STUDENT)


class NotTheirs(Exception):
    """This student has no such application."""


class NotNow(Exception):
    """With the status that the application has, it can't be done."""

    def __init__(self, now: Status) -> None:
        super().__init__(now.value)
        self.status = now


class TooLate(NotNow):
    """An end status came first (MIJ-2)."""


class NotThose(Exception):
    """The student's applications are others than those that were on the page."""


class TooEarly(NotNow):
    """The school offers no place yet."""


class Finding(StrEnum):
    """What a school must know of what it said."""

    SECOND = "tweede-aanmelding"  # the student has another running one for this cohort (WIZ-15)
    FULL = "vol"  # there was no place left (CAT-5)
    TAKEN_BACK = "aanbod-teruggenomen"  # the offer of a place
    UNDOES = "latere-vervallen"  # what had a later moment counts no longer


class Said(NamedTuple):
    """Something new about an application."""

    status: Status
    source: Source
    moment: datetime
    message_id: str = ""
    reason: str = ""  # one of REASONS, or none
    kept_id: int | None = None  # the application that the student chose instead


class Change(NamedTuple):
    """What became of an application by it; nothing where `before` is `after`."""

    application: Row[Any]
    before: Status
    after: Status
    source: Source  # of `after`
    counts: bool
    findings: tuple[Finding, ...] = ()


def withdraw(student_id: str, draft_id: str, reason: str, now: datetime) -> None:
    """The student withdraws (MIJ-2); `reason` is one of REASONS or empty. Done twice it is the
    same. Raises NotTheirs, TooLate, ValueError."""
    _check(reason)
    with db.transaction() as connection:
        found = _theirs(connection, student_id, of.draft_id == draft_id).get(draft_id)
        if found is None:
            raise NotTheirs()
        if Status(found.status) in RETRACTABLE:
            _withdraw(connection, [found], Said(*BY_STUDENT, now, reason=reason))
        elif not _withdrew(connection, found.id):
            raise TooLate(Status(found.status))


def keep_one(student_id: str, draft_id: str, others: Collection[str], now: datetime) -> None:
    """«Ik kies deze»: the `others`, by draft id, are withdrawn: all that can be (MIJ-2). Raises
    NotTheirs, TooEarly without an offer, TooLate when the one to keep has ended, and NotThose when
    none can be withdrawn, or others than these: somebody else may have been shown."""
    with db.transaction() as connection:
        theirs = _theirs(connection, student_id)
        if draft_id not in theirs:
            raise NotTheirs()
        kept = theirs.pop(draft_id)
        now_is = Status(kept.status)
        if now_is not in RUNNING:
            raise TooLate(now_is)
        if now_is not in PLACED:
            raise TooEarly(now_is)
        left = [found for found in theirs.values() if Status(found.status) in RETRACTABLE]
        if not left or {found.draft_id for found in left} != set(others):
            raise NotThose()
        _withdraw(connection, left, Said(*BY_STUDENT, now, kept_id=kept.id))


def _check(reason: str) -> None:
    if reason and reason not in REASONS:
        raise ValueError("no such reason")


def _theirs(connection: Connection, student_id: str, *where: Any) -> dict[str, Row[Any]]:
    """By draft id, oldest first; from now on nobody else changes them."""
    wanted = locked().where(of.student_id == student_id, of.kind == APPLICATION, *where)
    return {found.draft_id: found for found in connection.execute(wanted)}


def _withdrew(connection: Connection, application_id: int) -> bool:
    return any(_event(one).withdrawal for one in _kept(connection, application_id))


def _withdraw(connection: Connection, found: Sequence[Row[Any]], said: Said) -> None:
    changes = [record(connection, one, said) for one in found]
    free(connection, changes)
    tell(connection, changes, said.moment)


def locked() -> Select[Any]:
    """Applications as `record` wants them, by number. A claim may refer to them meanwhile."""
    return select(application).order_by(of.id).with_for_update(key_share=True)


def record(connection: Connection, found: Row[Any], said: Said) -> Change:
    """Adds what was said, and makes of the application what now follows from all of it. `found`
    is of `locked`. After it come `free` and, as the last of the transaction, `tell`."""
    number = connection.execute(
        insert(application_status).returning(row.id),
        {
            "application_id": found.id,
            "status": said.status,
            "source": said.source,
            "since": said.moment,
            "counts": False,
            "message_id": said.message_id,
            "reason": said.reason,
            "kept_id": said.kept_id,
        },
    ).scalar_one()
    # The start as it was when the student applied: what has counted goes on counting.
    kept = _kept(connection, found.id)
    sent = dossiers.readable(found)  # or who removes all that is theirs couldn't
    counted = status.counting([_event(one) for one in kept], rules.starts(sent) if sent else None)
    _write(connection, kept, counted)
    before, after = Status(found.status), counted[-1].status
    findings = (Finding.TAKEN_BACK,) if status.takes_back(counted, number) else ()
    counting = {event.number for event in counted}
    if any(one.counts and one.id not in counting and one.since > said.moment for one in kept):
        findings = (*findings, Finding.UNDOES)
    change = Change(found, before, after, counted[-1].source, number in counting, findings)
    if before is after:
        return change
    connection.execute(update(application).where(of.id == found.id).values(status=after))
    if before in RUNNING and after not in RUNNING:
        _let_go(connection, found)
    elif before not in RUNNING and after in RUNNING:
        return change._replace(findings=(*findings, *_back(connection, found)))
    return change


def _kept(connection: Connection, application_id: int) -> Sequence[Row[Any]]:
    wanted = select(application_status).filter_by(application_id=application_id)
    return connection.execute(wanted).all()


def _event(one: Row[Any]) -> Event:
    day = local_date(one.since)
    what, who = Status(one.status), Source(one.source)
    return Event(one.id, what, who, one.since, day, one.message_id, one.kept_id)


def answers(found: Row[Any]) -> Draft:
    """What was sent with this application."""
    return dossiers.opened(found.ca_keten_id, found.document).answers


def _write(connection: Connection, kept: Sequence[Row[Any]], counted: Sequence[Event]) -> None:
    """Which count, and until when."""
    ends = {
        event.number: step.until for event, step in zip(counted, status.steps(counted), strict=True)
    }
    for one in kept:
        wanted = {"counts": one.id in ends, "until": ends.get(one.id)}
        if wanted != {"counts": one.counts, "until": one.until}:
            connection.execute(update(application_status).where(row.id == one.id).values(**wanted))


def _let_go(connection: Connection, found: Row[Any]) -> None:
    """An application runs no longer. Its claim goes to the student's oldest other one for this
    cohort that runs, after a correction, so that no third is sent beside that. The claim's row is
    locked before those are looked for, whoever has it, so that none comes or goes meanwhile."""
    theirs = {"student_id": found.student_id, "cohort_id": found.cohort_id}
    claim = select(running.c.application_id).filter_by(**theirs).with_for_update()
    if connection.execute(claim).scalar() != found.id:
        return
    other = connection.execute(
        select(of.id)
        .filter_by(**theirs, kind=APPLICATION)
        .where(of.status.in_(RUNNING), of.id != found.id)
        .order_by(of.id)
        .limit(1)
    ).scalar()
    if other is None:
        connection.execute(delete(running).filter_by(**theirs))
    else:
        connection.execute(update(running).filter_by(**theirs).values(application_id=other))


def _back(connection: Connection, found: Row[Any]) -> tuple[Finding, ...]:
    """An application that had ended runs again, whether or not there is room for it."""
    findings = []
    if found.student_id is not None:
        claim = db.insert(connection, running).values(
            student_id=found.student_id, cohort_id=found.cohort_id, application_id=found.id
        )
        has_it = connection.execute(  # to lock the row, it is set to what it is
            claim.on_conflict_do_update(
                index_elements=["student_id", "cohort_id"],
                set_={"application_id": running.c.application_id},
            ).returning(running.c.application_id)
        ).scalar_one()
        if has_it != found.id:
            findings.append(Finding.SECOND)
    if not places.count_again(connection, found.cohort_id):
        findings.append(Finding.FULL)
    return tuple(findings)


def free(connection: Connection, changes: Collection[Change]) -> None:
    """The places of those that no longer run (CAT-5); in one order, so that nobody waits for
    each other."""
    ended = [c for c in changes if c.before in RUNNING and c.after not in RUNNING]
    for cohort_id in sorted({change.application.cohort_id for change in ended}):
        places.count_again(connection, cohort_id)


def tell(connection: Connection, changes: Collection[Change], now: datetime) -> None:
    """Mail to the students; and a message to the SIS where `ingetrokken` is another now, as the
    last of this transaction."""
    mailings.of_changes(connection, changes)
    moved = [c for c in changes if c.before is not c.after]
    for kind, ids in (
        (Kind.WITHDRAWN, [c.application.id for c in moved if c.after is Status.WITHDRAWN]),
        (Kind.CHANGE, [c.application.id for c in moved if c.before is Status.WITHDRAWN]),
    ):
        if ids:
            messages.announce(connection, ids, kind, now)


def history(connection: Connection, application_id: int) -> list[Step]:
    """The statuses that this application had, oldest first; the last is what it has."""
    return histories(connection, [application_id]).get(application_id, [])


def histories(connection: Connection, application_ids: Collection[int]) -> dict[int, list[Step]]:
    """The same of each of these that had one, by its id."""
    found = connection.execute(
        select(application_status).where(row.application_id.in_(application_ids), row.counts)
    )
    events: defaultdict[int, list[Event]] = defaultdict(list)
    for one in found:
        events[one.application_id].append(_event(one))
    return {number: status.steps(those) for number, those in events.items()}
