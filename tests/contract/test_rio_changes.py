"""What a tester changes in RIO: the buttons, the answers and the change feed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from werkzeug.wrappers import Response

from app import config, registers
from app.domain.ports import (
    Changed,
    MalformedReply,
    ProgrammeRecord,
    RegisterError,
    Unavailable,
)
from app.registers.bounded import InProcess
from app.registers.http import Client
from app.registers.rio import RioCatalogue
from app.registers.rio_feed import RioFeed
from digistub.rio_data import OFFERS
from digistub.world import World
from tests.contract.world import BASE, Stub

KNOBS = "/rio-knoppen/"
KOK = next(offer for offer in OFFERS if offer.key == "kok-bol-zwolle")
FIXED = f"{KOK.id} KOK-BOL-ZWOLLE-VAST"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def stub(tmp_path: Path) -> Stub:
    return Stub(tmp_path)


def press(stub: Stub, **form: str) -> int:
    with stub.app.test_client() as tester:
        return tester.post(KNOBS + "verander", data=form).status_code


def kok(stub: Stub) -> ProgrammeRecord | None:
    return RioCatalogue(stub.rio()).programme(KOK.id)


def fixed(stub: Stub) -> Any:
    record = kok(stub)
    assert record is not None
    return next(cohort for cohort in record.cohorts if cohort.code == "KOK-BOL-ZWOLLE-VAST")


def feed(stub: Stub) -> RioFeed:
    return RioFeed(stub.rio(checked=False))


@pytest.mark.rule("CAT-1")
def test_the_buttons_change_what_rio_says(stub: Stub) -> None:
    before = kok(stub)
    assert press(stub, wat="name", over=KOK.id, waarde="Kok op zee") == 303
    assert press(stub, wat="closed", over=FIXED) == 303
    assert press(stub, wat="code", over=FIXED, waarde="Zon en maan") == 303
    changed = kok(stub)
    assert changed is not None
    assert changed.name == "Kok op zee"
    assert (fixed(stub).open, fixed(stub).access_code) == (False, "Zon en maan")
    listed = {p.id: p for p in RioCatalogue(stub.rio()).programmes(KOK.provider)}
    assert listed[KOK.id] == changed
    assert press(stub, wat="gone", over=KOK.id) == 303
    assert kok(stub) is None
    assert KOK.id not in {p.id for p in RioCatalogue(stub.rio()).programmes(KOK.provider)}
    with stub.app.test_client() as tester:
        assert tester.post(KNOBS + "terug").status_code == 303
    assert kok(stub) == before


@pytest.mark.rule("CAT-1")
def test_every_process_sees_the_change(stub: Stub, tmp_path: Path) -> None:
    press(stub, wat="name", over=KOK.id, waarde="Kok op zee")
    other = kok(Stub(tmp_path))
    assert other is not None
    assert other.name == "Kok op zee"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"wat": "name", "over": KOK.id, "waarde": " "},
        {"wat": "name", "over": KOK.id, "waarde": "x" * 226},
        {"wat": "name", "over": FIXED, "waarde": "Kok"},
        {"wat": "closed", "over": KOK.id},
        {"wat": "closed", "over": f"{KOK.id} BESTAAT-NIET"},
        {"wat": "code", "over": FIXED, "waarde": "x" * 61},
        {"wat": "gone", "over": "00000000-0000-4000-8000-000000000000"},
        {"wat": "iets", "over": KOK.id},
    ],
    ids=repr,
)
def test_a_button_without_a_choice_changes_nothing(stub: Stub, form: dict[str, str]) -> None:
    assert press(stub, **form) == 422
    assert stub.world.rio_changes() == ()


def test_a_page_of_another_site_presses_no_button(stub: Stub) -> None:
    with stub.app.test_client() as tester:
        headers = {"Origin": "https://kwaad.example"}
        for address in ("verander", "terug"):
            assert tester.post(KNOBS + address, headers=headers).status_code == 403


def test_the_page_says_what_changed_and_escapes_it(stub: Stub) -> None:
    press(stub, wat="name", over=KOK.id, waarde="Kok <b>op zee</b>")
    press(stub, wat="code", over=FIXED, waarde="Zon & maan")
    with stub.app.test_client() as tester:
        page = tester.get(KNOBS).text
    assert "Kok &lt;b&gt;op zee&lt;/b&gt; (BOL, Zwolle) heeft een andere naam." in page
    assert "cohort KOK-BOL-ZWOLLE-VAST heeft toegangscode Zon &amp; maan." in page
    assert "Zet RIO terug" in page


def test_a_school_tells_testers_its_access_codes(stub: Stub) -> None:
    def codes() -> list[str]:
        with stub.app.test_client() as tester:
            page = tester.get("/school/99XX").text
        return re.findall(r"· code voor testers: ([^<·]+)<", page)

    assert sorted(codes()) == ["Horizon 24", "OPEN-DEUR"]
    press(stub, wat="code", over=FIXED, waarde="Zon en maan")
    assert sorted(codes()) == ["Horizon 24", "OPEN-DEUR", "Zon en maan"]


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("403", "Misconfigured"),
        ("500", "Unavailable"),
        ("html", "MalformedReply"),
        ("truncated:1", "MalformedReply"),
        ("timeout", "Unavailable"),
    ],
)
def test_the_fault_buttons_are_seen_by_who_reads_the_catalogue(
    stub: Stub, fault: str, problem: str
) -> None:
    with stub.app.test_client() as tester:
        wat = f"rio/aangeboden-opleidingen/{fault}"
        assert f'value="{wat}"' in tester.get("/").text
        assert tester.post("/fouten", data={"wat": wat}).status_code == 303
    client = stub.rio(0.15 if fault == "timeout" else 3, checked=False)
    with pytest.raises(RegisterError) as caught:
        list(RioCatalogue(client).programmes(KOK.provider))
    assert type(caught.value).__name__ == problem


@pytest.mark.rule("CAT-1")
def test_the_feed_names_what_changed_since(stub: Stub) -> None:
    nothing = feed(stub).changed(LONG_AGO)
    assert nothing.keys == ()
    press(stub, wat="name", over=KOK.id, waarde="Kok op zee")
    press(stub, wat="closed", over=FIXED)
    first = feed(stub).changed(nothing.until)
    assert first.keys == (KOK.id,)
    assert first.until > nothing.until
    assert feed(stub).changed(first.until).keys == ()
    press(stub, wat="gone", over=OFFERS[1].id)
    assert feed(stub).changed(first.until).keys == (OFFERS[1].id,)


@pytest.mark.rule("CAT-1")
def test_putting_rio_back_is_a_change_too(stub: Stub) -> None:
    press(stub, wat="name", over=KOK.id, waarde="Kok op zee")
    known = feed(stub).changed(LONG_AGO).until
    stub.world.start_over()
    assert feed(stub).changed(known).keys == (KOK.id,)
    assert stub.world.rio_changes() == ()
    known = feed(stub).changed(LONG_AGO).until
    stub.world.start_over()
    assert feed(stub).changed(known).keys == ()


def test_a_moment_in_another_zone_is_the_same_moment(stub: Stub) -> None:
    press(stub, wat="gone", over=KOK.id)
    asked = [feed(stub).changed(moment).keys for moment in both_sides(stub.world)]
    assert asked == [(KOK.id,), ()]


def both_sides(world: World) -> tuple[datetime, datetime]:
    """A moment before the change and one after it, as the clock says it in two zones."""
    _, until = world.rio_changed(LONG_AGO)
    east = until.astimezone(datetime.fromisoformat("2000-01-01T00:00+13:00").tzinfo)
    return LONG_AGO, east


def test_a_moment_without_an_offset_is_none(stub: Stub) -> None:
    with pytest.raises(ValueError, match="offset"):
        feed(stub).changed(LONG_AGO.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("fault", "error"),
    [("500", Unavailable), ("html", MalformedReply), ("truncated", MalformedReply)],
)
def test_a_feed_that_fails_raises(stub: Stub, fault: str, error: type[RegisterError]) -> None:
    stub.world.set_fault("rio", "wijzigingen", None, fault)
    with pytest.raises(error):
        feed(stub).changed(LONG_AGO)


def saying(body: str) -> RioFeed:
    app: Callable[..., Any] = Response(body, mimetype="application/json")
    return RioFeed(Client("rio-feed", "http://rio.example", InProcess(app)))


def test_a_key_given_twice_is_one_change() -> None:
    item = f'{{"aangebodenOpleidingcode": "{KOK.id}"}}'
    until = "2027-01-01T12:00:00+01:00"
    found = saying(f'{{"wijzigingen": [{item}, {item}], "totEnMet": "{until}"}}').changed(LONG_AGO)
    assert found == Changed((KOK.id,), datetime.fromisoformat(until))


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{}",
        '{"wijzigingen": []}',
        '{"totEnMet": "2027-01-01T12:00:00Z"}',
        '{"wijzigingen": null, "totEnMet": "2027-01-01T12:00:00Z"}',
        '{"wijzigingen": [], "totEnMet": "2027-01-01T12:00:00"}',
        '{"wijzigingen": [], "totEnMet": "straks"}',
        '{"wijzigingen": ["x"], "totEnMet": "2027-01-01T12:00:00Z"}',
        '{"wijzigingen": [{"aangebodenOpleidingcode": "../x"}], "totEnMet": "2027-01-01T12:00Z"}',
    ],
)
def test_nonsense_from_the_feed_is_malformed(body: str) -> None:
    with pytest.raises(MalformedReply) as caught:
        saying(body).changed(LONG_AGO)
    assert "straks" not in str(caught.value)
    assert caught.value.__context__ is None


def test_the_feed_is_off_unless_it_has_an_address(stub: Stub, tmp_path: Path) -> None:
    def built(**environ: str) -> Any:
        settings = config.read({"APP_ENV": "test", "INSTANCE": str(tmp_path), **environ})
        asked: list[str] = []

        def transport(address: str) -> httpx.BaseTransport:
            asked.append(address)
            return stub.transport

        return registers.build(settings, transport), asked

    off, _ = built()
    assert off.feed is None
    on, asked = built(RIO_FEED_URL=f"{BASE}/rio/")
    assert f"{BASE}/rio" in asked
    press(stub, wat="gone", over=KOK.id)
    assert on.feed.changed(LONG_AGO).keys == (KOK.id,)
    with pytest.raises(config.SettingsError, match="RIO_FEED_URL"):
        built(RIO_FEED_URL="rio.example")


def test_moments_never_go_back(stub: Stub) -> None:
    moments = [stub.world.rio_changed(LONG_AGO)[1] for _ in range(3)]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] < timedelta(minutes=1)
