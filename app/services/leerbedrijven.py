"""What SBB says of leerbedrijven: for a programme, on the day that a student would begin."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from app import db
from app.domain import rules
from app.domain.leerbedrijf import Companies, Leerbedrijf
from app.domain.ports import LeerbedrijfRegister, RegisterError, Unavailable
from app.services import drafts
from app.services.drafts import Opened
from app.store import Store, StoreDown

DOWN, PAUSE = "sbb:down", 10  # seconds


def search(
    register: LeerbedrijfRegister, opened: Opened, query: str, page: int, size: int
) -> Companies:
    """Of the programme chosen. Raises a RegisterError."""
    db.let_go()
    return register.search(
        _crebo(opened), query, rules.first_day(opened.walk.kept, opened.today), page, size
    )


def suggest(
    register: LeerbedrijfRegister, store: Store, opened: Opened, query: str, size: int
) -> Companies:
    """As `search`, while somebody types. An SBB that was down just now isn't asked: each letter
    would keep another of our threads waiting for it."""
    if store.get(DOWN):
        raise Unavailable("sbb", "down just now")
    try:
        return search(register, opened, query, 1, size)
    except Unavailable:
        with suppress(StoreDown):
            store.put(DOWN, b"1", PAUSE)
        raise


def look_up(register: LeerbedrijfRegister, opened: Opened, company_id: str) -> Leerbedrijf | None:
    """With its accreditation for the programme chosen; None when SBB doesn't have it. Raises a
    RegisterError."""
    db.let_go()
    crebo, on = _crebo(opened), rules.first_day(opened.walk.kept, opened.today)
    found = register.find(company_id)
    if found is None:
        return None
    return replace(found, crebo=crebo, accreditation=register.accreditation(company_id, crebo, on))


def verify(register: LeerbedrijfRegister, opened: Opened, now: datetime) -> Opened:
    """Asks again for the leerbedrijf in a draft that is about to be sent (WIZ-11). One that no
    longer holds gets SBB's answer in the draft, so that it is asked anew.

    Where SBB can't be asked, the draft stays as it is: an outage blocks nobody.
    """
    kept = opened.walk.kept
    if not kept.leerbedrijf:
        return opened
    on = rules.first_day(kept, opened.today)
    db.let_go()
    try:
        again = tuple(
            replace(c, accreditation=register.accreditation(c.id, c.crebo, on))
            for c in kept.leerbedrijf
        )
    except RegisterError:
        return opened
    if all(company.accreditation.holds for company in again):
        return opened
    return drafts.answer(opened, "leerbedrijf", again, now)


def _crebo(opened: Opened) -> str:
    choice = opened.walk.kept.choice
    assert choice is not None, "asked of a programme with a crebo"
    return choice.crebo
