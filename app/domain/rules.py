"""Who is asked what, and when an answer still counts.

`asked(kept, today)` and `holds(kept, answer, today)`; `kept` has only the answers to earlier
questions that count, so an answer on a closed branch can never open another.
"""

from __future__ import annotations

import hmac
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain import catalogue, countries
from app.domain.person import NETHERLANDS, NO_NAME, UNKNOWN_DATE, may_be_minor

if TYPE_CHECKING:
    from app.domain.catalogue import Choice
    from app.domain.draft import (
        Contact,
        Draft,
        Guardian,
        Joining,
        Key,
        Known,
        Personal,
        Picked,
        StartDay,
    )
    from app.domain.leerbedrijf import Leerbedrijf
    from app.domain.person import Address

WITH_LEERBEDRIJF = frozenset({"BBL", "EX", "OVO"})


def everyone(kept: Draft, today: date) -> bool:
    return True


def always(kept: Draft, answer: Any, today: date) -> bool:
    return True


def applies(kept: Draft, today: date) -> bool:
    """An interessemelding asks as little as can be (INT-1)."""
    return kept.interest is None


def came_by_digid(kept: Draft, today: date) -> bool:
    """Of others nothing is asked of DUO (INT-1)."""
    return kept.interest != "code"


def may_tell_of_school(kept: Draft, today: date) -> bool:
    """Asked of who applies, offered to who comes without DigiD (INT-1)."""
    return kept.interest != "lock"


def reaches(kept: Draft, answer: Contact, today: date) -> bool:
    """An application has an e-mail address; for an interessemelding one way of contact will do."""
    return bool(answer.email or (kept.interest and answer.phone))


def says_who_lives(kept: Draft, answer: Known, today: date) -> bool:
    """DUO says it still, and of somebody who can apply (DUO-5, DUO-9)."""
    return answer.current and not (answer.person is not None and answer.person.gone)


def missing(kept: Draft) -> frozenset[str]:
    """The fields of Personal that DUO can't fill (DUO-5).

    Somebody without first names has none, and an unknown day or month stays unknown; a wholly
    unknown date and a surname that is no name are asked. An interessemelding asks for no sex
    (INT-1).
    """
    if kept.person is None and kept.interest != "code":
        return frozenset()
    person = kept.person.person if kept.person else None
    if person is None:
        everything = frozenset({"first_names", "prefix", "surname", "birth_date", "sex"})
        return everything - {"sex"} if kept.interest else everything
    asked = set()
    if person.surname in ("", NO_NAME):
        asked |= {"prefix", "surname"}
    if person.birth_date[:4] == "0000":
        asked.add("birth_date")
    return frozenset(asked)


def whom_duo_knows_in_part(kept: Draft, today: date) -> bool:
    return bool(missing(kept))


def fills_what_is_missing(kept: Draft, answer: Personal, today: date) -> bool:
    """Exactly what DUO can't fill now: an answer to more was given when DUO knew less. Who told
    their sex before it became an interessemelding isn't asked all of it once more."""
    asked = missing(kept)
    filled = {f.name for f in fields(answer) if getattr(answer, f.name)}
    if kept.interest:
        filled -= {"sex"}
    return (
        filled <= asked
        and ("sex" not in asked or bool(answer.sex))
        and ("surname" not in asked or bool(answer.surname))
        and ("birth_date" not in asked or bool(answer.birth_date))
    )


def whole(address: Address, today: date) -> bool:
    """DUO-4, for DUO's address and a typed one alike: a Dutch one has its Dutch fields and no
    lines, one abroad has one to three lines and nothing else, and its country is in force."""
    required = (address.street, address.number, address.postcode, address.place)
    if not countries.in_force(address.country, today):
        return False
    if address.country == NETHERLANDS:
        return all(required) and not address.lines
    dutch = (*required, address.suffix, address.note)
    return 1 <= len(address.lines) <= 3 and all(address.lines) and not any(dutch)


def address_at_duo(known: Known | None, today: date) -> Address | None:
    """None where DUO has none that post can go to (DUO-3, DUO-5)."""
    address = known.person.address if known and known.person else None
    return address if address and whole(address, today) else None


