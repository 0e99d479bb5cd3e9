"""What search shows and hides, its filters, counts and pages, on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from app import db
from app.domain import words
from app.models import cohort_facts
from app.services.search import Filters, Found, search
from tests.length import examples
from tests.programmes import EDITION, NOW, TODAY, brin, facts, full
from tests.programmes_data import LATER_KOPPELPUNT, NO_KOPPELPUNT, SCHOOLS, WHITELIST
from tests.searches import QUERIES
from tests.typing_errors import mistyped

pytestmark = pytest.mark.each_run_on("sqlite")

NAMES = [name for name, *_ in SCHOOLS]
UNREACHABLE = {brin(NAMES.index(name)) for name in (NO_KOPPELPUNT, LATER_KOPPELPUNT)}
PICKY = brin(NAMES.index(WHITELIST))
FILTERS = st.builds(
    Filters,
    brin=st.sampled_from(["", "", brin(0), brin(5), PICKY, *UNREACHABLE, "00AA"]),
    level=st.sampled_from([None, None, 1, 2, 3, 4, 9]),
    leertraject=st.sampled_from(["", "", "BOL", "BBL", "ODT", "'"]),
    place=st.sampled_from(["", "", "Zwolle", "Amsterdam", "'s-Hertogenbosch", "Tiel", "%"]),
)
TYPED = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(QUERIES), min_size=1, max_size=2).map(" ".join),
    st.sampled_from(QUERIES).flatmap(lambda q: st.integers(1, 40).map(lambda n: q[:n])),
)
OFTEN = settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def visible() -> set[str]:
    """By hand: the programmes that a student may see at NOW."""
    return {
        row["programme_id"]
        for row in facts()
        if row["active"] and row["leertraject"] != "ODT"
        if row["edition"] <= EDITION < row["until"]
        if row["closes"] and row["closes"] >= TODAY
        if row["brin"] not in UNREACHABLE
        if row["brin"] != PICKY or row["id"] % 2 == 0
    }


VISIBLE = visible()
KNOWN = {
    word
    for row in facts()
    for name in ("name", "official_name", "name_english")
    for word in words.split(row[name])
}
GROUPS = {row["group_key"] for row in facts() if row["programme_id"] in VISIBLE}


def everything(connection: Connection, query: str, filters: Filters = Filters()) -> Found:  # noqa: B008
    return search(connection, query, filters, NOW, most=10_000)


@pytest.mark.long
@pytest.mark.rule("WIZ-8", "CAT-3", "CAT-8")
def test_all_that_is_offered_is_found_and_nothing_else(catalogued: Connection) -> None:
    found = [
        group
        for leertraject in ("BOL", "BBL")
        for group in everything(catalogued, "", Filters(leertraject=leertraject)).groups
    ]
    assert {group.key for group in found} == GROUPS
    assert {group.programme_id for group in found} <= VISIBLE


@pytest.mark.rule("WIZ-8", "CAT-5")
def test_a_group_says_when_it_opens_or_that_it_is_full_and_open_ones_come_first(
    catalogued: Connection,
) -> None:
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in facts():
        if row["programme_id"] in VISIBLE:
            rows.setdefault(row["group_key"], []).append(row)
    groups = everything(catalogued, "", Filters(brin=brin(5))).groups
    for group in groups:
        now = [row for row in rows[group.key] if row["opens"] <= TODAY]
        later = [row["opens"] for row in rows[group.key] if row["opens"] > TODAY]
        free = [row for row in now if not full(row["id"])]
        opens = min(later) if later and not free else None
        assert (group.open, group.opens) == (bool(free), opens)
        assert group.full == (not free and not later)
    assert {(group.open, group.full) for group in groups} == {*STATES}
    begun = [any(row["opens"] <= TODAY for row in rows[group.key]) for group in groups]
    assert begun == sorted(begun, reverse=True)


STATES = ((True, False), (False, True), (False, False))


@pytest.mark.rule("WIZ-8")
def test_between_two_windows_a_group_says_when_the_next_opens(
    catalogued: Connection,
) -> None:
    row = next(r for r in facts() if r["programme_id"] in VISIBLE and r["opens"] < TODAY)
    theirs = [r["id"] for r in facts() if r["group_key"] == row["group_key"]]
    nested = catalogued.begin_nested()
    windows = update(cohort_facts).where(cohort_facts.c.facts_id.in_(theirs))
    later = TODAY + timedelta(days=1)
    catalogued.execute(windows.values(open=True))
    catalogued.execute(windows.where(cohort_facts.c.id % 2 == 0).values(apply_until=row["opens"]))
    catalogued.execute(windows.where(cohort_facts.c.id % 2 == 1).values(apply_from=later))
    groups = everything(catalogued, row["name"], Filters(brin=row["brin"])).groups
    nested.rollback()
    assert {group.key: group.opens for group in groups}[row["group_key"]] == later


@pytest.mark.rule("WIZ-8")
def test_the_last_day_counts_whole_in_amsterdam(catalogued: Connection) -> None:
    last = NOW.replace(hour=22, minute=59)
    filters = Filters(brin=brin(5))
    before = search(catalogued, "", filters, last).total
    after = search(catalogued, "", filters, last + timedelta(minutes=2)).total
    assert before == search(catalogued, "", filters, NOW).total > after > 0


@pytest.mark.rule("WIZ-7")
@OFTEN
@given(TYPED, FILTERS)
def test_whatever_is_typed_shows_nothing_hidden_and_filters_only_leave_out(
    catalogued: Connection, query: str, filters: Filters
) -> None:
    narrow = everything(catalogued, query, filters)
    assert {group.programme_id for group in narrow.groups} <= VISIBLE
    assert narrow.total == len(narrow.groups) == len({group.key for group in narrow.groups})
    for group in narrow.groups:
        assert filters.brin in ("", group.brin)
        assert filters.level in (None, group.level)
        assert group.leertrajecten == (filters.leertraject,) or not filters.leertraject
        assert group.places == (filters.place,) or not filters.place
    wide = everything(catalogued, query)
    if wide.groups or (words.read(query).words and not words.read(query).unfinished):
        assert {group.key for group in narrow.groups} <= {group.key for group in wide.groups}


@pytest.mark.rule("WIZ-7")
@OFTEN
@given(st.data())
def test_a_title_with_one_typing_error_still_finds_it(
    catalogued: Connection, data: st.DataObject
) -> None:
    row = data.draw(st.sampled_from([row for row in facts() if row["programme_id"] in VISIBLE]))
    title = [word for word in words.folded(row["name"]).split() if word not in words.IDLE]
    long = [n for n, word in enumerate(title) if len(word) >= words.ONE_SLIP and word.isalpha()]
    assume(long and "niveau" not in row["name"])
    at = data.draw(st.sampled_from(long))
    title[at] = data.draw(mistyped(title[at]))
    assume(title[at] not in words.IDLE and not any(title[at] in word for word in KNOWN))
    found = everything(catalogued, " ".join(title), Filters(brin=row["brin"]))
    assert row["group_key"] in {group.key for group in found.groups}, title


@pytest.mark.rule("WIZ-7")
def test_pages_follow_each_other(catalogued: Connection) -> None:
    whole = everything(catalogued, "kok")
    pages = [search(catalogued, "kok", Filters(), NOW, first=at, most=7) for at in range(0, 200, 7)]
    assert {page.total for page in pages} == {whole.total}
    assert tuple(group for page in pages for group in page.groups) == whole.groups


@pytest.mark.each_run(8)
@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize("query", ["kok", "ict amsterdam", "kok zzzzzz", "bbl zorg", ""])
@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(level=2),
        Filters(brin=brin(0)),
        Filters(place="Zwolle", leertraject="BOL"),
    ],
)
def test_counts_are_what_each_filter_would_leave(
    catalogued: Connection, query: str, filters: Filters
) -> None:
    counts = search(catalogued, query, filters, NOW, counted=True).counts
    assert (set(counts) == {"brin", "level", "leertraject", "place"}) or not (
        words.read(query) or filters != Filters()
    )
    for name, values in counts.items():
        for count in (*values[:3], *values[-2:]):
            value = int(count.value) if name == "level" else count.value
            other = Filters(**{**vars(filters), name: value})
            assert everything(catalogued, query, other).total == count.groups > 0, (
                name,
                count,
            )
    for count in counts.get("brin", ()):
        assert count.label in NAMES


def test_who_asks_nothing_finds_nothing(catalogued: Connection) -> None:
    assert everything(catalogued, "  ") == Found()


@pytest.fixture
def both(sqlite_catalogue: str, postgresql_catalogue: str) -> Iterator[list[str]]:
    yield [sqlite_catalogue, postgresql_catalogue]
    db.engine().dispose()


@pytest.mark.long
@pytest.mark.rule("WIZ-7")
def test_both_databases_find_the_same(both: list[str]) -> None:
    beginnings = {query[:length] for query in QUERIES for length in (2, 3, 5, 40)}
    answers = []
    for url in both:
        db.connect(url)
        with db.reading() as connection:
            answers.append(
                {
                    query: search(connection, query, Filters(), NOW, counted=len(query) > 5)
                    for query in sorted(beginnings)
                }
            )
    for query in beginnings:
        assert answers[0][query] == answers[1][query], query
