"""Applications that were sent, for the student who sent them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from app.clock import local_date
from app.domain import rules
from app.domain.advice import Term
from app.domain.catalogue import Choice, last_day
from app.domain.deeplink import Link
from app.domain.dossier import Dossier
from app.domain.status import INTEREST, RETRACTABLE, RUNNING, Status, Step
from app.models import application
from app.services import dossiers, statuses

NO_PLACE = (Status.REJECTED, Status.WITHDRAWN)


class Sent(NamedTuple):
    """An application, for the student who sent it."""

    id: int
    interest: bool  # an interessemelding
    draft_id: str
    ca_keten_id: str
    reference: str  # its ketenId
    status: Status
    steps: tuple[Step, ...]  # the statuses that it had, oldest first; an interest has none
    requested_at: datetime  # the moment that counts (WIZ-18)
    submitted_at: datetime
    dossier: Dossier
    link: Link | None
    in_time: bool | None  # for 1 April; None where it makes no difference (WIZ-16)
    april: date | None  # the last day on which it was; None too when an earlier release sent it
    proof_code: str  # K7RM-4PQX-92HD, on the proof (WIZ-14); empty when an earlier release sent it

    @property
    def choice(self) -> Choice:
        return self.dossier.choice

    @property
    def term(self) -> Term:
        """Until when it could be sent, and with what right."""
        return Term(self.april, last_day(self.choice))

    @property
    def since(self) -> datetime:
        """When it got the status that it has."""
        return self.steps[-1].since if self.steps else self.submitted_at

    @property
    def begins(self) -> date | None:
        """The day of the start, for who will begin then; None when nobody knows, or it isn't to
        be kept free (any more)."""
        if self.interest or self.status in NO_PLACE:
            return None
        starts = rules.starts(self.dossier.answers)
        return starts if starts and starts > local_date(self.requested_at) else None

    @property
    def open(self) -> bool:
        """Whether it can be changed and withdrawn."""
        return self.status in RETRACTABLE

    @property
    def lacks_address(self) -> bool:
        """DUO has called the one that it had secret since (DUO-9)."""
        return self.open and not self.interest and self.dossier.address_known is None

    def may_add_leerbedrijf(self, today: date) -> bool:
        return self.open and rules.works_while_learning(self.dossier.answers, today)


def by_draft(connection: Connection, student_id: str, draft_id: str) -> Sent | None:
    """What this draft of this student became, or None."""
    mine = (application.c.draft_id == draft_id, application.c.student_id == student_id)
    return next(iter(_sent(connection, *mine)), None)


def by_reference(connection: Connection, reference: str) -> Sent | None:
    """The application with this ketenId, whoever sent it; of an unknown one, the newest of all:
    so that finding none costs what finding one does. None when there is none at all."""
    there, this = application.c.document.is_not(None), application.c.keten_id == reference
    newest = select(func.max(application.c.id)).where(there).scalar_subquery()
    row_id = connection.execute(
        select(application.c.id)
        .where(there, or_(this, application.c.id == newest))
        .order_by(case((this, 0), else_=1))
        .limit(1)
    ).scalar()
    return next(iter(_sent(connection, application.c.id == row_id)), None)


def of_student(connection: Connection, student_id: str) -> list[Sent]:
    """Newest first."""
    return list(_sent(connection, application.c.student_id == student_id))


def chosen_at(found: Sent, every: Iterable[Sent]) -> datetime | None:
    """When the student last chose this one of theirs and let others go (MIJ-2); None when that
    isn't so, or once it has ended."""
    if found.status not in RUNNING:
        return None
    let_go = (step.since for item in every for step in item.steps if step.kept_id == found.id)
    return max(let_go, default=None)


def became(found: Sent, every: Iterable[Sent]) -> Sent | None:
    """The running application for what this interessemelding was for (INT-4)."""
    cohort_id = found.choice.cohort_id
    return next(
        (
            item
            for item in every
            if found.interest and not item.interest and item.status in RUNNING
            if item.choice.cohort_id == cohort_id
        ),
        None,
    )


def running_for(link: Link, every: Iterable[Sent]) -> Sent | None:
    """The student's running application for the programme that a link names, and for its cohort
    where it names one (WIZ-15)."""
    for item in every:
        choice = item.choice
        same = choice.programme_id == link.programme_id
        cohort = link.cohort_code in ("", choice.cohort_code)
        if same and cohort and item.status in RUNNING and not item.interest:
            return item
    return None


def _sent(connection: Connection, *where: ColumnElement[bool]) -> Iterable[Sent]:
    rows: Iterable[Any] = connection.execute(
        select(application)
        .where(*where)
        .order_by(application.c.submitted_at.desc(), application.c.id.desc())
    ).all()
    steps = statuses.histories(connection, [r.id for r in rows if r.kind != INTEREST])
    for row in rows:
        content = dossiers.opened(row.ca_keten_id, row.document)
        april = content.beside.get("april")
        yield Sent(
            id=row.id,
            interest=row.kind == INTEREST,
            draft_id=row.draft_id,
            ca_keten_id=row.ca_keten_id,
            reference=row.keten_id,
            status=Status(row.status),
            steps=tuple(steps.get(row.id, ())),
            requested_at=row.requested_at,
            submitted_at=row.submitted_at,
            dossier=Dossier(content.answers),
            link=content.link,
            in_time=content.beside.get("in_time"),
            april=date.fromisoformat(april) if april else None,
            proof_code=content.beside.get("proof", ""),
        )