def has_no_address_for_post(kept: Draft, today: date) -> bool:
    """DUO has none that is of use, or the student wants post to go elsewhere (DUO-1)."""
    known = kept.person
    if known is None or kept.interest:
        return False
    return known.post_elsewhere or address_at_duo(known, today) is None


def can_be_posted_to(kept: Draft, answer: Address, today: date) -> bool:
    return whole(answer, today)


def birth_date(kept: Draft) -> str:
    """YYYYMMDD: DUO's, else the student's own, who may not have come by DigiD (INT-1)."""
    if kept.personal is not None and (kept.person is None or "birth_date" in missing(kept)):
        return kept.personal.birth_date
    if kept.person is not None and kept.person.person is not None:
        return kept.person.person.birth_date
    return UNKNOWN_DATE


def minor(kept: Draft, today: date) -> bool:
    return may_be_minor(birth_date(kept), today)


def still_known(kept: Draft, answer: Picked, today: date) -> bool:
    """What was chosen of DUO's, DUO must know still (DUO-9); and who applies tells."""
    return answer.current and (answer.source != "untold" or kept.interest is not None)


def educated_elsewhere(kept: Draft, today: date) -> bool:
    """«Staat er niet bij» (WIZ-6)."""
    return kept.picked is not None and kept.picked.source == "student"


def can_be_chosen(kept: Draft, answer: Choice, today: date) -> bool:
    return catalogue.availability(answer, today) is None


def behind_a_code(kept: Draft, today: date) -> bool:
    return kept.interest is None and kept.choice is not None and bool(kept.choice.lock)


def opens(kept: Draft, answer: Key, today: date) -> bool:
    """No longer when the school has changed its code (WIZ-9)."""
    choice = kept.choice
    return (
        choice is not None
        and answer.cohort_id == choice.cohort_id
        and hmac.compare_digest(answer.lock.encode(), choice.lock.encode())
    )


def joins_later(kept: Draft, today: date) -> bool:
    if kept.interest or kept.choice is None:
        return False
    return catalogue.joins_in_year(kept.choice, today) > 1


def joins_then(kept: Draft, answer: Joining, today: date) -> bool:
    choice = kept.choice
    return (
        choice is not None
        and answer.cohort_id == choice.cohort_id
        and answer.year == catalogue.joins_in_year(choice, today)
    )


def flexible(kept: Draft, today: date) -> bool:
    if kept.interest or kept.choice is None:
        return False
    return catalogue.first_start(kept.choice, today) is not None


def within_its_period(kept: Draft, answer: StartDay, today: date) -> bool:
    choice = kept.choice
    if choice is None or answer.cohort_id != choice.cohort_id:
        return False
    first = catalogue.first_start(choice, today)
    return first is not None and first <= answer.day <= (catalogue.last_start(choice) or date.max)


def guarded(kept: Draft, answer: tuple[Guardian, ...], today: date) -> bool:
    """«Geen» holds for adults only (WIZ-10)."""
    return bool(answer) or not minor(kept, today)


def works_while_learning(kept: Draft, today: date) -> bool:
    """Asked for BBL, offered for EX and OVO (WIZ-11); SBB accredits for a crebo."""
    choice = kept.choice
    if kept.interest or choice is None:
        return False
    return choice.leertraject in WITH_LEERBEDRIJF and bool(choice.crebo)


def needs_leerbedrijf(kept: Draft) -> bool:
    """Else it is offered only."""
    return kept.choice is not None and kept.choice.leertraject == "BBL"


def accredited(kept: Draft, answer: tuple[Leerbedrijf, ...], today: date) -> bool:
    """Empty is «ik heb nog geen leerbedrijf», which always may be."""
    crebo = kept.choice.crebo if kept.choice else ""
    return all(company.crebo == crebo and company.accreditation.holds for company in answer)


def starts(kept: Draft) -> date | None:
    """The day on which the student begins: the one picked, else the cohort's; None when nobody
    says."""
    if kept.start_day is not None:
        return kept.start_day.day
    return (kept.choice.start or kept.choice.start_from) if kept.choice else None


def first_day(kept: Draft, today: date) -> date:
    """The day on which the student would begin, never before today: SBB is asked about that day.
    Today where nobody knows."""
    return max(starts(kept) or today, today)
