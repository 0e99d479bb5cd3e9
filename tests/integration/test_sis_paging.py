"""A SIS that pages by itself, with the existing coupling's Range, misses nothing either (SIS-4)."""

from __future__ import annotations

from typing import Any

import pytest

from app import clock
from app.api import asked
from app.services import receipts
from tests.applicants import send
from tests.portal import Portal
from tests.sis import Sis, sis

pytestmark = pytest.mark.each_run_on("sqlite")

MANY, SIZE = 7, 3
EVERY = {
    "all": {},
    "by change": {"vanafWijziging": 1},
    "by programme": {"opleiding": "theirs"},
    "by moment": {"vanafDatumIndienen": "2020-01-01"},
}


@pytest.fixture
def reader(any_portal: Portal) -> Sis:
    return sis(any_portal)


def page(reader: Sis, query: dict[str, Any], first: int) -> list[dict[str, Any]]:
    wanted = {"Range": f"items={first}-{first + SIZE - 1}"}
    answer = reader.get("", headers=wanted, **query)
    assert answer.is_success, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    assert len(found) <= SIZE
    return found


@pytest.mark.each_run(2)
@pytest.mark.rule("SIS-4")
@pytest.mark.parametrize("name", EVERY)
def test_what_changes_between_two_pages_hides_nothing(
    any_portal: Portal, reader: Sis, name: str
) -> None:
    """It stops at the first page that isn't full, as readers do. What changed may come twice, and
    then it comes the second time as it is."""
    send(any_portal, *range(MANY))
    everybody = reader.items()
    query = dict(EVERY[name])
    if "opleiding" in query:
        query["opleiding"] = everybody[0]["opleiding"]
    for changing in ((0,), (1, 2), (0, 3, 6), range(MANY)):
        seen: dict[str, int] = {}
        for first in range(0, 20 * MANY, SIZE):
            found = page(reader, query, first)
            seen |= {one["caKetenId"]: one["wijzigingsvolgnummer"] for one in found}
            if first == 0:
                ids = [everybody[n]["caKetenId"] for n in changing]
                receipts.again("99XX", ids, None, clock.now())
            if len(found) < SIZE:
                break
        now = reader.items(**query)
        assert seen == {one["caKetenId"]: one["wijzigingsvolgnummer"] for one in now}


LARGEST = 2**63 - 1


@pytest.mark.rule("SIS-4")
@pytest.mark.parametrize(
    ("wanted", "first", "most"),
    [
        (f"start,1,end,{LARGEST}", 1, 500),
        (f"items=1-{LARGEST}", 1, 500),
        (f"items=1-{'9' * 20}", 1, 500),
        ("start,1", 1, 500),
        ("start=1", 1, 500),
        ("end,1", 0, 2),
        ("end,1,start,1", 1, 1),
        ("start=1, end=1", 1, 1),
        ("start=0&end=1", 0, 2),
        (f"items={LARGEST}-", LARGEST, 500),
        (f"items={'9' * 20}-", LARGEST, 500),
    ],
)
def test_a_range_in_every_notation_of_the_existing_description(
    wanted: str, first: int, most: int
) -> None:
    """`RequestRange`: two numbers of 64 bits, none of them required."""
    assert asked.span(wanted) == (first, most)


def test_a_place_that_no_database_reaches_is_empty(any_portal: Portal) -> None:
    send(any_portal, *range(2))
    answer = sis(any_portal).get("", headers={"Range": f"items={LARGEST}-"})
    assert (answer.status_code, answer.json()["items"]) == (200, [])


@pytest.mark.parametrize(
    "wanted", ["start,1,start,2", "start", "start,", "end,1,0", "start,5,end,1"]
)
def test_what_is_no_range_is_said(one_portal: Portal, wanted: str) -> None:
    answer = sis(one_portal).get("", headers={"Range": wanted})
    assert (answer.status_code, answer.json()["type"][-6:]) == (400, "bereik")


@pytest.mark.rule("SIS-2")
def test_the_other_name_of_an_id_finds_the_same(portal: Portal) -> None:
    send(portal, *range(2))
    reader = sis(portal)
    one, other = (item["caKetenId"] for item in reader.items())
    (found,) = reader.items(centraalAanmeldenId=other)
    assert found["caKetenId"] == other
    assert reader.items(centraalAanmeldenId=other, caKetenId=one) == []
    assert len(reader.items(centraalAanmeldenId=other, caKetenId=other)) == 1
    answer = reader.post("zoek", json={"centraalAanmeldenId": one})
    assert [item["caKetenId"] for item in answer.json()["items"]] == [one]
    assert reader.get("", centraalAanmeldenId="x").status_code == 400


@pytest.mark.rule("SIS-4")
@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("application/json;charset=UTF-8", "application/json"),
        ("application/json; charset=utf-8, */*;q=0.1", "application/json"),
        ("application/vnd.topicus.cambo+json;charset=UTF-8", "application/vnd.topicus.cambo+json"),
        ("text/html", "application/vnd.topicus.cambo+json"),
    ],
)
def test_a_media_type_with_a_parameter(one_portal: Portal, accept: str, given: str) -> None:
    answer = sis(one_portal).get("", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == given
