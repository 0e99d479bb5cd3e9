"""Staying logged in, and no longer (IDN-7)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine

from app import create_app, registers
from tests.portal import ADULT, MINOR, UNKNOWN, Portal, Student, open_portal

HTMX = {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "main"}
EXPIRED = "/sessie-verlopen"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The machine's time stands still, until a test shifts it."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


def is_in(student: Student) -> bool:
    answer = student.browser.get("/mijn")
    assert answer.status_code == 200 or answer.headers["Location"] == EXPIRED
    return answer.status_code == 200


def holder_of_copy(portal: Portal, student: Student) -> Student:
    """Somebody who copied the student's cookie."""
    browser = portal.browser()
    browser.cookies.set("sid", student.browser.cookies["sid"])
    return Student(browser, student.bsn)


@pytest.mark.rule("IDN-7")
@pytest.mark.parametrize(("minutes", "seconds", "stays"), [(14, 59, True), (15, 1, False)])
def test_a_session_ends_after_a_quarter_of_an_hour_without_activity(
    portal: Portal, clock: time_machine.Traveller, minutes: int, seconds: int, stays: bool
) -> None:
    student = portal.student()
    clock.shift(timedelta(minutes=minutes, seconds=seconds))
    assert is_in(student) is stays


@pytest.mark.rule("IDN-7")
def test_activity_keeps_a_session_for_four_hours_at_most(
    portal: Portal, clock: time_machine.Traveller
) -> None:
    student = portal.student()
    for _ in range(23):
        clock.shift(timedelta(minutes=10))
        assert is_in(student)
    clock.shift(timedelta(minutes=9, seconds=59))
    assert is_in(student)
    clock.shift(timedelta(seconds=2))
    assert not is_in(student)


@pytest.mark.rule("IDN-7")
def test_the_page_knows_when_the_session_ends(
    portal: Portal, clock: time_machine.Traveller
) -> None:
    student = portal.student()
    assert 'data-session-ends="900"' in student.page.text
    assert "Ik wil doorgaan" in student.page.text
    for _ in range(23):
        clock.shift(timedelta(minutes=10))
        student.get("/mijn")
    clock.shift(timedelta(minutes=5))
    assert 'data-session-ends="300"' in student.get("/mijn").text


@pytest.mark.rule("IDN-7")
def test_a_student_who_says_so_goes_on(portal: Portal, clock: time_machine.Traveller) -> None:
    student = portal.student()
    token = student.fields()["csrf_token"]
    clock.shift(timedelta(seconds=50))  # «last seen» is written once a minute, but for this
    extended = student.browser.post("/sessie/verlengen", data={"csrf_token": token})
    assert (extended.status_code, extended.text) == (204, "")
    clock.shift(timedelta(minutes=14, seconds=50))
    assert is_in(student)
    clock.shift(timedelta(minutes=16))
    refused = student.browser.post("/sessie/verlengen", data={"csrf_token": token})
    assert (refused.status_code, refused.headers["Location"]) == (303, EXPIRED)


@pytest.mark.rule("IDN-7")
@pytest.mark.parametrize("moved", ["2031-06-01T12:00:00+02:00", "2019-01-01T00:00:00+01:00"])
def test_a_tester_s_clock_leaves_sessions_alone(portal: Portal, moved: str) -> None:
    student = portal.student()
    portal.move_clock(moved)
    assert is_in(student)
    portal.move_clock("")


@pytest.mark.rule("IDN-7")
@pytest.mark.rule("WIZ-2")
@pytest.mark.rule("WIZ-4")
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_after_the_end_everything_is_there_again(
    portal: Portal, clock: time_machine.Traveller, htmx: bool
) -> None:
    student = portal.student(ADULT).walk_to("contact")
    step, form = str(student.page.url), student.fields()
    clock.shift(timedelta(minutes=16))
    typed = {**form, "roepnaam": "Semmie", "email": "sem@nergens", "phone": "06-12 34 56 78"}
    answer = student.browser.post(step, data=typed, headers=HTMX if htmx else {})
    if htmx:
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, EXPIRED)
        assert answer.text == ""
    else:
        assert (answer.status_code, answer.headers["Location"]) == (303, EXPIRED)
    assert "Log in en je gaat verder waar je was" in student.get(EXPIRED).text
    page = student.log_in()
    assert (page.status_code, str(page.url)) == (200, step)
    assert "Wat je typte, staat er nog" in page.text
    assert {**student.fields(), "csrf_token": ""} == {**typed, "csrf_token": ""}
    assert student.post(email="sem@voorbeeld.nl").status_code == 200
    assert student.at == "vooropleiding"


@pytest.mark.rule("IDN-7")
@pytest.mark.parametrize(("at", "pressed"), [("gegevens", "duo"), ("controleren", "controleren")])
def test_after_the_end_a_button_leads_back_to_its_page(
    portal: Portal, at: str, pressed: str
) -> None:
    portal.fault("duo", "personen", ADULT, "500")
    student = portal.student(ADULT).walk_to(at)
    student.browser.cookies.delete("sid")
    student.post(f"/aanmelding/{student.draft}/{pressed}")
    page = student.log_in()
    assert (page.status_code, student.at) == (200, at)


