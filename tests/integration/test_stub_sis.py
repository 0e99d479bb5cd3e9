"""The Stub SIS over the network: nothing gets lost, nothing is doubled (SIS-1, SIS-7)."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import redirect_stderr
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from random import Random
from threading import Event

import httpx
import pytest

from app import clock, logs, sandbox_rows
from app.jobs import BETWEEN_NUDGES
from app.sandbox_people import Kind
from app.services import receipts, sis_clients
from digistub.sis import state as sis_state
from digistub.sis.__main__ import checked, options
from digistub.sis.api import Api
from digistub.sis.follow import STUB, Manner, Sis, chain
from digistub.sis.login import Secret
from digistub.sis.state import State
from tests import watch
from tests.contract.raw_server import Send, answer, serving
from tests.contract.test_sis_trouble import ITEM
from tests.length import at_length
from tests.live import Live, kill, live_portal
from tests.portal import Portal
from tests.sis import OIN, SCHOOL
from tests.sis_process import (
    LOGIN,
    generate,
    lines_until,
    ours,
    run,
    running,
    set_point,
    statuses,
    theirs,
)

pytestmark = pytest.mark.each_run_on("sqlite")

VICTIMS = (("sis",), ("portal",), ("worker", "sis"), ("sis", "portal"))


@pytest.fixture
def live(database_url: str) -> Iterator[Live]:
    with live_portal(database_url) as live:
        live.start()
        yield live


@pytest.mark.rule("SIS-7")
@pytest.mark.rule("SIS-8")
def test_the_acceptance_test_passes(live: Live) -> None:
    """And leaves the koppelpunt repeating what isn't acknowledged, as it did."""
    set_point(SCHOOL, acknowledging=True)
    played = run(live.url, *LOGIN, "--scenario")
    assert played.returncode == 0, played.stdout + played.stderr
    steps = re.findall(r"^\[ *(\d+)/(\d+)\] goed", played.stdout, re.M)
    assert len(steps) == int(steps[0][1]) == 39, played.stdout
    assert played.stdout.endswith("39 goed, 0 fout, 0 overgeslagen\n")
    assert watch.row_of("koppelpunt", code=SCHOOL).acknowledging


@pytest.mark.rule("SIS-7")
@pytest.mark.long
def test_once_says_how_far_it_came_also_with_nothing_new(live: Live, tmp_path: Path) -> None:
    said = run(live.url, *LOGIN, "--once", "--state", str(tmp_path / "sis.db"))
    assert said.returncode == 0, said.stderr
    assert said.stdout == "Stub SIS: klaar: 0 aanmeldingen · 0 bevestigd · 0 statussen\n"


@pytest.mark.long
@pytest.mark.rule("SIS-7")
@pytest.mark.rule("SIS-1")
@pytest.mark.parametrize("kills", [1, *at_length(60)])
def test_both_ends_killed_at_any_moment_nothing_is_lost_or_doubled(
    live: Live, tmp_path: Path, kills: int
) -> None:
    """And the worker, that tells of news: it is told in the end."""
    random, heard, worker = Random(kills), Event(), live.worker()
    path = tmp_path / "sis.db"
    options = (*LOGIN, "--state", str(path), "--statuses", "AO,OA")

    def hear(_: bytes, send: Send) -> None:
        heard.set()
        send(answer(b"{}"))

    with serving(hear) as news:
        for _ in range(kills):
            set_point(acknowledging=random.random() < 0.5, nudge_url=news)
            generate(8, Kind.ADULT, Kind.MINOR)
            before = fetched()
            with running(live.url, "--follow", "--every", "0.1", *options) as process:
                if random.random() < 0.5:  # the answer is on its way
                    while fetched() == before:
                        assert process.poll() is None, "it ended by itself"
                for _ in range(random.choice((0, 0, 4, 12))):
                    assert process.stdout is not None
                    assert process.stdout.readline(), "it ended by itself"
                victims = random.choice(VICTIMS)
                if "portal" in victims:
                    live.kill()  # while it answers, or marks what it gave
                if "sis" in victims:
                    kill(process)
                if "worker" in victims:
                    kill(worker)
                    worker = live.worker()
                if "portal" in victims:
                    live.start()
        ended = run(live.url, "--once", *options)
        assert ended.returncode == 0, ended.stdout
        assert theirs(path, live.url, SCHOOL) == ours(SCHOOL)
        assert len(ours(SCHOOL)) == 8 * kills
        assert statuses() == {row[0]: ["RECEIVED", "OFFERED"] for row in ours(SCHOOL).values()}
        generate(1)
        assert heard.wait(BETWEEN_NUDGES + 30)
        kill(worker)


