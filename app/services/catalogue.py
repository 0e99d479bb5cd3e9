"""Our copy of RIO, as it counts now: one cohort, or all of a programme's name at a school."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select

from app import keys
from app.clock import local_date
from app.domain.catalogue import Choice, Visibility, plain_code, visibility
from app.models import (
    catalogue,
    cohort,
    cohort_facts,
    institution,
    place,
    programme,
    programme_facts,
    provider,
)
from app.services import koppelpunten

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

facts = programme_facts.c
EDITION = select(catalogue.c.edition).scalar_subquery()
CHANGES = select(catalogue.c.changes).scalar_subquery()  # raised when what is offered changes


def counts_now() -> ColumnElement[bool]:
    """A row of programme_facts counts: the readers' half of what app.models.catalogue says."""
    return and_(facts.edition <= EDITION, facts.until > EDITION)


@dataclass(frozen=True)
class Contact:
    """A provider, as students reach it (CAT-2)."""

    name: str
    email: str
    phone: str
    website: str


@dataclass(frozen=True)
class Offered:
    """A cohort with all that its card shows."""

    choice: Choice
    visibility: Visibility
    official_name: str
    language: str  # ISO 639-2, upper case
    duration: str  # amount and unit, such as «24 M»
    website: str
    description: str
    street: str
    requirements: bool
    permission_note: str
    group_key: str
    contact: Contact


def find(connection: Connection, cohort_id: str, now: datetime) -> Choice | None:
    """One cohort as it is in our copy now, open or not; None when it was never there."""
    offered = _find(connection, cohort_facts.c.cohort_id == cohort_id.lower(), cohort_id, now)
    return offered[0].choice if offered else None


def group(connection: Connection, programme_id: str, now: datetime) -> list[Offered]:
    """Every cohort, open or not, of the programmes that have this one's name at its school."""
    key = (
        select(facts.group_key)
        .where(facts.programme_id == programme_id.lower(), counts_now())
        .scalar_subquery()
    )
    return _find(connection, facts.group_key == key, programme_id, now)


def alike(connection: Connection, some: Iterable[Offered], now: datetime) -> list[Offered]:
    """The same of each name that these have."""
    ids = {one.group_key: one.choice.programme_id for one in some}
    return [one for programme_id in ids.values() for one in group(connection, programme_id, now)]


def _find(
    connection: Connection, where: ColumnElement[bool], uuid: str, now: datetime
) -> list[Offered]:
    if not UUID.fullmatch(uuid):
        return []
    return _offered(connection.execute(cohorts().where(where)).all(), now)


def of_programme(connection: Connection, programme_id: str, now: datetime) -> list[Offered]:
    """Every cohort of one programme, open or not."""
    return _find(connection, facts.programme_id == programme_id.lower(), programme_id, now)


def of_crebo(connection: Connection, brin: str, crebo: str, now: datetime) -> list[Offered]:
    """Every cohort, open or not, of a school's programmes for one crebo."""
    statement = cohorts().where(facts.brin == brin, facts.crebo == crebo)
    return _offered(connection.execute(statement).all(), now)


def contact(connection: Connection, brin: str, programme_id: str = "") -> Contact | None:
    """How to reach a school (CAT-2): by the provider of this programme, else by the first of its
    providers that has something."""
    own = select(facts.provider_code).where(facts.programme_id == programme_id, counts_now())
    columns = provider.c
    rows = connection.execute(
        select(columns.name, columns.email, columns.phone, columns.website)
        .where(columns.brin == brin, columns.active)
        .order_by(columns.code.in_(own).desc(), columns.code)
    )
    return next((Contact(*row) for row in rows if any(row[1:])), None)


def cohorts() -> Select[Any]:
    """Every cohort that counts now."""
    active_from = koppelpunten.receives_from(facts.brin, facts.provider_code)
    return (
        select(
            programme_facts,
            cohort_facts,
            cohort.c.code,
            programme.c.whitelisted,
            institution.c.name.label("institution"),
            institution.c.whitelist,
            provider.c.active.label("provider_active"),
            provider.c.name.label("provider"),
            provider.c.email,
            provider.c.phone,
            provider.c.website.label("provider_website"),
            (place.c.maximum - place.c.taken).label("places_left"),
            active_from.label("receives_from"),
            CHANGES.label("changes"),
        )
        .join(cohort_facts, cohort_facts.c.facts_id == facts.id)
        .join(cohort, cohort.c.id == cohort_facts.c.cohort_id)
        .join(programme, programme.c.id == facts.programme_id)
        .join(provider, provider.c.code == facts.provider_code)
        .join(institution, institution.c.brin == facts.brin)
        .outerjoin(place, place.c.cohort_id == cohort.c.id)
        .where(counts_now())
    )


def _offered(rows: Any, now: datetime) -> list[Offered]:
    today = local_date(now)
    return sorted((_one(row, today, now) for row in rows), key=lambda o: _order(o.choice, today))


def _order(choice: Choice, today: date) -> tuple[Any, ...]:
    """In which students see them: what has begun already comes last. Sorted here, as databases
    differ on letters and on nothing."""
    start = choice.start or choice.start_from or date.max
    begun = choice.start is not None and choice.start < today
    named = (choice.programme, choice.place, choice.leertraject)
    return (begun, *named, start, choice.cohort_code)


def _one(row: Row[Any], today: date, now: datetime) -> Offered:
    choice = as_choice(row, now)
    return Offered(
        choice=choice,
        visibility=visibility(choice, today),
        official_name=row.official_name,
        language=row.language,
        duration=row.duration,
        website=row.website,
        description=row.description,
        street=row.street,
        requirements=row.requirements,
        permission_note=row.permission_note if row.permission_required else "",
        group_key=row.group_key,
        contact=Contact(row.provider, row.email, row.phone, row.provider_website),
    )


def as_choice(row: Row[Any], now: datetime) -> Choice:
    receives = row.receives_from is not None and row.receives_from <= now
    return Choice(
        cohort_id=row.cohort_id,
        programme_id=row.programme_id,
        cohort_code=row.code,
        brin=row.brin,
        institution=row.institution,
        programme=row.name,
        leertraject=row.leertraject,
        place=row.place,
        apply_from=row.apply_from,
        apply_until=row.apply_until,
        crebo=row.crebo,
        level=row.level,
        start=row.start,
        start_from=row.start_from,
        start_until=row.start_until,
        open=row.open,
        active=row.active and row.provider_active,
        ends=row.ends,
        ticked=not row.whitelist or row.whitelisted,
        receives=receives,
        receives_from=local_date(row.receives_from) if row.receives_from and not receives else None,
        places_left=None if row.places_left is None else max(0, row.places_left),
        lock=lock(row.cohort_id, row.access_code),
        permission=row.permission_required,
        name_english=row.name_english,
        version=row.changes or 0,
    )


def lock(cohort_id: str, code: str) -> str:
    """What an access code is compared by (WIZ-9). Empty: there is none."""
    plain = plain_code(code)
    return keys.fingerprint(["access code", cohort_id, plain]) if plain else ""
