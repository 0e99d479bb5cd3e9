"""Where a student may be sent back to: everything that a browser could read otherwise is out."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import ada_url
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.deeplink import LONGEST, Outcome, Refusal, checked, with_outcome
from digistub.school_return import NO_SUCCESS, STATUSES
from tests.data.return_urls import (
    ALLOWED,
    DOMAINS,
    ELSEWHERE,
    GOOD,
    HOSTILE,
    LOCAL,
    TRICKS,
    Bad,
)
from tests.length import examples

EXACT, BELOW = DOMAINS[:1], DOMAINS[1:]
ADDRESS = re.compile(
    r"https://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)/(?:[\w.~!$&()*+,;=:@/?#-]|%[2-9A-F][0-9A-F])*",
    re.ASCII | re.IGNORECASE,
)
SIGNS = st.sampled_from("/\\@:?#.%[]&;= \t\n0aA-_évil。／") | st.characters()


def host_of(url: str) -> str:
    """Who is visited, by three readers that each have their own idea of an address, and agree."""
    old, browser, ours = urlsplit(url), ada_url.URL(url), ADDRESS.fullmatch(url)
    assert ours
    assert old.scheme == "https" == browser.protocol.removesuffix(":")
    assert (old.username, old.password, old.port) == (None, None, None)
    assert (browser.username, browser.password, browser.port) == ("", "", "")
    assert url.isascii()
    assert url.isprintable()
    assert old.hostname == browser.hostname == ours["host"]
    return ours["host"]


def is_allowed(host: str, domains: tuple[str, ...]) -> bool:
    return (host == "www.school.example" and EXACT[0] in domains) or (
        host.endswith(".roc.example") and BELOW[0] in domains
    )


def named(bad: Bad) -> str:
    return f"{bad.trick} {ascii(bad.url)[:60]}"


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("local", [True, False], ids=["local", "production"])
@pytest.mark.parametrize("trick", TRICKS)
def test_nobody_is_sent_there_and_the_school_hears_why(trick: str, local: bool) -> None:
    expected = {bad.url: bad.why for bad in HOSTILE if bad.trick == trick}
    assert {url: checked(url, DOMAINS, local) for url in expected} == expected


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("domains", [EXACT, BELOW, ()], ids=["exact", "below", "none"])
def test_nobody_is_sent_there_with_fewer_domains_either(domains: tuple[str, ...]) -> None:
    expected = {bad.url: bad.why for bad in HOSTILE}
    assert {url: checked(url, domains, False) for url in expected} == expected


@pytest.mark.rule("DEE-3")
def test_what_is_rebuilt_is_not_too_long_either() -> None:
    query = "?" + "a" * (2048 - len(GOOD) - 2)
    assert checked(GOOD + query, DOMAINS, False) == f"{GOOD}/{query}"
    assert checked(GOOD + query + "a", DOMAINS, False) is Refusal.TOO_LONG  # a slash is put in


def test_the_hostile_links_are_many_and_differ() -> None:
    assert len({bad.url for bad in HOSTILE}) == len(HOSTILE) >= 150
    assert {bad.why for bad in HOSTILE} == set(Refusal)
    assert len(TRICKS) >= 15
    assert len(ALLOWED) >= 30


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize("url", ALLOWED)
def test_a_page_of_the_school_itself_is_fine(url: str, local: bool) -> None:
    assert checked(url, DOMAINS, local) == ALLOWED[url]
    assert checked(ALLOWED[url], DOMAINS, local) == ALLOWED[url]


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("domains", [EXACT, BELOW], ids=["exact", "below"])
def test_only_at_a_host_that_is_on_the_list(domains: tuple[str, ...]) -> None:
    for url, expected in ALLOWED.items():
        fine = is_allowed(host_of(expected), domains)
        assert checked(url, domains, False) == (expected if fine else Refusal.FOREIGN_HOST)


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("domains", [(), ("",), ("*.",), ("*",), (".",), ("*.www.school.example",)])
def test_a_list_without_names_allows_nothing(domains: tuple[str, ...]) -> None:
    assert checked(GOOD, domains, False) is Refusal.FOREIGN_HOST


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("url", LOCAL)
def test_outside_production_this_machine_counts_for_every_school(url: str) -> None:
    assert checked(url, (), True) == LOCAL[url]
    assert checked(LOCAL[url], (), True) == LOCAL[url]
    assert checked(url, DOMAINS, False) is Refusal.NOT_HTTPS


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("bad", ELSEWHERE, ids=named)
def test_this_machine_and_no_other(bad: Bad) -> None:
    assert checked(bad.url, DOMAINS, True) is bad.why
    assert isinstance(checked(bad.url, DOMAINS, False), Refusal)


@pytest.mark.rule("DEE-3")
@settings(max_examples=examples(1500), deadline=None)
@given(
    st.sampled_from([*ALLOWED, *(bad.url for bad in HOSTILE)]),
    st.integers(0, 60),
    st.integers(0, 3),
    st.text(SIGNS, max_size=4),
    st.sampled_from([EXACT, BELOW, DOMAINS]),
)
def test_what_comes_out_leads_to_the_school_however_it_was_twisted(
    url: str, at: int, cut: int, put: str, domains: tuple[str, ...]
) -> None:
    came = checked(url[:at] + put + url[at + cut :], domains, False)
    if isinstance(came, Refusal):
        return
    assert is_allowed(host_of(came), domains)
    assert len(came) <= LONGEST
    assert checked(came, domains, False) == came


@pytest.mark.rule("DEE-3")
@settings(max_examples=examples(1000), deadline=None)
@given(
    st.sampled_from(["https://", "HTTPS:", "https:/", "//", ""]) | st.text(SIGNS, max_size=8),
    st.lists(
        st.sampled_from(["www.school.example", ".roc.example", "evil.example", "@", "/", "\\", "%"])
        | st.text(SIGNS, max_size=3),
        max_size=6,
    ),
)
def test_what_comes_out_leads_to_the_school_whatever_went_in(start: str, parts: list[str]) -> None:
    came = checked(start + "".join(parts), DOMAINS, False)
    if not isinstance(came, Refusal):
        assert is_allowed(host_of(came), DOMAINS)
        assert checked(came, DOMAINS, False) == came


@pytest.mark.each_run(60)
@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize(
    "sign", [*map(chr, range(256)), *"\u200b\u202e。．｡／＼＠？＃：\ud800"], ids=ascii
)
def test_one_sign_more_leads_to_no_other_host(sign: str) -> None:
    went = {url: urlsplit(ALLOWED[url]).hostname or "" for url in ALLOWED if len(url) < 80}
    for url, host in went.items():
        for at in range(len(url) + 1):
            came = checked(url[:at] + sign + url[at:], (host,), False)
            assert isinstance(came, Refusal) or host_of(came) == host


@pytest.mark.rule("DEE-2")
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{GOOD}/", f"{GOOD}/?status=geslaagd"),
        (f"{GOOD}/?", f"{GOOD}/?status=geslaagd"),
        (f"{GOOD}/?a=1", f"{GOOD}/?a=1&status=geslaagd"),
        (f"{GOOD}/?a=1&", f"{GOOD}/?a=1&status=geslaagd"),
        (f"{GOOD}/?a=b?", f"{GOOD}/?a=b?&status=geslaagd"),
        (f"{GOOD}/b&", f"{GOOD}/b&?status=geslaagd"),
        (f"{GOOD}/?a=%26&a=2#deel?x", f"{GOOD}/?a=%26&a=2&status=geslaagd#deel?x"),
        (f"{GOOD}/?status=oud", f"{GOOD}/?status=oud&status=geslaagd"),
        (f"{GOOD}/#deel", f"{GOOD}/?status=geslaagd#deel"),
        (f"{GOOD}/#", f"{GOOD}/?status=geslaagd#"),
    ],
)
def test_the_schools_own_query_and_fragment_stay(url: str, expected: str) -> None:
    assert with_outcome(url, {"status": "geslaagd"}) == expected


@pytest.mark.rule("DEE-2")
def test_the_outcomes_are_those_that_schools_were_promised() -> None:
    assert list(Outcome) == list(STATUSES)
    assert tuple(outcome for outcome in Outcome if not outcome.success) == NO_SUCCESS


@pytest.mark.rule("DEE-2")
@settings(max_examples=examples(600), deadline=None)
@given(
    st.sampled_from(list(ALLOWED.values())),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
)
def test_a_kenmerk_comes_back_unchanged_behind_what_the_school_had(url: str, kenmerk: str) -> None:
    added = {"status": "geslaagd", "kenmerk": kenmerk}
    with_it = with_outcome(url, added)
    before, after = urlsplit(url), urlsplit(with_it)
    assert (after.netloc, after.path) == (before.netloc, before.path)
    assert with_it.partition("#")[1:] == url.partition("#")[1:]  # byte for byte
    assert after.query.startswith(before.query)
    own = parse_qsl(before.query, keep_blank_values=True, encoding="latin-1")
    theirs = parse_qsl(after.query, keep_blank_values=True, encoding="latin-1")
    assert theirs[: len(own)] == own
    assert parse_qsl(after.query, keep_blank_values=True)[len(own) :] == list(added.items())
    assert host_of(url) == host_of(re.sub("%[01][0-9A-F]|%7F", "", with_it))
