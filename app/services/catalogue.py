"""Find what can be chosen, in our copy of RIO."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Exists, Row, Select, and_, exists, or_, select

from app.clock import local_date
from app.domain.catalogue import Choice
from app.models import cohort, institution, koppelpunt, programme, provider

AT_MOST = 20
LONGEST = 100  # characters of a query that count


UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def folded(text: str) -> str:
    """Lower case without accents, as search compares."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (" " if c.isspace() else c for c in plain if not unicodedata.combining(c))
    return " ".join("".join(c for c in kept if c.isprintable()).split())


def _receives(now: datetime) -> Exists:
    """CAT-8: without an active koppelpunt a school can't receive anything."""
    return exists().where(koppelpunt.c.brin == institution.c.brin, koppelpunt.c.active_from <= now)


def _choices(now: datetime) -> Select[Any]:
    """Every cohort that is offered, with the facts of a Choice. ODT is not offered (CAT-3)."""
    return (
        select(
            cohort,
            programme.c.name.label("programme"),
            programme.c.leertraject,
            programme.c.place,
            programme.c.crebo,
            programme.c.level,
            institution.c.brin,
            institution.c.name.label("institution"),
            _receives(now).label("receives"),
            and_(cohort.c.active, programme.c.active, provider.c.active).label("offered"),
        )
        .join(programme, programme.c.id == cohort.c.programme_id)
        .join(provider, provider.c.code == programme.c.provider_code)
        .join(institution, institution.c.brin == provider.c.brin)
        # Nobody gets in without the code (CAT-4), and no page asks for it yet.
        .where(programme.c.leertraject != "ODT", cohort.c.access_code == "")
    )


def search(
    connection: Connection,
    query: str,
    now: datetime,
    brin: str = "",
    programme_id: str = "",
    crebo: str = "",
) -> tuple[Choice, ...]:
    """At most AT_MOST cohorts open today (WIZ-8) that hold every word of `query`."""
    today = local_date(now)
    statement = _choices(now).where(
        cohort.c.active,
        cohort.c.open,
        programme.c.active,
        provider.c.active,
        _receives(now),
        cohort.c.apply_from <= today,
        or_(cohort.c.apply_until.is_(None), cohort.c.apply_until >= today),
    )
    for word in folded(query[:LONGEST]).split():
        statement = statement.where(programme.c.search_text.contains(word, autoescape=True))
    if brin:
        statement = statement.where(institution.c.brin == brin)
    if programme_id:
        statement = statement.where(programme.c.id == programme_id)
    if crebo:
        statement = statement.where(programme.c.crebo == crebo)
    statement = statement.order_by(
        programme.c.name, institution.c.name, programme.c.place, cohort.c.start, cohort.c.code
    ).limit(AT_MOST)
    return _as_choices(connection.execute(statement).all())


def find(connection: Connection, cohort_id: str, now: datetime) -> Choice | None:
    """One cohort as it is in our copy now, open or not; None when it isn't offered at all."""
    if not UUID.fullmatch(cohort_id):
        return None
    rows = connection.execute(_choices(now).where(cohort.c.id == cohort_id)).all()
    return _as_choices(rows)[0] if rows else None


def _as_choices(rows: Sequence[Row[Any]]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            cohort_id=row.id,
            programme_id=row.programme_id,
            cohort_code=row.code,
            brin=row.brin,
            institution=row.institution,
            programme=row.programme,
            leertraject=row.leertraject,
            place=row.place,
            apply_from=row.apply_from,
            apply_until=row.apply_until,
            crebo=row.crebo,
            level=row.level,
            start=row.start,
            start_from=row.start_from,
            start_until=row.start_until,
            open=bool(row.open and row.offered and row.receives),
            version=row.version,
        )
        for row in rows
    )
