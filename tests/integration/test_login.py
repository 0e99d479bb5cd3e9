"""Logging in at DigiStub, and every way in which that fails (IDN-5, IDN-6), in one browser."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine

from app.registers.digid import ACR
from digistub.people import fresh_bsn
from tests import watch
from tests.digid_login import answer
from tests.portal import ADULT, MINOR, Portal, Student, cohorts

PRESCRIBED = (
    "Er is een fout opgetreden in de communicatie met DigiD. Probeert u het later nogmaals. "
    "Indien deze fout blijft aanhouden, kijk dan op de website https://www.digid.nl voor de "
    "laatste informatie."
)
TOO_LOW = "niet veilig genoeg"
TOO_LATE = "Het inloggen duurde te lang"

numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture
def bsn() -> str:
    """Of somebody who was never here before."""
    return fresh_bsn("9997", next(numbers))


def begun(student: Student) -> httpx.Response:
    """DigiStub's page, after pressing «Inloggen met DigiD»."""
    return student.browser.get(student.browser.get("/login/digid").headers["Location"])


def callback(student: Student, page: httpx.Response) -> str:
    """Who that is, has been said at DigiStub; the address at which the portal would hear it."""
    return answer(student.browser, page, student.bsn).headers["Location"]


def is_in(browser: httpx.Client) -> bool:
    return browser.get("/mijn").status_code == 200


@pytest.mark.rule("IDN-1")
def test_the_request_to_digid(portal: Portal) -> None:
    seen = set()
    for _ in range(100):
        address = urlsplit(portal.browser().get("/login/digid").headers["Location"])
        query = {name: value for name, (value,) in parse_qs(address.query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["redirect_uri"] == f"{portal.base}/login/digid/terug"
        assert query["acr_values"] == ACR["20"]
        assert query["scope"] == "openid"
        secrets = query["state"], query["nonce"], query["code_challenge"]
        assert all(len(secret) >= 43 for secret in secrets)  # 256 bits in base64
        seen.update(secrets)
    assert len(seen) == 300


@pytest.mark.rule("IDN-5")
def test_a_callback_counts_once(portal: Portal, bsn: str) -> None:
    student = Student(portal.browser(), bsn)
    address = callback(student, begun(student))
    assert student.browser.get(address).status_code == 303
    with watch.logged() as log:
        again = student.browser.get(address)
    assert again.status_code == 400
    assert TOO_LATE in again.text
    assert "Naar mijn aanmeldingen" in again.text
    assert [line["reason"] for line in log.events("login_failed")] == ["state"]
    assert is_in(student.browser)


@pytest.mark.rule("IDN-5")
def test_of_many_at_once_a_callback_counts_once(portal: Portal, bsn: str) -> None:
    student = Student(portal.browser(), bsn)
    address = callback(student, begun(student))
    before = len(portal.outside.calls)

    def go(_: int) -> int:
        browser = portal.browser()
        browser.cookies.set("sid", student.browser.cookies["sid"])
        return browser.get(address).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(go, range(8)))
    assert statuses == [303, *[400] * 7]
    asked = [call.url.path for call in portal.outside.calls[before:]]
    assert asked.count("/digistub/token") == 1


@pytest.mark.rule("IDN-5")
def test_a_callback_with_the_cookie_of_before_counts_once_too(portal: Portal, bsn: str) -> None:
    student = Student(portal.browser(), bsn)
    page = begun(student)
    old = portal.browser()
    old.cookies.set("sid", student.browser.cookies["sid"])
    address = callback(student, page)
    assert student.browser.get(address).status_code == 303
    assert old.get(address).status_code == 400
    assert not is_in(old)


@pytest.mark.rule("IDN-5")
@pytest.mark.parametrize("begins", [False, True], ids=["fresh", "with a login of its own"])
def test_another_browser_s_callback_is_refused(portal: Portal, bsn: str, begins: bool) -> None:
    victim, attacker = portal.browser(), Student(portal.browser(), bsn)
    if begins:
        victim.get("/login/digid")
    address = callback(attacker, begun(attacker))
    with watch.logged() as log:
        page = victim.get(address)
    assert page.status_code == 400
    assert TOO_LATE in page.text
    assert not is_in(victim)
    assert [line["reason"] for line in log.events("login_failed")] == ["state"]
    assert attacker.browser.get(address).status_code == 303


@pytest.mark.rule("IDN-5")
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"state": ""},
        {"state": "é"},
        {"code": "x"},
        {"error": "access_denied"},
        {"error": "<script>", "error_description": '"><img src=x>', "state": "x" * 43},
    ],
    ids=str,
)
def test_a_callback_that_nobody_began_is_refused(portal: Portal, query: dict[str, str]) -> None:
    page = portal.browser().get("/login/digid/terug", params=query)
    assert page.status_code == 400
    assert TOO_LATE in page.text
    assert "script>" not in page.text.split("<main")[1]
    assert "<img src=x" not in page.text


@pytest.mark.rule("IDN-5")
def test_what_digid_says_of_its_error_is_not_shown(portal: Portal, bsn: str) -> None:
    student = Student(portal.browser(), bsn)
    state = parse_qs(urlsplit(str(begun(student).url)).query)["state"][0]
    with watch.logged() as log:
        page = student.browser.get(
            "/login/digid/terug",
            params={"state": state, "error": "x" + bsn, "error_description": "Kanarie " + bsn},
        )
    assert PRESCRIBED in page.text
    assert "Kanarie" not in page.text + log.text
    assert bsn not in page.text + log.text


