"""How our copy of RIO is, and what in RIO a school has to put right: read, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Connection, Select, func, literal, select, union_all

from app.models import catalogue, cohort, cohort_facts, programme_facts, provider
from app.services.catalogue import counts_now, facts
from app.services.institutions import known


class Status(NamedTuple):
    """Moments are None for what never happened."""

    edition: int
    synced_at: datetime | None  # when the last whole synchronisation began (CAT-1)
    followed_until: datetime | None  # how far the change feed was followed
    problem: str  # of the last try; empty: there was none
    problem_at: datetime | None
    programmes: int  # that RIO has now
    cohorts: int


class Finding(StrEnum):
    """What to put right in RIO."""

    SPEC_WITHOUT_CODE = "spec_without_code"  # CAT-4
    CODE_WITH_ALL = "code_with_all"  # CAT-4
    ONLY_ALGEMEEN = "only_algemeen"  # CAT-2: no contact record of our own context


class Found(NamedTuple):
    """A finding: of a cohort, or of a provider."""

    finding: Finding
    code: str  # of the provider, or the cohort
    name: str  # of the provider, or the programme
    programme_id: str = ""


def status(connection: Connection) -> Status:
    row = connection.execute(select(catalogue)).first()
    here = select(func.count()).where(counts_now(), facts.active)
    programmes = connection.execute(here.select_from(programme_facts)).scalar_one()
    cohorts = connection.execute(here.select_from(cohort_facts.join(programme_facts))).scalar_one()
    if row is None:
        return Status(0, None, None, "", None, 0, 0)
    moments = (row.synced_at, row.followed_until, row.problem, row.problem_at)
    return Status(row.edition, *moments, programmes, cohorts)


def counts(connection: Connection) -> Mapping[str, Mapping[Finding, int]]:
    """How many findings each school has, by BRIN; a school without any isn't there."""
    each = _findings().subquery()
    rows = connection.execute(
        select(each.c.brin, each.c.finding, func.count())
        .group_by(each.c.brin, each.c.finding)
        .order_by(each.c.brin, each.c.finding)
    )
    found: dict[str, dict[Finding, int]] = {}
    for brin, finding, number in rows:
        found.setdefault(brin, {})[Finding(finding)] = number
    return found


def findings(connection: Connection, brin: str) -> list[Found]:
    """Of one school, kind by kind, by name. Raises Unknown."""
    known(connection, brin)
    each = _findings().subquery().c
    rows = connection.execute(
        select(each.finding, each.code, each.name, each.programme_id)
        .where(each.brin == brin)
        .order_by(each.finding, each.name, each.programme_id, each.code)
    )
    return [Found(Finding(row.finding), row.code, row.name, row.programme_id) for row in rows]


def _findings() -> CompoundSelect[Any]:
    """Each as a row; nothing of what RIO no longer has."""
    has_code = cohort_facts.c.access_code != ""
    return union_all(
        _of_cohorts(Finding.SPEC_WITHOUT_CODE).where(facts.restricted, ~has_code),
        _of_cohorts(Finding.CODE_WITH_ALL).where(~facts.restricted, has_code),
        select(
            literal(Finding.ONLY_ALGEMEEN.value).label("finding"),
            provider.c.brin,
            provider.c.code,
            provider.c.name,
            literal("").label("programme_id"),
        ).where(provider.c.active, provider.c.contact_context == "ALGEMEEN"),
    )


def _of_cohorts(finding: Finding) -> Select[Any]:
    return (
        select(
            literal(finding.value).label("finding"),
            facts.brin,
            cohort.c.code,
            facts.name,
            facts.programme_id,
        )
        .join(cohort_facts, cohort_facts.c.facts_id == facts.id)
        .join(cohort, cohort.c.id == cohort_facts.c.cohort_id)
        .join(provider, provider.c.code == facts.provider_code)
        .where(counts_now(), facts.active, provider.c.active)
    )
