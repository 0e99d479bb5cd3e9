"""A synchronisation beside whatever else writes the catalogue, and what it must refuse."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from app import db
from app.domain.ports import ProgrammeRecord
from app.services import (
    catalogue,
    catalogue_renew,
    catalogue_rows,
    catalogue_sync,
    search_index,
)
from app.services.catalogue_sync import Refused
from tests.integration.test_sync_runs import AT, at, facts_by_id, renamed
from tests.portal import Portal
from tests.source import Source, as_it_is, shown, synchronise

pytestmark = pytest.mark.each_run_on("sqlite")


@pytest.mark.rule("CAT-1")
def test_what_the_feed_brings_meanwhile_stays(any_portal: Portal) -> None:
    """Its provider was read already, without it."""
    source = as_it_is(any_portal)
    codes = sorted(p.code for p in source.every_provider)
    pattern = next(p for p in source.every_programme if p.provider_code == codes[0])
    new = replace(pattern, id=str(uuid4()), name="Net begonnen")

    class Meanwhile(Source):
        def programmes(self, provider_code: str) -> Iterator[ProgrammeRecord]:
            if provider_code == codes[-1]:
                catalogue_renew.replace(new.id, new)
            yield from super().programmes(provider_code)

    at(Meanwhile(source.every_provider, source.every_programme), AT)
    assert dict(shown()[new.id][0])["active"] is True


@pytest.mark.rule("CAT-1")
def test_a_programme_is_read_again_at_any_moment_of_a_run(any_portal: Portal) -> None:
    """Both write: neither fails, and what was read last stands."""
    source = as_it_is(any_portal).many(60)
    synchronise(source, accept_shrink=True)
    new = renamed(source, "nieuw")
    failed: list[BaseException] = []
    waiting: list[threading.Thread] = []
    tidied: list[bool] = []
    plain, remove = catalogue_rows.write, search_index.remove

    def somebody_comes_for(record: ProgrammeRecord) -> None:
        def come() -> None:
            try:
                catalogue_renew.replace(record.id, replace(record, name=f"{record.name} zojuist"))
            except BaseException as error:
                failed.append(error)

        waiting.append(threading.Thread(target=come))
        waiting[-1].start()
        waiting[-1].join(0.1)

    def written(connection: Any, programmes: Any, *rest: Any, **named: Any) -> None:
        plain(connection, programmes, *rest, **named)
        if threading.current_thread() is threading.main_thread() and programmes:
            somebody_comes_for(programmes[0][0])

    def removed(connection: Any, *rest: Any) -> None:
        if not tidied:
            tidied.append(True)
            somebody_comes_for(new.every_programme[-1])
        remove(connection, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue_rows, "write", written)
        patch.setattr(search_index, "remove", removed)
        at(new, AT)
        for thread in waiting:
            thread.join()
    assert failed == []
    assert len(waiting) >= 4
    names = [found[0]["name"] for found in facts_by_id().values()]
    assert sum(name.endswith(" zojuist") for name in names) == len(waiting)


@pytest.mark.rule("CAT-1")
def test_new_words_are_written_a_few_at_a_time(
    any_portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes fifty rows: a transaction that writes programmes, and students wait for, none."""
    plain, write_words = catalogue_rows.write, search_index.write_words
    fresh: list[int] = []
    before: list[int] = []

    def words(connection: Any, some: Any) -> Any:
        fresh.append(len(some))
        return write_words(connection, some)

    def written(*arguments: Any, **named: Any) -> None:
        before.append(len(fresh))
        plain(*arguments, **named)
        assert len(fresh) == before[-1]

    monkeypatch.setattr(catalogue_sync, "WORDS_AT_ONCE", 4)
    monkeypatch.setattr(search_index, "write_words", words)
    monkeypatch.setattr(catalogue_rows, "write", written)
    source = as_it_is(any_portal)
    new = source.each(lambda p: replace(p, name=f"{p.name} lampenist{p.crebo} {p.place}kunde"))
    at(new, AT)
    assert len(before) > 2
    assert max(fresh) == 4


@pytest.mark.rule("CAT-1", "CAT-2")
def test_a_refused_run_leaves_a_programme_at_its_provider(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    before = shown()
    codes = [p.code for p in source.every_provider]
    moved = source.each(lambda p: replace(p, provider_code=codes[codes.index(p.provider_code) - 1]))
    with pytest.raises(Refused):
        at(moved.having(moved.every_programme[:5]), AT)
    assert shown() == before
    assert contacts() == whose(source)
    at(moved, AT)
    assert contacts() == whose(moved)


def contacts() -> dict[str, str]:
    """Whom students can ask, by programme."""
    with db.reading() as connection:
        rows = connection.execute(catalogue.cohorts()).all()
    return {row.programme_id: row.provider for row in rows}


def whose(source: Source) -> dict[str, str]:
    names = {p.code: p.name for p in source.every_provider}
    return {p.id: names[p.provider_code] for p in source.every_programme if p.cohorts}


@pytest.mark.long
@pytest.mark.rule("CAT-1")
def test_a_whole_school_does_not_stop_in_a_night(any_portal: Portal) -> None:
    source = as_it_is(any_portal).many(400)
    school = source.every_provider[0].brin
    theirs = {p.code for p in source.every_provider if p.brin == school}
    few = [p for p in source.every_programme if p.provider_code in theirs][:12]
    others = [p for p in source.every_programme if p.provider_code not in theirs]
    synchronise(source.having((*few, *others)), accept_shrink=True)
    before = shown()
    gone = source.having(tuple(others))
    with pytest.raises(Refused, match=school):
        at(gone, AT)
    assert shown() == before
    assert at(gone, AT, accept_shrink=True).gone == 12
