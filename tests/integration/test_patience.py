"""Registers aren't asked more than they can bear, nor waited for longer than we can."""

from __future__ import annotations

import threading

import httpx
import pytest

from app.domain.ports import Unavailable
from app.services.patience import AT_ONCE, EACH, Allowance, Sparing
from app.store import Store
from tests import watch
from tests.choosing import nobody_yet
from tests.leerbedrijven import BISTRO, at_the_question, names, searches
from tests.outages import FAULTS, broken, fails_with
from tests.portal import ADULT, Portal

MINUTE = 60


@pytest.fixture
def store(portal: Portal) -> Store:
    found: Store = portal.app.extensions["store"]
    return found


def fails() -> str:
    raise Unavailable("bag")


def test_who_asks_too_much_waits_and_others_do_not(store: Store) -> None:
    minutes = iter((0, 1, 2, 4, 4, 6))
    register = Sparing("bag", Allowance(3, 5 * MINUTE, lambda: next(minutes) * MINUTE))
    for _ in range(3):
        assert register.ask(store, "a", lambda: "here") == "here"
    with pytest.raises(Unavailable):
        register.ask(store, "a", lambda: "here")
    assert register.ask(store, "b", lambda: "here") == "here"
    assert register.ask(store, "a", lambda: "here") == "here"


def test_one_that_is_out_of_order_is_left_alone_by_everybody(store: Store) -> None:
    register, other = Sparing("bag", Allowance(9, MINUTE)), Sparing("bag", Allowance(9, MINUTE))
    with pytest.raises(Unavailable):
        register.ask(store, "a", fails)
    asked: list[int] = []
    with pytest.raises(Unavailable):
        other.ask(store, "b", lambda: asked.append(1))
    assert asked == []
    assert Sparing("sbb", Allowance(9, MINUTE)).ask(store, "b", lambda: "another") == "another"


def test_what_it_answers_to_one_is_nobody_elses_trouble(store: Store) -> None:
    register = Sparing("bag", Allowance(9, MINUTE))

    def refuses() -> str:
        raise Unavailable("bag", "500", answered=True)

    with pytest.raises(Unavailable):
        register.ask(store, "a", refuses)
    assert register.ask(store, "b", lambda: "here") == "here"
    asked: list[int] = []
    with pytest.raises(Unavailable):
        register.ask(store, "a", lambda: asked.append(1))
    assert asked == [], "who got it isn't helped by asking at once again"
    assert register.ask(store, "b", lambda: "here") == "here"


FAILS = {
    "429": (lambda request, works: httpx.Response(429), False),
    "503": (lambda request, works: httpx.Response(503), False),
    "500": (FAULTS["500"], True),
    "no answer in time": (fails_with(httpx.ReadTimeout("")), False),
}


@pytest.mark.each_run(2)
@pytest.mark.rule("WIZ-11")
@pytest.mark.parametrize("fails", FAILS)
def test_others_search_on_while_one_gets_an_error(portal: Portal, fails: str) -> None:
    fault, served = FAILS[fails]
    one, other = at_the_question(portal, nobody_yet(1)), at_the_question(portal, nobody_yet(2))
    with broken(portal, "/sbb/leerbedrijven", fault):
        assert names(searches(one, "bistro")) == []
    assert (BISTRO in searches(other, "bistro")) is served
    assert BISTRO not in searches(one, "bistro")


def test_a_student_waits_for_their_own_questions_and_others_do_not(
    store: Store, portal: Portal
) -> None:
    register, enough = Sparing("bag", Allowance(9, MINUTE)), threading.Event()
    began = threading.Barrier(EACH + 1)

    def waits() -> None:
        began.wait(5)
        enough.wait(5)

    own = [threading.Thread(target=register.ask, args=(store, "a", waits)) for _ in range(EACH)]
    for thread in own:
        thread.start()
    began.wait(5)
    with pytest.raises(Unavailable):
        register.ask(store, "a", lambda: "here")
    assert register.ask(store, "b", lambda: "here") == "here"
    enough.set()
    for thread in own:
        thread.join()
    assert register.ask(store, "a", lambda: "here") == "here"


def test_a_register_never_holds_all_of_our_threads(store: Store, portal: Portal) -> None:
    register, enough = Sparing("bag", Allowance(9, MINUTE)), threading.Event()
    began = threading.Barrier(AT_ONCE + 1)

    def waits() -> None:
        began.wait(5)
        enough.wait(5)

    threads = [
        threading.Thread(target=register.ask, args=(store, str(n), waits)) for n in range(AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    began.wait(5)
    with pytest.raises(Unavailable):
        register.ask(store, "late", lambda: "here")
    enough.set()
    for thread in threads:
        thread.join()


@pytest.mark.rule("DUO-6")
def test_duo_is_not_asked_a_hundred_times(portal: Portal) -> None:
    student = portal.student(ADULT)
    token = watch.token(student.page.text)
    portal.outside.calls.clear()
    for _ in range(40):
        answer = student.browser.post(
            f"/aanmelding/{student.draft}/duo", data={"csrf_token": token}
        )
        assert answer.status_code == 303
    assert len([c for c in portal.outside.calls if c.url.path.endswith("/personen")]) == 20
