"""An address that DUO calls secret from now on goes from all we hold of the student (DUO-9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from app.domain.by_duo import with_secret_address
from app.domain.status import RUNNING
from app.models import application, draft
from app.services import documents, dossiers, ledger, messages
from app.services.messages import Kind


def hide(connection: Connection, student_id: str, now: datetime, noted: bool) -> bool:
    """From every draft at once, whoever opens it or not; and from every application that runs,
    whose school hears of it. Whether any had it. `noted`: it is in the ledger already. The last
    thing of its transaction."""
    drafts = _from_drafts(connection, student_id)
    changed = _from_applications(connection, student_id)
    if (drafts or changed) and not noted:
        ledger.note(ledger.Kind.ADDRESS, [student_id], now)
    if changed:
        messages.announce(connection, changed, Kind.CHANGE, now)
    return bool(drafts or changed)


def _from_drafts(connection: Connection, student_id: str) -> int:
    """How many had it."""
    changed = 0
    rows = connection.execute(
        select(draft.c.id, draft.c.document)
        .where(draft.c.student_id == student_id)
        .with_for_update()
    ).all()
    for draft_id, document in rows:
        hidden = documents.without_address(draft_id, document)
        if hidden is not None:
            changed += 1
            connection.execute(
                update(draft)
                .where(draft.c.id == draft_id)
                .values(document=hidden, version=draft.c.version + 1)
            )
    return changed


def _from_applications(connection: Connection, student_id: str) -> list[int]:
    """After the drafts: one that is being sent just now is an application by then."""
    rows = connection.execute(
        select(application.c.id, application.c.ca_keten_id, application.c.document)
        .where(application.c.student_id == student_id, application.c.status.in_(RUNNING))
        .order_by(application.c.id)
        .with_for_update(key_share=True)
    ).all()
    changed = []
    for row in rows:
        answers = dossiers.opened(row.ca_keten_id, row.document).answers
        known = answers.person
        if known is None or known.person is None or known.person.address is None:
            continue
        # As this the student never saw it: a next application asks.
        hidden = answers.with_answer("person", replace(with_secret_address(known), current=False))
        dossiers.keep(connection, row, hidden)
        changed.append(row.id)
    return changed
