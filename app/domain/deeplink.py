"""The link that a school gives: what it names, and where the student goes afterwards.

A return link is checked by one pure function that rebuilds it; what didn't pass is never
echoed (DEE-3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote

LONGEST = 2048
KENMERK_LONGEST = 255

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_REST = r"(?P<rest>(?:[/?#][A-Za-z0-9\-._~!$&()*+,;=:@/?%#]*)?)"
_PUBLIC = re.compile(rf"(?i:https)://(?P<host>(?i:{_LABEL}(?:\.{_LABEL})+)){_REST}")
_LOCAL = re.compile(
    rf"(?i:http)://(?P<host>(?i:localhost|127\.0\.0\.1)(?P<port>:[0-9]{{1,5}})?){_REST}"
)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%[01][0-9A-Fa-f]|%7[Ff]")


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


def _checked(raw: str, domains: Iterable[str], local: bool) -> str | None:
    """`raw` rebuilt from its parts when it may be returned to, else None.

    `domains` are exact hosts, or `*.` and a domain for everything below it. `local`: outside
    production http://localhost and http://127.0.0.1 count for every school.
    """
    if len(raw) > LONGEST or not raw.isascii() or _BAD_ESCAPE.search(raw):
        return None
    if local and (match := _LOCAL.fullmatch(raw)):
        if match["port"] and not 0 < int(match["port"][1:]) < 65536:
            return None
        return f"http://{match['host'].lower()}{_rest(match['rest'])}"
    match = _PUBLIC.fullmatch(raw)
    if match is None:
        return None
    host = match["host"].lower()
    if host.rsplit(".", 1)[-1].isdigit() or not any(_allows(d, host) for d in domains):
        return None
    return f"https://{host}{_rest(match['rest'])}"


def _allows(domain: str, host: str) -> bool:
    return host.endswith(domain[1:]) if domain.startswith("*.") else host == domain


def _rest(rest: str) -> str:
    return rest if rest.startswith("/") else f"/{rest}"


def with_outcome(url: str, outcome: Mapping[str, str]) -> str:
    """`url`, which has been checked, with the outcome added; its own query stays as it was."""
    head, hash_, fragment = url.partition("#")
    added = "&".join(f"{name}={quote(value, safe='')}" for name, value in outcome.items())
    joint = "" if head.endswith(("?", "&")) else "&" if "?" in head else "?"
    return f"{head}{joint}{added}{hash_}{fragment}"


class Refusal(StrEnum):
    WRONG = "wrong"


def checked(raw: str, domains: Iterable[str], local: bool) -> str | Refusal:
    return _checked(raw, domains, local) or Refusal.WRONG


def logged(raw: str) -> str:
    return raw.split("?")[0][:200]


def allowed_domain(text: str) -> str:
    return text