@pytest.mark.rule("IDN-7")
def test_the_next_on_this_computer_sees_nothing_of_who_went_before(
    portal: Portal, clock: time_machine.Traveller
) -> None:
    portal.student(UNKNOWN).walk_to("contact")
    first = portal.student(ADULT).walk_to("contact")
    draft = first.draft
    clock.shift(timedelta(minutes=16))
    first.post(roepnaam="Geheimpje", email="nee")
    second = Student(first.browser, UNKNOWN)
    arrived = second.log_in()
    assert second.draft != draft
    for page in (arrived, second.walk_to("contact").page, second.get("/mijn")):
        assert "Geheimpje" not in page.text
        assert draft not in page.text


@pytest.mark.rule("IDN-5")
def test_logging_in_gives_another_id_and_forgets_the_old_one(portal: Portal) -> None:
    student = Student(portal.browser(), MINOR)
    student.get("/aanmelden?instelling=99XX")
    before = student.browser.cookies["sid"]
    copy = holder_of_copy(portal, student)
    student.log_in()
    assert student.browser.cookies["sid"] != before
    assert not is_in(copy)
    again = student.browser.cookies["sid"]
    student.log_in()
    assert student.browser.cookies["sid"] not in (before, again)


@pytest.mark.rule("IDN-5")
@pytest.mark.parametrize("planted", ["x" * 43, "x", "", "a" * 4000])
def test_an_id_that_somebody_made_up_is_not_taken(portal: Portal, planted: str) -> None:
    student = Student(portal.browser(), MINOR)
    cookie = {"Cookie": f"sid={planted}"}
    begun = student.browser.get("/login/digid", headers=cookie)
    assert begun.status_code == 303
    assert student.browser.cookies["sid"] != planted
    assert portal.browser().get("/mijn", headers=cookie).headers["Location"] == EXPIRED


def test_a_cookie_of_any_characters_is_nobody(portal: Portal) -> None:
    answer = portal.app.test_client().get(
        "/mijn", base_url=portal.base, headers={"Cookie": "sid=" + "é" * 43}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, EXPIRED)


@pytest.mark.rule("IDN-7")
def test_logging_out_ends_it_here_and_at_the_provider(portal: Portal) -> None:
    student = portal.student()
    copy = holder_of_copy(portal, student)
    page = student.post("/uitloggen")
    assert page.status_code == 200
    assert "sid" not in student.browser.cookies
    assert not is_in(student)
    assert not is_in(copy)
    onward = page.headers["Refresh"].removeprefix("0; url=")
    assert onward.startswith(f"{portal.base}/digistub/logout?")
    query = parse_qs(urlsplit(onward).query)
    assert query["post_logout_redirect_uri"] == [f"{portal.base}/uitgelogd"]
    there = student.get(onward)
    while (further := there.headers.get("Location")) is not None:
        there = student.get(further)
    assert "uitgelogd" in there.text


@pytest.mark.rule("IDN-7")
def test_asking_does_not_log_out(portal: Portal) -> None:
    student = portal.student()
    assert student.browser.get("/uitloggen").status_code == 405
    assert student.browser.post("/uitloggen").status_code == 400
    assert is_in(student)


@pytest.mark.each_run(1)
@pytest.mark.rule("IDN-7")
@pytest.mark.parametrize("fault", ["500", "html", "slow", "issuer", "host"])
def test_logging_out_works_while_the_provider_does_not(
    sqlite_url: str, portal: Portal, fault: str
) -> None:
    student = portal.student()
    copy = holder_of_copy(portal, student)
    # Another process, which hasn't asked the provider anything yet.
    app = create_app(portal.settings, registers.build(portal.settings, lambda _: portal.outside))
    portal.fault("digid", "metadata", None, fault)
    other = httpx.Client(
        transport=httpx.WSGITransport(app), base_url=portal.base, cookies=student.browser.cookies
    )
    began = time.monotonic()
    page = other.post("/uitloggen", data=student.fields())
    assert time.monotonic() - began < 5
    assert (page.status_code, page.headers["Refresh"]) == (200, "0; url=/uitgelogd")
    assert not is_in(student)
    assert not is_in(copy)


@pytest.mark.rule("IDN-7")
@pytest.mark.parametrize("kind", ["table", "redis"])
def test_a_request_under_way_does_not_bring_a_session_back(
    request: pytest.FixtureRequest, sqlite_url: str, kind: str
) -> None:
    if kind == "redis":
        request.applymarker("redis")
    redis_url = request.getfixturevalue("redis_url") if kind == "redis" else ""
    portal = open_portal(sqlite_url, redis_url, DUO_TIMEOUT="0.6")
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        student = portal.student()
        copy = holder_of_copy(portal, student)
        waiting = holder_of_copy(portal, student)
        clock.shift(timedelta(minutes=2))  # so that the next request writes «last seen»
        portal.fault("duo", "personen", None, "timeout")
        asked = len(portal.outside.calls)
        address = f"/aanmelding/{student.draft}/duo"
        slow = threading.Thread(
            target=waiting.browser.post,
            args=(address,),
            kwargs={"data": {"csrf_token": student.fields()["csrf_token"]}},
        )
        slow.start()
        while len(portal.outside.calls) == asked:
            time.sleep(0.01)
        student.post("/uitloggen")
        slow.join()
        assert not is_in(copy)
