"""Who looked at whom: lines that are added only (ADM-2, item 52)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from app import clock, db
from app.models import audit
from tests import watch
from tests.applicants import adult, send
from tests.portal import Portal, open_portal
from tests.sis import Sis, number, sis

FROM = "203.0.113.9"  # the SIS, before a proxy


@pytest.fixture
def behind_proxy(database_url: str) -> Portal:
    return open_portal(database_url, TRUSTED_PROXIES="127.0.0.0/8")


@pytest.fixture
def reader(any_portal: Portal) -> Sis:
    return sis(any_portal)


@pytest.mark.each_run_on("sqlite")
@pytest.mark.rule("ADM-2")
def test_each_look_is_one_line_in_the_trail(behind_proxy: Portal) -> None:
    reader = sis(behind_proxy)
    reader.headers["X-Forwarded-For"] = FROM
    reader.fresh()
    reader.post("zoek", json={})
    assert watch.all_of("audit") == []  # nobody was seen
    send(behind_proxy, 1, 2)
    given = reader.fresh()
    reader.items()
    reader.get(f"{number(given[0])}")
    reader.confirm(given[0])
    reader.confirm(given[0])
    for _ in range(2):
        reader.post(f"{number(given[1])}/foutmelding", json={"foutmelding": "x"})
    reader.post("zoek", json={"bsn": adult(1)})
    reader.post("zoek", json={"bsn": adult(3)})
    reader.items(bsn=adult(3))
    lines = [(r.action, r.object, r.result, r.number) for r in watch.all_of("audit")]
    ids = [one["caKetenId"] for one in given]
    assert lines == [
        ("nieuw", " ".join(ids), "gegeven", 2),
        ("aanmeldingen", " ".join(ids), "gegeven", 2),
        ("aanmelding", ids[0], "gegeven", 1),
        ("ontvangst", f"{ids[0]} 1", "bevestigd", 0),
        ("foutmelding", f"{ids[1]} 2", "bewaard", 0),
        ("aanmeldingen", ids[0], "gegeven", 1),
        ("aanmeldingen", "", "niets", 0),
        ("aanmeldingen", "", "niets", 0),
    ]
    for row in watch.all_of("audit"):
        assert (row.actor_kind, row.actor, row.brin) == ("sis", reader.oin, "99XX")
        assert row.at.tzinfo
        assert row.origin == FROM


@pytest.mark.rule("ADM-2")
@pytest.mark.rule("RET-3")
@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_trail_only_grows(any_portal: Portal, reader: Sis, change: str) -> None:
    send(any_portal, 1)
    reader.fresh()
    before = watch.all_of("audit")
    with pytest.raises(DBAPIError), db.transaction() as connection:
        connection.exec_driver_sql(change)
    assert watch.all_of("audit") == before != []
    if change.startswith("DELETE"):  # after two years it goes
        old = {**before[0]._mapping, "at": clock.real_now() - timedelta(days=740), "id": 10_000}
        with db.transaction() as connection:
            connection.execute(insert(audit), old)
            connection.exec_driver_sql("DELETE FROM audit WHERE id = 10000")
        assert watch.all_of("audit") == before


@pytest.mark.rule("ADM-2")
def test_on_sqlite_no_line_is_put_in_the_place_of_another(portal: Portal) -> None:
    """A row that is replaced is deleted without the trigger of a deletion."""
    send(portal, 1)
    sis(portal).fresh()
    before = watch.all_of("audit")
    for change in ("REPLACE", "INSERT OR REPLACE"):
        columns = "id, at, actor_kind, actor, action, object, result, origin, brin, number"
        told = f"{change} INTO audit ({columns}) SELECT {columns.replace('actor,', 'origin,')}"
        with pytest.raises(DBAPIError), db.transaction() as connection:
            connection.exec_driver_sql(f"{told} FROM audit")
    assert watch.all_of("audit") == before != []
