"""Applications that were sent, and what their school says of them."""

from __future__ import annotations

from datetime import datetime

from app import clock, db
from app.domain.status import CODES, Source
from app.services import applications, statuses
from app.services.statuses import Said
from tests.applicants import ready
from tests.portal import Portal


def applies(portal: Portal, bsn: str, cohort_id: str) -> str:
    """An application of somebody who is known to DUO; the draft that it was."""
    applicant = ready(portal, bsn, cohort_id)
    applications.submit(*applicant.sends())
    return applicant.draft_id


def says(draft_id: str, code: str, at: datetime | None = None) -> None:
    """The school, by its SIS and the mbo-koppelpunt (STA-2)."""
    now = clock.now()
    said = Said(CODES[code], Source.KOPPELPUNT, at or now)
    with db.transaction() as connection:
        found = connection.execute(statuses.locked().filter_by(draft_id=draft_id)).one()
        change = statuses.record(connection, found, said)
        statuses.free(connection, [change])
        statuses.tell(connection, [change], now)
