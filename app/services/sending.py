"""What comes with the press of the button «Verstuur», and whether that is what was shown."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime

from app import keys
from app.codec import encode
from app.domain.dossier import Dossier


@dataclass(frozen=True)
class Identification:
    """How sure DigiD was, and when (IDN-9)."""

    level: str
    moment: datetime


@dataclass(frozen=True)
class Privacy:
    """The statements that the student says to have read; no consent (WIZ-12)."""

    version: str  # of ours
    school: str = ""  # address of the school's own


@dataclass(frozen=True)
class Sending:
    """What comes with the press of the button. `shown` is what the form carried: the fingerprint
    of the dossier on the check page, and `shown_at` when that page was made."""

    shown: str
    shown_at: datetime
    requested_at: datetime  # when the request arrived (WIZ-18)
    identification: Identification | None  # None: without DigiD (INT-1)
    privacy: Privacy
    language: str
    registratiecode: str = field(default="", repr=False)  # that they came in with (INT-1)
    asks: bool = True  # a mail with a link whose address it is (WIZ-5)


def fingerprint(dossier: Dossier, shown_at: datetime, privacy: Privacy) -> str:
    """What the check page's form carries, so that only what was shown is sent. What others change
    by applying, and until when one can apply, is no part of that."""
    choice = replace(dossier.choice, version=0, places_left=None, apply_until=None)
    shown = encode(replace(dossier.answers, choice=choice))
    return keys.fingerprint(
        {"dossier": shown, "at": shown_at.isoformat(), "privacy": encode(privacy)}
    )


def was_shown(dossier: Dossier, sending: Sending) -> bool:
    right = fingerprint(dossier, sending.shown_at, sending.privacy)
    return secrets.compare_digest(right.encode(), sending.shown.encode())
