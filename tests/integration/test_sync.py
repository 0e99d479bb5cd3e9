"""Our copy of RIO: only what differs is written, and an accident at the source changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app import clock, db
from app.domain.ports import CohortRecord, ProgrammeRecord, RegisterError
from app.models import cohort, programme, provider
from app.registers.rio import RioCatalogue
from app.services import catalogue, catalogue_sync
from app.services.catalogue_sync import Changes, Refused
from tests.portal import Portal
from tests.source import Source, as_it_is


def copy() -> dict[str, list[str]]:
    with db.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in (provider, programme, cohort)
        }


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that change something."""
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            found.append(statement)

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)


def found(query: str = "", **where: str) -> list[str]:
    with db.reading() as connection:
        return [c.programme for c in catalogue.search(connection, query, clock.now(), **where)]


@pytest.mark.rule("CAT-1")
def test_nothing_new_writes_nothing(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    before = copy()
    with written() as statements:
        changes = catalogue_sync.synchronise(source)
    assert statements == []
    assert changes == Changes(0, 0, 0, len(source.every_programme))
    assert copy() == before


@pytest.mark.rule("CAT-1")
def test_what_changed_is_written_and_nothing_else(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    first, *others = source.every_programme
    source = source.having((replace(first, name="Kok op zee", website=""), *others))
    with written() as statements:
        changes = catalogue_sync.synchronise(source)
    assert changes == Changes(0, 1, 0, len(source.every_programme))
    assert len(statements) == 1
    assert found("kok op zee") == ["Kok op zee"]


@pytest.mark.rule("CAT-1")
def test_what_is_new_is_there(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    fresh = replace(
        source.every_programme[0], id=str(uuid5(NAMESPACE_URL, "new")), name="Scheepskok"
    )
    changes = catalogue_sync.synchronise(source.having((*source.every_programme, fresh)))
    assert changes.added == 1 + len(fresh.cohorts)
    assert found("scheepskok")


@pytest.mark.rule("CAT-1")
@pytest.mark.rule("CAT-4")
def test_what_is_gone_is_not_offered_but_stays(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    gone = next(p for p in source.every_programme if p.name == "Mediavormgeving en design")
    assert found("mediavormgeving")
    before = cohorts_of(gone)
    less = source.having(tuple(p for p in source.every_programme if p != gone))
    changes = catalogue_sync.synchronise(less, accept_shrink=True)
    assert changes == Changes(0, 0, 1 + len(gone.cohorts), len(less.every_programme))
    assert found("mediavormgeving") == []
    assert [(row.active, row.version) for row in cohorts_of(gone)] == [
        (False, row.version + 1) for row in before
    ]
    with db.reading() as connection:
        left = catalogue.find(connection, before[0].id, clock.now())
    assert left is not None
    assert not left.open
    assert catalogue_sync.synchronise(source).changed == 1 + len(gone.cohorts)
    assert found("mediavormgeving")


def cohorts_of(record: ProgrammeRecord) -> list[Any]:
    with db.reading() as connection:
        rows = connection.execute(select(cohort).where(cohort.c.programme_id == record.id))
        return list(rows.all())


FAULTS = [
    ("aangeboden-opleidingen", "500:1"),
    ("aangeboden-opleidingen", "truncated:1"),
    ("aangeboden-opleidingen", "empty"),
    ("aangeboden-opleidingen", "empty:1"),
    ("aangeboden-opleidingen", "html"),
    ("erkenningen", "empty"),
    ("erkenning-eenheden", "500"),
    ("erkenning-eenheden", "empty"),
    ("opleiding", "500"),
    ("onderwijslocatie", "html"),
    ("opleiding-cohorten", "500"),
    ("opleiding-cohorten", "empty"),
]


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(("call", "fault"), FAULTS)
def test_a_source_that_fails_anywhere_leaves_the_catalogue_as_it_was(
    portal: Portal, call: str, fault: str
) -> None:
    """In pages of one: what has been read before the fault must not come through either."""
    source = RioCatalogue(portal.app.extensions["registers"].catalogue._client, page_size=1)
    before = copy()
    portal.fault("rio", call, None, fault)
    with pytest.raises((RegisterError, Refused)):
        catalogue_sync.synchronise(source)
    assert copy() == before
    portal.fault("rio", call, None, None)
    catalogue_sync.synchronise(source)
    assert copy() == before


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("after", [0, 1, 5])
def test_half_of_it_is_nothing(any_portal: Portal, after: int) -> None:
    source = as_it_is(any_portal).each(lambda p: replace(p, name=f"{p.name} nieuw"))
    before = copy()
    with pytest.raises(RegisterError):
        catalogue_sync.synchronise(replace(source, fails_after=after))
    assert copy() == before


def many(source: Source, number: int) -> Source:
    """So many programmes, each with one cohort that is open."""
    pattern, today = source.every_programme[0], clock.today()
    intake = CohortRecord("INSTROOM", True, today - timedelta(days=1), today + timedelta(days=90))
    return source.having(
        tuple(
            replace(
                pattern,
                id=str(uuid5(NAMESPACE_URL, str(n))),
                name=f"Opleiding {n}",
                cohorts=(intake,),
            )
            for n in range(number)
        )
    )


def whole(any_portal: Portal, number: int) -> Source:
    source = many(as_it_is(any_portal), number)
    catalogue_sync.synchronise(source, accept_shrink=True)
    return source


@pytest.mark.rule("CAT-1")
def test_a_tenth_may_go_and_more_is_an_accident(any_portal: Portal) -> None:
    source = whole(any_portal, 100)
    before = copy()
    strongly = source.having(source.every_programme[:89])
    with pytest.raises(Refused, match="89 programmes at the source, 100 here"):
        catalogue_sync.synchronise(strongly)
    assert copy() == before
    assert catalogue_sync.synchronise(source.having(source.every_programme[:90])).gone == 20
    with pytest.raises(Refused):
        catalogue_sync.synchronise(source.having(()), accept_shrink=True)
    assert catalogue_sync.synchronise(strongly, accept_shrink=True).gone == 2


@pytest.mark.rule("CAT-1")
def test_cohorts_that_vanish_are_an_accident_too(any_portal: Portal) -> None:
    """Programmes without their cohorts: nobody could apply anywhere."""
    source = whole(any_portal, 100)
    before = copy()

    def without(number: int) -> Source:
        records = enumerate(source.every_programme)
        return source.having(tuple(replace(p, cohorts=()) if n < number else p for n, p in records))

    for number in (100, 11):
        with pytest.raises(Refused):
            catalogue_sync.synchronise(without(number))
        assert copy() == before
    assert catalogue_sync.synchronise(without(10)).gone == 10


@pytest.mark.rule("CAT-1")
def test_ten_thousand_programmes_are_read_compared_and_searched(any_portal: Portal) -> None:
    source = whole(any_portal, 10_000)
    with written() as statements:
        changes = catalogue_sync.synchronise(source)
    assert (statements, changes) == ([], Changes(0, 0, 0, 10_000))
    assert len(found("opleiding")) == catalogue.AT_MOST
    assert found("opleiding 9999") == ["Opleiding 9999"]


@pytest.mark.rule("CAT-1")
def test_somebody_elses_schools_are_left_out(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    strange = replace(source.every_provider[0], code="001A001", brin="00AA", name="Onbekend")
    theirs = replace(
        source.every_programme[0], id=str(uuid5(NAMESPACE_URL, "x")), provider_code="001A001"
    )
    before = copy()
    catalogue_sync.synchronise(
        Source((*source.every_provider, strange), (*source.every_programme, theirs))
    )
    assert copy() == before


@pytest.mark.rule("CAT-3")
def test_odt_is_known_and_not_offered(any_portal: Portal) -> None:
    with db.reading() as connection:
        odt = connection.execute(
            select(programme.c.id, cohort.c.id)
            .join(cohort)
            .where(programme.c.leertraject == "ODT", cohort.c.open)
        ).all()
    assert odt
    for programme_id, cohort_id in odt:
        assert found("", programme_id=programme_id) == []
        with db.reading() as connection:
            assert catalogue.find(connection, cohort_id, clock.now()) is None


@pytest.mark.rule("WIZ-8")
def test_only_what_is_open_now_is_found(any_portal: Portal) -> None:
    today = clock.today()
    windows = {
        "early": (today + timedelta(days=1), None, True),
        "first": (today, None, True),
        "last": (today - timedelta(days=9), today, True),
        "over": (today - timedelta(days=9), today - timedelta(days=1), True),
        "shut": (today - timedelta(days=9), None, False),
    }
    source = as_it_is(any_portal)
    cohorts = tuple(CohortRecord(c, o, a, u) for c, (a, u, o) in windows.items())
    first, *others = source.every_programme
    bare = tuple(replace(p, cohorts=()) for p in others)
    catalogue_sync.synchronise(
        source.having((replace(first, cohorts=cohorts), *bare)), accept_shrink=True
    )
    with db.reading() as connection:
        open_now = catalogue.search(connection, "", clock.now())
    assert {choice.cohort_code for choice in open_now} == {"first", "last"}
