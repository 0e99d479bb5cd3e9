"""Links that were followed before logging in: each tab's own, and nobody else's (DEE-1, DEE-6)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
import time_machine

from app.services import drafts
from app.student import followed
from tests import watch
from tests.choosing import IDS, KOK, choose, in_our_copy, nobody_yet
from tests.digid_login import log_in
from tests.portal import ADULT, MINOR, Portal, Student

pytestmark = pytest.mark.each_run_on("sqlite")

SITE = "https://www.school.example"
OF_A = f"/aanmelden?instelling=99XX&returnUrl={SITE}/&kenmerk=leerling-A"
OTHER = f"/aanmelden?opleiding={IDS['sport-bol']}&kenmerk=twee"


def button(page: httpx.Response) -> str:
    """Where «Inloggen met DigiD» leads."""
    return unescape(re.findall(r'href="(/login/digid[^"]*)"', page.text)[0])


def pressed(browser: httpx.Client, address: str, bsn: str) -> Student:
    student = Student(browser, bsn)
    student.page = log_in(browser, f"{browser.base_url}{address}", bsn)
    return student


def link_of(student: Student) -> str:
    """The kenmerk of the link that the student's one draft came by."""
    ways = watch.outward(student.get("/mijn").text)
    return ways[0].partition("kenmerk=")[2] if ways else ""


@pytest.mark.rule("DEE-1", "DEE-2")
def test_the_next_one_on_a_computer_inherits_no_link(any_portal: Portal) -> None:
    browser = any_portal.browser()
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        assert SITE not in browser.get(OF_A).text
        clock.shift(timedelta(seconds=followed.LIFE + 1))
        student = pressed(browser, "/login/digid", nobody_yet(1))
        assert student.at == "gegevens"
        choose(student.walk_to("opleiding"), KOK)
        assert watch.outward(student.send().text) == []


@pytest.mark.rule("DEE-1")
def test_a_link_that_no_button_was_pressed_of_is_shown_first(any_portal: Portal) -> None:
    browser = any_portal.browser()
    browser.get(OF_A)
    login = browser.get("/login").text
    assert "Daarna meld je je aan bij ROC De Horizon." in login
    student = pressed(browser, "/login/digid", nobody_yet(1))
    assert student.page.url.path == "/aanmelden"
    assert "Meld je aan bij ROC De Horizon" in student.page.text
    assert watch.all_of("draft") == []
    student = pressed(any_portal.browser(), "/login/digid", nobody_yet(1))
    assert link_of(student) == ""


@pytest.mark.rule("DEE-1", "DEE-6")
def test_the_login_pages_say_what_the_link_is_for_and_begin_it(any_portal: Portal) -> None:
    for number, address in enumerate(("/login", "/login/loginWithoutDigiD")):
        browser = any_portal.browser()
        assert "Daarna meld je" not in browser.get(address).text
        browser.get(OF_A)
        browser.get(f"/aanmelden?opleiding={IDS[KOK]}&returnUrl={SITE}/&kenmerk=nieuw")
        page = browser.get(address)
        told = re.sub("<.*?>", "", page.text)
        assert "Daarna meld je je aan voor Kok in het restaurant bij ROC De Horizon." in told
        student = pressed(browser, button(page), nobody_yet(number))
        assert student.at == "gegevens"
        assert link_of(student) == "nieuw"


@pytest.mark.rule("DEE-1", "DEE-6")
@pytest.mark.parametrize("first", [0, 1])
def test_of_two_tabs_each_button_is_for_its_own_link(any_portal: Portal, first: int) -> None:
    browser = any_portal.browser()
    links = [f"/aanmelden?opleiding={IDS[KOK]}&returnUrl={SITE}/&kenmerk={n}" for n in "ab"]
    tabs = [browser.get(link) for link in links]
    assert len({button(tab) for tab in tabs}) == 2
    student = pressed(browser, button(tabs[first]), nobody_yet(1))
    assert link_of(student) == "ab"[first]
    again = pressed(browser, button(tabs[1 - first]), nobody_yet(1))
    assert again.at == "gegevens"
    assert len(watch.all_of("draft")) == 2, "the other tab's own"


