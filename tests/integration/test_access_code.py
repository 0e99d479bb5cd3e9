"""A cohort behind an access code: asked, compared, paused, and kept nowhere (WIZ-9)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine

from app import clock
from app.domain.catalogue import Choice
from app.services import access_codes
from app.store import open_store
from tests import watch
from tests.choosing import CODE, IDS, LOCKED, LOCKED_TOO, choose, nobody_yet, offered, who_chose
from tests.portal import MINOR, Portal, Student
from tests.race import at_once, own_act

pytestmark = pytest.mark.each_run_on("sqlite")

WRONG = "Deze toegangscode klopt niet."
TOO_OFTEN = "Je hebt het te vaak geprobeerd. Wacht een kwartier, en probeer het dan weer."
MANY = 30


@pytest.fixture
def machine() -> Iterator[time_machine.Traveller]:
    """The machine's time stands still, until a test shifts it."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


def tries(student: Student, *codes: str) -> list[int]:
    """The statuses of trying these one after the other, at the code's own address."""
    address = f"/aanmelding/{student.draft}/toegangscode"
    return [student.post(address, code=code).status_code for code in codes]


def the_choice() -> Choice:
    (only,) = offered(LOCKED)
    return only.choice


def before_the_code(portal: Portal, bsn: str = MINOR, key: str = LOCKED) -> Student:
    student = who_chose(portal, key, bsn)
    assert student.at == "toegangscode"
    return student


@pytest.mark.rule("WIZ-9", "CAT-4")
def test_only_a_cohort_with_a_code_asks_for_it(any_portal: Portal) -> None:
    before_the_code(any_portal)
    before_the_code(any_portal, nobody_yet(1), LOCKED_TOO)  # of which toegankelijkheid is ALL
    student = any_portal.student(nobody_yet(2)).walk_to("ouders")
    assert student.get(f"/aanmelding/{student.draft}/toegangscode").status_code == 200
    assert student.at == "ouders"


@pytest.mark.rule("WIZ-9")
@pytest.mark.parametrize("typed", [CODE, " horizon24 ", "H O R I Z O N 2 4", "ＨＯＲＩＺＯＮ２４"])
def test_blanks_and_case_do_not_matter(portal: Portal, typed: str) -> None:
    student = before_the_code(portal)
    student.post(code=typed)
    assert student.at == "ouders"
    assert "Goed ingevuld" in student.walk_to("controleren").page.text


@pytest.mark.rule("WIZ-9")
@pytest.mark.parametrize("typed", ["Horizon 25", "Horizon", "Horizon 24 25", "24 Horizon", "-"])
def test_a_wrong_one_says_so_and_the_rest_is_kept(portal: Portal, typed: str) -> None:
    student = before_the_code(portal)
    page = student.post(code=typed)
    assert page.status_code == 422
    assert WRONG in page.text
    assert f'value="{typed}"' in page.text, "to be mended"
    contact = student.get(f"/aanmelding/{student.draft}/contact").text
    assert "student@voorbeeld.nl" in contact
    answers = watch.answers("draft")
    assert (answers.choice and answers.choice.programme_id) == IDS[LOCKED]
    assert answers.key is None


