"""A school's return link at the portal's own door: a bad one leaves no trace, a good one leads
back when the application is sent."""

from __future__ import annotations

import re
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
import pytest
from flask import session

from app.domain.deeplink import allowed_domain
from digistub.people import fresh_bsn
from tests import watch
from tests.data.return_urls import ALLOWED, DOMAINS, ELSEWHERE, GOOD, HOSTILE, LOCAL, TRICKS, Bad
from tests.length import some
from tests.portal import Portal, Student

SCHOOL = "/aanmelden?instelling=99XX"
# Differ between two answers that are the same; the length by the key that a button carries.
OTHERWISE = {"date", "set-cookie", "content-length"}
CHANGING = {"time", "ms", "reference", "reason"}
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KENMERK = "folder 2026 & 50%+é=ü#1?/«ja»;,'\"<b>"

numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


def link(url: str, *names: str, **more: str) -> str:
    """The school's deeplink with this return link, as bytes that a browser could send."""
    query = {**dict.fromkeys(names or ("returnUrl",), url), **more}
    return SCHOOL + "".join(
        f"&{name}={quote(value, safe='', errors='surrogatepass')}" for name, value in query.items()
    )


def kept(portal: Portal, browser: httpx.Client) -> dict[str, Any]:
    """What the session of this browser holds."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with portal.app.test_request_context(headers={"Cookie": cookies}):
        return dict(session)


def headers(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OTHERWISE}


def steady(log: watch.Log) -> list[dict[str, Any]]:
    return [{k: v for k, v in line.items() if k not in CHANGING} for line in log.lines]


def test_the_school_has_the_domains_that_the_links_are_for(portal: Portal) -> None:
    assert tuple(watch.row_of("institution", brin="99XX").domains) == DOMAINS


@pytest.mark.rule("DEE-3")
def test_the_domains_of_every_invented_school_may_be_on_its_list(portal: Portal) -> None:
    lists = [row.domains for row in watch.all_of("institution")]
    assert len(lists) >= 3
    for domains in lists:
        assert [allowed_domain(domain) for domain in domains] == list(domains)


@pytest.mark.rule("DEE-3")
def test_nothing_of_a_refused_link_is_anywhere(portal: Portal) -> None:
    """Every answer equals the one to a link without it, byte for byte."""
    plain = portal.browser().get(SCHOOL)
    assert plain.status_code == 200
    browser = portal.browser()
    with watch.logged() as usual:
        browser.get(link("https://evil.example/", "returnUrl", "returnUrlNietGeslaagd"))
    assert usual.events("link_refused")
    for bad in some((*HOSTILE, *ELSEWHERE)):
        with watch.logged() as log:
            answer = browser.get(link(bad.url, "returnUrl", "returnUrlNietGeslaagd"))
        assert watch.masked(answer.text) == watch.masked(plain.text), ascii(bad)
        assert headers(answer) == headers(plain), ascii(bad)
        assert steady(log) == steady(usual), ascii(bad)
        assert "evil" not in log.text
        assert len(bad.url) < 8 or bad.url not in log.text
        held = kept(portal, browser)
        last = held["links"][-1]["link"]
        assert last == {**last, "return_url": "", "return_url_failed": ""}
        assert "evil" not in str(held)
    assert "evil.example" not in str(watch.rows("refused_link"))  # the school's own log
    assert watch.masked(browser.get("/aanmelden").text) == watch.masked(plain.text)


@pytest.mark.rule("DEE-3")
def test_one_that_is_refused_leaves_the_other(portal: Portal) -> None:
    browser = portal.browser()
    browser.get(link("https://evil.example/", returnUrlNietGeslaagd=f"{GOOD}/jammer"))
    held = kept(portal, browser)["links"][-1]["link"]
    assert (held["return_url"], held["return_url_failed"]) == ("", f"{GOOD}/jammer")


@pytest.mark.rule("DEE-3")
def test_a_good_link_is_kept_as_it_was_rebuilt(portal: Portal) -> None:
    browser = portal.browser()
    for url, expected in {**ALLOWED, **LOCAL}.items():
        with watch.logged() as log:
            answer = browser.get(link(url, "returnUrl", "returnUrlNietGeslaagd"))
        assert answer.status_code == 200
        held = kept(portal, browser)["links"][-1]["link"]
        assert (held["return_url"], held["return_url_failed"]) == (expected, expected)
        assert not log.events("link_refused")


def sent_by(portal: Portal, deeplink: str) -> str:
    """The confirmation of somebody new who came by this link."""
    student = Student(portal.browser(), fresh_bsn("9998", next(numbers)))
    student.get(deeplink)
    student.log_in()
    page = student.send()
    assert student.at == "verstuurd"
    return page.text


@pytest.mark.each_run(6)
@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("trick", TRICKS)
def test_after_a_refused_link_the_confirmation_leads_nowhere_else(
    portal: Portal, trick: str
) -> None:
    bad: Bad = next(bad for bad in HOSTILE if bad.trick == trick)
    page = sent_by(portal, link(bad.url, "returnUrl", "returnUrlNietGeslaagd", kenmerk="eigen"))
    assert watch.outward(page) == []
    assert "evil" not in page


@pytest.mark.rule("DEE-2", "DEE-3")
@pytest.mark.parametrize(
    ("url", "start", "end"),
    [
        (GOOD, f"{GOOD}/?", ""),
        (f"{GOOD}/a?b=a%20b&status=eigen#c?d", f"{GOOD}/a?b=a%20b&status=eigen&", "#c?d"),
        ("HTTPS://Klaar.ROC.example/a&", "https://klaar.roc.example/a&?", ""),
        ("http://127.0.0.1:8000/terug?b=a%20b", "http://127.0.0.1:8000/terug?b=a%20b&", ""),
    ],
)
def test_after_a_good_link_the_confirmation_leads_back(
    portal: Portal, url: str, start: str, end: str
) -> None:
    (back,) = watch.outward(sent_by(portal, link(url, kenmerk=KENMERK)))
    assert back.startswith(start)
    assert back.endswith(end)
    added = dict(parse_qsl(back.removeprefix(start).removesuffix(end)))
    assert UUID.fullmatch(added.pop("caKetenId"))
    assert added == {"status": "geslaagd", "kenmerk": KENMERK}
