"""Whom we mail by ourselves, and when (MIJ-4): about a change of status, a withdrawal, a draft
that waits while its cohort closes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, select, update

from app import db
from app.clock import local_date
from app.domain import advice, catalogue
from app.domain.status import Source, Status
from app.models import cohort_facts, draft, programme_facts, student
from app.services import dossiers, drafts, mailbox, notices
from app.services.catalogue import counts_now
from app.services.notices import Kind

if TYPE_CHECKING:
    from app.services.statuses import Change

AHEAD = timedelta(days=7)  # before the last day one is reminded
QUIET = timedelta(hours=24)  # since the student did something in the draft
BATCH = 500


def of_changes(connection: Connection, changes: Collection[Change]) -> None:
    """Of what became of applications, in this transaction: one mail to each student and address.
    Who withdraws hears that it was done. Of other changes hears who wants to, at an address that
    they confirmed (WIZ-5)."""
    told = set()
    for change in changes:
        found = change.application
        if change.before is change.after or found.student_id is None or found.document is None:
            continue
        contact = dossiers.opened(found.ca_keten_id, found.document).answers.contact
        own = change.after is Status.WITHDRAWN and change.source is Source.STUDENT
        kind = Kind.WITHDRAWN if own else Kind.STATUS
        if contact is None or not contact.email:
            continue
        if (one := (found.student_id, kind, contact.email)) in told:
            continue
        told.add(one)
        theirs = select(student.c.language, student.c.wants_mail).filter_by(id=found.student_id)
        language, wanted = connection.execute(theirs).one()
        confirmed = own or mailbox.is_confirmed(connection, found.student_id, contact.email)
        if confirmed and (own or wanted):
            notices.post(connection, kind, found.student_id, contact.email, language)


class Waiting(NamedTuple):
    id: str
    student_id: str
    language: str


def remind(moved: Mapping[int, date], now: datetime) -> int:
    """Mails who has a draft that can be sent, and did nothing in it for QUIET, while its last day
    is at most AHEAD away: that of 1 April (`moved` are the days in its place), or else that of its
    cohort. Once a draft. How many."""
    return sum(_remind(waiting, moved, now) for waiting in _waiting(moved, now))


def _waiting(moved: Mapping[int, date], now: datetime) -> Iterator[Waiting]:
    """In pieces: each is reminded in a transaction of its own."""
    today, last = local_date(now), ""
    april = advice.this_april(today, moved)
    closes = (
        select(cohort_facts.c.cohort_id)
        .join(programme_facts)
        .where(counts_now(), cohort_facts.c.apply_until.between(today, today + AHEAD))
    )
    everybody = april <= today + AHEAD
    ends = draft.c.cohort_id.is_not(None) if everybody else draft.c.cohort_id.in_(closes)
    while True:
        with db.reading() as connection:
            found = connection.execute(
                select(draft.c.id, draft.c.student_id, student.c.language)
                .join(student, student.c.id == draft.c.student_id)
                .where(draft.c.id > last, draft.c.reminded_at.is_(None))
                .where(student.c.bsn_hash.is_not(None))  # without DigiD nobody comes back to it
                .where(draft.c.touched_at < now - QUIET, ends)
                .order_by(draft.c.id)
                .limit(BATCH)
            ).all()
        yield from (Waiting(*row) for row in found)
        if len(found) < BATCH:
            return
        last = found[-1].id


def _remind(waiting: Waiting, moved: Mapping[int, date], now: datetime) -> bool:
    with db.transaction() as connection:
        mine = draft.c.id == waiting.id
        anew = update(draft).where(
            mine, draft.c.reminded_at.is_(None), draft.c.touched_at < now - QUIET
        )
        try:
            opened = drafts.open_draft(connection, waiting.student_id, waiting.id, now, afresh=True)
        except drafts.NoSuchDraft:
            return False
        answers, until = opened.answers, _until(opened, moved)
        if until is None or answers.contact is None or not answers.contact.email:
            return False
        if not connection.execute(anew.values(reminded_at=now)).rowcount:
            return False
        kind, day = until
        to = answers.contact.email
        notices.post(connection, kind, waiting.student_id, to, waiting.language, day=day)
    return True


def _until(opened: drafts.Opened, moved: Mapping[int, date]) -> tuple[Kind, date] | None:
    """The last day that is near, and why; None for what can't be chosen any more."""
    choice, today = opened.answers.choice, opened.today
    if opened.answers.interest is not None:  # that has no last day
        return None
    if choice is None or catalogue.availability(choice, today) is not None:
        return None
    term = advice.term(opened.answers, moved)
    for kind, day in ((Kind.IN_TIME, term.april), (Kind.CLOSES, term.closes)):
        if day is not None and today <= day <= today + AHEAD:
            return kind, day
    return None