@pytest.mark.rule("SIS-7")
def test_a_message_is_kept_with_all_that_must_be_said_of_it_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops_halfway() -> None:
        State(tmp_path / "sis.db", "hier").keep("een", SCHOOL, [ITEM], [], 7)

    with monkeypatch.context() as patch:  # between two statements of one change
        patch.setattr(sis_state, "_say", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        process = get_context("fork").Process(target=stops_halfway)
        process.start()
        process.join(20)
    assert process.exitcode == -signal.SIGKILL
    state = State(tmp_path / "sis.db", "hier")
    assert (state.applications(SCHOOL), state.reached(SCHOOL)) == ({}, None)
    state.keep("een", SCHOOL, [ITEM], chain(SCHOOL, ITEM, ["AO", "OA"]), 7)
    state.keep("een", SCHOOL, [ITEM], chain(SCHOOL, ITEM, ["AO", "OA"]), 7)
    assert [one.body["status"] for one in state.waiting("een")] == ["AO", "OA"]
    assert (list(state.applications(SCHOOL)), state.reached(SCHOOL)) == ([ITEM["caKetenId"]], 7)


@pytest.mark.rule("SIS-7")
@pytest.mark.rule("STA-2")
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_who_lost_all_it_knew_says_no_status_twice(any_portal: Portal) -> None:
    generate(3, Kind.ADULT)
    for _ in range(2):
        transport = httpx.WSGITransport(any_portal.app)
        api = Api(any_portal.base, OIN, Secret("stubsis"), transport)
        forgetful = Sis(api, State(None, "hier"), Manner(statuses=("AO", "LI")))
        while forgetful.round():
            pass
        receipts.again(
            SCHOOL, [row.keten_id for row in watch.all_of("application")], None, clock.now()
        )
    assert [len(said) for said in statuses().values()] == [2, 2, 2]


@pytest.mark.rule("SIS-7")
@pytest.mark.long
def test_make_run_s_stub_follows_what_is_set_to_it(live: Live, tmp_path: Path) -> None:
    """91XX is; 99XX is not until somebody says so. A real SIS hears why it gets nothing."""
    sandbox_rows.generate("91XX", 2, clock.now(), [Kind.ADULT])
    generate(3, Kind.ADULT)
    path = tmp_path / "sis.db"
    options = ("--follow", "--every", "0.1", "--statuses", "AO", "--state", str(path))
    with running(live.url, *options) as process:
        lines_until(process, "status AO")
        lines_until(process, "status AO")
        assert theirs(path, STUB, "91XX") == ours("91XX")
        assert theirs(path, STUB, SCHOOL) == {}
        set_point(sis=STUB)
        for _ in range(3):
            lines_until(process, "status AO")
        assert theirs(path, STUB, SCHOOL) == ours(SCHOOL)
        live.kill()
        lines_until(process, "geen antwoord")
        live.start()
        lines_until(process, "het gaat weer")
        generate(1, Kind.MINOR)
        lines_until(process, "status AO")
        assert process.poll() is None
    assert process.returncode == 0
    assert {row.status for row in watch.all_of("application")} == {"RECEIVED"}


@pytest.mark.rule("IDN-2")
def test_in_production_nobody_plays_a_sis() -> None:
    refused = run("http://127.0.0.1:9", "--follow", APP_ENV="production")
    assert refused.returncode == 2
    assert "APP_ENV" in refused.stderr


WRONG = {
    ("--client", OIN, "--once"): "geef --secret, --key of --certificate",
    ("--once", "--drop", "1"): "--drop is 2 of meer",
    ("--once", "--statuses", "AO,XX"): "onbekende status XX",
    ("--client", OIN, "--once", "--key", "/bestaat/niet"): "is niet te lezen",
    ("--client", OIN, "--once", "--certificate", "/weg"): "geef --certificate en --certificate-key",
    (
        *("--client", OIN, "--once", "--certificate", "/weg", "--certificate-key", "/weg"),
    ): "niet te lezen, of horen niet bij elkaar",
    ("--follow", "--once"): "not allowed with",
    (): "one of the arguments --follow --once --scenario is required",
}


@pytest.mark.parametrize("given", WRONG)
def test_what_can_not_be_asked_is_said(given: tuple[str, ...]) -> None:
    parser = options()
    with pytest.raises(SystemExit), redirect_stderr(StringIO()) as said:
        checked(parser, parser.parse_args(given))
    assert WRONG[given] in said.getvalue()


def fetched() -> int:
    """Messages that the server has given out."""
    return sum(m.given_at is not None for m in watch.all_of("message"))


MANNERS = {
    "drops": ("--drop", "3"),
    "drops every other": ("--drop", "2"),
    "repeats": ("--repeat",),
    "reorders": ("--reorder", "--seed", "4"),
    "all at once": ("--drop", "3", "--repeat", "--reorder"),
    "acknowledges nothing": ("--no-acknowledge", "--drop", "4"),
}
PAIRS = [(manner, on) for manner in MANNERS for on in (False, True)][:-1]  # it asks for nothing
SHORT = {("all at once", True)}


@pytest.mark.rule("SIS-1")
@pytest.mark.rule("SIS-7")
@pytest.mark.parametrize(
    ("manner", "acknowledging"),
    [pytest.param(*p, marks=[] if p in SHORT else [pytest.mark.long]) for p in PAIRS],
)
def test_whatever_gets_lost_both_ends_have_the_same(
    live: Live, tmp_path: Path, manner: str, acknowledging: bool
) -> None:
    set_point(acknowledging=acknowledging)
    generate(16)
    options = (*LOGIN, "--once", "--state", str(tmp_path / "sis.db"), *MANNERS[manner])
    for _ in range(2):
        ended = run(live.url, *options, "--statuses", "AO,OA,LI")
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert theirs(tmp_path / "sis.db", live.url, SCHOOL) == ours(SCHOOL)
        generate(4, Kind.ADULT, Kind.CHANGED, Kind.WITHDRAWN, Kind.INTEREST)
    enrolled = {row.id for row in watch.all_of("application") if row.status == "ENROLLED"}
    answered = {number: set(said) for number, said in statuses().items()}
    assert answered == {key: {"RECEIVED", "OFFERED", "ENROLLED"} for key in enrolled}
    assert all(len(said) == 3 for said in statuses().values())
    applications = watch.all_of("application")
    assert len(enrolled) == sum(r.kind == "A" and r.status != "WITHDRAWN" for r in applications) - 2
    if manner != "acknowledges nothing":
        fetched = [m for m in watch.all_of("message") if m.latest and not m.waiting]
        assert all(m.acknowledged_at for m in fetched)


@pytest.mark.rule("SIS-7")
def test_its_asking_every_second_fills_no_log(
    portal: Portal, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs.log, "propagate", True)
    sis_clients.set_up("0" * 20, "Een leverancier", [SCHOOL], clock.real_now())
    secret = sis_clients.add_secret("0" * 20, clock.real_now())
    for client_id, proof, logged in ((OIN, "stubsis", False), ("0" * 20, secret, True)):
        api = Api(portal.base, client_id, Secret(proof), httpx.WSGITransport(portal.app))
        caplog.clear()
        api.koppelpunten()
        asked = [r for r in caplog.records if "'/cambo/rest/v1/koppelpunt'" in str(r.msg)]
        assert bool(asked) == logged
