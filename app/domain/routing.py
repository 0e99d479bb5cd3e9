"""To whom the mbo-koppelpunt forwards a status (STA-4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.domain import municipalities
from app.domain.catalogue import NOT_OFFERED
from app.domain.person import ages

VAVO = "VAVO"


class Receiver(StrEnum):
    CA = "CA"  # Centraal Aanmelden
    VO = "VO"  # the koppelpunt VO
    GEMEENTEN = "GEMEENTEN"  # the koppelpunt gemeenten


class Reason(StrEnum):
    """Why a receiver doesn't get it."""

    VAVO = "vavo"
    ODT = "odt"
    ILT_CODE = "ilt-code"
    NO_SCHOOL = "geen-latende-school"
    NO_MUNICIPALITY = "geen-gemeente"
    QUALIFIED = "startkwalificatie"
    TOO_OLD = "leeftijd"


@dataclass(frozen=True)
class Facts:
    """What a status message tells of the student. Empty, None: it doesn't."""

    leertraject: str = ""
    ilt_code: str = ""  # four digits
    brin_left: str = ""  # BRIN of the school that the student leaves
    municipality: str = ""  # four digits
    qualified: bool | None = field(default=None, repr=False)  # has a startkwalificatie
    birth_date: str = field(default="", repr=False)  # YYYYMMDD, zeros for what isn't known


class Terms(NamedTuple):
    """What is set: ILT codes as pairs of the first and the last, and an age in years."""

    ilt_codes: tuple[tuple[int, int], ...]
    age_limit: int


def decided(facts: Facts, terms: Terms, today: date) -> dict[Receiver, Reason | None]:
    """For each receiver why it doesn't get this status; None: it does."""
    return {
        Receiver.CA: None,
        Receiver.VO: _not_vo(facts, terms),
        Receiver.GEMEENTEN: _not_gemeenten(facts, terms, today),
    }


def _not_vo(facts: Facts, terms: Terms) -> Reason | None:
    if facts.leertraject == VAVO:
        return Reason.VAVO
    if facts.leertraject == NOT_OFFERED:
        return Reason.ODT
    code = int(facts.ilt_code or -1)
    if not any(first <= code <= last for first, last in terms.ilt_codes):
        return Reason.ILT_CODE
    return None if facts.brin_left else Reason.NO_SCHOOL


def _not_gemeenten(facts: Facts, terms: Terms, today: date) -> Reason | None:
    """By the lowest age possible; whoever's year of birth nobody knows counts as young (DUO-8)."""
    if facts.leertraject == VAVO:
        return Reason.VAVO
    if not municipalities.in_force(facts.municipality, today):
        return Reason.NO_MUNICIPALITY
    if facts.qualified is not False:
        return Reason.QUALIFIED
    if not facts.birth_date:
        return Reason.TOO_OLD
    lowest, _ = ages(facts.birth_date, today) or (0, 0)
    return None if lowest < terms.age_limit else Reason.TOO_OLD
