"""Where a student may be sent back to: everything that a browser could read otherwise is out."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.deeplink import checked, with_outcome

DOMAINS = ("www.school.example", "*.roc.example")
GOOD = "https://www.school.example"


def words(text: str) -> list[str]:
    return text.split()


OTHER_HOSTS = """
    https://evil.example  https://evil.example/www.school.example  https://school.example
    https://www.school.example.evil.example  https://evilwww.school.example
    https://www-school.example  https://a.www.school.example  https://roc.example
    https://evilroc.example  https://x.roc.example.evil.example  https://xroc.example/
    https://www.school.example.evil  https://www.school.exampl  https://www.school.examplee
    https://ww.school.example  https://www.evil.example/?www.school.example
    https://evil.example/?u=https://www.school.example  https://evil.example#www.school.example
    https://evil.example/https://www.school.example  https://example  https://localhost
    https://127.0.0.1  https://2130706433  https://0x7f000001  https://0177.0.0.1  https://[::1]
    https://[::ffff:127.0.0.1]  https://169.254.169.254/latest  https://0
    https://1.roc.example.1
"""
SCHEMES = """
    http://www.school.example  ftp://www.school.example  file://www.school.example/etc/passwd
    javascript://www.school.example/%0Aalert(1)  javascript:alert(1)//www.school.example
    JaVaScRiPt:alert(1)  data:text/html,www.school.example  vbscript:msgbox
    intent://www.school.example#Intent;scheme=http;end  blob:https://www.school.example/1
    view-source:https://www.school.example  ws://www.school.example  about:blank
    mailto:a@www.school.example  tel:0612345678  wss://www.school.example
    httpss://www.school.example  https//www.school.example  https:www.school.example
    https:/www.school.example  https:  https:///www.school.example  https:////www.school.example
    https://  https:///  //  //www.school.example  ///www.school.example  ////evil.example  /
    /mijn  www.school.example  ://www.school.example  :https://www.school.example
    https;//www.school.example  x-https://www.school.example  jar:https://www.school.example!/
    feed:https://www.school.example
"""
AUTHORITIES = """
    https://evil.example@www.school.example  https://www.school.example@evil.example
    https://www.school.example:443  https://www.school.example:443@evil.example
    https://www.school.example:  https://www.school.example:8443/
    https://user:pw@www.school.example  https://@www.school.example
    https://www.school.example:@evil.example  https://:@www.school.example
    https://www.school.example%40evil.example  https://www.school.example%2f@evil.example
    https://www.school.example&@evil.example  https://www.school.example;@evil.example
    https://www.school.example,evil.example  https://www.school.example%00.evil.example
    https://www.school.example.  https://www.school.example./  https://.www.school.example
    https://www..school.example  https://www.school.example..  https://-.roc.example
    https://a-.roc.example  https://-a.roc.example  https://.roc.example  https://*.roc.example
    https://a_b.roc.example  https://a%2eroc.example  https://www%2eschool%2eexample
    https://www.school.example%2eevil.example  https://www.school.example!.evil.example
    https://www.school.example$evil.example  https://(www.school.example)  https://~.roc.example
    https://www.school.example=evil.example  https://[www.school.example]
    https://www.school.example]
"""
SLASHES = [
    r"https:\\www.school.example",
    r"https:/\www.school.example",
    r"https:\/www.school.example",
    r"\\evil.example",
    r"/\evil.example",
    r"\/evil.example",
    r"https://www.school.example\@evil.example/",
    r"https://evil.example\@www.school.example",
    r"https://www.school.example\.evil.example",
    r"https://evil.example\www.school.example",
    r"https://www.school.example/\evil.example",
    r"https://www.school.example/a\b",
    r"https://www.school.example?\\evil.example",
    r"https://www.school.example#\\evil.example",
    "https://www.school.example\\",
]
INVISIBLE = [
    f"{GOOD}{c}/" for c in "\t\n\r\v\f\x00\x01\x1f\x7f\x85\xa0\u200b\u200e\u2028\u2029\ufeff\u00ad"
]
INVISIBLE += [
    *(f" {GOOD}", f"{GOOD} ", f"{GOOD}\n", f"\t{GOOD}", f"\x00{GOOD}", f"{GOOD}\r\n", ""),
    *("ht\ntps://www.school.example", "https://www.sch\tool.example", "https:/\t/evil.example"),
    *(f"{GOOD}/\r\nSet-Cookie:a=b", f"{GOOD}/ a", f"{GOOD}/?a=\n", "/\t/evil.example", " "),
]
LOOKALIKES = [
    "https://www.schооl.example",  # Cyrillic o
    "https://www。school。example",
    "https://www.school.example。evil.example",
    "https://www․school․example",
    "https://ｗｗｗ.school.example",
    "https：//www.school.example",
    "https://www.school.example／evil.example",
    "https://www.school.example＠evil.example",
    "https://www.school.example＃evil.example",
    "https://www.school.example？evil.example",
    "https://evil.example⁄www.school.example",
    "https://www.ѕchool.example",
    "https://xn--www-school.example",
    "https://ⓦⓦⓦ.school.example",
    "https://www.ſchool.example",
    "https://ﬃ.roc.example",
    "https://www.school.example/é",
    "https://①②⑦.0.0.1",
]
ESCAPES = """
    % %0 %zz %%30 %u0041 %g1 %1 %0a %0D%0ASet-Cookie:a=b %00 %1f %7F %09
