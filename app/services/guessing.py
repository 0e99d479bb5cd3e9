"""Guessing is limited by where it comes from: who is right isn't counted, so that a whole class
behind one address gets through."""

from __future__ import annotations

import ipaddress

from app import keys
from app.services.patience import TooOften as TooOften
from app.store import Store

WITHIN = 60 * 60  # seconds in which what was wrong counts together, from the first on


def may_try(store: Store, what: str, where: str, most: int) -> None:
    """Raises TooOften after more than `most` that were wrong, from this `network` or browser: then
    nobody is told whether the next is right."""
    key = _key(what, where)
    if int(store.get(key) or 0) > most:
        raise TooOften(max(1, store.left(key)))  # or it ends just now


def count(store: Store, what: str, where: str, most: int) -> None:
    """One more, from there. Raises TooOften for the first of too many, too: of however many
    who try at the same moment `most` are told that it was wrong."""
    key = _key(what, where)
    if store.incr(key, WITHIN) > most:
        raise TooOften(max(1, store.left(key)))


def network(address: str) -> str:
    """What one household, school or server has: an IPv4 address, or 64 bits of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""  # all that have none share one allowance
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None or found.version == 4:
        return str(mapped or found)
    return str(ipaddress.ip_network((found.packed[:8] + bytes(8), 64)))


def _key(what: str, where: str) -> str:
    return f"guess:{what}:{keys.lookup('network', where)}"
