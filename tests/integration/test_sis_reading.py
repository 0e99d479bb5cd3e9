"""What a SIS reads: the existing coupling's addresses, filters, ranges and media types (SIS-4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from time_machine import Traveller

from app import clock
from app.api import asked
from app.services import applications, koppelpunten, sis_clients
from tests import watch
from tests.applicants import a_cohort, adult, ready
from tests.portal import ADULT, MINOR, Portal
from tests.sis import API, OURS, Sis, number, sis


def send(portal: Portal, count: int = 1, first: int = 0) -> None:
    """So many students apply to 99XX."""
    for n in range(first, first + count):
        applications.submit(*ready(portal, adult(n), a_cohort()).sends())


@pytest.fixture
def reader(any_portal: Portal) -> Sis:
    return sis(any_portal)


@pytest.mark.rule("SIS-6")
def test_a_sis_reads_who_it_is_and_its_koppelpunten(any_portal: Portal, reader: Sis) -> None:
    me = reader.get(f"{API}/party/me").json()
    assert (me["$type"], me["oin"], me["instellingen"]) == ("vca.Party", reader.oin, ["99XX"])
    (point,) = reader.get(f"{API}/koppelpunt").json()["items"]
    assert point["$type"] == "vca.Koppelpunt"
    assert (point["koppelpuntcode"], point["naam"]) == ("99XX", "ROC De Horizon")
    assert (point["actief"], point["bevestigend"], point["wachtend"]) == (True, False, 0)
    assert point["uuid"] == watch.row_of("koppelpunt", code="99XX").uuid


@pytest.mark.rule("SIS-1")
def test_what_is_new_is_given_once_and_stays_readable(any_portal: Portal, reader: Sis) -> None:
    assert reader.fresh() == []
    send(any_portal, 3)
    given = reader.fresh()
    assert [one["wijzigingsvolgnummer"] for one in given] == [1, 2, 3]
    assert reader.fresh() == []
    assert reader.items() == given
    assert reader.items(vanafWijziging=2) == given[1:]
    assert reader.items(vanafWijziging=4) == []
    (row, *_) = watch.all_of("message", change_number=1)
    assert row.given_at is not None
    assert reader.get(f"{number(given[0])}").json() == given[0]
    assert reader.get(given[0]["links"][0]["href"].removeprefix(any_portal.base)).status_code == 200


def test_looking_at_a_list_is_not_fetching(any_portal: Portal, reader: Sis) -> None:
    send(any_portal)
    (one,) = reader.items()
    reader.get(f"{number(one)}")
    assert reader.fresh() == [one]


@pytest.mark.rule("SIS-4")
@pytest.mark.parametrize("wanted", [OURS, "application/json", "*/*", ""])
def test_both_media_types(any_portal: Portal, reader: Sis, wanted: str) -> None:
    answer = reader.get("nieuw", headers={"Accept": wanted})
    assert answer.headers["Content-Type"] == ("application/json" if "/json" in wanted else OURS)
    assert answer.headers["Vary"] == "Accept"


@pytest.mark.rule("SIS-4")
def test_every_filter(portal: Portal) -> None:
    portal.student(MINOR).send()
    portal.student(ADULT).send()
    reader = sis(portal)
    one, other = reader.items()
    for query in (
        {"bsn": MINOR},
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
    assert reader.items(endpoint=watch.row_of("koppelpunt", code="99XX").id) == [one, other]
    assert reader.items(endpoint=1_000_000) == []
    assert reader.items(onbekend="ja", bsn="") == [one, other]
    found = reader.post("zoek", json={"bsn": ADULT, "vanafWijziging": 1}).json()["items"]
    assert found == [other]


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
    send(any_portal, 5)

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
    for bad in ("items=3-1", "bytes=x", "items=-5", "items=" + "9" * 16 + "-"):
        assert reader.get("", headers={"Range": bad}).status_code == 400, bad


def test_what_does_not_fit_in_one_answer_is_linked(
    any_portal: Portal, reader: Sis, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(any_portal, 3)
    monkeypatch.setattr("app.api.asked.BATCH", 2)
    seen, address = [], f"{API}/koppelpunt/99XX/aanmelding?vanafDatumIndienen=2020-01-01"
    while address:
        answer = reader.get(address)
        seen += [one["wijzigingsvolgnummer"] for one in answer.json()["items"]]
        link = answer.headers.get("Link", "")
        address = link.removeprefix(f"<{any_portal.base}").partition(">")[0]
    assert seen == [1, 2, 3]


@pytest.mark.rule("RET-2")
def test_a_link_to_the_rest_holds_the_filters_and_nothing_else(
    any_portal: Portal, reader: Sis
) -> None:
    send(any_portal, 2)
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


# --- koppelpunten: each error tells an administrator what to do ---------------------------------


@pytest.mark.rule("SIS-3")
@pytest.mark.rule("SIS-6")
@pytest.mark.parametrize("code", ["99xx", "nergens", "91XX", "%2e%2e", "99XX%00"])
def test_another_s_koppelpunt_is_as_one_that_is_not_there(any_portal: Portal, code: str) -> None:
    reader = sis(any_portal)
    answers = [
        reader.get(f"{API}/koppelpunt/{code}/aanmelding{rest}") for rest in ("", "/nieuw", "/1")
    ]
    answers += [
        reader.post(f"{API}/koppelpunt/{code}/aanmelding/{rest}")
        for rest in ("zoek", "1/ontvangst", "1/foutmelding")
    ]
    assert {answer.status_code for answer in answers} == {404}
    said = {answer.json()["foutmelding"] for answer in answers}
    if code == "99xx":
        assert said == {"Let op hoofdletters en kleine letters: dit koppelpunt heet 99XX."}
    elif "%" not in code:
        ((text),) = said
        assert text.startswith("U hebt geen koppelpunt met deze code.")


@pytest.mark.parametrize("which", ["0", "9" * 18, str(2**63), "9" * 40])
def test_an_application_that_is_not_there(any_portal: Portal, which: str) -> None:
    reader = sis(any_portal)
    answers = [reader.get(which), reader.post(f"{which}/ontvangst")]
    answers.append(reader.post(f"{which}/foutmelding", json={"foutmelding": "x"}))
    assert {(a.status_code, a.json()["title"]) for a in answers} == {(404, "Onbekende aanmelding")}


@pytest.mark.rule("SIS-6")
def test_another_school_s_application_is_not_there(any_portal: Portal) -> None:
    send(any_portal)
    (mine,) = sis(any_portal).fresh()
    other = sis(any_portal, "91XX")
    for answer in (
        other.get(f"{number(mine)}"),
        other.post(f"{number(mine)}/ontvangst"),
        other.post(f"{number(mine)}/foutmelding", json={"foutmelding": "x"}),
    ):
        never = other.get("123456789")
        assert answer.status_code == never.status_code == 404
        assert answer.json()["foutmelding"] == never.json()["foutmelding"]
    for query in ({"bsn": mine["bsn"]}, {"ketenId": mine["ketenId"]}):
        assert other.items(**query) == []


@pytest.mark.rule("SIS-7")
def test_a_koppelpunt_that_is_off_or_on_the_stub(any_portal: Portal) -> None:
    def change(**settings: object) -> None:
        wanted = koppelpunten.Settings(**settings)  # type: ignore[arg-type]
        koppelpunten.set_up("92XX", "92XX", wanted, clock.now(), production=False)

    oin = "00000007000KPTST0000"
    sis_clients.set_up(oin, "Een leverancier", ["92XX"], clock.real_now())
    secret = sis_clients.add_secret(oin, clock.real_now())
    theirs = Sis(any_portal.browser(), oin, secret, "92XX").log_in()
    assert theirs.fresh() == []
    change(off=True)
    said = theirs.get("nieuw")
    assert (said.status_code, said.json()["title"]) == (409, "Koppelpunt staat uit")
    change(off=False, sis="Stub SIS")
    said = theirs.get("nieuw")
    assert (said.status_code, said.json()["title"]) == (409, "Koppelpunt staat op de Stub SIS")
    assert sis(any_portal, "92XX").fresh() == []
    change(sis="Osiris")
    assert theirs.fresh() == []


@pytest.mark.rule("OPS-4")
def test_when_its_sis_was_here_last_is_kept_to_the_minute(
    any_portal: Portal, machine: Traveller
) -> None:
    reader = sis(any_portal)

    def seen() -> datetime:
        at: datetime = watch.row_of("koppelpunt", code="99XX").seen_at
        return at

    assert seen() is None
    reader.fresh()
    first = seen()
    machine.shift(timedelta(seconds=59))
    reader.fresh()
    assert seen() == first
    machine.shift(timedelta(seconds=1))
    reader.fresh()
    assert seen() == first + timedelta(seconds=60)
