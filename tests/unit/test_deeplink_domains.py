"""What may stand in a school's list of domains, and in its log of refused links."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.deeplink import (
    LOGGED_LONGEST,
    DomainRefused,
    Refusal,
    allowed_domain,
    checked,
    logged,
)
from tests.data.return_urls import ALLOWED, GOOD, HOSTILE
from tests.length import examples

KEPT = {
    "www.school.example": "www.school.example",
    "school.example": "school.example",
    "*.roc.example": "*.roc.example",
    "*.a.b.roc.example": "*.a.b.roc.example",
    " WWW.School.NL ": "www.school.nl",
    "*.School.nl": "*.school.nl",
    "xn--bcher-kva.nl": "xn--bcher-kva.nl",
    "*.xn--bcher-kva.nl": "*.xn--bcher-kva.nl",
    "school.xn--p1ai": "school.xn--p1ai",
    "school.github.io": "school.github.io",  # the school's own, where github.io is anybody's
    "*.school.github.io": "*.school.github.io",
    "*.uog.edu": "*.uog.edu",  # in a comment of that list
    "*.school.sharepoint.com": "*.school.sharepoint.com",
    "school.jouwweb.nl": "school.jouwweb.nl",
    "windows.net": "windows.net",  # one host; what is shared lies below it
    "school.co.uk": "school.co.uk",
    "*.school.co.uk": "*.school.co.uk",
    "1.school.nl": "1.school.nl",
    "a--b.school.nl": "a--b.school.nl",
    "www.ck": "www.ck",  # an exception in the list of what is shared
    "*.city.kawasaki.jp": "*.city.kawasaki.jp",
    f"{'a' * 63}.nl": f"{'a' * 63}.nl",
}
# By words of the sentence that says why not.
REFUSED = {
    "xn--": (
        "bücher.nl",
        "школа.example",
        "www。school.nl",
        "school.nl\u200b",
        "\u212a.nl",
        "ſ.nl",
    ),
    "more than a host": (
        *(
            "https://www.school.nl",
            "http://school.nl",
            "//school.nl",
            "school.nl/",
            "school.nl/pad",
        ),
        *(
            "school.nl:443",
            "school.nl:",
            "a@school.nl",
            "a:b@school.nl",
            "school.nl?a",
            "school.nl#a",
        ),
        *("javascript:alert(1)", "school.nl\\a", "[::1]", "::1", "*.school.nl/", "https:school.nl"),
    ),
    "a * is": ("*", "*.*", "*.*.nl", "*school.nl", "www.*.nl", "school.*", "**.school.nl", "*.*.*"),
    "ends with a dot": ("school.nl.", "*.school.nl.", ".", "nl.", "10.0.0.1."),
    "ends in a number": (
        *("127.0.0.1", "10.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "*.0.0.1"),
        *("school.1", "*.1", "school.0x7f", "0x", "0"),
    ),
    "too few parts": (
        "nl",
        "localhost",
        "school",
        "*.nl",
        "*.com",
        "*.example",
        "",
        " ",
        "*.",
        "*.local",
        "*.localhost",
        "xn--p1ai",
    ),
    "within one network": ("school.local", "*.school.local"),
    "no host name": (
        *("xn--a.nl", "*.xn--999999b.nl"),
        *(".nl", "..nl", "school..nl", "-a.nl", "a-.nl", "a_b.nl", "a b.nl", "a%2e.nl", "*..nl"),
        *("school.n-l", f"{'a' * 64}.nl", f"{'a.' * 126}nl", "school\n.nl", "a\x00.nl", "a;b.nl"),
        *(
            "school.nl,roc.nl",
            "school.nl roc.nl",
            "(school.nl)",
            "*..school.nl",
            "'school'.nl",
            "$.nl",
        ),
    ),
    "open to others": (
        *("co.uk", "*.co.uk", "github.io", "*.github.io", "*.GitHub.io", "*.azurewebsites.net"),
        *("*.blogspot.com", "*.kawasaki.jp", "foo.ck", "*.foo.ck", "*.s3.amazonaws.com"),
        *("*.google.com", "*.sharepoint.com", "*.wordpress.com", "*.weebly.com", "*.JouwWeb.nl"),
        *("*.nip.io", "*.sslip.io"),
        *("*.amazonaws.com", "*.windows.net"),  # no entry of the list, but it has some below it
        *("xn--55qx5d.cn", "*.xn--55qx5d.cn", "*.gov.uk", "*.netlify.app", "vercel.app"),
    ),
}


@pytest.mark.each_run(8)
@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("text", KEPT)
def test_a_domain_of_the_school_itself_is_kept_in_one_spelling(text: str) -> None:
    assert allowed_domain(text) == KEPT[text]
    assert allowed_domain(KEPT[text]) == KEPT[text]


@pytest.mark.each_run(40)
@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize(
    ("text", "why"),
    [(text, why) for why, texts in REFUSED.items() for text in texts],
    ids=ascii,
)
def test_what_isnt_the_schools_alone_is_refused_in_a_sentence(text: str, why: str) -> None:
    with pytest.raises(DomainRefused) as refused:
        allowed_domain(text)
    sentence = str(refused.value)
    assert why in sentence
    assert sentence.endswith(".")
    assert sentence.isascii()
    assert sentence.isprintable()


@pytest.mark.rule("DEE-3")
def test_no_hostile_link_is_a_domain() -> None:
    kept = []
    for bad in HOSTILE:
        try:
            kept.append(allowed_domain(bad.url))
        except DomainRefused:
            pass
    assert kept == ["www.school.example"]  # the host by itself, which is no link


@pytest.mark.rule("DEE-3")
@settings(max_examples=examples(100), deadline=None)
@given(
    st.text(st.sampled_from("abx1.-*") | st.characters(), max_size=12), st.sampled_from(["", ".nl"])
)
def test_a_domain_that_is_kept_allows_a_link_and_nothing_beside_it(start: str, end: str) -> None:
    try:
        domain = allowed_domain(start + end)
    except DomainRefused:
        return
    host = domain.replace("*.", "www.")
    assert checked(f"https://{host}", (domain,), False) == f"https://{host}/"
    beside = f"https://x{domain.removeprefix('*.')}"
    assert checked(beside, (domain,), False) is Refusal.FOREIGN_HOST


def test_the_list_of_what_is_shared_is_read_only_when_a_domain_is_set() -> None:
    program = (
        "import sys; from app.domain.deeplink import checked, allowed_domain as a\n"
        "checked('https://a.nl', ['a.nl'], False); print('publicsuffixlist' in sys.modules)\n"
        "a('a.nl'); print('publicsuffixlist' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


# --- what may stand in the log -------------------------------------------------------------------


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://evil.example/klaar?naam=Jan#bsn", "https://evil.example/klaar"),
        ("https://evil.example#bsn?naam", "https://evil.example"),
        ("https://jan:geheim@evil.example/a", "https://...@evil.example/a"),
        ("https://jan@geheim@evil.example", "https://...@evil.example"),
        (r"https:\\jan@evil.example", r"https:\\...@evil.example"),
        ("https://jan/geheim@evil.example", "https://...@evil.example"),
        ("jan/geheim@evil.example", "...@evil.example"),
        ("//jan:geheim@evil.example", "...@evil.example"),
        ("mailto:jan@school.example", "...@school.example"),
        ("jan:geheim@school.example", "...@school.example"),
        ("https://evil.example/?mail=jan@school.example", "https://evil.example/"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://evil.example/é\u202e\n b", "https://evil.example/..."),
        ("https://evil.example/%0a", "https://evil.example/..."),
        ("\ud800", "..."),
        ("https://\ud800", "https://?"),
        ("https://evil.example/leerling/Jan/Jansen", "https://evil.example/leerling..."),
        ("https://evil.example/999653027", "https://evil.example/..."),
        ("https://evil.example/a999653027/b", "https://evil.example/a..."),
        ("https://evil.example/jan%40school.nl", "https://evil.example/jan..."),
        ("https://evil.example:8443/klaar", "https://evil.example:8443/klaar"),
        ("https://evil.example:999990019/klaar", "https://evil.example:.../klaar"),
        ("https://www.school.example999990019/", "https://www.school.example.../"),
        ("/klaar/Jan", "/klaar..."),
        ("Jan Jansen", "Jan..."),
        ("//evil.example/a", "//evil.example/a"),
        ("", ""),
        (f"{GOOD}/{'a' * 5000}", f"{GOOD}/{'a' * 30}..."),
        (f"https://{'a' * 5000}@evil.example", "https://...@evil.example"),
    ],
    ids=lambda text: ascii(text)[:60],
)
def test_a_refused_link_can_be_found_again_by_its_school(url: str, expected: str) -> None:
    assert logged(url) == expected


@pytest.mark.rule("DEE-3")
@settings(max_examples=examples(500), deadline=None)
@given(
    st.sampled_from(["", "https://", r"https:\\", "//"])
    | st.sampled_from([*ALLOWED, *(bad.url for bad in HOSTILE)]),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_nothing_of_a_person_stands_in_the_log(start: str, user: str, secret: str) -> None:
    for url in (f"{start}{user}@evil.example/?a={secret}", f"{start}/#{secret}", start + user):
        line = logged(url)
        assert len(line) <= LOGGED_LONGEST
        assert line.isascii()
        assert line.isprintable()
        assert not set(line) & set(" #")
        assert line.count("@") <= 1
        assert "@" not in line or line.partition("@")[0].endswith("...")
