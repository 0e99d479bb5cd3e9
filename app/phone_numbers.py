"""Phone numbers as people write them."""

from __future__ import annotations

import re

import phonenumbers

# What nearly everybody fills in: asking the library costs more than the rest of the form.
DUTCH_MOBILE = re.compile(r"(?:\+31|0031|0)(6[1-58][0-9]{7})")


def readable_phone(number: str) -> str:
    """E.164 as people write it: Dutch ones as 06 12345678. Anything else stays as it was typed."""
    if mobile := DUTCH_MOBILE.fullmatch(number):
        return f"06 {mobile[1][1:]}"
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    kind = phonenumbers.PhoneNumberFormat
    national = parsed.country_code == 31
    return phonenumbers.format_number(parsed, kind.NATIONAL if national else kind.INTERNATIONAL)
