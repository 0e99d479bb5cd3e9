"""What comes with the press of the button that sends, and what the check page asked to read."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import request, session

from app import clock, db, privacy
from app.pages import locale
from app.services import institutions
from app.services.drafts import Opened
from app.services.sending import Identification, Privacy, Sending

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def sending(draft: Opened, requested_at: datetime) -> Sending:
    choice = draft.answers.choice
    return Sending(
        shown=request.form.get("dossier", ""),
        shown_at=moment(request.form.get("getoond", "")),
        requested_at=requested_at,
        identification=identified(),
        privacy=read(choice.brin if choice else ""),
        language=locale().code,
        registratiecode=session.get("code", ""),
    )


def identified() -> Identification | None:
    """None: without DigiD (INT-1)."""
    if session.get("guest"):
        return None
    return Identification(session["level"], datetime.fromisoformat(session["moment"]))


def read(brin: str) -> Privacy:
    """The statements that the check page asks to read: ours, and the school's own."""
    with db.reading() as connection:
        return Privacy(privacy.VERSION, institutions.privacy(connection, brin))


def moment(text: str) -> datetime:
    """As the form carried it; long ago for what is none, or none of ours."""
    try:
        found = datetime.fromisoformat(text)
        clock.local_date(found)
    except (ValueError, OverflowError):
        return NEVER
    return found if found.tzinfo else NEVER
