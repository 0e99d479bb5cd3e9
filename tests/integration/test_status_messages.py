"""The mbo-koppelpunt: what becomes of each status that a school sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from app import clock, db, keys
from app.models import application, application_status, sis_client_school
from app.services.status_messages import MOST
from tests import watch
from tests.portal import Portal
from tests.sis import OIN, Sis, sis
from tests.status_items import item, kinds, result, results, sent, status_of, warned, written

pytestmark = pytest.mark.each_run_on("sqlite")


@pytest.mark.rule("STA-1", "STA-2")
def test_a_chain_of_statuses(school: Sis, mine: Any) -> None:
    for place, (code, becomes) in enumerate(
        [("AO", "RECEIVED"), ("OA", "OFFERED"), ("LI", "ENROLLED"), ("AI", "WITHDRAWN")]
    ):
        one = item(mine, code, after=place)
        assert result(school, one) == {
            "berichtId": one["berichtId"],
            "caKetenId": mine.ca_keten_id,
            "ketenId": mine.keten_id,
            "resultaat": "verwerkt",
            "code": "verwerkt",
            "melding": "Deze status telt.",
            "status": becomes,
            "herhaald": False,
            "waarschuwingen": [],
        }
        assert status_of(mine) == becomes
    assert kinds(mine) == ["new", "withdrawn"]
    told = [one["ingetrokken"] for one in school.items()]
    assert told == [True]
    assert result(school, item(mine, "LI", after=9))["resultaat"] == "gelogd"


@pytest.mark.rule("STA-2")
@pytest.mark.parametrize("name", ["caKetenId", "centraalAanmeldenId", "ketenId"])
def test_by_each_of_its_ids(school: Sis, mine: Any, name: str) -> None:
    value = mine.keten_id if name == "ketenId" else mine.ca_keten_id.upper()
    found = result(school, item(mine, **{"caKetenId": None, name: value}))
    assert (found["resultaat"], found["status"]) == ("verwerkt", "RECEIVED")
    assert (found["caKetenId"], found["ketenId"]) == (mine.ca_keten_id, mine.keten_id)


@pytest.mark.rule("SIS-2")
def test_of_both_ids_the_ca_keten_id_wins(any_portal: Portal, school: Sis, mine: Any) -> None:
    other = sent(any_portal, 1)
    assert warned(result(school, item(mine, ketenId=mine.keten_id))) == []
    for keten_id in (other.keten_id, "99XX:10000001", "geen", 7):
        found = result(school, item(mine, "OA", ketenId=keten_id))
        assert warned(found) == ["keten-id-anders"]
        assert found["caKetenId"] == mine.ca_keten_id
    assert (status_of(mine), status_of(other)) == ("OFFERED", "SUBMITTED")
    unknown = item(mine, caKetenId="0" * 8 + mine.ca_keten_id[8:], ketenId=mine.keten_id)
    assert result(school, unknown)["code"] == "aanmelding-onbekend"


@pytest.mark.rule("STA-2")
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_a_message_counts_once(school: Sis, mine: Any) -> None:
    one = item(mine, "OA")
    first = result(school, one)
    rows = watch.rows("store")
    for again in (*results(school, *[one] * 20), *(result(school, one) for _ in range(10))):
        assert again == {**first, "herhaald": True}
    assert watch.rows("store") == rows
    assert result(school, dict(reversed(one.items()))) == {**first, "herhaald": True}
    result(school, item(mine, "AO", after=5))
    assert result(school, one)["status"] == "OFFERED"  # as it was said then
    assert status_of(mine) == "RECEIVED"


@pytest.mark.rule("STA-2")
def test_one_id_with_other_content(school: Sis, mine: Any) -> None:
    one = item(mine, "AO", pgn="1")
    assert result(school, one)["resultaat"] == "verwerkt"
    rows = watch.rows("store")
    for other in ({"status": "LI"}, {"pgn": "2"}, {"tijdstip": written(clock.now())}):
        found = result(school, {**one, **other})
        assert (found["resultaat"], found["code"]) == ("fout", "berichtid-hergebruikt")
    assert watch.rows("store") == rows


@pytest.mark.rule("STA-2", "RET-2")
def test_a_message_is_known_again_after_its_key_has_changed(school: Sis, mine: Any) -> None:
    one = item(mine)
    result(school, one)
    old, secret = tuple(keys._keys.items()), keys._secret.decode()
    keys.use((("new", b"n" * 32), *old), secret)
    assert result(school, one)["herhaald"] is True
    assert result(school, {**one, "status": "LI"})["code"] == "berichtid-hergebruikt"
    keys.use(old, secret)


@pytest.mark.rule("STA-2")
def test_what_went_wrong_may_be_sent_again(school: Sis, mine: Any) -> None:
    one = item(mine, status="??")
    assert result(school, one)["code"] == "status-onbekend"
    assert watch.all_of("status_message") == []
    assert result(school, {**one, "status": "AO"})["resultaat"] == "verwerkt"


@pytest.mark.rule("STA-3")
def test_a_correction_without_room(any_portal: Portal, school: Sis, mine: Any) -> None:
    result(school, item(mine, "LNI"))
    sent(any_portal)
    found = result(school, item(mine, "LI", after=1))
    assert (found["status"], warned(found)) == ("ENROLLED", ["tweede-aanmelding"])
    assert result(school, item(mine, "LNI", after=2))["resultaat"] == "gelogd"


@pytest.mark.rule("STA-2", "SIS-6")
def test_another_schools_is_as_if_it_did_not_exist(any_portal: Portal, mine: Any) -> None:
    other = sis(any_portal, "91XX")
    unknown = "00000000-0000-4000-8000-000000000000"
    for theirs, nobodys in (
        ({}, {"caKetenId": unknown}),
        ({"brin": "91XX"}, {"brin": "91XX", "caKetenId": unknown}),
        (
            {"brin": "91XX", "caKetenId": None, "ketenId": mine.keten_id},
            {"brin": "91XX", "caKetenId": None, "ketenId": "91XX:90000000"},
        ),
        (
            {"brin": "91XX", "caKetenId": None, "ketenId": "99XX:10000000"},
            {"brin": "91XX", "caKetenId": None, "ketenId": "91XX:90000000"},
        ),
    ):
        rows = watch.rows("store")
        pair = []
        for one in (item(mine, **theirs), item(mine, **nobodys)):
            found = result(other, one)
            given = {
                name: one[name] for name in ("berichtId", "caKetenId", "ketenId") if name in one
            }
            assert {name: found.pop(name) for name in given} == given
            pair.append(found)
        assert pair[0] == pair[1]
        assert pair[0]["code"] == "aanmelding-onbekend"
        assert watch.rows("store") == rows


@pytest.mark.rule("STA-2")
def test_any_client_of_the_school_may_send(any_portal: Portal, mine: Any) -> None:
    other = sis(any_portal, "91XX")
    with db.transaction() as connection:
        connection.execute(sis_client_school.insert(), {"client_id": other.oin, "brin": mine.brin})
    assert result(other, item(mine))["status"] == "RECEIVED"
    assert watch.row_of("status_message").sender == other.oin
    line = watch.all_of("audit", action="status")[0]
    assert (line.actor, line.object, line.result) == (other.oin, mine.ca_keten_id, "verwerkt")
    assert line.brin == mine.brin
    watch.set_everywhere("koppelpunt", off=True)
    assert result(sis(any_portal), item(mine, "OA", after=1))["status"] == "OFFERED"
    watch.set_everywhere("koppelpunt", off=False, sis="Stub SIS")
    assert result(other, item(mine, "LI", after=2))["status"] == "ENROLLED"


@pytest.mark.rule("STA-2")
def test_the_schools_own_series(school: Sis, mine: Any) -> None:
    before = watch.rows("store", "status_message")
    found = result(school, item(mine, "LI", caKetenId=None, ketenId="99xx:10000001"))
    assert (found["resultaat"], found["code"]) == ("doorgestuurd", "eigen-reeks")
    assert found["ketenId"] == "99XX:10000001"
    assert "status" not in found
    assert "caKetenId" not in found
    assert watch.rows("store", "status_message") == before
    kept = watch.row_of("status_message")
    assert (kept.ca_keten_id, kept.receivers, kept.sender) == (None, ["CA"], OIN)
    nines = item(mine, "LI", caKetenId=None, ketenId="99XX:90000000")
    assert result(school, nines)["code"] == "aanmelding-onbekend"


@pytest.mark.rule("STA-2", "INT-1")
def test_an_interest_has_no_statuses(school: Sis, mine: Any) -> None:
    with db.transaction() as connection:
        connection.execute(update(application).values(kind="I"))
    found = result(school, item(mine))
    assert (found["resultaat"], found["code"]) == ("fout", "interessemelding")
    assert watch.all_of("status_message") == []


@pytest.mark.rule("STA-4")
def test_vavo_is_refused_unless_it_is_let_through(portal: Portal) -> None:
    mine, vavo = sent(portal), sent(portal, vavo=True)
    school, theirs = sis(portal), sis(portal, vavo.brin)
    own = item(mine, caKetenId=None, ketenId="99XX:10000001", leertraject="VAVO")
    for whose, one in ((theirs, item(vavo)), (school, item(mine, leertraject="vavo"))):
        assert (result(whose, one)["resultaat"], result(whose, one)["code"]) == ("fout", "vavo")
    assert result(school, own)["code"] == "vavo"
    assert status_of(vavo) == status_of(mine) == "SUBMITTED"
    assert watch.all_of("status_message") == []
    portal.app.extensions["settings"] = replace(portal.settings, vavo_statuses=True)
    everywhere = {"iltCode": "0400", "brinLatendeSchool": "01AB", "leertraject": "BOL"}
    assert result(theirs, item(vavo, **everywhere))["status"] == "RECEIVED"
    assert result(school, own)["resultaat"] == "doorgestuurd"
    assert [m.receivers for m in watch.all_of("status_message")] == [["CA"], ["CA"]]


@pytest.mark.rule("STA-2")
def test_of_one_application_no_more_is_kept_than_can_be_weighed(school: Sis, mine: Any) -> None:
    said = {"application_id": mine.id, "status": "RECEIVED", "source": "koppelpunt"}
    early = {**said, "since": clock.now() - timedelta(days=1), "counts": False}
    with db.transaction() as connection:
        connection.execute(insert(application_status), [early] * (MOST - 1))
    one, other = item(mine, "OA"), item(mine, "LI", after=1)
    found = results(school, one, other, one)
    assert [r["code"] for r in found] == ["verwerkt", "te-veel-statussen", "verwerkt"]
    assert (found[1]["resultaat"], found[2]["herhaald"]) == ("fout", True)
    assert status_of(mine) == "OFFERED"
    with db.transaction() as connection:
        connection.execute(delete(application_status).filter_by(status="RECEIVED"))
    assert result(school, other)["status"] == "ENROLLED"  # its id wasn't used up
