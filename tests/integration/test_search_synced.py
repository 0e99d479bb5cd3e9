"""What a synchronisation, and what students can't see, makes of a search."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest

from app import clock, db
from app.domain.ports import CohortRecord, ProgrammeRecord, RegisterError
from app.services import arrivals, catalogue_renew, institutions
from app.services.search import Filters, Found, search
from tests.integration.test_sync_runs import AT, at
from tests.portal import Portal
from tests.source import Source, as_it_is, synchronise

pytestmark = pytest.mark.each_run_on("sqlite")

BRIN = "99XX"
DAY = timedelta(days=1)
UNKNOWN_PLACES = ("den haag", "haag", "kok den haag")


def looked_for(query: str, brin: str = "") -> Found:
    with db.reading() as connection:
        return search(connection, query, Filters(brin=brin), clock.now(), most=40)


def named(source: Source, name: str, *cohorts: CohortRecord, place: str = "") -> ProgrammeRecord:
    """A programme of one of the school's providers."""
    provider = next(p for p in source.every_provider if p.brin == BRIN)
    pattern = next(p for p in source.every_programme if p.provider_code == provider.code)
    return replace(
        pattern,
        id=str(uuid5(NAMESPACE_URL, name)),
        name=name,
        official_name=name,
        name_english="",
        place=place or pattern.place,
        cohorts=cohorts or pattern.cohorts,
    )


@pytest.mark.rule("WIZ-8", "DEE-5")
def test_what_is_between_two_windows_comes_after_what_is_open(any_portal: Portal) -> None:
    today = clock.today()
    over = CohortRecord("VORIG", True, today - 300 * DAY, today - 60 * DAY)
    later = CohortRecord("VOLGEND", True, today + 10 * DAY, today + 200 * DAY)
    now = CohortRecord("NU", True, today - 10 * DAY, today + 200 * DAY)
    source = as_it_is(any_portal)
    between = [named(source, f"Aaa{letter}", over, later) for letter in "bcdefghijklmnopqrstuvwxyz"]
    shut = named(source, "Bakker", over)
    each = (*between, named(source, "Zeevaart", now), shut)
    synchronise(source.having(each), accept_shrink=True)
    groups = looked_for("", BRIN).groups
    assert [group.name for group in groups if group.open] == ["Zeevaart"] == [groups[0].name]
    assert {group.opens for group in groups[1:]} == {later.apply_from}
    with db.reading() as connection:
        arrived = arrivals.read(connection, {"opleiding": shut.id}, clock.now(), True)
    assert arrived.closed
    assert [group.name for group in arrived.others] == ["Zeevaart"]


@pytest.mark.rule("CAT-1", "WIZ-7")
def test_a_run_that_fails_changes_nothing_that_is_found(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    words = ("zwolle", "aventijn", "horizon", "kapr", "lasr", "houtbewerker", "kok", "utrecht")
    queries = [word[:letters] for word in words for letters in range(2, len(word) + 1)]
    queries += [f"{one} {other[:2]}" for one in words for other in words]
    before = [looked_for(query) for query in queries]
    assert sum(found.total for found in before) > 20
    new = [
        named(source, name, place=place)
        for name, place in (
            *(("Zwemmer", "Zwolle"), ("Aventurier", "Kaprode"), ("Horizontaal boren", "Lasr")),
            *(("Houthakker", "Zwolle"), ("Lasrobot", "Avegoor"), ("Kaprijk", "Zwolle")),
        )
    ]
    more = source.having((*new, *source.every_programme))
    last = max(provider.code for provider in source.every_provider)
    at_last = next(p for p in source.every_programme if p.provider_code == last)
    with pytest.raises(RegisterError):
        at(replace(more, fails_at=at_last.id), AT)
    assert [looked_for(query) for query in queries] == before
    at(more, AT)
    assert looked_for("zwemmer").total == 1
    assert [looked_for(query) for query in queries] != before


@pytest.mark.rule("DEE-5", "WIZ-7")
@pytest.mark.parametrize("why", ["not ticked", "over"])
def test_a_name_that_nobody_can_see_is_looked_through(any_portal: Portal, why: str) -> None:
    """Else who types it learns that it is there, and nobody else finds what they meant."""
    source = as_it_is(any_portal)
    queries = ("kolk", "kolk zwolle", "zwo")
    before = [looked_for(query) for query in queries]
    assert all(found.total and not found.partial for found in before)
    yesterday = clock.today() - DAY
    was = CohortRecord("VORIG", True, yesterday - 9 * DAY, yesterday)
    hidden = [
        named(source, name, *([was] if why == "over" else [])) for name in ("Kolk", "Zwoerdkeurder")
    ]
    for record in hidden:
        catalogue_renew.replace(record.id, record)
    if why == "not ticked":
        only_what_was_there = institutions.Settings(whitelist=True)
        institutions.set_up(BRIN, only_what_was_there, local=True)
        for record in source.every_programme:
            institutions.set_programme(record.id, True, True, None, None)
    assert [looked_for(query) for query in queries] == before


@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize("query", UNKNOWN_PLACES)
def test_a_place_that_nobody_teaches_in_is_no_typing_error(portal: Portal, query: str) -> None:
    found = looked_for(query)
    assert found.partial is (query != "den haag" and query != "haag")
    assert all("Kok" in group.name for group in found.groups)


@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(("beveiliging", "Beveiliger"), ("bewaker", "Beveiliger"), ("bloemen", "Bloem")),
        *(("vavo", "Vwo"), ("it", "ICT"), ("crebo 25180", "Kok in het restaurant")),
    ],
)
def test_everyday_words_find_what_there_is(portal: Portal, query: str, name: str) -> None:
    found = looked_for(query)
    assert not found.partial
    assert any(name in group.name for group in found.groups)
