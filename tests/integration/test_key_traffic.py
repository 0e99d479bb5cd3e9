"""Keys change while a real server has students at it, and at the same moment on two servers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from app import clock, db, keys
from app.models import student
from app.services import drafts, key_use, rotation, students
from tests import watch
from tests.applicants import a_cohort, adult, arrives, ready
from tests.integration.test_kill import Ledger, Ready, assert_sound, drafts_of, stored
from tests.live import Live, live_portal
from tests.portal import Portal
from tests.race import Duo, Raised, at_once, with_keys

OLD, NEW = ("old", b"o" * 32), ("new", b"n" * 32)
DEVICES = 12

pytestmark = pytest.mark.rule("RET-2")


@pytest.fixture
def live(database_url: str) -> Iterator[Live]:
    with live_portal(database_url) as live:
        yield live


@dataclass
class Answered:
    """What was confirmed to who answers: the address given last, by draft."""

    emails: dict[str, str] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)


def answers(live: Live, one: Ready, stop: threading.Event, noted: Answered) -> None:
    """Somebody who can't choose an address for their mail, until told to stop."""
    with httpx.Client(base_url=live.url, trust_env=False, timeout=30) as client:
        times = 0
        while not stop.is_set():
            times += 1
            contact = {
                "csrf_token": one.form["csrf_token"],
                **{"roepnaam": "Sem", "email": f"poging{times}@voorbeeld.nl"},
            }
            path = f"/aanmelding/{one.draft_id}/contact"
            answer = client.post(path, data=contact, headers=one.cookie)
            if answer.status_code != httpx.codes.SEE_OTHER:
                noted.strange.append(f"{answer.status_code} {answer.text[:200]}")
                return
            noted.emails[one.draft_id] = contact["email"]


@pytest.mark.timeout(300)
@pytest.mark.each_run_on("postgresql")
def test_nothing_is_lost_while_students_answer_and_send(live: Live) -> None:
    """Sealed anew to and fro, so that there is something to do all the time."""
    secret = live.portal.settings.secret_key
    keys.use((OLD, NEW), secret)
    to_send = [one for number in (1, 2) for one in drafts_of(live, number)]
    answered = [to_send.pop(0), to_send.pop()]
    live.start()
    keys.use((NEW, OLD), secret)
    ledger, stop, noted = Ledger(), threading.Event(), Answered()
    ledger.waiting.extend(to_send)
    senders = [threading.Thread(target=ledger.send_until, args=(stop, live.url)) for _ in range(2)]
    answering = [
        threading.Thread(target=answers, args=(live, one, stop, noted)) for one in answered
    ]
    for thread in (*senders, *answering):
        thread.start()
    times = done = 0
    while any(thread.is_alive() for thread in senders):
        keys.use(((NEW, OLD), (OLD, NEW))[times % 2], secret)
        done += rotation.rotate().all
        times += 1
    stop.set()
    for thread in (*senders, *answering):
        thread.join()
    live.kill()
    assert noted.strange == []
    assert times > 2
    assert done > len(to_send)
    assert set(ledger.confirmed) == {one.draft_id for one in to_send}
    assert_sound(ledger)
    keys.use((NEW, OLD), secret)
    assert rotation.rotate().busy == 0
    assert {one.name for one in key_use.use() if one.rows.get("old")} == set()
    keys.use((NEW,), secret)
    kept = {one.draft_id: watch.answers("draft", id=one.draft_id).contact for one in answered}
    assert {of: contact and contact.email for of, contact in kept.items()} == noted.emails
    for draft_id in stored():
        assert watch.answers("application", draft_id=draft_id).contact is not None
    assert len(watch.all_of("student")) == 2


def everybody_arrives(url: str, now: Any) -> list[Any]:
    """One person on many devices, at servers that have either key first."""
    registers = SimpleNamespace(persons=Duo(), educations=Duo(), catalogue=None)
    arrival = (students.arrive, adult(7), "nl", registers, None, now)
    keys.use((OLD, NEW))
    calls = [(((OLD, NEW), (NEW, OLD))[n % 2], *arrival) for n in range(DEVICES)]
    return at_once(url, with_keys, calls)


@pytest.mark.rule("WIZ-2")
@pytest.mark.each_run_on("postgresql")
def test_somebody_new_is_one_student_whichever_key_a_server_has_first(database_url: str) -> None:
    db.connect(database_url)
    found = everybody_arrives(database_url, clock.now())
    assert not [one for one in found if isinstance(one, Raised)]
    assert len({arrival.student_id for arrival in found}) == 1
    with db.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(student)) == 1


@pytest.mark.rule("WIZ-2")
@pytest.mark.each_run_on("postgresql")
def test_somebody_known_is_found_while_their_hash_is_made_anew(database_url: str) -> None:
    db.connect(database_url)
    keys.use((OLD, NEW))
    registers = SimpleNamespace(persons=Duo(), educations=Duo(), catalogue=None)
    mine = students.arrive(adult(7), "nl", registers, None, clock.now()).student_id  # type: ignore[arg-type]
    stop = threading.Event()

    def to_and_fro() -> None:
        times = 0
        while not stop.is_set():
            keys.use(((NEW, OLD), (OLD, NEW))[times % 2])
            rotation.rotate()
            times += 1

    rotating = threading.Thread(target=to_and_fro)
    rotating.start()
    found = everybody_arrives(database_url, clock.now())
    stop.set()
    rotating.join()
    assert {getattr(one, "student_id", one) for one in found} == {mine}
    with db.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(student)) == 1


# --- while both keys are in use -----------------------------------------------------------------

STATES = [  # of the servers before a restart, and of those that were restarted
    ((OLD,), (OLD, NEW)),
    ((OLD, NEW), (NEW, OLD)),
    ((NEW, OLD), (NEW,)),
]


@pytest.mark.parametrize(("these", "those"), STATES)
@pytest.mark.parametrize("turned", [False, True])
def test_each_server_opens_what_the_other_writes(
    any_portal: Portal, these: Any, those: Any, turned: bool
) -> None:
    one, other = (those, these) if turned else (these, those)
    keys.use(one)
    first = ready(any_portal, adult(1), a_cohort())
    keys.use(other)
    assert arrives(any_portal, adult(1)) == first.student_id
    with db.reading() as connection:
        assert students.of(connection, first.student_id)[0] == adult(1)
        opened = drafts.open_draft(connection, first.student_id, first.draft_id, clock.now())
    contact = opened.answers.contact
    drafts.answer(opened, "contact", contact, clock.now())
    keys.use(one)
    with db.reading() as connection:
        again = drafts.open_draft(connection, first.student_id, first.draft_id, clock.now())
    assert again.answers == opened.answers
    assert arrives(any_portal, adult(1)) == first.student_id
    assert len(watch.all_of("student")) == 1


def test_without_the_old_key_first_everywhere_nobody_would_be_found(any_portal: Portal) -> None:
    """Which is why the new one comes last at first."""
    keys.use((NEW,))
    arrives(any_portal, adult(1))
    keys.use((OLD,))
    arrives(any_portal, adult(1))
    assert len(watch.all_of("student")) == 2
