"""Mail to students, by way of an outbox: a job written with the act it tells of. What a mail says
stands in app/letters.py."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from app.services import work

MAIL = "mail"


class Kind(StrEnum):
    CONFIRMATION = "confirmation"  # an application was sent (WIZ-14)
    CHANGED = "changed"  # an application has this address from now on (MIJ-5)
    STATUS = "status"  # how it stands has changed (MIJ-4)
    WITHDRAWN = "withdrawn"  # by the student (MIJ-2)
    CLOSES = "closes"  # a draft waits, and can be sent until a day
    IN_TIME = "in_time"  # the same, and after that day it is late (WIZ-16)
    REMOVAL = "removal"  # what is kept goes on a day (RET-1)
    INTEREST = "interest"  # an interessemelding was sent, after logging in (INT-4)
    GUEST = "guest"  # the same without DigiD: its link leads back to it (MIJ-4)
    INTEREST_REMOVAL = "interest_removal"  # interessemeldingen go on a day, and there is no more
    GUEST_REMOVAL = "guest_removal"  # the same without DigiD


def post(
    connection: Connection,
    kind: Kind,
    student_id: str,
    to: str,
    language: str,
    token: str = "",
    day: date | None = None,
) -> None:
    """Mail the student at this address, in this transaction. With the `token` of a link it asks
    whether the address is theirs (WIZ-5); to who came without DigiD it leads back (MIJ-4)."""
    about = {"to": to, "language": language, "kind": kind.value}
    about |= {"token": token} if token else {}
    about |= {"day": day.isoformat()} if day else {}
    work.enqueue(connection, MAIL, about, student_id=student_id)