@pytest.mark.rule("DEE-1", "LAN-1")
def test_a_choice_of_language_keeps_to_the_tab(portal: Portal) -> None:
    browser = portal.browser()
    first = browser.get(OF_A)
    browser.get(OTHER)
    (chosen,) = re.findall(r'href="(/taal/en[^"]*)"', first.text)
    page = browser.get(unescape(chosen), follow_redirects=True)
    assert '<html lang="en"' in page.text
    assert "ROC De Horizon" in page.text
    assert button(page) == button(first)
    assert browser.get("/taal/en?terug=/aanmelden&link=//kwaad").headers["Location"] == "/aanmelden"


@pytest.mark.rule("DEE-6")
def test_a_button_of_long_ago_begins_nothing_else(any_portal: Portal) -> None:
    browser = any_portal.browser()
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        old = button(browser.get(OF_A))
        clock.shift(timedelta(seconds=followed.LIFE + 1))
        browser.get(OTHER)
        for address in (old, "/login/digid?link=x", old.replace("/login/digid", "/aanmelden")):
            page = browser.get(address)
            assert page.status_code == 410
            assert "Je opende deze link te lang geleden" in page.text
            assert "leerling-A" not in page.text


@pytest.mark.rule("DEE-6")
def test_a_link_lasts_while_one_is_at_digid(any_portal: Portal) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        browser = any_portal.browser()
        login = browser.get(button(browser.get(OF_A))).headers["Location"]
        clock.shift(timedelta(minutes=9))
        browser.get(OTHER)
        student = Student(browser, nobody_yet(1))
        student.page = log_in(browser, login, student.bsn)
        assert link_of(student) == "leerling-A"


@pytest.mark.rule("DEE-6")
def test_a_browser_keeps_the_five_newest(portal: Portal) -> None:
    browser = portal.browser()
    links = [f"/aanmelden?instelling=99XX&kenmerk={n}" for n in range(followed.AT_MOST + 1)]
    buttons = [button(browser.get(link)) for link in links]
    assert button(browser.get(links[2])) == buttons[2], "the same link, the same key"
    assert [browser.get(address).status_code for address in buttons] == [410, *[303] * 5]


@pytest.mark.rule("DEE-2", "DEE-5")
@pytest.mark.parametrize("shut", [False, True], ids=["open", "closed"])
def test_a_login_over_another_s_session_drops_their_link(any_portal: Portal, shut: bool) -> None:
    if shut:
        in_our_copy(any_portal, KOK, cohorts=lambda c: replace(c, open=False))
    first = any_portal.student(ADULT)
    first.get(f"/aanmelden?opleiding={IDS[KOK]}&returnUrl={SITE}/&kenmerk=leerling-A")
    assert ("Aanmelden kan nu niet" in first.page.text) is shut
    second = pressed(first.browser, "/login/digid", nobody_yet(1))
    assert second.at == "gegevens"
    assert "leerling-A" not in second.get("/aanmelden").text
    assert link_of(second) == ""


@pytest.mark.rule("DEE-6")
def test_who_logs_in_again_keeps_their_own_link(any_portal: Portal) -> None:
    student = any_portal.student(MINOR)
    student.get(f"/aanmelden?opleiding={IDS[KOK]}&returnUrl={SITE}/&kenmerk=eigen")
    again = pressed(student.browser, "/login/digid", MINOR)
    assert "Meld je aan voor Kok in het restaurant" in re.sub("<.*?>", "", again.page.text)


@pytest.mark.rule("DEE-6")
def test_with_ten_drafts_logging_in_leads_to_the_link(any_portal: Portal) -> None:
    student = any_portal.student(ADULT)
    for number in range(drafts.AT_MOST):
        student.follow(f"/aanmelden?instelling=99XX&kenmerk={number}")
    browser = any_portal.browser()
    page = browser.get(OF_A)
    arrived = pressed(browser, button(page), ADULT).page
    assert "Je hebt 10 aanmeldingen" in arrived.text
    assert watch.outward(arrived.text) == [f"{SITE}/?status=afgebroken&kenmerk=leerling-A"]