"""
MARKUP = [f"{GOOD}/{c}" for c in "\"'<>`{}|^[]"] + [
    f'{GOOD}/"onmouseover="alert(1)',
    f"{GOOD}/<script>",
    f"{GOOD}?<img>",
    f"{GOOD}#'",
]
LONG = [f"{GOOD}/{'a' * 2048}", f"https://{'a' * 64}.roc.example", f"{GOOD}/?{'é' * 10}"]
HOSTILE = [
    *(*words(OTHER_HOSTS), *words(SCHEMES), *words(AUTHORITIES), *SLASHES, *INVISIBLE),
    *(*LOOKALIKES, *(f"{GOOD}/{escape}" for escape in words(ESCAPES)), *MARKUP, *LONG),
]

ELSEWHERE = r"""
    http://localhost.evil.example  http://localhost@evil.example
    http://localhost:80@evil.example  http://localhost:  http://localhost:0
    http://localhost:65536  http://localhost:99999  http://localhost:8a
    http://127.0.0.1.evil.example  http://127.0.0.2  http://127.1  http://0.0.0.0  http://[::1]
    https://localhost  https://127.0.0.1:8000  http://evil.example#localhost
    http://user@localhost  http://localhost.  http://localhost\@evil.example  http://local
"""

ALLOWED = {
    GOOD: f"{GOOD}/",
    f"{GOOD}/": f"{GOOD}/",
    f"{GOOD}?a=1": f"{GOOD}/?a=1",
    f"{GOOD}#klaar": f"{GOOD}/#klaar",
    f"{GOOD}/a/b;c=1?x=1&y=a%20b&z=https://evil.example/#deel-2": None,
    f"{GOOD}//evil.example": None,
    f"{GOOD}/@evil.example": None,
    f"{GOOD}/%2f%2fevil.example": None,
    f"{GOOD}/%5cevil.example": None,
    f"{GOOD}/~naam/(1)!*$+,": None,
    "HTTPS://WWW.School.EXAMPLE/Pad?A=b": f"{GOOD}/Pad?A=b",
    "https://x.roc.example/": None,
    "https://a.b.c.roc.example/": None,
    "https://xn--bcher-kva.roc.example/": None,
    f"{GOOD}/{'a' * (2048 - len(GOOD) - 1)}": None,
}


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_nobody_is_sent_there(value: str, local: bool) -> None:
    assert checked(value, DOMAINS, local) is None


def test_the_hostile_values_are_many_and_differ() -> None:
    assert len(set(HOSTILE)) >= 150


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("value", ALLOWED)
def test_a_page_of_the_school_itself_is_fine(value: str) -> None:
    assert checked(value, DOMAINS, False) == (ALLOWED[value] or value)


@pytest.mark.rule("DEE-3")
def test_without_domains_nothing_is() -> None:
    assert checked(GOOD, (), False) is None
    assert checked(GOOD, ("",), False) is None
    assert checked(GOOD, ("*.",), False) is None


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("http://localhost", "http://localhost/"),
        ("http://localhost:5000/terug?a=1", "http://localhost:5000/terug?a=1"),
        ("HTTP://LOCALHOST/", "http://localhost/"),
        ("http://127.0.0.1:65535/", "http://127.0.0.1:65535/"),
    ],
)
def test_outside_production_this_machine_counts_for_every_school(value: str, expected: str) -> None:
    assert checked(value, (), True) == expected
    assert checked(value, (), False) is None


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize(
    "value",
    words(ELSEWHERE),
)
def test_this_machine_and_no_other(value: str) -> None:
    assert checked(value, DOMAINS, True) is None


def hosts(url: str) -> set[str | None]:
    """Who is visited, by two readers that each have their own idea of an address."""
    return {urlsplit(url).hostname, httpx.URL(url).raw_host.decode()}


@pytest.mark.rule("DEE-3")
@settings(max_examples=1000, deadline=None)
@given(
    st.sampled_from([*ALLOWED, *HOSTILE]),
    st.integers(0, 60),
    st.integers(0, 3),
    st.text(st.sampled_from("/\\@:?#.%[]&;= \t\n0aA-_évil") | st.characters(), max_size=4),
)
def test_what_comes_out_leads_to_the_school_however_it_was_twisted(
    value: str, at: int, cut: int, put: str
) -> None:
    url = checked(value[:at] + put + value[at + cut :], DOMAINS, False)
    if url is None:
        return
    assert re.fullmatch(r"https://[a-z0-9.-]+/[!-~]*", url)
    assert not set(url) & set("\\\"'<>`{}|^")
    (host,) = hosts(url)
    assert host is not None
    assert host == "www.school.example" or host.endswith(".roc.example")
    assert checked(url, DOMAINS, False) == url


@pytest.mark.rule("DEE-2")
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{GOOD}/", f"{GOOD}/?status=geslaagd"),
        (f"{GOOD}/?", f"{GOOD}/?status=geslaagd"),
        (f"{GOOD}/?a=1", f"{GOOD}/?a=1&status=geslaagd"),
        (f"{GOOD}/?a=1&", f"{GOOD}/?a=1&status=geslaagd"),
        (f"{GOOD}/?a=%26&a=2#deel?x", f"{GOOD}/?a=%26&a=2&status=geslaagd#deel?x"),
        (f"{GOOD}/#deel", f"{GOOD}/?status=geslaagd#deel"),
    ],
)
def test_the_schools_own_query_and_fragment_stay(url: str, expected: str) -> None:
    assert with_outcome(url, {"status": "geslaagd"}) == expected


@pytest.mark.rule("DEE-2")
@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_a_kenmerk_comes_back_unchanged(kenmerk: str) -> None:
    url = with_outcome(f"{GOOD}/?a=1#x", {"status": "geslaagd", "kenmerk": kenmerk})
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    assert query == {"a": "1", "status": "geslaagd", "kenmerk": kenmerk}
    assert urlsplit(url).fragment == "x"
    assert checked(url, DOMAINS, False) == url or "%0" in url or "%1" in url or "%7F" in url
