"""What a SIS reads: the existing coupling's addresses and media types (SIS-4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from time_machine import Traveller

from app import clock
from app.services import koppelpunten, sis_clients
from tests import watch
from tests.applicants import send
from tests.portal import Portal
from tests.sis import API, OURS, Sis, number, sis

pytestmark = pytest.mark.each_run_on("sqlite")


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
    send(any_portal, *range(3))
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
    send(any_portal, 0)
    (one,) = reader.items()
    reader.get(f"{number(one)}")
    assert reader.fresh() == [one]


@pytest.mark.rule("SIS-4")
@pytest.mark.parametrize("wanted", [OURS, "application/json", "*/*", ""])
def test_both_media_types(any_portal: Portal, reader: Sis, wanted: str) -> None:
    answer = reader.get("nieuw", headers={"Accept": wanted})
    assert answer.headers["Content-Type"] == ("application/json" if "/json" in wanted else OURS)
    assert answer.headers["Vary"] == "Accept"


# --- koppelpunten: each error tells an administrator what to do ---------------------------------


@pytest.mark.rule("SIS-4")
def test_a_field_too_many_from_a_sis_is_read_over(any_portal: Portal, reader: Sis) -> None:
    send(any_portal, 1)
    (one,) = reader.fresh()
    more = {"wijzigingsvolgnummer": 1, "$type": "vca.Ontvangst", "onbekend": {"veld": [1]}}
    received = reader.post(f"{number(one)}/ontvangst", json=more)
    assert received.json()["resultaat"] == "ontvangen"
    reported = reader.post(f"{number(one)}/foutmelding", json={**more, "foutmelding": "test"})
    assert reported.json()["resultaat"] == "fout"


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
    send(any_portal, 0)
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
    for name in ("bsn", "ketenId", "caKetenId"):
        assert other.items(**{name: mine[name]}) == []
        assert other.post("zoek", json={name: mine[name]}).json() == {"items": []}


@pytest.mark.rule("SIS-1")
@pytest.mark.rule("SIS-6")
@pytest.mark.parametrize("what", ["ontvangst", "foutmelding"])
def test_a_change_that_is_not_there_is_named(any_portal: Portal, what: str) -> None:
    """Of another school's application, and of none, the same is said."""
    send(any_portal, 0)
    (mine,) = sis(any_portal).fresh()
    body = {"wijzigingsvolgnummer": 7, "foutmelding": "x"}
    answers = [
        reader.post(f"{which}/{what}", json=body)
        for reader in (sis(any_portal), sis(any_portal, "91XX"))
        for which in (number(mine), 123456789)
    ]
    assert {(a.status_code, a.json()["type"]) for a in answers} == {
        (404, "/docs/sis#fout-aanmelding-onbekend")
    }
    assert {a.json()["foutmelding"] for a in answers} == {
        "Dit koppelpunt heeft geen aanmelding met dit nummer, of die heeft dit "
        "wijzigingsvolgnummer niet."
    }


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
