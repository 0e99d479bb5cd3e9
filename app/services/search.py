"""Provisional."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.clock import local_date
from app.models import institution, programme_facts
from app.services.catalogue import counts_now, facts


@dataclass(frozen=True)
class Filters:
    brin: str = ""
    level: int | None = None
    leertraject: str = ""
    place: str = ""


class Group(NamedTuple):
    key: str
    programme_id: str
    name: str
    name_english: str
    crebo: str
    brin: str
    institution: str
    level: int | None
    leertrajecten: tuple[str, ...]
    places: tuple[str, ...]
    opens: date | None
    open: bool


class Found(NamedTuple):
    groups: tuple[Group, ...]
    total: int
    counts: Any = None
    partial: bool = False


def search(
    connection: Connection,
    query: str,
    filters: Filters,
    now: datetime,
    first: int = 0,
    most: int = 20,
    counted: bool = False,
) -> Found:
    today = local_date(now)
    rows = connection.execute(
        select(programme_facts, institution.c.name.label("institution"))
        .join(institution, institution.c.brin == facts.brin)
        .where(counts_now(), facts.active, facts.leertraject != "ODT", facts.closes >= today)
    ).all()
    groups: dict[str, Group] = {}
    for r in rows:
        text = f"{r.name} {r.official_name} {r.crebo} {r.institution} {r.place}".casefold()
        if all(w in text for w in query.casefold().split()) and filters.brin in ("", r.brin):
            groups[r.group_key] = Group(
                r.group_key, r.programme_id, r.name, r.name_english, r.crebo, r.brin,
                r.institution, r.level, (r.leertraject,), (r.place,), r.opens, r.opens <= today,
            )  # fmt: skip
    return Found(tuple(groups.values())[first : first + most], len(groups))
