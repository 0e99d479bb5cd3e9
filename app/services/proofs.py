"""The code on the proof of an application, by which anyone who holds the paper can check it
(WIZ-14)."""

from __future__ import annotations

import hmac
import secrets

from sqlalchemy import Connection

from app.services import applied
from app.services.applied import Sent
from app.services.registratiecodes import ALPHABET, plain

GROUPS, GROUP = 3, 4  # of so many each: 59 bits
LONGEST = 100  # characters that are looked at


def new_code() -> str:
    """As it is written, so that it can be read out: K7RM-4PQX-92HD."""
    groups = ((secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return "-".join("".join(group) for group in groups)


def genuine(connection: Connection, reference: str, code: str) -> Sent | None:
    """The application with this aanmeldnummer and this code, as they were typed; None for every
    kind of wrong, which all take the same work."""
    wanted, given = _reference(reference), _plain(code)
    found = applied.by_reference(connection, wanted)
    kept = _plain(found.proof_code if found else "") or "-"  # which nobody can type
    same = hmac.compare_digest(kept.encode(), given.encode())
    return found if found and found.reference == wanted and same else None


def _plain(typed: str) -> str:
    return plain(typed[:LONGEST])


def _reference(typed: str) -> str:
    """A ketenId, 99XX:91234567, whatever stands between its letters."""
    plain = _plain(typed)
    return f"{plain[:4]}:{plain[4:]}"
