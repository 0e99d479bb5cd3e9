"""The link that a school gives: what it names, and where the student goes afterwards.

A return link is checked by one pure function that rebuilds it; what didn't pass is never
echoed (DEE-3).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files
from urllib.parse import quote, unquote

LONGEST = 2048
KENMERK_LONGEST = 255
LOGGED_LONGEST = 200
LONGEST_HOST = 253

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label is a word: browsers read a name that ends in a number as an IP address.
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{0,58}}[a-z0-9])")
_HTTPS = re.compile(r"(?i:https)://(?P<host>[^/?#]*)(?P<rest>.*)")
_LOCAL = re.compile(
    r"(?i:http)://(?P<host>(?i:localhost|127\.0\.0\.1)(?P<port>:[0-9]{1,5})?)(?P<rest>(?:[/?#].*)?)"
)
# What no address of RFC 3986 has, and three signs that it has but a school's link needs not: ' and
# [ ], which end an attribute or begin an IP address. Also a broken escape, and one that hides a
# control character.
_BAD = re.compile(r"[^A-Za-z0-9\-._~!$&()*+,;=:@/?%#]|%(?![0-9A-Fa-f]{2})|%[01][0-9A-Fa-f]|%7[Ff]")
DECODED_AT_MOST = 8  # times: a link in a link in a link is escaped three times
# Of a refused link: scheme and host, as far as it has them, and of a path what may be shown.
_WHERE = re.compile(r"(?:(?:[A-Za-z][A-Za-z0-9+.-]*:)?[/\\]{2,}|(?=\.\.\.@))[^/\\]*")
_BEGIN = re.compile(r"[/\\]?[A-Za-z0-9\-._~:()]{0,30}")
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))

# Hosts that the public suffix list lacks, where strangers have names of their own below it.
SHARED = frozenset(
    {
        "google.com",  # sites.google.com, docs.google.com
        "sharepoint.com",  # a name for each customer of Microsoft
        "wordpress.com",  # a blog for anybody
        "weebly.com",  # a website for anybody
        "jouwweb.nl",  # the same, in Dutch
        "nip.io",  # any IP address as a name
        "sslip.io",
    }
)


class Refusal(StrEnum):
    """Why a return link doesn't count, for who made it."""

    TOO_LONG = "too_long"
    NOT_ASCII = "not_ascii"  # must be written with % or, in the host, as xn--
    BAD_CHARACTERS = "bad_characters"  # blank, control, backslash, quote, bracket, broken escape
    NOT_HTTPS = "not_https"  # doesn't begin with https://
    USERINFO = "userinfo"  # a name or a password before the host
    PORT = "port"
    NOT_A_HOST = "not_a_host"  # an IP address, one word, a part that is empty or too long
    FOREIGN_HOST = "foreign_host"  # not among the school's domains


class Outcome(StrEnum):
    """What came of it, as the school's own page is told (DEE-2)."""

    GESLAAGD = "geslaagd"
    INTERESSE = "interesse"
    AFGEBROKEN = "afgebroken"  # the student stopped, or applied at another school
    NIET_MOGELIJK = "nietMogelijk"  # nobody can apply now for what the link names

    @property
    def success(self) -> bool:
        return self in (Outcome.GESLAAGD, Outcome.INTERESSE)


class DomainRefused(ValueError):
    """What an entry in a school's list of domains lacks, in a sentence."""


@dataclass(frozen=True)
class Link:
    """A deeplink with what it names. Return links have passed `checked` at the door."""

    brin: str
    programme_id: str = ""
    crebo: str = ""
    cohort_code: str = ""
    return_url: str = field(default="", repr=False)
    return_url_failed: str = field(default="", repr=False)
    kenmerk: str = field(default="", repr=False)


def checked(raw: str, domains: Iterable[str], local: bool) -> str | Refusal:
    """`raw` rebuilt from its parts when it may be returned to, else why not.

    `domains` are exact hosts, or `*.` and a domain for everything below it. `local`: outside
    production http://localhost and http://127.0.0.1 count for every school.
    """
    if len(raw) > LONGEST:
        return Refusal.TOO_LONG
    if not raw.isascii():
        return Refusal.NOT_ASCII
    if _BAD.search(raw) or _hides_a_line_end(raw):
        return Refusal.BAD_CHARACTERS
    if local and (match := _LOCAL.fullmatch(raw)):
        if match["port"] and not 0 < int(match["port"][1:]) < 65536:
            return Refusal.PORT
        return _rebuilt("http", match["host"].lower(), match["rest"])
    match = _HTTPS.fullmatch(raw)
    if match is None:
        return Refusal.NOT_HTTPS
    host = match["host"].lower()
    if "@" in host:
        return Refusal.USERINFO
    if ":" in host:
        return Refusal.PORT
    if not _is_host(host):
        return Refusal.NOT_A_HOST
    if not any(_allows(domain, host) for domain in domains):
        return Refusal.FOREIGN_HOST
    return _rebuilt("https", host, match["rest"])