@pytest.mark.rule("IDN-5")
@pytest.mark.rule("IDN-6")
@pytest.mark.parametrize(("minutes", "seconds", "counts"), [(9, 59, True), (10, 1, False)])
def test_a_login_may_take_ten_minutes(
    portal: Portal, bsn: str, minutes: int, seconds: int, counts: bool
) -> None:
    student = Student(portal.browser(), bsn)
    with time_machine.travel(datetime.now(UTC), tick=False) as clock, watch.logged() as log:
        page = begun(student)
        clock.shift(timedelta(minutes=minutes, seconds=seconds))
        arrived = student.browser.get(callback(student, page))
        assert arrived.status_code == (303 if counts else 400)
        assert is_in(student.browser) is counts
    assert [line["reason"] for line in log.events("login_failed")] == [[], ["expired"]][not counts]
    assert (TOO_LATE in arrived.text) is not counts


@pytest.mark.rule("IDN-5")
@pytest.mark.parametrize("first", [0, 1], ids=["begun first", "begun last"])
def test_of_two_logins_open_at_once_either_counts(portal: Portal, bsn: str, first: int) -> None:
    student = Student(portal.browser(), bsn)
    pages = [begun(student), begun(student)]
    callbacks = [callback(student, page) for page in pages]
    assert student.browser.get(callbacks[first]).status_code == 303
    other = student.browser.get(callbacks[1 - first])
    assert other.status_code == 400
    assert TOO_LATE in other.text
    assert is_in(student.browser)


@pytest.mark.rule("IDN-5")
def test_more_logins_than_five_push_out_the_oldest(portal: Portal, bsn: str) -> None:
    student = Student(portal.browser(), bsn)
    pages = [begun(student) for _ in range(6)]
    assert student.browser.get(callback(student, pages[0])).status_code == 400
    assert student.browser.get(callback(student, pages[1])).status_code == 303


@pytest.mark.rule("IDN-9")
@pytest.mark.parametrize("level", ["20", "25", "30"])
def test_level_and_moment_stay_with_the_application(portal: Portal, bsn: str, level: str) -> None:
    student = Student(portal.browser(), bsn)
    before = datetime.now(UTC)
    student.log_in(level=level)
    after = datetime.now(UTC)
    student.send()
    kept = watch.document("application", draft_id=student.draft)["identification"]
    assert kept["level"] == level
    assert before <= datetime.fromisoformat(kept["moment"]) <= after


@pytest.mark.rule("IDN-5")
@pytest.mark.parametrize(("level", "counts"), [("10", False), ("20", True), ("30", True)])
def test_the_level_asked_is_the_least(portal: Portal, bsn: str, level: str, counts: bool) -> None:
    student = Student(portal.browser(), bsn)
    page = student.log_in(level=level)
    assert (TOO_LOW in page.text) is not counts
    assert is_in(student.browser) is counts


@pytest.mark.rule("IDN-6")
@pytest.mark.parametrize("fault", ["access_denied", "server_error", "acr-lower", "nonce-wrong"])
def test_a_failed_login_forgets_neither_the_link_nor_the_place(
    portal: Portal, bsn: str, fault: str
) -> None:
    student = Student(portal.browser(), bsn)
    student.get("/aanmelden?instelling=91XX&kenmerk=folder&returnUrl=https://www.atelier.example/")
    student.log_in(fault=fault)
    student.log_in()
    student.walk_to("opleiding")
    step = str(student.page.url.copy_with(query=None))
    assert "Vakcollege Het Atelier" in student.get(step).text
    assert "Timmeren aan je toekomst" in student.page.text
    assert "Kok in het restaurant" not in student.page.text
    student.browser.cookies.delete("sid")
    earlier = step.replace("opleiding", "contact")
    student.get(earlier)
    assert student.log_in(fault=fault).status_code == 400
    assert str(student.log_in().url) == earlier
    student.get(step)
    student.open_first()
    student.post(cohort=cohorts(student.page.text)[0])
    page = student.send()
    assert "https://www.atelier.example/?status=geslaagd&amp;caKetenId=" in page.text
    assert "kenmerk=folder" in page.text


@pytest.mark.rule("IDN-4")
def test_the_ways_in_without_digid(portal: Portal) -> None:
    page = portal.browser().get("/login").text
    assert 'href="/login/loginWithoutDigiD"' in page
    page = portal.browser().get("/login/loginWithoutDigiD").text
    assert "Inloggen met DigiStub" in page
    assert 'href="/login/digid"' in page


@pytest.mark.rule("IDN-4")
def test_administrators_find_their_door(portal: Portal) -> None:
    browser = portal.browser()
    assert 'href="/beheer"' in browser.get("/login/loginWithoutDigiD").text
    page = browser.get("/beheer")
    assert page.status_code == 200
    assert "Coöperatie MBO Voorzieningen" in page.text


@pytest.mark.parametrize("bsn", [MINOR, ADULT])
def test_the_five_stay_who_they_are(portal: Portal, bsn: str) -> None:
    assert portal.student(bsn).page.status_code == 200


@pytest.mark.rule("DEE-1")
@pytest.mark.rule("LAN-1")
def test_a_link_outlives_a_choice_of_language(portal: Portal, bsn: str) -> None:
    student = Student(portal.browser(), bsn)
    student.get("/aanmelden?instelling=91XX&kenmerk=folder&returnUrl=https://www.atelier.example/")
    page = student.get("/taal/en?terug=/aanmelden")
    assert page.status_code == 200
    assert '<html lang="en"' in page.text
    assert "Vakcollege Het Atelier" in page.text
    student.log_in()
    student.walk_to("opleiding")
    student.open_first()
    student.post(cohort=cohorts(student.page.text)[0])
    assert "https://www.atelier.example/?status=geslaagd" in student.send().text
