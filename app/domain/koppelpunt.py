"""A koppelpunt: a school's connection to its SIS, known by a code (ADM-4)."""

from __future__ import annotations

import re

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")  # it stands in addresses
STUB = "Stub SIS"
STUB_OIN = "9" * 16  # how the OIN of a Stub SIS begins; outside production only
SANDBOX_OIN = f"{STUB_OIN}9999"  # of the SIS at 99XX (SIS-8)
SIS_KINDS = (
    *("Eduarte", "Magister", "PeopleSoft", "EducationOnline", "Osiris", "Portal Plus"),
    STUB,  # outside production only (SIS-7)
)


def code_key(code: str) -> str:
    """What no two koppelpunten may have the same of."""
    return code.lower()
