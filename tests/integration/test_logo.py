"""The logo: to Swedish and back where the portal is tried out, to the start page in production."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from tests.choosing import IDS, KOK
from tests.portal import ADULT, Portal
from tests.production import open_production

LOGO = r'<a class="logo" href="([^"]*)">(.*?)</a>'


def logo(page: httpx.Response) -> tuple[str, str]:
    """Where it leads, and what is read out of it."""
    ((address, inside),) = re.findall(LOGO, page.text, re.S)
    return unescape(address), re.sub(r"<[^>]*>", "", inside)


def language(page: httpx.Response) -> str:
    (code,) = re.findall(r'<html lang="(\w+)"', page.text)
    return str(code)


def press(browser: httpx.Client, page: httpx.Response) -> httpx.Response:
    return browser.get(logo(page)[0], follow_redirects=True)


@pytest.mark.rule("LAN-2")
@pytest.mark.parametrize("seen", ["nl sv nl sv", "en sv en sv", "ar sv ar sv", "sv nl sv nl"])
def test_it_leads_to_swedish_and_back(portal: Portal, seen: str) -> None:
    first, *later = seen.split()
    browser = portal.browser(**{"Accept-Language": first})
    page = browser.get("/login")
    assert language(page) == first
    for code in later:
        page = press(browser, page)
        assert (page.url.path, language(page)) == ("/login", code)


@pytest.mark.rule("LAN-2")
def test_it_leads_back_to_the_language_that_was_chosen(portal: Portal) -> None:
    browser = portal.browser(**{"Accept-Language": "en"})
    page = press(browser, browser.get("/taal/ar", follow_redirects=True))
    assert language(page) == "sv"
    assert language(press(browser, page)) == "ar"


@pytest.mark.rule("LAN-2")
def test_one_stays_at_the_question(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("contact")
    page = press(student.browser, student.page)
    assert (page.url.path, language(page)) == (student.page.url.path, "sv")
    assert 'name="email"' in page.text


@pytest.mark.rule("LAN-2")
def test_one_stays_with_the_school_s_link(portal: Portal) -> None:
    browser = portal.browser()
    page = browser.get(f"/aanmelden?opleiding={IDS[KOK]}")
    browser.get("/aanmelden?instelling=99XX")  # in another tab
    page = press(browser, page)
    assert (page.url.path, language(page)) == ("/aanmelden", "sv")
    assert "Kok" in page.text


@pytest.mark.rule("LAN-2")
@pytest.mark.parametrize("remembered", ["sv", "xx", "../nl", ""])
def test_a_language_that_nobody_had_is_dutch(portal: Portal, remembered: str) -> None:
    cookies = {"taal": "sv", "taal-hiervoor": remembered}
    answer = portal.browser().get("/testdeur/zweeds", headers={"Cookie": said(cookies)})
    assert answer.headers.get_list("Set-Cookie")[0].startswith("taal=nl;")


def said(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


@pytest.mark.rule("LAN-2")
@pytest.mark.parametrize("back", ["//kwaad.test", "https://kwaad.test/", "/testdeur/zweeds"])
@pytest.mark.parametrize("spoken", ["nl", "sv"])
def test_it_leads_nowhere_else_and_does_nothing_else(
    portal: Portal, back: str, spoken: str
) -> None:
    browser = portal.browser(**{"Accept-Language": spoken})
    answer = browser.get("/testdeur/zweeds", params={"terug": back})
    assert answer.status_code == 303
    assert answer.headers["Location"] in ("/", "/testdeur/zweeds")
    changed = {cookie.split("=")[0] for cookie in answer.headers.get_list("Set-Cookie")}
    assert changed <= {"taal", "taal-hiervoor"}


@pytest.mark.rule("LAN-2")
@pytest.mark.parametrize(
    ("spoken", "text"),
    [
        ("nl", "mbo Aanmelden (wissel tussen Zweeds en je eigen taal)"),
        ("en", "mbo Apply (switch between Swedish and your own language)"),
        ("sv", "mbo Ansök (byt mellan svenska och ditt eget språk)"),
    ],
)
def test_it_says_what_it_does(portal: Portal, spoken: str, text: str) -> None:
    assert logo(portal.browser(**{"Accept-Language": spoken}).get("/"))[1] == text


@pytest.mark.rule("LAN-2")
def test_in_production_it_leads_to_the_start_page(sqlite_url: str) -> None:
    browser = open_production(sqlite_url).browser()
    for path in ("/login", "/privacy", "/bestaat-niet"):
        assert logo(browser.get(path)) == ("/", "mbo Aanmelden")
    assert browser.get("/testdeur/zweeds").status_code == 404
