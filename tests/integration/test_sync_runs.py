"""A synchronisation under way: broken off, gone on with, side by side, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock, db
from app.domain.ports import ProgrammeRecord, RegisterError
from app.models import catalogue, catalogue_run, programme_facts
from app.services import catalogue_renew, catalogue_sync
from app.services import catalogue_run as runs
from app.services.catalogue_run import Running
from tests.length import examples
from tests.portal import Portal
from tests.source import Source, as_it_is, shown, synchronise

pytestmark = pytest.mark.each_run_on("sqlite")

AT = datetime(2026, 11, 25, 9, 0, tzinfo=clock.AMSTERDAM)


def renamed(source: Source, to: str) -> Source:
    return source.each(lambda p: replace(p, name=f"{p.name} {to}"))


def at(source: Source, moment: datetime, **how: bool) -> Any:
    return catalogue_sync.synchronise(source, lambda: moment, **how)


@pytest.mark.rule("CAT-1")
def test_what_was_broken_off_goes_on_with_the_providers_not_yet_read(any_portal: Portal) -> None:
    new = renamed(as_it_is(any_portal), "nieuw")
    codes = sorted(p.code for p in new.every_provider)
    last = next(n for n, p in enumerate(new.every_programme) if p.provider_code == codes[-1])
    with pytest.raises(RegisterError):
        at(new.failing(last), AT)
    again = replace(new, asked=[])
    changes = at(again, AT + timedelta(hours=1))
    assert again.asked == codes[-1:]
    assert changes.changed == changes.total == len(new.every_programme)
    assert all(name[0]["name"].endswith(" nieuw") for name in facts_by_id().values())


def facts_by_id() -> dict[str, Any]:
    return {key: [dict(found[0])] for key, found in shown().items() if key != "providers"}


@pytest.mark.each_run(1)
@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(
    ("first", "then", "afresh"),
    [
        ("2026-11-25T05:00", "2026-11-25T06:15", False),  # RIO renewed its data at 05:30
        ("2026-11-24T09:00", "2026-11-25T09:00", False),
        ("2026-11-25T09:00", "2026-11-25T09:30", True),
    ],
)
def test_what_was_broken_off_before_rio_changed_begins_anew(
    any_portal: Portal, first: str, then: str, afresh: bool
) -> None:
    source = as_it_is(any_portal)
    began, goes_on = (
        datetime.fromisoformat(t).replace(tzinfo=clock.AMSTERDAM) for t in (first, then)
    )
    with pytest.raises(RegisterError):
        at(renamed(source, "half").failing(-1), began)
    again = renamed(source, "heel")
    at(again, goes_on, afresh=afresh)
    assert set(again.asked) == {p.code for p in source.every_provider}
    assert all(name[0]["name"].endswith(" heel") for name in facts_by_id().values())
    assert leftovers() == 0


def leftovers() -> int:
    """Rows that don't count and never will."""
    edition = sa.select(catalogue.c.edition).scalar_subquery()
    with db.reading() as connection:
        strange = (programme_facts.c.edition > edition) | (programme_facts.c.until <= edition)
        statement = sa.select(sa.func.count()).select_from(programme_facts).where(strange)
        return int(connection.execute(statement).scalar_one())


@pytest.mark.rule("CAT-1")
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_two_at_once_are_one(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    before = shown()
    run = runs.begin(clock.real_now)
    with pytest.raises(Running):
        synchronise(renamed(source, "nieuw"))
    assert shown() == before
    with db.transaction() as connection:  # whoever had it is gone
        connection.execute(sa.update(catalogue_run).values(leased_until=0))
    synchronise(renamed(source, "nieuw"))
    after = shown()
    assert after != before
    with pytest.raises(Running), db.transaction() as connection:  # and wakes up again
        runs.held(run, connection)
    assert shown() == after


@pytest.mark.rule("CAT-1")
def test_a_programme_that_was_read_again_meanwhile_is_the_newest(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    codes = sorted(p.code for p in source.every_provider)
    first = next(p for p in source.every_programme if p.provider_code == codes[0])

    class Meanwhile(Source):
        """Somebody follows a link to a programme after it was read, before the end."""

        def programmes(self, provider_code: str) -> Iterator[ProgrammeRecord]:
            if provider_code == codes[-1]:
                catalogue_renew.replace(first.id, replace(first, name="Zojuist gelezen"))
            yield from super().programmes(provider_code)

    new = renamed(source, "nieuw")
    at(Meanwhile(new.every_provider, new.every_programme), AT)
    named = {key: found[0]["name"] for key, found in facts_by_id().items()}
    assert named.pop(first.id) == "Zojuist gelezen"
    assert all(name.endswith(" nieuw") for name in named.values())
    at(source, AT)
    assert leftovers() == 0


@pytest.mark.rule("CAT-1")
def test_a_run_killed_before_it_had_taken_away_what_lay_there_begins_anew(
    any_portal: Portal,
) -> None:
    source = as_it_is(any_portal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue_sync, "_let_count", _killed)
        with pytest.raises(KeyboardInterrupt):
            at(renamed(source, "half"), AT)
    lease_over()
    less = source.having(source.every_programme[1:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "undo", _killed)
        with pytest.raises(KeyboardInterrupt):
            at(less, AT, afresh=True)
    lease_over()
    assert at(less, AT).gone == 1
    assert dict(shown()[source.every_programme[0].id][0])["active"] is False
    assert leftovers() == 0


def _killed(*_: Any) -> None:
    raise KeyboardInterrupt


def lease_over() -> None:
    with db.transaction() as connection:
        connection.execute(catalogue_run.update().values(leased_until=0))


@pytest.mark.rule("CAT-1")
def test_any_fault_is_kept_for_whoever_looks_after_it(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue_sync, "_read", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            at(source, AT)
    with db.reading() as connection:
        assert connection.execute(sa.select(catalogue.c.problem)).scalar() == "ZeroDivisionError"
    at(source, AT)


@pytest.mark.rule("CAT-1")
def test_students_see_the_old_one_until_they_see_the_new_one(any_portal: Portal) -> None:
    source = as_it_is(any_portal).many(examples(400))
    synchronise(source, accept_shrink=True)
    before = shown()
    new = renamed(source, "nieuw")
    seen = []

    def look(_progress: Any) -> None:
        seen.append(shown() == before)

    catalogue_sync.synchronise(new, clock.real_now, progress=look)
    assert len(seen) > 4
    assert all(seen)
    assert shown() != before


@pytest.mark.rule("CAT-1")
def test_no_transaction_writes_more_than_a_few_programmes(any_portal: Portal) -> None:
    """How long that takes is measured by the bench; here it is what bounds it."""
    rows: list[int] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO programme_facts"):
            rows.append(len(parameters) if isinstance(parameters, list) else 1)

    source = as_it_is(any_portal).many(examples(450))
    sa.event.listen(db.engine(), "before_cursor_execute", note)
    try:
        synchronise(source, accept_shrink=True)
        synchronise(renamed(source, "nieuw"))
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", note)
    assert rows
    assert max(rows) <= runs.AT_ONCE
