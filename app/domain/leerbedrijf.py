"""Leerbedrijven: companies that SBB accredits, each for the crebos that it trains in (WIZ-11)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.person import Address


class Accreditation(StrEnum):
    """Whether a company may train for a crebo on a day."""

    VALID = "valid"
    EQUIVALENT = "equivalent"  # for a crebo that counts as the same
    NOT_ACCREDITED = "not_accredited"  # for other crebos only
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    UNKNOWN_COMPANY = "unknown_company"

    @property
    def holds(self) -> bool:
        return self in (Accreditation.VALID, Accreditation.EQUIVALENT)


@dataclass(frozen=True)
class Leerbedrijf:
    """A company as SBB knows it; as an answer also for which crebo it was chosen."""

    id: str  # nine digits
    name: str  # at most 200 characters
    address: Address
    crebo: str = ""  # of the programme it was chosen for
    accreditation: Accreditation = Accreditation.VALID  # for that crebo, when SBB was asked last

    @property
    def place(self) -> str:
        """Abroad the address's lines after the street."""
        return self.address.place or ", ".join(self.address.lines[1:])

    @property
    def street(self) -> str:
        address = self.address
        if address.lines:
            return address.lines[0]
        return " ".join(p for p in (address.street, address.number, address.suffix) if p)


@dataclass(frozen=True)
class Companies:
    """A page of what a search found, best first."""

    items: tuple[Leerbedrijf, ...] = ()
    more: bool = False  # there is a next page
