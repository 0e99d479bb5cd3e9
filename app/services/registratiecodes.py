"""A school's registratiecode: what opens an interessemelding without DigiD (INT-1, INT-2).

It is kept sealed, so that the school can be told it again, and compared by a keyed hash.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata

from sqlalchemy import Connection, select, update

from app import db, keys
from app.models import institution
from app.services import guessing, institutions
from app.services.links import BRIN
from app.store import Store

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is read as another
LENGTH = 10  # of one that we make: 49.5 bits
SHORTEST, LONGEST = 8, 40  # of one that a school sets
LABEL = "registratiecode"
GUESTS = 500  # who come in from one network in an hour: an open day
# Wrong ones in an hour: in one browser, so that a pupil who plays keeps nobody out; and for one
# school from one address, behind which a classroom stands.
EACH, MOST = 10, 200
NO_SCHOOL, NO_HASH = "????", "0" * 64  # whoever names none costs the same work


def plain(code: str) -> str:
    """A code as it is compared: capitals and digits, without blanks and hyphens, whatever
    keyboard or script its digits came from."""
    typed = unicodedata.normalize("NFKC", code[:1000]).upper()
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in typed)
    return "".join(c for c in digits if c.isascii() and c.isalnum())[:LONGEST]


def generated() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def keep(brin: str, code: str | None) -> str:
    """The school's code from now on, as it is compared; None: it has none. The one before opens
    nothing any more. Raises institutions.Unknown, or ValueError for a code that is guessed."""
    fresh = plain(code) if code is not None else ""
    if code is not None:
        _check(fresh, brin)
    kept = _of(brin, fresh)
    with db.transaction() as connection:
        institutions.known(connection, brin)
        connection.execute(
            update(institution)
            .where(institution.c.brin == brin)
            .values(
                registratiecode=keys.seal(_place(brin), kept) if fresh else None,
                registratiecode_hash=keys.lookup(LABEL, kept) if fresh else None,
            )
        )
    return fresh


def _check(code: str, brin: str) -> None:
    if len(code) < SHORTEST:
        raise ValueError(f"a registratiecode has at least {SHORTEST} letters and digits")
    if brin in code or len(set(code)) < 4:
        raise ValueError("this registratiecode is too easy to guess")


def shown(connection: Connection, brin: str) -> str | None:
    """The school's code; None when it has none. Raises institutions.Unknown."""
    institutions.known(connection, brin)
    sealed = connection.execute(
        select(institution.c.registratiecode).where(institution.c.brin == brin)
    ).scalar()
    return keys.unseal(_place(brin), sealed).removeprefix(_of(brin, "")) if sealed else None


def fits(connection: Connection, brin: str, typed: str) -> bool:
    """Whether it is this school's. Whatever is wrong, the work is the same: one look-up, a hash
    for each key, and as many comparisons."""
    brin = brin if BRIN.fullmatch(brin) else NO_SCHOOL
    wanted = select(institution.c.registratiecode_hash).where(institution.c.brin == brin)
    stored = connection.execute(wanted).scalar() or NO_HASH
    hashes = keys.lookups(LABEL, _of(brin, plain(typed)))
    found = [hmac.compare_digest(stored.encode(), known.encode()) for known in hashes]
    return any(found)


def admits(store: Store, address: str, browser: str, brin: str, typed: str) -> bool:
    """As `fits`, for who asks from this address, in this browser. Raises TooOften, also for a right
    one, once more than EACH or MOST were wrong within an hour: nobody else is kept waiting
    (INT-2)."""
    school = brin if BRIN.fullmatch(brin) else NO_SCHOOL
    from_here = ((browser, EACH), (f"{school} {guessing.network(address)}", MOST))
    for where, most in from_here:
        guessing.may_try(store, LABEL, where, most)
    with db.reading() as connection:
        right = fits(connection, brin, typed)
    if not right:
        for where, most in from_here:
            guessing.count(store, LABEL, where, most)
    else:
        # Who knows a code floods no school, and nobody's mailbox.
        guessing.count(store, "guest", guessing.network(address), GUESTS)
    return right


def _of(brin: str, code: str) -> str:
    """What is sealed, and hashed: the same code at another school is another one."""
    return f"{brin} {code}"


def _place(brin: str) -> str:
    return f"institution.registratiecode.{brin}"
