"""The mbo-koppelpunt's door: what can't be read, and that nothing personal stays or comes back."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from time_machine import Traveller

from app import clock, db
from app.api import statuses as door
from app.api.guard import MOST
from app.services import status_messages, statuses
from app.services.status_messages import Outcome, Warn, Why
from app.services.statuses import Finding
from tests import watch
from tests.portal import Portal
from tests.sis import Sis, sis
from tests.status_items import STATUSES, Item, item, result, results, send, sent, status_of

CANARIES = {  # all that may come with a status
    "pgn": "999650002",
    "postcode": "7941ZZ",
    "geboortedatum": "2009-03-14",
    "voornamen": "Kanarievoor",
    "iltCode": "0400",
    "brinLatendeSchool": "29KK",
    "gemeentecode": "0193",
    "startkwalificatie": False,
    "leertraject": "KANARIETRAJECT",
}
PERSONAL = (
    *("999650002", "7941ZZ", "2009-03-14", "20090314", "Kanarie", "29KK", "KANARIE"),
    "startkwalificatie",
)


@pytest.fixture(scope="module")
def mine(one_portal: Portal) -> Any:
    return sent(one_portal)


@pytest.fixture
def school(one_portal: Portal) -> Sis:
    return sis(one_portal)


@pytest.mark.rule("STA-2", "SIS-6")
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{}", b"[]", b"7", b'"x"', b"null", b"{", b"\xff", b'{"aanmeldstatussen": {}}'),
        *(b'{"aanmeldstatussen": []}', b'{"aanmeldstatussen": null}', b"[" * 5000),
        b"[" + b",".join([b"1"] * 501) + b"]",
    ],
)
def test_what_is_no_list_of_statuses(school: Sis, body: bytes) -> None:
    answer = school.post(STATUSES, content=body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("#fout-invoer")
    assert answer.json()["foutmelding"]


@pytest.mark.rule("STA-2", "SIS-6")
def test_who_is_not_known_sends_nothing(
    one_portal: Portal, school: Sis, mine: Any, machine: Traveller
) -> None:
    """All within a minute: after its end everybody may begin again."""
    stranger = Sis(one_portal.browser())
    assert send(stranger, item(mine)).status_code == 401
    large = item(mine, extra="x" * 256 * 1024)
    answer = send(school, large)
    assert (answer.status_code, answer.json()["type"][-8:]) == (413, "te-groot")
    codes = {send(school).status_code for _ in range(MOST)}
    assert codes == {400, 429}
    answer = send(school, item(mine))
    assert (answer.status_code, answer.json()["status"]) == (429, 429)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert status_of(mine) == "SUBMITTED"


WRONG: list[tuple[str, Item]] = [
    ("berichtid-ongeldig", {"berichtId": None}),
    ("berichtid-ongeldig", {"berichtId": ""}),
    ("berichtid-ongeldig", {"berichtId": "  "}),
    ("berichtid-ongeldig", {"berichtId": 12}),
    ("berichtid-ongeldig", {"berichtId": "x" * 101}),
    ("berichtid-ongeldig", {"berichtId": "a\nb"}),
    ("berichtid-ongeldig", {"berichtId": "a\0"}),
    ("brin-ongeldig", {"brin": None}),
    ("brin-ongeldig", {"brin": "99XX00"}),
    ("brin-ongeldig", {"brin": ["99XX"]}),
    ("status-onbekend", {"status": None}),
    ("status-onbekend", {"status": "XX"}),
    ("status-onbekend", {"status": "SUBMITTED"}),
    ("status-onbekend", {"status": {"AO": 1}}),
    ("tijdstip-ongeldig", {"tijdstip": None}),
    ("tijdstip-ongeldig", {"tijdstip": "gisteren"}),
    ("tijdstip-ongeldig", {"tijdstip": "2027-02-30T00:00:00Z"}),
    ("tijdstip-ongeldig", {"tijdstip": "0001-01-01"}),
    ("tijdstip-ongeldig", {"tijdstip": True}),
    ("keten-id-ontbreekt", {"caKetenId": None}),
    ("keten-id-ontbreekt", {"caKetenId": "", "ketenId": ""}),
    ("keten-id-ongeldig", {"caKetenId": "999650002"}),
    ("keten-id-ongeldig", {"caKetenId": None, "ketenId": "999650002"}),
    ("keten-id-ongeldig", {"caKetenId": None, "ketenId": "99XX:9000"}),
    ("keten-id-ongeldig", {"caKetenId": 7, "ketenId": "99XX:90000000"}),
    ("aanmelding-onbekend", {"brin": "00ZZ"}),
    ("aanmelding-onbekend", {"caKetenId": "00000000-0000-4000-8000-000000000000"}),
]


@pytest.mark.rule("STA-2")
def test_an_item_that_is_wrong_leaves_the_others(school: Sis, mine: Any) -> None:
    rows = watch.rows("store")
    items = [item(mine, **(CANARIES | other)) for _, other in WRONG]
    found = results(school, *items, *("x", 7, None, [], {}))
    assert [one["code"] for one in found] == [
        *(code for code, _ in WRONG),
        *["bericht-ongeldig"] * 4,
        "berichtid-ongeldig",
    ]
    assert {one["resultaat"] for one in found} == {"fout"}
    for given, one in zip(items, found, strict=False):
        if "berichtId" in one:
            assert one["berichtId"] == given["berichtId"]
        assert set(one) <= {
            *("berichtId", "caKetenId", "ketenId", "resultaat", "code", "melding"),
            "waarschuwingen",
        }
    text = orjson.dumps(found).decode()
    assert [word for word in PERSONAL if word in text] == []
    assert watch.rows("store") == rows


@pytest.mark.rule("STA-5", "RET-2")
def test_nothing_personal_stays(any_portal: Portal) -> None:
    mine = sent(any_portal, 3)
    school = sis(any_portal)
    before = {table: set(rows) for table, rows in watch.rows("store").items()}
    with watch.logged() as log:
        answer = send(
            school,
            *(item(mine, code, **CANARIES) for code in ("AO", "LI", "AO", "??")),
            item(mine, caKetenId=None, ketenId="99XX:10000001", **CANARIES),
            item(mine, caKetenId=None, ketenId="999650002", **CANARIES),
        )
    kinds = [one["resultaat"] for one in answer.json()["resultaten"]]
    assert kinds == ["verwerkt", "verwerkt", "gelogd", "fout", "doorgestuurd", "fout"]
    added = [
        row
        for table, rows in watch.rows("store").items()
        for row in rows
        if row not in before[table]
    ]
    for text in (answer.text, log.text, *added):
        assert [word for word in PERSONAL if word in text] == []
    kept = watch.all_of("status_message")
    assert {tuple(one.receivers) for one in kept} == {("CA", "VO", "GEMEENTEN")}
    assert all(len(one.content_hash) == 64 for one in kept)
    assert len({one.content_hash for one in kept}) == 4


@pytest.mark.rule("STA-2")
def test_a_bare_list_and_every_notation(one_portal: Portal, school: Sis) -> None:
    mine = sent(one_portal, 4)
    answer = school.post(STATUSES, json=[item(mine, status=" ao ", brin="99xx")])
    assert answer.json()["resultaten"][0]["status"] == "RECEIVED"
    assert answer.headers["Content-Type"] == "application/json"
    for notation in (
        {
            "startkwalificatie": "N",
            "gemeentecode": 193,
            "iltCode": 90,
            "brinLatendeSchool": "29kk00",
        },
        {"startkwalificatie": "false", "gemeentecode": "193", "geboortedatum": "20090000"},
    ):
        one = item(mine, "OA", **({**CANARIES, "leertraject": "BOL"} | notation))
        result(school, one)
        kept = watch.row_of("status_message", message_id=one["berichtId"])
        assert kept.receivers == ["CA", "VO", "GEMEENTEN"]
    for nonsense in ({"a": 1}, "", "misschien", 12345, None):
        one = item(mine, "OA", **dict.fromkeys(CANARIES, nonsense))
        assert result(school, one)["resultaat"] == "gelogd"
        kept = watch.row_of("status_message", message_id=one["berichtId"])
        assert kept.receivers == ["CA"]


@pytest.mark.rule("STA-2")
def test_a_batch_that_breaks_off_loses_nothing(
    any_portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was done is said again; the rest is done then."""
    school, every = sis(any_portal), [sent(any_portal, number) for number in range(3)]
    items = [item(one, "OA") for one in every]
    handle, calls = status_messages.handle, []

    def breaks(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 3:
            raise db.Busy()
        return handle(*given)

    with monkeypatch.context() as patch:
        patch.setattr(status_messages, "handle", breaks)
        answer = send(school, *items)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert [status_of(one) for one in every] == ["OFFERED", "OFFERED", "SUBMITTED"]
    found = results(school, *items)
    assert [one["herhaald"] for one in found] == [True, True, False]
    assert {one["status"] for one in found} == {"OFFERED"}


def test_everything_that_is_said_has_a_text() -> None:
    codes = {*Why, *Warn, *Finding, *(code for code, _ in WRONG), "bericht-ongeldig"}
    assert codes == set(door.SAID)
    assert set(Outcome) == {"verwerkt", "gelogd", "doorgestuurd"}


@pytest.mark.rule("STA-5")
def test_the_log_has_ids_parties_and_times(one_portal: Portal, school: Sis) -> None:
    mine, now = sent(one_portal, 5), clock.now()
    one = item(mine, "LNI")
    result(school, one)
    kept = watch.row_of("status_message", message_id=one["berichtId"])
    assert (kept.brin, kept.sender, kept.ca_keten_id) == ("99XX", school.oin, mine.ca_keten_id)
    assert kept.received_at >= now
    assert kept.sent_at <= kept.received_at
    with db.reading() as connection:
        assert statuses.history(connection, mine.id)[-1].status == "REJECTED"
