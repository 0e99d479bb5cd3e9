"""What SBB says of leerbedrijven: for a programme, on the day that a student would begin."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain import rules
from app.domain.grace import Judged
from app.domain.journey import relevant
from app.domain.leerbedrijf import Companies, Leerbedrijf
from app.domain.ports import LeerbedrijfRegister, RegisterError
from app.services import drafts
from app.services.drafts import Opened
from app.services.patience import SBB
from app.store import Store


def search(
    register: LeerbedrijfRegister, store: Store, opened: Opened, query: str, page: int, size: int
) -> Companies:
    """Of the programme chosen. Raises a RegisterError."""
    crebo, on = _crebo(opened), rules.first_day(opened.walk.kept, opened.today)
    return SBB.ask(store, opened.student_id, lambda: register.search(crebo, query, on, page, size))


def look_up(
    register: LeerbedrijfRegister, store: Store, opened: Opened, company_id: str
) -> Leerbedrijf | None:
    """With its accreditation for the programme chosen; None when SBB doesn't have it. Raises a
    RegisterError."""
    crebo, on = _crebo(opened), rules.first_day(opened.walk.kept, opened.today)

    def ask() -> Leerbedrijf | None:
        found = register.find(company_id)
        if found is None:
            return None
        holds = register.accreditation(company_id, crebo, on)
        return replace(found, crebo=crebo, accreditation=holds)

    return SBB.ask(store, opened.student_id, ask)


def ask_again(register: LeerbedrijfRegister, counts: Judged) -> tuple[Leerbedrijf, ...]:
    """The leerbedrijf of a draft that is about to be sent, as SBB has it now (WIZ-11). Uses no
    database; raises a RegisterError."""
    kept = relevant(counts.answers, counts.day)
    on = rules.first_day(kept, counts.day) if kept.leerbedrijf else counts.day
    return tuple(
        replace(company, accreditation=register.accreditation(company.id, company.crebo, on))
        for company in kept.leerbedrijf or ()
    )


def keep(opened: Opened, again: tuple[Leerbedrijf, ...] | RegisterError, now: datetime) -> None:
    """SBB's answer in the draft, so that one that no longer holds is asked anew. Not when the
    student chose another company meanwhile; and where SBB couldn't be asked, the draft stays as
    it is: an outage blocks nobody."""
    given = opened.answers.leerbedrijf
    if isinstance(again, RegisterError) or not given or again == given:
        return
    if [company.id for company in again] == [company.id for company in given]:
        drafts.answer(opened, "leerbedrijf", again, now, instead_of=given)


def _crebo(opened: Opened) -> str:
    choice = opened.walk.kept.choice
    assert choice is not None, "asked of a programme with a crebo"
    return choice.crebo