def _hides_a_line_end(raw: str) -> bool:
    """One, or a NUL, that comes out for who decodes too often, however its digits were escaped."""
    for _ in range(DECODED_AT_MOST):
        decoded = unquote(raw, encoding="latin-1")
        if decoded == raw:
            return False
        if re.search(r"[\0\r\n]", decoded):
            return True
        raw = decoded
    return True


def is_kenmerk(text: str) -> bool:
    """What a school may find back unchanged: any text of one line, at most 255 characters."""
    return len(text) <= KENMERK_LONGEST and not any(
        unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text
    )


def _is_host(host: str) -> bool:
    if len(host) > LONGEST_HOST or not _HOST.fullmatch(host):
        return False
    return all(_is_word(label) for label in host.split(".") if label.startswith("xn--"))


def _is_word(label: str) -> bool:
    """Whether this is the one way to write a name in other letters; a browser goes nowhere, or
    elsewhere, for what isn't."""
    try:
        return label.encode().decode("idna").encode("idna").decode() == label
    except UnicodeError:
        return False


def _allows(domain: str, host: str) -> bool:
    return host.endswith(domain[1:]) if domain.startswith("*.") else host == domain


def _rebuilt(scheme: str, host: str, rest: str) -> str | Refusal:
    url = f"{scheme}://{host}{rest if rest.startswith('/') else '/' + rest}"
    return url if len(url) <= LONGEST else Refusal.TOO_LONG


def logged(raw: str) -> str:
    """What a school may read of a refused link: enough to find it by, nothing of a person.

    That is where it leads, and the first plain letters of what follows: a longer path may hold a
    name, and five digits or more are perhaps a BSN. What stands before an @ is left out wherever
    that is: parsers differ on where a host begins.
    """
    left, at, found = re.split(r"[?#]", raw, maxsplit=1)[0].rpartition("@")
    if at:
        scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:[/\\]+", left)
        found = f"{scheme[0] if scheme else ''}...@{found}"
    host = _WHERE.match(found)
    path = found[host.end() :] if host else found
    begin = _BEGIN.match(path)
    shown = _masked(begin[0]) if begin else ""
    more = "..." if begin and begin.end() < len(path) and not shown.endswith("...") else ""
    where = quote(_masked(host[0]), safe=_VISIBLE, errors="replace") if host else ""
    return where[: LOGGED_LONGEST - 40] + shown + more


def _masked(text: str) -> str:
    return re.sub(r"[0-9]{5,}", "...", text)


def allowed_domain(text: str) -> str:
    """An entry for a school's list of domains as it is kept: `www.school.nl`, or `*.school.nl`
    for everything below it. What isn't the school's alone raises DomainRefused."""
    text = text.strip()
    shown = ascii(text[:80])
    if not text.isascii():  # first: some letters of other scripts become ASCII in lower case
        raise DomainRefused(f"{shown} has other letters than ASCII: give its xn-- form.")
    domain = text.lower()
    host = domain.removeprefix("*.")
    if re.search(r"[/:@?#\\\[\]]", host):
        raise DomainRefused(f"{shown} is more than a host: leave out https://, port and path.")
    if "*" in host:
        raise DomainRefused(f"{shown}: a * is only the whole first part, as in *.school.nl.")
    if host.endswith("."):
        raise DomainRefused(f"{shown} ends with a dot: leave it out.")
    if re.search(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$", host):
        raise DomainRefused(f"{shown} ends in a number, as an IP address does: give a name.")
    if "." not in host:
        raise DomainRefused(f"{shown} has too few parts: give a whole name, like www.school.nl.")
    if not _is_host(host):
        raise DomainRefused(f"{shown} is no host name.")
    if host.endswith(".local"):
        raise DomainRefused(f"{shown} only counts within one network: give the public name.")
    if _is_shared(host, below=domain != host):
        raise DomainRefused(f"{shown} is open to others too: give the school's own domain.")
    return domain


def _is_shared(host: str, below: bool) -> bool:
    """Whether strangers can have a name of their own there. The list is read when an entry is
    set and not kept: it takes 3 MB and 40 ms, and a web worker seldom needs it."""
    from publicsuffixlist import PublicSuffixList

    if PublicSuffixList().is_public(host) or (below and host in SHARED):
        return True
    rules = (files("publicsuffixlist") / "public_suffix_list.dat").read_text(encoding="utf-8")
    return below and re.search(rf"(?m)^[^/\s]*\.{re.escape(host)}\s*$", rules) is not None


def with_outcome(url: str, outcome: Mapping[str, str]) -> str:
    """`url`, which has been checked, with the outcome added; its own query stays as it was."""
    head, hash_, fragment = url.partition("#")
    added = "&".join(f"{name}={quote(value, safe='')}" for name, value in outcome.items())
    _, mark, own = head.partition("?")
    joint = "?" if not mark else "&" if own and not own.endswith("&") else ""
    return f"{head}{joint}{added}{hash_}{fragment}"
