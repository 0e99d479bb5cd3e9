"""Who somebody is: names, birth date, address, age.

Birth dates are text, YYYYMMDD as the registers deliver them, with zeros for what is
unknown: 20090314, 20090300, 20090000, 00000000.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

NETHERLANDS = "6030"  # BRP table 34
ADULT = 18
NO_NAME = "."  # what registers write where something must stand and nobody knows it
UNKNOWN_DATE = "00000000"
POSTCODE = re.compile(r"[1-9][0-9]{3}[A-Z]{2}")  # as it is kept
DECEASED, MISTAKE = "O", "F"  # reasons why a registration ended: nobody lives who has these


@dataclass(frozen=True)
class Address:
    """DUO-4: Dutch fields when the country is 6030, else one to three lines."""

    country: str = NETHERLANDS
    street: str = ""
    number: str = ""
    suffix: str = ""
    note: str = ""
    postcode: str = ""
    place: str = ""
    lines: tuple[str, ...] = ()


def suffix(letter: str, addition: str) -> str:
    """Huisletter and huisnummertoevoeging in the one field that an address has for them: A-2."""
    return "-".join(part for part in (letter, addition) if part)


@dataclass(frozen=True)
class Person:
    """What a person register says of somebody. Empty text: the register has nothing there.

    A secret address (DUO-3) never gets this far: `address` is None and `address_secret` true.
    """

    first_names: str = ""
    prefix: str = ""
    surname: str = ""
    birth_date: str = UNKNOWN_DATE
    sex: str = "-"  # M, V or -
    name_use: str = "E"  # E own, P partner, V partner first, N own first
    partner_prefix: str = ""
    partner_surname: str = ""
    birth_place: str = ""
    birth_country: str = ""
    address: Address | None = field(default=None, repr=False)
    address_secret: bool = False
    suspended: str = ""  # O died, E emigrated, M by decree, R never resident, W removed, F mistake

    @property
    def own(self) -> str:
        """Prefix and surname as registered; empty without a surname that is a name."""
        return spoken(self.prefix, self.surname) if spoken(self.surname) else ""

    @property
    def name(self) -> str:
        """As registered."""
        return spoken(self.first_names, self.own)

    @property
    def preferred(self) -> tuple[str, str]:
        """The prefix and surname that this person goes by: with or without a partner's, by their
        naamgebruik. Empty without a name."""
        own, partner = self.own, self.partner_surname
        if self.name_use == "E" or not partner:
            return (self.prefix, self.surname) if own else ("", "")
        if self.name_use == "P" or not own:
            return self.partner_prefix, partner
        if self.name_use == "V":
            return self.partner_prefix, f"{partner}-{own}"
        return self.prefix, f"{self.surname}-{spoken(self.partner_prefix, partner)}"

    @property
    def called(self) -> str:
        """First names with the preferred surname."""
        return spoken(self.first_names, *self.preferred)

    @property
    def gone(self) -> bool:
        """Registered as deceased, or as somebody who never was: can't go on (DUO-5)."""
        return self.suspended in (DECEASED, MISTAKE)


def spoken(*parts: str) -> str:
    """A name in one line. «.» stands in the register for a name that nobody knows."""
    return " ".join(part for part in parts if part not in ("", NO_NAME))


def ages(birth_date: str, today: date) -> tuple[int, int] | None:
    """The lowest and the highest age possible today; None when the year is unknown (DUO-8).

    Somebody born on 29 February is a year older on 1 March in a common year.
    """
    year, month, day = int(birth_date[:4]), int(birth_date[4:6]), int(birth_date[6:])
    if not year:
        return None
    youngest = (month or 12, day or monthrange(year, month or 12)[1])
    oldest = (month or 1, day or 1)
    on = (today.month, today.day)
    return (
        max(0, today.year - year - (on < youngest)),
        max(0, today.year - year - (on < oldest)),
    )


def may_be_minor(birth_date: str, today: date) -> bool:
    """Somebody whose age can't be told counts as a minor: a guardian is asked (DUO-8)."""
    known = ages(birth_date, today)
    return known is None or known[0] < ADULT