@pytest.mark.rule("WIZ-9")
def test_it_is_compared_in_constant_time(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []
    real = hmac.compare_digest

    def watched(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return real(one, other)

    store, choice = portal.app.extensions["store"], the_choice()
    monkeypatch.setattr(access_codes.hmac, "compare_digest", watched)
    found = [access_codes.fits(store, "x", choice, code) for code in ("a", "a" * 60, CODE)]
    assert found == [False, False, True]
    assert len(compared) == 3
    assert {one == other > 0 for one, other in compared} == {True}


def same(answer: httpx.Response) -> tuple[Any, ...]:
    """All that can be told of an answer."""
    unlike = ("date", "set-cookie", "content-length")  # packed, with a token of its own
    headers = sorted((n, v) for n, v in answer.headers.items() if n not in unlike)
    return answer.status_code, watch.masked(answer.text), headers


@pytest.mark.rule("WIZ-9")
def test_after_five_wrong_ones_right_and_wrong_get_the_same_answer(
    any_portal: Portal, machine: time_machine.Traveller
) -> None:
    student = before_the_code(any_portal)
    assert tries(student, *["fout"] * 5) == [422] * 5
    machine.shift(timedelta(minutes=4, seconds=0.4))
    wrong, right = (student.post(code=code) for code in ("fout", CODE))
    assert wrong.status_code == 429
    assert TOO_OFTEN in wrong.text
    assert wrong.headers["Retry-After"] == "660", "from the last of those tries"
    assert same(wrong) == same(right)
    assert watch.answers("draft").key is None


@pytest.mark.rule("WIZ-9")
def test_five_within_any_quarter_of_an_hour_are_too_many(
    any_portal: Portal, machine: time_machine.Traveller
) -> None:
    """Also where the first of them is forgotten in between."""
    student = before_the_code(any_portal)
    assert tries(student, "fout") == [422]
    machine.shift(timedelta(minutes=14, seconds=50))
    assert tries(student, *["fout"] * 3) == [422] * 3
    machine.shift(timedelta(seconds=11))
    assert tries(student, "fout", "fout", CODE) == [422, 422, 429]


@pytest.mark.rule("WIZ-9")
def test_the_pause_is_a_quarter_of_an_hour_from_the_last_of_the_five(
    any_portal: Portal, machine: time_machine.Traveller
) -> None:
    student = before_the_code(any_portal)
    assert tries(student, "fout") == [422]
    machine.shift(timedelta(minutes=14))
    assert tries(student, *["fout"] * 4) == [422] * 4
    machine.shift(timedelta(minutes=2))
    paused = student.post(code=CODE)
    assert (paused.status_code, paused.headers["Retry-After"]) == (429, "780")
    machine.shift(timedelta(minutes=13))
    assert tries(student, CODE) == [200]


@pytest.mark.rule("WIZ-9")
def test_nobody_else_and_no_other_cohort_has_to_wait(any_portal: Portal) -> None:
    paused = before_the_code(any_portal)
    tries(paused, *["fout"] * 6)
    other = before_the_code(any_portal, nobody_yet(1))
    assert tries(other, "fout", CODE) == [422, 200]
    choose(paused, LOCKED_TOO)
    assert tries(paused, "open-deur") == [200]
    choose(paused, LOCKED)  # the pause is the cohort's still
    again = Student(any_portal.browser(), paused.bsn)  # and the student's, on every device
    again.log_in()
    assert tries(again, CODE) == [429]


@pytest.mark.rule("WIZ-9")
@pytest.mark.parametrize("moved", [timedelta(minutes=15, seconds=1), timedelta(minutes=14)])
def test_after_a_quarter_of_an_hour_it_works_again(
    portal: Portal, machine: time_machine.Traveller, moved: timedelta
) -> None:
    student = before_the_code(portal)
    assert tries(student, *["fout"] * 6) == [422] * 5 + [429]
    machine.shift(moved)
    student.log_in()
    assert tries(student, CODE) == [200 if moved > timedelta(minutes=15) else 429]


@pytest.mark.rule("WIZ-9")
def test_a_tester_s_clock_does_not_end_the_pause(portal: Portal) -> None:
    student = before_the_code(portal)
    tries(student, *["fout"] * 5)
    portal.move_clock((clock.real_now() + timedelta(minutes=30)).isoformat())
    assert tries(student, CODE) == [429]


@pytest.mark.rule("WIZ-9")
def test_a_right_one_begins_anew(any_portal: Portal) -> None:
    store, choice = any_portal.app.extensions["store"], the_choice()
    for _ in range(3):
        for code in ("fout",) * 4:
            assert not access_codes.fits(store, "x", choice, code)
        assert access_codes.fits(store, "x", choice, CODE)


def tried(student_id: str, choice: Choice, code: str) -> bool:
    return access_codes.fits(open_store(""), student_id, choice, code)


@pytest.mark.long
@pytest.mark.rule("WIZ-9")
def test_of_thirty_at_once_five_are_compared(any_portal: Portal) -> None:
    calls = [(tried, "x", the_choice(), f"fout {n}") for n in range(MANY)]
    answers = at_once(any_portal.settings.database_url, own_act, calls)
    assert answers.count(False) == access_codes.TRIES
    assert {getattr(a, "kind", a) for a in answers} == {False, "TooOften"}


@pytest.mark.long
@pytest.mark.rule("WIZ-9")
def test_right_ones_at_once_do_not_trip_over_each_other(any_portal: Portal) -> None:
    """Each takes the counter away while others are counting."""
    calls = [("x", the_choice(), CODE)] * 4
    answers = at_once(any_portal.settings.database_url, tried, calls, each=40)
    assert {getattr(a, "kind", a) for one in answers for a in one} == {True}


@pytest.mark.rule("WIZ-9")
def test_a_class_behind_one_address_gets_in(any_portal: Portal) -> None:
    store, choice = any_portal.app.extensions["store"], the_choice()
    for code, fits in (("fout", False), ("Horizon 42", False), (CODE, True)):
        for number in range(MANY):
            assert access_codes.fits(store, f"pupil {number}", choice, code) is fits
