"""Sending an application, exactly once (WIZ-13), and finding it back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from app import db
from app.clock import local_date
from app.domain.advice import term
from app.domain.catalogue import Choice
from app.domain.dossier import Dossier, Incomplete
from app.domain.draft import Interest
from app.domain.grace import Judged
from app.domain.status import APPLICATION, INTEREST, Source, Status
from app.models import (
    application,
    application_status,
    draft,
    running,
)
from app.services import (
    dossiers,
    koppelpunten,
    mailbox,
    messages,
    places,
    proofs,
    registratiecodes,
)
from app.services.catalogue import counts_now, facts
from app.services.drafts import NoSuchDraft, Opened, open_draft
from app.services.messages import Kind
from app.services.sending import Sending, was_shown

ATTEMPTS = 20  # at a free ketenId


class NotSent(Exception):
    """Nothing was sent; the draft is as it was."""


class NotWhatWasShown(NotSent):
    """The dossier isn't the one on the page that was sent from: another tab, or new facts."""


class AlreadyApplied(NotSent):
    """The student has a running application for this cohort (WIZ-15)."""

    def __init__(self, application_id: int) -> None:
        super().__init__()
        self.application_id = application_id


class Full(NotSent):
    """The last place has just been taken."""


class CannotReceive(NotSent):
    """The school has no active koppelpunt (CAT-8)."""


class NoCode(NotSent):
    """The school has no registratiecode any more: it takes nothing without DigiD (INT-1)."""


class OtherCode(NotSent):
    """The school's registratiecode is another one since they came in: that one is asked."""

    def __init__(self, brin: str) -> None:
        super().__init__()
        self.brin = brin


class Receipt(NamedTuple):
    application_id: int
    again: bool = False  # it was sent before


def submit(
    student_id: str, draft_id: str, sending: Sending, moved: Mapping[int, date], now: datetime
) -> Receipt:
    """Send the draft: application, place, message and mail in one transaction. `moved` are the
    days in place of 1 April, by year. An interessemelding takes no place, and nobody is held to
    one (CAT-5, WIZ-15).

    Sent before (a double click, another tab, an answer that got lost): what it became then.
    Raises NoSuchDraft, Incomplete or a NotSent.
    """
    with db.transaction() as connection:
        try:
            opened = _taken(connection, student_id, draft_id, sending.requested_at)
        except (NoSuchDraft, NotWhatWasShown):
            earlier = of_draft(connection, student_id, draft_id)
            if earlier is None:
                raise
            return Receipt(earlier, again=True)
        if opened.answers.choice is None:
            raise Incomplete("choice")
        where = _koppelpunt(connection, opened.answers.choice, now)
        counts = judged(opened, sending.shown_at, sending.requested_at)
        dossier = Dossier.of(counts.answers, counts.day)
        if not was_shown(dossier, sending):
            raise NotWhatWasShown()
        if dossier.answers.interest is None:
            details = _details(dossier, sending, moved, now)
        else:
            details = _of_interest(connection, opened, dossier, sending, now)
        application_id = _insert(connection, opened, dossier, where, details, sending, now)
        if dossier.answers.interest is None:
            _runs(connection, student_id, dossier.choice.cohort_id, application_id, now)
        language, asks = sending.language, sending.asks
        mailbox.tell(connection, student_id, dossier.answers, language, now, asks)
        messages.announce(connection, [application_id], Kind.NEW, now)
    return Receipt(application_id)


def _runs(
    connection: Connection, student_id: str, cohort_id: str, application_id: int, now: datetime
) -> None:
    _claim(connection, student_id, cohort_id, application_id)
    if not places.take(connection, cohort_id):  # the claim holds the cohort's row meanwhile
        raise Full()
    connection.execute(
        insert(application_status),
        {
            "application_id": application_id,
            "status": Status.SUBMITTED,
            "source": Source.STUDENT,
            "since": now,
        },
    )


def judged(opened: Opened, shown_at: datetime, requested_at: datetime) -> Judged:
    """What of a draft counts for who sends it from a page made at `shown_at`."""
    return Judged.of(opened.answers, opened.today, shown_at, local_date(shown_at), requested_at)


