"""What people type, and what they find, on both databases (WIZ-7): on PostgreSQL in the long
run."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from app.domain.words import folded
from app.services.search import Filters, Found, Group, search
from app.services.search_index import called
from tests.programmes import NOW
from tests.searches import NOTHING, ONE_OF_ALL, PARTIAL, Case

pytestmark = pytest.mark.each_run_on("sqlite")


def found(connection: Connection, query: str, most: int = 1000) -> tuple[Group, ...]:
    return search(connection, query, Filters(), NOW, most=most).groups


def comes_first(case: Case, result: Found) -> None:
    first = result.groups[0]
    assert folded(case.name) in folded(first.name)
    assert case.school in first.institution
    assert not case.place or case.place in first.places
    for group in result.groups:
        assert not case.never or folded(case.never) not in folded(group.name), group


@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize("case", ONE_OF_ALL, ids=lambda case: case.query.encode().decode("latin-1"))
def test_what_is_typed_is_found(catalogued: Connection, case: Case) -> None:
    result = search(catalogued, case.query, Filters(), NOW, most=1000)
    assert result.groups
    assert not result.partial
    comes_first(case, result)
    for group in result.groups:
        assert not case.level or group.level == case.level
        assert not case.leertraject or group.leertrajecten == (case.leertraject,)
        assert not case.place or case.place in group.places or case.place in group.institution


@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize("query", NOTHING)
def test_nonsense_finds_nothing(catalogued: Connection, query: str) -> None:
    assert search(catalogued, query, Filters(), NOW).total == 0


@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize("case", PARTIAL, ids=lambda case: case.query)
def test_what_looks_like_it_most_when_nothing_has_it_all(
    catalogued: Connection, case: Case
) -> None:
    result = search(catalogued, case.query, Filters(), NOW, most=1000)
    assert result.partial
    comes_first(case, result)


@pytest.mark.rule("WIZ-7")
def test_what_lacks_the_place_is_beside_what_lacks_the_leertraject(catalogued: Connection) -> None:
    elsewhere = [
        group
        for group in found(catalogued, "kok oudenbosch bbl")
        if group.places != ("Oudenbosch",)
    ]
    assert elsewhere
    assert {group.leertrajecten for group in elsewhere} == {("BBL",)}


@pytest.mark.rule("WIZ-7")
def test_what_is_called_just_that_comes_first_and_beginnings_come_after(
    catalogued: Connection,
) -> None:
    names = [folded(group.name) for group in found(catalogued, "kok") if group.open]
    assert names[0] == "kok"
    assert names.index("kok verkort") < names.index("chef kok")
    names = [folded(group.name) for group in found(catalogued, "lasser")]
    assert names.index("lasser") < names.index("basislasser")


@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize("query", ["zwolle", "allround", "deltion"])
def test_equals_are_sorted_by_name_and_then_by_school(catalogued: Connection, query: str) -> None:
    groups = [group for group in found(catalogued, query) if group.open]
    alike = [(called(group.name), folded(group.institution)) for group in groups]
    assert len(set(alike)) > 9
    assert alike == sorted(alike)
