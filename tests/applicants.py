"""Students whose draft is complete, made by the services, and the books that must balance."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from app import clock, db, privacy
from app.domain.catalogue import Choice, availability, joins_in_year
from app.domain.dossier import Dossier
from app.domain.draft import Contact, From, Guardian, Picked
from app.domain.person import Address
from app.models import (
    application,
    application_status,
    draft,
    job,
    koppelpunt,
    message,
    metadata,
    place,
    running,
)
from app.services import applications, catalogue, drafts, students
from app.services.sending import Identification, Privacy, Sending, fingerprint
from digistub.people import fresh_bsn
from tests.portal import Portal

HOME = Address(street="Lindelaan", number="12", postcode="1234AB", place="Ons Dorp")
READ = Privacy(privacy.VERSION)
PARENT = (Guardian("Anna", "", "Jansen", "+31612345678"),)


class Applicant(NamedTuple):
    """Somebody before the check page. `shown` is what its form carries, `shown_at` since when."""

    student_id: str
    draft_id: str
    shown: str
    shown_at: datetime

    @property
    def form(self) -> dict[str, str]:
        """What the check page sends, but for its token."""
        return {"dossier": self.shown, "getoond": self.shown_at.isoformat(), "privacy": "y"}

    def sends(self, at: datetime | None = None) -> tuple[Any, ...]:
        """The arguments of `applications.submit`."""
        now = at or clock.now()
        identification = Identification("20", now)
        sending = Sending(self.shown, self.shown_at, now, identification, READ, "nl")
        return (self.student_id, self.draft_id, sending, {}, now)


def adult(number: int) -> str:
    """Another BSN for each number; DUO knows them all as the same adult."""
    return fresh_bsn("9997", number)


def a_cohort(query: str = "kok") -> str:
    """One that is open now."""
    return next(c.cohort_id for c in open_now() if query in c.programme.casefold())


def cohorts_open() -> list[str]:
    return [choice.cohort_id for choice in open_now()]


def open_now() -> list[Choice]:
    """What can be chosen without a further question."""
    with db.reading() as connection:
        rows = connection.execute(catalogue.cohorts()).all()
        every = [catalogue.as_choice(row, clock.now()) for row in rows]
    today = clock.today()
    return [
        choice
        for choice in every
        if availability(choice, today) is None
        and not (choice.lock or choice.start_from or joins_in_year(choice, today) > 1)
    ]


def arrives(portal: Portal, bsn: str) -> str:
    registers, store = (portal.app.extensions[name] for name in ("registers", "store"))
    return students.arrive(bsn, "nl", registers, store, clock.now()).student_id


def ready(
    portal: Portal, bsn: str, cohort_id: str, email: str = "student@voorbeeld.nl"
) -> Applicant:
    """A draft for this cohort with every question answered."""
    student_id = arrives(portal, bsn)
    draft_id = drafts.begin(student_id, None, clock.now())
    with db.reading() as connection:
        opened = drafts.open_draft(connection, student_id, draft_id, clock.now())
        given = {
            "person": opened.said().known,
            "address": HOME,
            "contact": Contact("Sem", email),
            "picked": Picked(From.NONE),
            "choice": catalogue.find(connection, cohort_id, clock.now()),
            "guardians": PARENT,
            "leerbedrijf": (),
        }
    opened = drafts.answer(opened, "contact", given["contact"], clock.now())
    while (question := opened.walk.next) is not None:
        opened = drafts.answer(opened, question, given[question], clock.now())
    dossier, now = Dossier.of(opened.answers, clock.today()), clock.now()
    return Applicant(student_id, draft_id, fingerprint(dossier, now, READ), now)


def send(portal: Portal, *numbers: int) -> None:
    """The adults with these numbers apply to 99XX."""
    for n in numbers:
        applications.submit(*ready(portal, adult(n), a_cohort()).sends())


def every_row() -> dict[str, list[str]]:
    """All there is, but for what may vanish."""
    with db.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in metadata.sorted_tables
            if table.name != "store"
        }


def out_of_balance(connection: Connection) -> list[str]:
    """What isn't exactly once, among all that was sent while no mail went out yet."""
    found = []
    sent = set(connection.scalars(select(application.c.id)))
    for table in (message, application_status, running):
        times = Counter(connection.scalars(select(table.c.application_id)))
        if times != dict.fromkeys(sent, 1):
            found.append(f"{table.name}: {times} for {len(sent)} applications")
    if (mails := _count(connection, job, job.c.name == "mail")) != len(sent):
        found.append(f"{mails} mails for {len(sent)} applications")
    if left := _count(connection, draft, draft.c.id.in_(select(application.c.draft_id))):
        found.append(f"{left} drafts are still there that were sent")
    for point in connection.execute(select(koppelpunt)):
        numbers = connection.scalars(
            select(message.c.change_number)
            .where(message.c.koppelpunt_id == point.id)
            .order_by(message.c.id)
        ).all()
        if sorted(numbers) != list(range(1, point.last_change + 1)):
            found.append(f"{point.code}: {numbers} up to {point.last_change}")
    for row in connection.execute(select(place)):
        taken = _count(connection, application, application.c.cohort_id == row.cohort_id)
        if taken != row.taken or taken > row.maximum:
            found.append(f"{taken} sent for {row.taken} places of {row.maximum}")
    return found


def _count(connection: Connection, table: Any, where: Any) -> int:
    return int(
        connection.execute(select(func.count()).select_from(table).where(where)).scalar_one()
    )
