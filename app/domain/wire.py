"""The notation of the existing coupling with a SIS (SIS-4): types, lengths, numbers, moments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import phonenumbers

APPLICATION = "vca.Aanmelding"
ADDRESS = "vca.Adres"
EDUCATION = "vca.Vooropleiding"
SUBJECT = "vca.Vak"
GUARDIAN = "vca.WettelijkVertegenwoordiger"
LEERBEDRIJF = "vca.Leerbedrijf"

_PHONES = {"telefoonnummerMobiel": 20, "telefoonnummerVast": 20}
_LINES = dict.fromkeys(("regel1", "regel2", "regel3"), 200)

# The most characters of a text, by type and field. The description doesn't name the two of
# «voorkeur», which its examples do have: as long as the names that they stand in for.
LONGEST: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        APPLICATION: {
            **{"roepnaam": 75, "voornamen": 200, "voorvoegsels": 20, "achternaam": 200},
            **{"voorkeursVoorvoegsels": 20, "voorkeursAchternaam": 200},
            **{"bsn": 9, "ketenId": 15, "emailAdres": 100, **_PHONES},
            **{"instelling": 4, "opleiding": 36, "opleidingCohort": 100},
        },
        ADDRESS: {
            **{"straat": 200, "huisnummer": 10, "huisnummerToevoeging": 10},
            **{"huisnummerToelichting": 100, "postcode": 6, "plaats": 200},
            **{"land": 4, **_LINES},
        },
        EDUCATION: {"instelling": 100, "opleiding": 200, "eindresultaat": 100},
        SUBJECT: {"naam": 100, "resultaat": 10},
        GUARDIAN: {
            **{"voornamen": 100, "voorvoegsel": 20, "achternaam": 200, "emailadres": 100},
            **_PHONES,
        },
        LEERBEDRIJF: {"naam": 200, "leerbedrijfId": 20, "erkenning": 100},
    }
)
_MOBILE = frozenset(
    {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
)
_DUTCH = 31


def thing(kind: str, **fields: Any) -> dict[str, Any]:
    """An object of this type. None is left out; a text is no longer than a SIS takes."""
    longest = LONGEST[kind]
    written = {
        name: value[: longest[name]].strip() if name in longest else value
        for name, value in fields.items()
        if value is not None
    }
    return {"$type": kind, **written}


def phone(number: str) -> dict[str, str]:
    """E.164 under its field, mobile or fixed; a Dutch one as 0612345678. Empty without one."""
    if not number:
        return {}
    parsed = phonenumbers.parse(number)
    mobile = phonenumbers.number_type(parsed) in _MOBILE
    national = f"0{phonenumbers.national_significant_number(parsed)}"
    written = national if parsed.country_code == _DUTCH else number
    return {"telefoonnummerMobiel" if mobile else "telefoonnummerVast": written}


def moment(at: datetime) -> str:
    """In UTC, as 2026-11-02T15:05:35.071640Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