def _details(
    dossier: Dossier, sending: Sending, moved: Mapping[int, date], now: datetime
) -> dict[str, Any]:
    """What is kept with an application beside the dossier (IDN-9, WIZ-12, WIZ-14, WIZ-16,
    WIZ-18)."""
    by, last = sending.identification, term(dossier.answers, moved)
    known = by and {"level": by.level, "moment": by.moment.isoformat()}
    return {
        **({"identification": known} if known else {}),
        "language": sending.language,
        "shown_at": sending.shown_at.isoformat(),
        "privacy": {**vars(sending.privacy), "moment": now.isoformat()},
        "in_time": last.in_time(local_date(sending.requested_at)),
        "april": last.april.isoformat() if last.april else None,
        "proof": proofs.new_code(),
    }


def _of_interest(
    connection: Connection, opened: Opened, dossier: Dossier, sending: Sending, now: datetime
) -> dict[str, Any]:
    """It gives no right, so 1 April makes no difference; and without DigiD it bears the school's
    code (INT-3)."""
    details = {**_details(dossier, sending, {}, now), "in_time": None}
    if dossier.answers.interest is Interest.LOCK:
        return details
    if sending.identification is not None or opened.link is None:
        raise NotWhatWasShown()
    if dossier.choice.brin != opened.link.brin:  # the code was another school's
        raise NotWhatWasShown()
    code = registratiecodes.shown(connection, dossier.choice.brin)
    if code is None:
        raise NoCode()
    if not registratiecodes.fits(connection, dossier.choice.brin, sending.registratiecode):
        raise OtherCode(dossier.choice.brin)
    return {**details, "registratiecode": code}


def _taken(connection: Connection, student_id: str, draft_id: str, now: datetime) -> Opened:
    """The draft, removed in this transaction: who comes second finds the application."""
    opened = open_draft(connection, student_id, draft_id, now, afresh=True)
    gone = connection.execute(
        delete(draft).where(draft.c.id == draft_id, draft.c.version == opened.version)
    )
    if not gone.rowcount:  # another tab answered between our two statements
        raise NotWhatWasShown()
    return opened


def _koppelpunt(connection: Connection, choice: Choice, now: datetime) -> int:
    provider_code = (
        select(facts.provider_code)
        .where(facts.programme_id == choice.programme_id, counts_now())
        .scalar_subquery()
    )
    found = koppelpunten.of_provider(connection, choice.brin, provider_code, now)
    if found is None:
        raise CannotReceive()
    return found


def _claim(connection: Connection, student_id: str, cohort_id: str, application_id: int) -> None:
    row = {"student_id": student_id, "cohort_id": cohort_id}
    try:
        with connection.begin_nested():
            connection.execute(insert(running), {**row, "application_id": application_id})
    except IntegrityError:
        first = connection.execute(select(running.c.application_id).filter_by(**row)).scalar_one()
        raise AlreadyApplied(first) from None


def _insert(
    connection: Connection,
    opened: Opened,
    dossier: Dossier,
    where: int,
    details: dict[str, Any],
    sending: Sending,
    now: datetime,
) -> int:
    ca_keten_id = str(uuid4())
    row = {
        "student_id": opened.student_id,
        "draft_id": opened.id,
        "ca_keten_id": ca_keten_id,
        "koppelpunt_id": where,
        "cohort_id": dossier.choice.cohort_id,
        "brin": dossier.choice.brin,
        "kind": APPLICATION if dossier.answers.interest is None else INTEREST,
        "status": Status.SUBMITTED,
        "requested_at": sending.requested_at,
        "submitted_at": now,
        "document": dossiers.sealed(ca_keten_id, dossier.answers, opened.link, details),
    }
    for _ in range(ATTEMPTS):
        keten_id = f"{dossier.choice.brin}:9{secrets.randbelow(10**7):07d}"
        try:
            with connection.begin_nested():
                return int(
                    connection.execute(
                        insert(application).returning(application.c.id),
                        {**row, "keten_id": keten_id},
                    ).scalar_one()
                )
        except IntegrityError:  # that number is taken
            continue
    raise RuntimeError("no free ketenId")


def running_for(connection: Connection, student_id: str, cohort_id: str) -> str | None:
    """The draft that the student's running application for this cohort was, if there is one
    (WIZ-15)."""
    return connection.execute(
        select(application.c.draft_id)
        .join(running, running.c.application_id == application.c.id)
        .where(running.c.student_id == student_id, running.c.cohort_id == cohort_id)
    ).scalar()


def of_draft(connection: Connection, student_id: str, draft_id: str) -> int | None:
    """The application that this draft became."""
    return connection.execute(
        select(application.c.id).where(
            application.c.draft_id == draft_id, application.c.student_id == student_id
        )
    ).scalar()
