"""The change feed: what it names is read again, and what fails is asked for again (CAT-1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app import clock, commands, db, jobs
from app.domain.ports import Changed, ProgrammeRecord, RegisterError, Unavailable
from app.models import catalogue, job
from app.services import catalogue_renew, work
from digistub.rio_catalogue import Change
from tests import watch
from tests.choosing import IDS, KOK
from tests.portal import BASE, Portal, open_portal
from tests.race import at_once
from tests.source import Source, as_it_is, shown

pytestmark = pytest.mark.each_run_on("sqlite")

FEED = f"{BASE}/digistub/rio"
AT_SEA = "Kok op zee"
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Feed:
    """Names these, whenever it is asked."""

    keys: tuple[str, ...]
    until: datetime = LATER

    def changed(self, since: datetime) -> Changed:
        return Changed(self.keys, self.until)


def renamed(source: Source) -> Source:
    return source.each(lambda p: replace(p, name=f"{p.name} op zee"))


def followed_until() -> datetime | None:
    with db.reading() as connection:
        return connection.execute(select(catalogue.c.followed_until)).scalar_one()


def names() -> dict[str, str]:
    return {key: dict(found[0])["name"] for key, found in shown().items() if key != "providers"}


@pytest.mark.rule("CAT-1")
def test_what_is_named_is_read_again_and_nothing_else(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    before = names()
    first, second, third = (p.id for p in source.every_programme[:3])
    gone = renamed(source).having(
        tuple(p for p in renamed(source).every_programme if p.id != third)
    )
    feed = Feed((first, second.upper(), third))
    differed = catalogue_renew.follow(feed, gone, LATER)
    assert differed == 3
    after = names()
    assert {key for key in after if after[key] != before[key]} == {first, second}
    assert dict(shown()[third][0])["active"] is False
    assert followed_until() == LATER
    assert catalogue_renew.follow(feed, gone, LATER) == 0, "nothing differs any more"


@pytest.mark.rule("CAT-1")
def test_a_school_that_is_not_set_up_is_passed_over(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    new = replace(
        source.every_programme[0],
        id="00000000-0000-4000-8000-00000000abcd",
        provider_code="123A456",
    )
    before = shown()
    assert catalogue_renew.follow(Feed((new.id,)), source.having((new,)), LATER) == 0
    assert shown() == before
    assert followed_until() == LATER


@pytest.mark.rule("CAT-1")
def test_what_moved_to_a_school_that_is_not_set_up_is_gone(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    moved = replace(source.every_programme[0], provider_code="123A456")
    before = shown()
    feed = Feed((moved.id,))
    assert catalogue_renew.follow(feed, source.having((moved,)), LATER) == 1
    assert dict(shown()[moved.id][0])["active"] is False
    assert catalogue_renew.follow(feed, source.having((moved,)), LATER) == 0
    assert catalogue_renew.follow(feed, source, LATER) == 1, "it comes back"
    assert shown() == before


@pytest.mark.rule("CAT-1")
def test_a_new_one_of_a_school_of_ours_is_there(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    new = replace(
        source.every_programme[0], id="00000000-0000-4000-8000-00000000abcd", name="Scheepskok"
    )
    assert catalogue_renew.follow(Feed((new.id,)), source.having((new,)), LATER) == 1
    assert names()[new.id] == "Scheepskok"


@pytest.mark.rule("CAT-1")
def test_what_was_read_before_it_failed_counts_and_the_rest_comes_again(
    any_portal: Portal,
) -> None:
    source = as_it_is(any_portal)
    feed = Feed(tuple(p.id for p in source.every_programme[:3]))
    with pytest.raises(RegisterError):
        catalogue_renew.follow(feed, renamed(source).failing(1), LATER)
    found = names()
    assert [found[key].endswith(" op zee") for key in feed.keys] == [True, False, False]
    assert followed_until() is None
    assert catalogue_renew.follow(feed, renamed(source), LATER) == 2
    assert all(names()[key].endswith(" op zee") for key in feed.keys)


@dataclass
class Asking:
    """Remembers from when on it was asked."""

    since: list[datetime]

    def changed(self, since: datetime) -> Changed:
        self.since.append(since)
        return Changed((), LATER)


@pytest.mark.rule("CAT-1")
def test_it_is_asked_from_where_it_was_followed(any_portal: Portal) -> None:
    source, feed = as_it_is(any_portal), Asking([])
    catalogue_renew.follow(feed, source, LATER)
    catalogue_renew.follow(feed, source, LATER)
    with db.transaction() as connection:
        synced = connection.execute(select(catalogue.c.synced_at)).scalar_one()
        newer = LATER + timedelta(days=1)
        connection.execute(update(catalogue).values(synced_at=newer))
    catalogue_renew.follow(feed, source, LATER)
    assert feed.since == [synced, LATER, newer]
    with db.transaction() as connection:
        connection.execute(update(catalogue).values(synced_at=None))
    assert catalogue_renew.follow(feed, source, LATER) == 0
    assert len(feed.since) == 3, "nothing was read yet that could have changed"


@pytest.mark.rule("CAT-1")
def test_several_who_follow_at_once_come_to_one_catalogue(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    feed = Feed(tuple(p.id for p in source.every_programme[:8]))
    calls = [(feed, renamed(source), LATER)] * 4
    answers = at_once(any_portal.settings.database_url, catalogue_renew.follow, calls)
    assert all(isinstance(answer, int) for answer in answers), answers
    assert {key for key, name in names().items() if name.endswith(" op zee")} == set(feed.keys)
    assert shown() is not None, "no programme counts twice"
    assert catalogue_renew.follow(feed, renamed(source), LATER) == 0


# --- the job ------------------------------------------------------------------------------------


def acts(portal: Portal) -> dict[str, jobs.Act]:
    extensions = portal.app.extensions
    return jobs.acts(portal.settings, extensions["registers"], extensions["store"])


def feed_job() -> Any:
    return watch.row_of("job", name=jobs.FEED)


@pytest.fixture
def followed(database_url: str) -> Portal:
    """A portal with a change feed."""
    return open_portal(database_url, RIO_FEED_URL=FEED)


@pytest.mark.rule("CAT-1")
def test_a_tester_s_change_is_in_the_portal_after_one_job(followed: Portal) -> None:
    work.schedule(jobs.FEED, 0.0)
    world = followed.world.extensions["world"]
    world.change_rio(Change(IDS[KOK], "", "name", AT_SEA))
    assert AT_SEA not in names().values()
    before = clock.real_seconds()
    assert jobs.run_one(acts(followed))
    assert names()[IDS[KOK]] == AT_SEA
    row = feed_job()
    assert before + jobs.FOLLOWED <= row.due_at <= clock.real_seconds() + jobs.FOLLOWED
    world.change_rio(Change(IDS["sport-bol"], "", "gone", ""))
    world.restore_rio()
    with db.transaction() as connection:
        connection.execute(update(job).values(due_at=0.0))
    assert jobs.run_one(acts(followed))
    assert names()[IDS[KOK]] == "Kok in het restaurant"


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("call", ["wijzigingen", "aangeboden-opleiding"])
def test_a_job_that_fails_is_done_again(followed: Portal, call: str) -> None:
    work.schedule(jobs.FEED, 0.0)
    followed.world.extensions["world"].change_rio(Change(IDS[KOK], "", "name", AT_SEA))
    followed.fault("rio", call, None, "500")
    before = shown()
    assert jobs.run_one(acts(followed))
    assert shown() == before
    row = feed_job()
    assert (row.last_error, row.failed_at) == (Unavailable.__name__, None)
    assert row.due_at > clock.real_seconds()
    followed.fault("rio", call, None, None)
    with db.transaction() as connection:
        connection.execute(update(job).values(due_at=0.0))
    assert jobs.run_one(acts(followed))
    assert names()[IDS[KOK]] == AT_SEA


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("address", ["", FEED])
def test_there_is_a_job_only_where_there_is_a_feed(
    sqlite_url: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs.signal, "signal", lambda *_: None)  # this process keeps its own
    portal = open_portal(sqlite_url, RIO_FEED_URL=address)
    jobs.register(portal.app)
    assert portal.app.test_cli_runner().invoke(args=["jobs", "run", "--once"]).exit_code == 0
    assert len(watch.all_of("job", name=jobs.FEED)) == bool(address)


@pytest.mark.rule("CAT-1")
def test_the_command_says_how_many_changed(followed: Portal) -> None:
    commands.register(followed.app)
    run = followed.app.test_cli_runner()
    followed.world.extensions["world"].change_rio(Change(IDS[KOK], "", "name", AT_SEA))
    assert run.invoke(args=["catalogue", "follow"]).output == "1 programmes changed.\n"
    assert run.invoke(args=["catalogue", "follow"]).output == "0 programmes changed.\n"
    followed.fault("rio", "wijzigingen", None, "500")
    failed = run.invoke(args=["catalogue", "follow"])
    assert failed.exit_code == 1
    assert failed.output.startswith("Error: nothing changed: ")


def test_records_are_compared_whole(portal: Portal) -> None:
    """What makes a renewal write: any fact, the access code included."""
    record: ProgrammeRecord = as_it_is(portal).every_programme[0]
    assert not catalogue_renew.replace(record.id, record)
    coded = replace(record, cohorts=(replace(record.cohorts[0], access_code="x"),))
    assert catalogue_renew.replace(record.id, coded)
