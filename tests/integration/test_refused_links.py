"""The school's log of links that don't count: every kind once, never full, never another's."""

from __future__ import annotations

import pytest

from app import clock, db
from app.domain.deeplink import Refusal
from app.services import institutions, refused_links
from tests.portal import Portal
from tests.race import at_once

pytestmark = pytest.mark.each_run_on("sqlite")


def log_of(brin: str) -> list[institutions.RefusedLink]:
    with db.reading() as connection:
        return institutions.refused_links(connection, brin)


@pytest.mark.rule("DEE-3")
def test_a_refused_link_is_a_line_once_a_kind_with_a_count(any_portal: Portal) -> None:
    browser = any_portal.browser()
    for _ in range(3):
        for query in (
            "returnUrl=https://evil.example/a?bsn=999653027",
            "returnUrlNietGeslaagd=https://evil.example/a",
            "returnUrl=https://jan:geheim@www.school.example/",
            "returnUrl=https://evil.example/a&returnUrlNietGeslaagd=javascript:alert(1)",
        ):
            browser.get(f"/aanmelden?instelling=99XX&{query}")
    browser.get("/aanmelden?instelling=99XX&returnUrl=https://www.school.example/")
    browser.get("/aanmelden?instelling=99XX&returnUrl=")
    found = {(r.parameter, r.reason, r.link): r.times for r in log_of("99XX")}
    assert found == {
        ("returnUrl", "foreign_host", "https://evil.example/a"): 6,
        ("returnUrlNietGeslaagd", "foreign_host", "https://evil.example/a"): 3,
        ("returnUrl", "userinfo", "https://...@www.school.example/"): 3,
        ("returnUrlNietGeslaagd", "not_https", "javascript:alert(1)"): 3,
    }
    assert log_of("91XX") == []


@pytest.mark.rule("DEE-3")
def test_nobody_fills_a_school_s_log_or_another_s(any_portal: Portal) -> None:
    def refused(number: int, name: str = "returnUrl") -> list[refused_links.Refused]:
        return [refused_links.Refused(name, Refusal.PORT, f"https://a.example:{number}/")]

    links = refused_links
    links.log("91XX", refused(0), clock.now())
    links.log("99XX", refused(0, "returnUrlNietGeslaagd"), clock.now())
    other = links.Refused("returnUrl", Refusal.NOT_A_HOST, "https://1/")
    links.log("99XX", [other], clock.now())
    for number in range(links.LINES + 20):
        links.log("99XX", refused(number), clock.now())
    kept = log_of("99XX")
    assert len(kept) == links.LINES + 2
    assert kept[0].link.endswith(f":{links.LINES + 19}/")
    assert kept[links.LINES - 1].link.endswith(":20/")
    assert [(line.parameter, line.reason) for line in kept[links.LINES :]] == [
        ("returnUrl", "not_a_host"),
        ("returnUrlNietGeslaagd", "port"),
    ]
    assert [line.times for line in log_of("91XX")] == [1]


@pytest.mark.rule("DEE-3")
def test_many_refused_at_once_are_all_counted(any_portal: Portal) -> None:
    both = [
        refused_links.Refused(name, Refusal.PORT, "https://a.example:1/")
        for name in ("returnUrl", "returnUrlNietGeslaagd")
    ]
    calls = [("99XX", both, clock.now())] * 6
    answers = at_once(any_portal.settings.database_url, refused_links.log, calls, each=5)
    assert {one for many in answers for one in many} == {None}
    assert [line.times for line in log_of("99XX")] == [30, 30]
