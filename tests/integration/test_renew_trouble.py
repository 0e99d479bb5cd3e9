"""RIO is slow, silent, wrong or gone while one programme is read again: our copy serves (CAT-1)."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, cast

import httpx
import pytest
import sqlalchemy as sa
import time_machine

from app import db
from app.services import catalogue_renew
from app.store import StoreDown
from tests import watch
from tests.choosing import IDS, KOK, choose, nobody_yet
from tests.integration.test_renew import AT_SEA, LINK, asked, rio_changes
from tests.portal import Portal, Student, open_portal
from tests.source import shown

pytestmark = pytest.mark.each_run_on("sqlite")


class Silent(httpx.BaseTransport):
    """RIO takes a while; everybody else is as always."""

    def __init__(self, inside: httpx.BaseTransport, seconds: float) -> None:
        self.inside, self.seconds = inside, seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if "/rio/" in request.url.path:
            time.sleep(self.seconds)
        return self.inside.handle_request(request)


@pytest.mark.rule("CAT-1")
def test_a_slow_rio_is_waited_for_once_and_briefly(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert catalogue_renew.PATIENCE <= 2
    monkeypatch.setattr(catalogue_renew, "PATIENCE", 0.4)
    portal.outside.inside = Silent(portal.outside.inside, 5)
    began = time.monotonic()
    assert "Kok in het restaurant" in portal.browser().get(LINK).text
    assert time.monotonic() - began < 3
    before = len(portal.outside.calls)
    for address in (LINK, f"/aanmelden?opleiding={IDS['sport-bol']}"):
        assert portal.browser().get(address).status_code == 200
    assert len(portal.outside.calls) == before


class Saying(httpx.BaseTransport):
    """RIO, with other facts in what it says of one programme."""

    def __init__(self, inside: httpx.BaseTransport, **facts: Any) -> None:
        self.inside, self.facts = inside, facts

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.inside.handle_request(request)
        answer.read()
        if not request.url.path.endswith(f"/aangeboden-opleidingen/{IDS[KOK]}"):
            return answer
        body = json.dumps({**answer.json(), **self.facts})  # half a pair of surrogates too
        return httpx.Response(
            200, headers={"Content-Type": "application/json"}, content=body.encode()
        )


NONSENSE = [
    {"eigennaam": "x" * 226},
    {"eigennaamEngels": "x" * 5000},
    {"eigennaam": ["Kok"]},
    {"eigennaam": "a\x00b"},
    {"eigennaam": "\ud800"},
    {"leertraject": "X" * 11},
    {"leertraject": None},
    {"afwijkendeOpleidingsduuromvang": 2**40},
    {"omschrijving": "x" * 30_000},
    {"einddatum": "31-02-2027"},
    {"id": "x"},
    {"id": IDS["verzorgende-bbl"]},
    {"type": None},
    {"type": "iets"},
    {"voertaal": "Nederlands"},
]


@pytest.mark.each_run(6)
@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("facts", NONSENSE, ids=lambda f: repr(f)[:40])
def test_nonsense_of_rio_changes_nothing(any_portal: Portal, facts: dict[str, Any]) -> None:
    before = shown()
    any_portal.outside.inside = Saying(any_portal.outside.inside, **facts)
    page = any_portal.browser().get(LINK)
    assert page.status_code == 200
    assert "Kok in het restaurant" in page.text
    assert asked(any_portal) >= 1
    assert shown() == before


@pytest.mark.rule("CAT-1")
def test_nonsense_about_one_leaves_the_others_to_be_asked(portal: Portal) -> None:
    portal.outside.inside = Saying(portal.outside.inside, eigennaam=["Kok"])
    portal.browser().get(LINK)
    portal.browser().get(LINK)
    assert asked(portal) == 1, "it won't be any better within ten minutes"
    before = len(portal.outside.calls)
    portal.browser().get(f"/aanmelden?opleiding={IDS['sport-bol']}")
    assert len(portal.outside.calls) > before


@pytest.mark.rule("CAT-1")
def test_where_nothing_is_found_a_programme_has_not_gone(portal: Portal) -> None:
    """A gateway that answers 404 to everything; and a programme of which only that is said."""
    before = shown()
    for call in ("aangeboden-opleiding", "aangeboden-opleidingen"):
        portal.fault("rio", call, None, "404")
    assert portal.browser().get(LINK).status_code == 200
    assert shown() == before
    portal.fault("rio", "aangeboden-opleidingen", None, None)
    for key in (f"rio:{IDS[KOK]}", "rio:down"):
        portal.app.extensions["store"].delete(key)
    assert portal.browser().get(LINK).status_code == 404


@pytest.mark.rule("DEE-5")
@pytest.mark.parametrize("link", [LINK, "/aanmelden?instelling=99XX&crebo=25180"])
@pytest.mark.parametrize("hide", ["odt", "unticked"])
def test_what_is_hidden_is_not_asked_for(portal: Portal, hide: str, link: str) -> None:
    if hide == "odt":
        watch.set_everywhere("programme_facts", leertraject="ODT")
    else:
        watch.set_everywhere("institution", whitelist=True)
    before = len(portal.outside.calls)
    assert portal.browser().get(link).status_code == 404
    assert len(portal.outside.calls) == before


@pytest.mark.long
@pytest.mark.rule("CAT-1")
def test_a_silent_rio_leaves_threads_to_the_others(portal: Portal) -> None:
    portal.outside.inside = Silent(portal.outside.inside, 30)
    links = [f"/aanmelden?opleiding={key}" for key in list(IDS.values())[:8]]
    began = time.monotonic()

    def seconds(link: str) -> float:
        portal.browser().get(link)
        return time.monotonic() - began

    with ThreadPoolExecutor(8) as pool:
        took = sorted(pool.map(seconds, links))
    assert took[-1] > catalogue_renew.PATIENCE
    assert took[-catalogue_renew.AT_ONCE - 1] < catalogue_renew.PATIENCE


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("fault", ["500", "403", "html", "truncated", "empty"])
def test_a_rio_that_is_down_costs_nobody_anything(any_portal: Portal, fault: str) -> None:
    before = shown()
    student = Student(any_portal.browser(), nobody_yet(1))
    any_portal.fault("rio", "opleiding-cohorten", None, fault)
    any_portal.fault("rio", "aangeboden-opleiding", None, fault)
    student.get(LINK)
    assert student.page.status_code == 200
    student.log_in()
    choose(student.walk_to("opleiding"), KOK)
    student.send()
    assert student.at == "verstuurd"
    assert shown() == before


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("store_too", [False, True])
def test_a_busy_database_leaves_the_copy(
    any_portal: Portal, monkeypatch: pytest.MonkeyPatch, store_too: bool
) -> None:
    """Where the store is a table, what says that RIO was asked can't be taken back either."""

    def busy(*_: Any) -> bool:
        raise db.Busy()

    def down(_key: str) -> None:
        raise StoreDown()

    rio_changes(any_portal, "name", AT_SEA)
    with monkeypatch.context() as patched:
        patched.setattr(catalogue_renew, "replace", busy)
        if store_too:
            patched.setattr(any_portal.app.extensions["store"], "delete", down)
        page = any_portal.browser().get(LINK)
        assert page.status_code == 200
        assert "Kok in het restaurant" in page.text
    assert (AT_SEA in any_portal.browser().get(LINK).text) is not store_too


