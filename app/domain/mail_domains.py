"""Typing errors in the well-known domains of e-mail addresses (WIZ-5)."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

# Those that a typing error is measured against, and others that look like one and are none.
MEANT = (
    *("gmail.com", "hotmail.com", "hotmail.nl", "outlook.com", "live.nl", "live.com"),
    *("icloud.com", "yahoo.com", "ziggo.nl", "kpnmail.nl", "kpnplanet.nl", "planet.nl"),
    *("hetnet.nl", "home.nl", "xs4all.nl", "casema.nl", "msn.com", "me.com", "telenet.be"),
)
FINE = frozenset(
    (
        *("mail.com", "gmx.com", "email.com", "ymail.com", "mac.com", "live.be", "live.de"),
        *("hotmail.de", "hotmail.fr", "hotmail.be", "hotmail.co.uk", "outlook.de", "outlook.nl"),
        *("outlook.fr", "outlook.be", "yahoo.nl", "yahoo.de", "yahoo.fr", "yahoo.co.uk"),
        *("googlemail.com", "proton.me", "home.pl", "zeelandnet.nl", "solcon.nl", "online.nl"),
    )
)
ELSEWHERE = {  # the right name with a wrong ending, which looks less alike than it is
    "gmail.nl": "gmail.com",
    "gmail.be": "gmail.com",
    "icloud.nl": "icloud.com",
    "ziggo.com": "ziggo.nl",
    "kpnmail.com": "kpnmail.nl",
}
LIKENESS = 0.85  # of 1: two letters of ten are other ones, or swapped


def suggestion(email: str) -> str:
    """The address that was probably meant; empty when there is no doubt."""
    name, _at, domain = email.rpartition("@")
    meant = _meant(domain.casefold()) if name else ""
    return f"{name}@{meant}" if meant else ""


@lru_cache(maxsize=1024)  # schools' domains come again and again
def _meant(domain: str) -> str:
    if domain in MEANT or domain in FINE:
        return ""
    alike = get_close_matches(domain, MEANT, 1, LIKENESS)
    return ELSEWHERE.get(domain) or (alike[0] if alike else "")
