"""How a SIS searches: the existing coupling's filters, ranges and links to the rest (SIS-4)."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.api import asked
from tests import watch
from tests.applicants import send
from tests.portal import ADULT, MINOR, Portal
from tests.sis import API, Sis, sis

pytestmark = pytest.mark.each_run_on("sqlite")


@pytest.fixture
def reader(any_portal: Portal) -> Sis:
    return sis(any_portal)


@pytest.mark.rule("SIS-4")
def test_every_filter(portal: Portal) -> None:
    portal.student(MINOR).send()
    portal.student(ADULT).send()
    reader = sis(portal)
    one, other = reader.items()
    for query in (
        {"bsn": MINOR},
        {"caKetenId": one["caKetenId"]},
        {"caKetenId": one["caKetenId"].upper()},
        {"ketenId": one["ketenId"]},
        {"totDatumIndienen": other["datumTijdIndienen"]},
        {"bsn": MINOR, "ketenId": one["ketenId"], "opleiding": one["opleiding"].upper()},
    ):
        assert reader.items(**query) == [one], query
    assert reader.items(vanafDatumIndienen=other["datumTijdIndienen"]) == [other]
    assert reader.items(opleiding=one["opleiding"]) == [
        item for item in (one, other) if item["opleiding"] == one["opleiding"]
    ]
    assert reader.items(bsn=MINOR, ketenId=other["ketenId"]) == []
    assert reader.items(ketenId=one["ketenId"], caKetenId=other["caKetenId"]) == []
    assert reader.items(endpoint=watch.row_of("koppelpunt", code="99XX").id) == [one, other]
    assert reader.items(endpoint=1_000_000) == []
    assert reader.items(onbekend="ja", bsn="") == [one, other]
    for body in ({"bsn": ADULT, "vanafWijziging": 1}, {"caKetenId": other["caKetenId"]}):
        assert reader.post("zoek", json=body).json()["items"] == [other]


@pytest.mark.rule("SIS-4")
@pytest.mark.rule("RET-2")
@pytest.mark.parametrize("name", ["bns", "BSN", "", "first", "Range"])
def test_a_search_by_an_unknown_field_finds_nobody(one_portal: Portal, name: str) -> None:
    """The existing coupling's own address goes on leaving it."""
    reader = sis(one_portal)
    answer = reader.post("zoek", json={name: MINOR, "vanafWijziging": 1})
    assert (answer.status_code, answer.json()["title"]) == (400, "Ongeldige invoer")
    assert answer.json()["detail"] == (
        "Een van de velden kennen wij niet. De filters zijn vanafWijziging, caKetenId, "
        "centraalAanmeldenId, ketenId, opleiding, vanafDatumIndienen, totDatumIndienen, "
        "endpoint en bsn."
    )
    assert MINOR not in answer.text
    assert reader.get("", **{name: MINOR}).status_code == 200


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-02T15:05:35Z", "2026-11-02T15:05:35+00:00"),
        ("2026-11-02T15:05:35.071640+01:00", "2026-11-02T14:05:35.071640+00:00"),
        ("2026-11-02T15:05:35 01:00", "2026-11-02T14:05:35+00:00"),  # its plus became a blank
        ("2026-11-02T15:05:35", "2026-11-02T14:05:35+00:00"),
        ("2026-04-01", "2026-03-31T22:00:00+00:00"),
    ],
)
def test_moments_in_any_notation(text: str, moment: str) -> None:
    assert asked.moment(text) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "query",
    [
        *({"bsn": bad} for bad in ("12345678", "1234567890", "12345678a", "١٢٣٤٥٦٧٨٩")),
        *({"vanafWijziging": bad} for bad in ("-1", "x", "1.5", "9" * 19, "9" * 40)),
        *({"vanafDatumIndienen": bad} for bad in ("gisteren", "2026-13-01", "0001-01-01", "9" * 9)),
        *({"caKetenId": bad} for bad in ("3f2504e0", "99XX:91234567", "9" * 36, "x" * 500)),
        *({"ketenId": "9" * 16}, {"opleiding": "x" * 37}, {"opleiding": "\0"}),
    ],
)
def test_a_filter_that_can_not_be_is_said_and_not_repeated(
    one_portal: Portal, query: dict[str, str]
) -> None:
    reader = sis(one_portal)
    answer = reader.get("", **query)
    ((name, value),) = query.items()
    assert answer.status_code == 400, answer.text
    problem = answer.json()
    assert problem["foutmelding"] == problem["detail"]
    assert problem["foutmelding"].startswith(f"{name}: ")
    assert value not in answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_everything_that_is_wrong_is_said_at_once(one_portal: Portal) -> None:
    answer = sis(one_portal).get("", bsn="1", vanafWijziging="x")
    assert [error["veld"] for error in answer.json()["errors"]] == ["bsn", "vanafWijziging"]


