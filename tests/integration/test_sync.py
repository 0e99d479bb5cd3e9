"""Our copy of RIO: only what differs is written, and an accident at the source changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app import clock, db
from app.domain.catalogue import Reason
from app.domain.ports import ProgrammeRecord, RegisterError
from app.models import catalogue as state
from app.models import programme_facts
from app.registers.rio import RioCatalogue
from app.services import catalogue
from app.services.catalogue_rows import cohort_id
from app.services.catalogue_sync import Changes, Refused
from tests.length import at_length
from tests.portal import Portal
from tests.source import Source, as_it_is, shown, synchronise

pytestmark = pytest.mark.each_run_on("sqlite")


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that change a programme or what belongs to it."""
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = statement.split()
        table = words[2] if words[0] in ("INSERT", "DELETE") else words[1]
        if words[0] != "SELECT" and table not in ("catalogue", "catalogue_run", "catalogue_read"):
            found.append(statement)

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)


def names() -> set[str]:
    """Of the programmes that RIO has."""
    with db.reading() as connection:
        now = select(programme_facts.c.name).where(catalogue.counts_now(), programme_facts.c.active)
        return set(connection.execute(now).scalars())


@pytest.mark.rule("CAT-1")
def test_nothing_new_writes_nothing(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    before = shown()
    synchronise(source)  # tidies up what setting up the portal left
    with written() as statements:
        changes = synchronise(source)
    assert [s for s in statements if "DELETE" not in s] == []
    assert changes == Changes(0, 0, 0, len(source.every_programme))
    assert shown() == before


@pytest.mark.rule("CAT-1")
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_what_changed_is_written_and_nothing_else(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    first, *others = source.every_programme
    before = shown()
    changed = source.having((replace(first, name="Kok op zee", website=""), *others))
    assert synchronise(changed) == Changes(0, 1, 0, len(source.every_programme))
    after = shown()
    assert {key for key in after if after[key] != before[key]} == {first.id}
    assert "Kok op zee" in names()
    assert synchronise(source) == Changes(0, 1, 0, len(source.every_programme))
    assert shown() == before


@pytest.mark.rule("CAT-1")
def test_what_is_new_is_there(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    new = str(uuid5(NAMESPACE_URL, "new"))
    fresh = replace(source.every_programme[0], id=new, name="Scheepskok")
    changes = synchronise(source.having((*source.every_programme, fresh)))
    assert changes == Changes(1, 0, 0, len(source.every_programme) + 1)
    assert "Scheepskok" in names()


def one_with_a_cohort(source: Source) -> ProgrammeRecord:
    return next(p for p in source.every_programme if p.name == "Mediavormgeving en design")


@pytest.mark.rule("CAT-1")
@pytest.mark.rule("CAT-4")
def test_what_is_gone_is_not_offered_but_stays(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    before = shown()
    gone = one_with_a_cohort(source)
    less = source.having(tuple(p for p in source.every_programme if p != gone))
    changes = synchronise(less, accept_shrink=True)
    assert changes == Changes(0, 0, 1, len(less.every_programme))
    assert gone.name not in names()
    with db.reading() as connection:
        left = catalogue.find(connection, cohort_id(gone, gone.cohorts[0]), clock.now())
        (offered,) = catalogue.of_programme(connection, gone.id, clock.now())
    assert left is not None
    assert offered.visibility.why is Reason.INACTIVE
    assert synchronise(source).changed == 1
    assert shown() == before


@pytest.mark.rule("CAT-1")
@pytest.mark.rule("CAT-4")
def test_a_cohort_that_is_gone_is_gone_with_its_programme_still_there(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    some = next(p for p in source.every_programme if len(p.cohorts) > 1)
    less = source.each(lambda p: replace(p, cohorts=p.cohorts[1:]) if p == some else p)
    synchronise(less)
    with db.reading() as connection:
        left = catalogue.find(connection, cohort_id(some, some.cohorts[0]), clock.now())
        assert left is None
        assert (
            len(catalogue.of_programme(connection, some.id, clock.now())) == len(some.cohorts) - 1
        )


FAULTS = [
    ("aangeboden-opleidingen", "500:1"),
    ("aangeboden-opleidingen", "empty:1"),
    ("erkenningen", "empty"),
    ("opleiding", "500"),
    ("opleiding-cohorten", "empty"),
]
FAULTS_AT_LENGTH = [
    ("aangeboden-opleidingen", "truncated:1"),
    ("aangeboden-opleidingen", "empty"),
    ("aangeboden-opleidingen", "html"),
    ("erkenning-eenheden", "500"),
    ("erkenning-eenheden", "empty"),
    ("onderwijslocatie", "html"),
    ("opleiding-cohorten", "500"),
]


@pytest.mark.each_run(3)
@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(("call", "fault"), [*FAULTS, *at_length(*FAULTS_AT_LENGTH)])
def test_a_source_that_fails_anywhere_leaves_the_catalogue_as_it_was(
    portal: Portal, call: str, fault: str
) -> None:
    """In pages of one: what has been read before the fault must not come through either."""
    client = portal.app.extensions["registers"].catalogue._client
    before = shown()
    portal.fault("rio", call, None, fault)
    with pytest.raises((RegisterError, Refused)):
        synchronise(RioCatalogue(client, page_size=1))  # type: ignore[arg-type]
    assert shown() == before
    with db.reading() as connection:
        row = connection.execute(select(state)).one()
    assert row.problem
    assert row.problem_at
    portal.fault("rio", call, None, None)
    synchronise(RioCatalogue(client, page_size=1))  # type: ignore[arg-type]
    assert shown() == before
    with db.reading() as connection:
        row = connection.execute(select(state)).one()
    assert not row.problem
    assert row.synced_at


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("at", [0, 1, 5])
def test_half_of_it_is_nothing(any_portal: Portal, at: int) -> None:
    source = as_it_is(any_portal).each(lambda p: replace(p, name=f"{p.name} nieuw"))
    before = shown()
    with pytest.raises(RegisterError):
        synchronise(source.failing(at))
    assert shown() == before


def whole(portal: Portal, number: int) -> Source:
    source = as_it_is(portal).many(number)
    synchronise(source, accept_shrink=True)
    return source


@pytest.mark.rule("CAT-1")
def test_a_tenth_may_go_and_more_is_an_accident(any_portal: Portal) -> None:
    source = whole(any_portal, 100)
    before = shown()
    strongly = source.having(source.every_programme[:89])
    with pytest.raises(Refused, match="89 programmes at the source, 100 here"):
        synchronise(strongly)
    assert shown() == before
    with db.reading() as connection:
        problem = connection.execute(select(state.c.problem)).scalar_one()
    assert problem == "89 programmes at the source, 100 here"
    assert synchronise(source.having(source.every_programme[:90])).gone == 10
    with pytest.raises(Refused):
        synchronise(source.having(()), accept_shrink=True)
    assert synchronise(strongly, accept_shrink=True).gone == 1


@pytest.mark.rule("CAT-1")
def test_cohorts_that_vanish_are_an_accident_too(any_portal: Portal) -> None:
    """Programmes without their cohorts: nobody could apply anywhere."""
    source = whole(any_portal, 100)
    before = shown()

    def without(number: int) -> Source:
        records = enumerate(source.every_programme)
        return source.having(tuple(replace(p, cohorts=()) if n < number else p for n, p in records))

    for number in (100, 11):
        with pytest.raises(Refused, match="cohorts"):
            synchronise(without(number))
        assert shown() == before
    assert synchronise(without(10)).changed == 10


@pytest.mark.rule("CAT-1")
def test_somebody_elses_schools_are_left_out(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    strange = replace(source.every_provider[0], code="001A001", brin="00AA", name="Onbekend")
    theirs = replace(
        source.every_programme[0], id=str(uuid5(NAMESPACE_URL, "x")), provider_code="001A001"
    )
    before = shown()
    synchronise(Source((*source.every_provider, strange), (*source.every_programme, theirs)))
    assert shown() == before


@pytest.mark.rule("CAT-2")
def test_a_provider_s_contact_changes_with_the_catalogue(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    first, *others = source.every_provider
    new = replace(source, every_provider=(replace(first, phone="088-7777777"), *others))
    with pytest.raises(RegisterError):
        synchronise(new.failing(0))
    assert "088-7777777" not in repr(shown())
    synchronise(new)
    assert "088-7777777" in repr(shown())


@pytest.mark.rule("CAT-4")
def test_another_access_code_alone_is_a_change(any_portal: Portal) -> None:
    """It stands in no repr, so that it comes into no log; it does count."""
    source = as_it_is(any_portal)
    first, *others = source.every_programme
    coded = replace(first, cohorts=tuple(replace(c, access_code="geheim") for c in first.cohorts))
    assert "geheim" not in repr(coded)
    synchronise(source.having((coded, *others)))
    again = replace(first, cohorts=tuple(replace(c, access_code="ander") for c in first.cohorts))
    assert synchronise(source.having((again, *others))).changed == 1