@pytest.mark.rule("CAT-1")
def test_a_writer_that_does_not_let_go_leaves_the_copy(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "WAIT", 0.1)
    portal = open_portal(database_url)
    rio_changes(portal, "name", AT_SEA)
    registers, store = (portal.app.extensions[name] for name in ("registers", "store"))
    other = sa.create_engine(database_url)

    class Meanwhile:
        """RIO, while somebody locks the catalogue."""

        def programme(self, programme_id: str, seconds: float) -> Any:
            record = registers.catalogue.programme(programme_id, seconds)
            if other.dialect.name == "sqlite":
                locking.connection.cursor().execute("BEGIN IMMEDIATE")
            else:
                locking.execute(sa.text("LOCK TABLE catalogue IN EXCLUSIVE MODE"))
            return record

    before = shown()
    with other.connect() as locking:
        catalogue_renew.renew(cast(Any, Meanwhile()), store, IDS[KOK])
        locking.rollback()
    other.dispose()
    assert shown() == before
    store.delete(f"rio:{IDS[KOK]}")
    assert AT_SEA in portal.browser().get(LINK).text


@pytest.mark.rule("CAT-1")
def test_after_a_minute_rio_is_asked_again(portal: Portal, machine: time_machine.Traveller) -> None:
    portal.fault("rio", "aangeboden-opleiding", None, "403")
    rio_changes(portal, "name", AT_SEA)
    portal.browser().get(LINK)
    first = asked(portal)
    assert first
    portal.fault("rio", "aangeboden-opleiding", None, None)
    machine.shift(timedelta(seconds=catalogue_renew.PAUSE - 1))
    assert AT_SEA not in portal.browser().get(LINK).text
    assert asked(portal) == first
    machine.shift(timedelta(seconds=2))
    assert AT_SEA in portal.browser().get(LINK).text