@pytest.mark.rule("SIS-4")
def test_ranges(any_portal: Portal, reader: Sis) -> None:
    send(any_portal, *range(5))

    def ask(wanted: str) -> tuple[int, list[int], str, str]:
        answer = reader.get("", headers={"Range": wanted})
        numbers = [one["wijzigingsvolgnummer"] for one in answer.json()["items"]]
        head = answer.headers
        return answer.status_code, numbers, head.get("Content-Range", ""), head.get("Link", "")

    status, numbers, given, more = ask("items=0-1")
    assert (status, numbers, given) == (206, [1, 2], "items 0-1/*")
    assert (
        more == f'<{any_portal.base}{API}/koppelpunt/99XX/aanmelding?vanafWijziging=3>; rel="next"'
    )
    for same in (
        "items 2-3",
        "2-3",
        "items=2-3",
        " items = 2 - 3".replace(" = ", "="),
        "start,2,end,3",
    ):
        assert ask(same)[:3] == (206, [3, 4], "items 2-3/*"), same
    assert ask("items=3-")[:2] == (206, [4, 5])
    assert ask("items=3-900") == (206, [4, 5], "items 3-4/*", "")
    assert ask("items=5-9") == (200, [], "", "")
    assert ask("items=1-2")[3] == f'{more.partition("?")[0]}?vanafWijziging=4>; rel="next"'
    for bad in ("items=3-1", "bytes=x", "items=-5", "items=" + "9" * 21 + "-"):
        assert reader.get("", headers={"Range": bad}).status_code == 400, bad


def test_what_does_not_fit_in_one_answer_is_linked(
    any_portal: Portal, reader: Sis, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(any_portal, *range(3))
    monkeypatch.setattr("app.api.asked.BATCH", 2)
    seen, address = [], f"{API}/koppelpunt/99XX/aanmelding?vanafDatumIndienen=2020-01-01"
    while address:
        answer = reader.get(address)
        seen += [one["wijzigingsvolgnummer"] for one in answer.json()["items"]]
        link = answer.headers.get("Link", "")
        address = link.removeprefix(f"<{any_portal.base}").partition(">")[0]
    assert seen == [1, 2, 3]


@pytest.mark.rule("SIS-4")
def test_the_same_range_at_each_link_gives_everything_once(any_portal: Portal, reader: Sis) -> None:
    send(any_portal, *range(5))
    seen, address = [], f"{API}/koppelpunt/99XX/aanmelding?vanafWijziging=1"
    while address:
        answer = reader.get(address, headers={"Range": "items=0-1"})
        seen.append([one["wijzigingsvolgnummer"] for one in answer.json()["items"]])
        link = answer.headers.get("Link", "")
        address = link.removeprefix(f"<{any_portal.base}").partition(">")[0]
    assert seen == [[1, 2], [3, 4], [5]]


@pytest.mark.rule("SIS-1")
def test_what_is_new_has_no_range_and_no_filter(any_portal: Portal, reader: Sis) -> None:
    send(any_portal, *range(3))
    answer = reader.get("nieuw", headers={"Range": "items=1-1"}, vanafWijziging="x")
    assert (answer.status_code, len(answer.json()["items"])) == (200, 3)
    assert not {"Content-Range", "Link"} & set(answer.headers)


@pytest.mark.rule("RET-2")
def test_a_link_to_the_rest_holds_the_filters_and_nothing_else(
    any_portal: Portal, reader: Sis
) -> None:
    send(any_portal, *range(2))
    one = {"Range": "items=0-0"}
    odd = {"BSN": MINOR, "burgerservicenummer": MINOR, "x": "y" * 5000, "endpoint": ""}
    link = reader.get("", headers=one, **odd, totDatumIndienen="2099-01-01").headers["Link"]
    assert link.endswith('aanmelding?vanafWijziging=2&totDatumIndienen=2099-01-01>; rel="next"')
    bsn = reader.items()[0]["bsn"]
    assert "Link" not in reader.get("", headers=one, bsn=bsn).headers


@pytest.mark.rule("RET-2")
def test_a_bsn_is_in_no_link_and_no_log(any_portal: Portal) -> None:
    any_portal.student(MINOR).send()
    reader = sis(any_portal)
    with watch.logged() as log:
        answer = reader.get("", headers={"Range": "items=0-0"}, bsn=MINOR)
        reader.post("zoek", json={"bsn": MINOR})
    assert MINOR in answer.text
    assert MINOR not in str(answer.headers)
    ours = [line for line in log.lines if line.get("route", "").startswith("/cambo/")]
    assert [line["actor"] for line in ours] == ["sis", "sis"]
    assert MINOR not in str(ours)
