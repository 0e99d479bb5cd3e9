"""One programme read again from RIO by its key, for who comes for it (CAT-1)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine

from app.services import catalogue_renew
from digistub.rio_catalogue import Change
from tests import watch
from tests.choosing import IDS, KOK, choose, look_at, nobody_yet, offered
from tests.portal import ADULT, Portal, Student, cohorts
from tests.source import shown

LINK = f"/aanmelden?opleiding={IDS[KOK]}"
FIXED = "KOK-BOL-ZWOLLE-VAST"
AT_SEA = "Kok op zee"


@pytest.fixture
def machine() -> Iterator[time_machine.Traveller]:
    """The machine's time stands still, until a test shifts it."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


def asked(portal: Portal, key: str = KOK) -> int:
    """How often RIO was asked for this one by its key."""
    return sum(
        call.url.path.endswith(f"/aangeboden-opleidingen/{IDS[key]}")
        for call in portal.outside.calls
    )


def rio_changes(portal: Portal, kind: str, value: str = "", cohort: str = "") -> None:
    """As a tester does by DigiStub's buttons."""
    portal.world.extensions["world"].change_rio(Change(IDS[KOK], cohort, kind, value))


def old_enough(portal: Portal) -> None:
    """Ten minutes later: our copy of it isn't fresh any more."""
    portal.app.extensions["store"].delete(f"rio:{IDS[KOK]}")


@pytest.mark.rule("CAT-1")
def test_a_link_shows_what_rio_has_now(any_portal: Portal) -> None:
    rio_changes(any_portal, "name", AT_SEA)
    assert AT_SEA in any_portal.browser().get(LINK).text
    rio_changes(any_portal, "closed", cohort=FIXED)
    old_enough(any_portal)
    page = any_portal.browser().get(LINK)
    assert "Aanmelden kan nu niet" in page.text
    assert AT_SEA in page.text
    rio_changes(any_portal, "gone")
    old_enough(any_portal)
    assert any_portal.browser().get(LINK).status_code == 404
    any_portal.world.extensions["world"].restore_rio()
    old_enough(any_portal)
    page = any_portal.browser().get(LINK)
    assert page.status_code == 200
    assert "Kok in het restaurant" in page.text


@pytest.mark.rule("CAT-1", "WIZ-8")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "closed", "cohort": FIXED}, "De school heeft de aanmelding gesloten."),
        ({"kind": "gone"}, "Voor deze opleiding kun je je nu niet aanmelden. Kies een andere."),
    ],
)
def test_choosing_is_by_what_rio_has_now(
    any_portal: Portal, change: dict[str, str], says: str
) -> None:
    student = any_portal.student(ADULT).walk_to("opleiding")
    look_at(student, KOK)
    cohort = next(o.choice.cohort_id for o in offered(KOK) if o.choice.cohort_code == FIXED)
    assert cohort in cohorts(student.page.text)
    rio_changes(any_portal, **change)
    page = student.post(cohort=cohort)
    assert page.status_code == 422
    assert says in page.text


@pytest.mark.rule("CAT-1", "WIZ-12")
@pytest.mark.parametrize(
    ("change", "leads", "says"),
    [
        ({"kind": "name", "value": AT_SEA}, "controleren", AT_SEA),
        ({"kind": "closed", "cohort": FIXED}, "opleiding", "kun je je nu niet meer aanmelden"),
        ({"kind": "gone"}, "opleiding", "kun je je nu niet meer aanmelden"),
        ({"kind": "code", "cohort": FIXED, "value": "Vers"}, "toegangscode", "toegangscode"),
    ],
)
def test_sending_is_by_what_rio_has_now(
    any_portal: Portal, change: dict[str, str], leads: str, says: str
) -> None:
    student = choose(any_portal.student(ADULT).walk_to("opleiding"), KOK).walk_to("controleren")
    rio_changes(any_portal, **change)
    old_enough(any_portal)
    page = student.post()
    assert student.at == leads
    assert says in page.text
    assert watch.all_of("application") == []


@pytest.mark.rule("CAT-1", "WIZ-3")
def test_a_draft_in_another_tab_learns_of_it(any_portal: Portal) -> None:
    student = choose(any_portal.student(ADULT).walk_to("opleiding"), KOK).walk_to("controleren")
    rio_changes(any_portal, "name", AT_SEA)
    old_enough(any_portal)
    any_portal.browser().get(LINK)  # somebody else comes for it
    before = asked(any_portal)
    assert AT_SEA in student.get(str(student.page.url)).text
    rio_changes(any_portal, "gone")
    old_enough(any_portal)
    any_portal.browser().get(LINK)
    student.get(f"/aanmelding/{student.draft}/")
    assert student.at == "opleiding"
    for page in ("opleiding", "contact"):
        shown_there = student.get(f"/aanmelding/{student.draft}/{page}").text
        assert student.at == page
        assert "kun je je nu niet meer aanmelden" in shown_there
    assert asked(any_portal) == before + 1, "looking at a draft asks nobody"


@pytest.mark.rule("CAT-1")
def test_rio_is_asked_once_in_ten_minutes(portal: Portal, machine: time_machine.Traveller) -> None:
    for address in (LINK, LINK.upper().replace("/AANMELDEN?OPLEIDING", "/aanmelden?opleiding")):
        assert portal.browser().get(address).status_code == 200
    assert asked(portal) == 1
    machine.shift(timedelta(seconds=599))
    portal.browser().get(LINK)
    assert asked(portal) == 1
    machine.shift(timedelta(seconds=2))
    portal.browser().get(LINK)
    assert asked(portal) == 2


@pytest.mark.rule("CAT-1")
def test_of_many_who_come_at_once_one_asks(any_portal: Portal) -> None:
    rio_changes(any_portal, "name", AT_SEA)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: any_portal.browser().get(LINK), range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert asked(any_portal) == 1
    assert AT_SEA in any_portal.browser().get(LINK).text


@pytest.mark.rule("CAT-1")
def test_what_we_never_had_is_not_asked_for(portal: Portal) -> None:
    before = len(portal.outside.calls)
    for code in ("00000000-0000-4000-8000-000000000000", "x", "", "../erkenningen"):
        assert portal.browser().get(f"/aanmelden?opleiding={code}").status_code == 404
    assert len(portal.outside.calls) == before


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
@pytest.mark.parametrize("hide", ["odt", "unticked"])
def test_what_is_hidden_is_not_asked_for(portal: Portal, hide: str) -> None:
    if hide == "odt":
        watch.set_everywhere("programme_facts", leertraject="ODT")
    else:
        watch.set_everywhere("institution", whitelist=True)
    before = len(portal.outside.calls)
    assert portal.browser().get(LINK).status_code == 404
    assert len(portal.outside.calls) == before


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
