"""A real server, killed at random moments while clients send and note what was confirmed."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select, update

from app import db
from app.models import application, job, message
from tests.applicants import Applicant, adult, cohorts_open, out_of_balance, ready
from tests.live import Live, kill, live_portal

AGAIN = "Deze aanmelding had je al verstuurd. De school heeft die één keer gekregen."
CLIENTS = 3
WAITING = 24  # drafts that are ready when the server starts; more than it can do in a life
MOMENT = 0.03  # seconds, at most, from some confirmation to the end


@pytest.fixture
def live(database_url: str) -> Iterator[Live]:
    with live_portal(database_url) as live:
        yield live


class Ready(NamedTuple):
    """A draft to be sent, by a student who is logged in."""

    draft_id: str
    form: dict[str, str]
    cookie: dict[str, str]

    @property
    def path(self) -> str:
        return f"/aanmelding/{self.draft_id}/controleren"

    def sent_by(self, client: httpx.Client) -> httpx.Response:
        return client.post(self.path, data=self.form, headers=self.cookie)

    def seen_by(self, client: httpx.Client) -> httpx.Response:
        """Sent, and the page that a browser then shows."""
        where = self.sent_by(client).headers["Location"]
        return client.get(where, headers=self.cookie)


def drafts_of(live: Live, number: int) -> list[Ready]:
    """A student with nine drafts, each for another cohort."""
    student = live.portal.student(adult(number))
    token = student.get("/mijn").text.split('name="csrf_token" value="')[1].split('"')[0]
    cookie = {"Cookie": f"sid={student.browser.cookies['sid']}"}
    made: list[Applicant] = [
        ready(live.portal, adult(number), cohort_id, f"student{number}.{at}@voorbeeld.nl")
        for at, cohort_id in enumerate(cohorts_open()[:9])
    ]
    return [Ready(a.draft_id, {"csrf_token": token, **a.form}, cookie) for a in made]


@dataclass
class Ledger:
    """What the clients noted."""

    waiting: deque[Ready] = field(default_factory=deque)
    confirmed: list[str] = field(default_factory=list)
    unanswered: list[Ready] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    def send_until(self, stop: threading.Event, url: str) -> None:
        with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
            while not stop.is_set() and self.waiting:
                one = self.waiting.popleft()
                try:
                    answer = one.sent_by(client)
                except httpx.TransportError:
                    self.unanswered.append(one)
                    continue
                where = answer.headers.get("Location", "")
                if where.startswith(f"/aanmelding/{one.draft_id}/verstuurd"):
                    self.confirmed.append(one.draft_id)
                else:
                    self.strange.append(f"{answer.status_code} {where}")


def live_and_die(live: Live, ledger: Ledger) -> None:
    live.start()
    stop = threading.Event()
    clients = [
        threading.Thread(target=ledger.send_until, args=(stop, live.url)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    enough = len(ledger.confirmed) + random.randrange(5)
    while len(ledger.confirmed) < enough and any(client.is_alive() for client in clients):
        time.sleep(0.001)
    time.sleep(random.uniform(0, MOMENT))
    live.kill()
    stop.set()
    for client in clients:
        client.join()


def stored() -> set[str]:
    with db.reading() as connection:
        return set(connection.scalars(select(application.c.draft_id)))


def assert_sound(ledger: Ledger) -> None:
    assert ledger.strange == []
    assert len(ledger.confirmed) == len(set(ledger.confirmed))
    assert set(ledger.confirmed) <= stored(), "confirmed, and lost"
    with db.reading() as connection:
        assert out_of_balance(connection) == []


def killed(live: Live, times: int) -> int:
    """Kill it so often; then everything can be sent after all. How many were sent without that
    their student saw it."""
    ledger, number = Ledger(), count()
    for _ in range(times):
        while len(ledger.waiting) < WAITING:
            ledger.waiting.extend(drafts_of(live, next(number)))
        live_and_die(live, ledger)
        assert_sound(ledger)
    unseen = {one.draft_id for one in ledger.unanswered} & stored()
    live.start()
    with httpx.Client(base_url=live.url, trust_env=False, timeout=30) as client:
        for one in ledger.unanswered:
            page = one.seen_by(client)
            assert page.url.path.endswith("/verstuurd")
            assert (AGAIN in page.text) == (one.draft_id in unseen)
            ledger.confirmed.append(one.draft_id)
    assert_sound(ledger)
    assert set(ledger.confirmed) == stored()
    assert_mailed_once(live, len(ledger.confirmed))
    return len(unseen)


def assert_mailed_once(live: Live, expected: int) -> None:
    """Also when the worker is killed half-way, and another takes over when the lease is over."""
    folder = Path(live.portal.settings.mail_url)
    first = live.worker()
    deadline = time.monotonic() + 60
    while not list(folder.glob("*.eml")):
        assert time.monotonic() < deadline, "no mail went out"
        time.sleep(0.01)
    kill(first)
    with db.transaction() as connection:
        connection.execute(update(job).values(leased_until=0))
    assert live.worker("--once").wait(120) == 0
    mails = list(folder.glob("*.eml"))
    recipients = {line for m in mails for line in m.read_text().splitlines() if line[:3] == "To:"}
    assert len(mails) == len(recipients) == expected
    with db.reading() as connection:
        left = connection.scalar(select(func.count()).select_from(job).where(job.c.name == "mail"))
    assert left == 0


@pytest.mark.long
@pytest.mark.rule("WIZ-13")
def test_killed_twice_nothing_is_lost_and_nothing_is_double(live: Live) -> None:
    killed(live, 2)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.rule("WIZ-13")
def test_killed_sixty_times_nothing_is_lost_and_nothing_is_double(live: Live) -> None:
    assert killed(live, 60) > 0, "no kill came between storing and answering"


@pytest.mark.rule("WIZ-13")
@pytest.mark.each_run_on("postgresql")
def test_thirty_clicks_at_two_servers_are_one_application(live: Live) -> None:
    """Every one of them is answered with the confirmation."""
    one = drafts_of(live, 1)[0]
    live.start(workers=2)
    together = threading.Barrier(30)

    def click(_number: int) -> httpx.Response:
        with httpx.Client(base_url=live.url, trust_env=False, timeout=60) as client:
            together.wait(60)
            return one.seen_by(client)

    with ThreadPoolExecutor(30) as pool:
        pages = list(pool.map(click, range(30)))
    assert {page.url.path for page in pages} == {f"/aanmelding/{one.draft_id}/verstuurd"}
    assert sum(AGAIN not in page.text for page in pages) == 1
    with db.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(message)) == 1
        assert out_of_balance(connection) == []


@pytest.mark.long
@pytest.mark.rule("WIZ-13")
def test_who_is_gone_before_the_answer_has_applied_and_is_told_so_later(live: Live) -> None:
    one = drafts_of(live, 1)[0]
    live.start()
    body = urlencode(one.form)
    host = live.url.removeprefix("http://")
    head = (
        f"POST {one.path} HTTP/1.1",
        f"Host: {host}",
        f"Cookie: {one.cookie['Cookie']}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    )
    name, port = host.split(":")
    with socket.create_connection((name, int(port))) as line:
        line.sendall("\r\n".join((*head, "", body)).encode())
    deadline = time.monotonic() + 30
    while stored() != {one.draft_id}:
        assert time.monotonic() < deadline, "who hung up did not apply"
        time.sleep(0.02)
    with httpx.Client(base_url=live.url, trust_env=False, timeout=30) as client:
        assert AGAIN in one.seen_by(client).text
        overview = client.get("/mijn", headers=one.cookie)
    assert one.draft_id in overview.text
    with db.reading() as connection:
        assert out_of_balance(connection) == []
