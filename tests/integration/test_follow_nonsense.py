"""What RIO says of a programme that the change feed names makes no sense (CAT-1)."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app import clock, commands, db
from app.domain.ports import MalformedReply, ProgrammeRecord
from app.services import catalogue_renew, catalogue_status
from tests.integration.test_follow import LATER, Feed, followed_until, names, renamed
from tests.portal import Portal
from tests.source import Source, as_it_is, shown

pytestmark = pytest.mark.each_run_on("sqlite")


@dataclass(frozen=True)
class Nonsense(Source):
    """Says of these what nobody can use."""

    about: tuple[str, ...] = ()

    def programme(self, programme_id: str, seconds: float = 30) -> ProgrammeRecord | None:
        if programme_id in self.about:
            raise MalformedReply("rio", "leertraject")
        return super().programme(programme_id, seconds)


def nonsense_about(source: Source, *keys: str) -> Nonsense:
    return Nonsense(source.every_provider, source.every_programme, about=keys)


@pytest.mark.rule("CAT-1")
def test_nonsense_about_one_does_not_stop_the_others(any_portal: Portal) -> None:
    source = renamed(as_it_is(any_portal))
    first, second, third = (p.id for p in source.every_programme[:3])
    before = shown()[second]
    until = clock.real_now()
    feed = Feed((first, second, third), until)
    assert catalogue_renew.follow(feed, nonsense_about(source, second), LATER) == 2
    assert [names()[key].endswith(" op zee") for key in (first, third)] == [True, True]
    assert shown()[second] == before
    assert followed_until() == until
    with db.reading() as connection:
        status = catalogue_status.status(connection)
    assert status.problem == f"MalformedReply rio leertraject: {second}"
    assert status.problem_at == LATER
    commands.register(any_portal.app)
    told = any_portal.app.test_cli_runner().invoke(args=["catalogue", "status"]).output
    assert f"last problem    MalformedReply rio leertraject: {second}, " in told


@pytest.mark.rule("CAT-1")
def test_where_all_is_nonsense_it_is_asked_for_again(any_portal: Portal) -> None:
    """As behind a gateway that answers everything with a page of its own."""
    source = renamed(as_it_is(any_portal))
    keys = tuple(p.id for p in source.every_programme[:2])
    assert catalogue_renew.follow(Feed(keys), nonsense_about(source, *keys), LATER) == 0
    assert followed_until() is None
    with db.reading() as connection:
        assert catalogue_status.status(connection).problem.startswith("MalformedReply rio")
    assert catalogue_renew.follow(Feed(keys), source, LATER) == 2
    assert followed_until() == LATER


@pytest.mark.rule("CAT-1")
def test_a_feed_does_not_empty_the_catalogue(any_portal: Portal) -> None:
    """RIO answers «not found» by key while its lists work, and the feed names everything."""
    source = as_it_is(any_portal)
    before = shown()
    keys = tuple(p.id for p in source.every_programme)
    assert catalogue_renew.follow(Feed(keys), source.having(()), LATER) == 0
    assert shown() == before
    with db.reading() as connection:
        told = catalogue_status.status(connection)
    assert told.problem == f"{len(keys)} of {len(keys)} programmes gone by the feed"
    assert told.followed_until is None, "asked again"
    few = source.having(source.every_programme[2:])
    assert catalogue_renew.follow(Feed(keys[:2]), few, LATER) == 2


@pytest.mark.rule("CAT-1")
def test_a_feed_ahead_of_its_time_keeps_nothing_back(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    now = clock.real_now()
    catalogue_renew.follow(Feed((), LATER), source, now)
    with db.reading() as connection:
        assert catalogue_status.status(connection).followed_until == now
