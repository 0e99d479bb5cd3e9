"""Everything that we hold of a student: what they gave, what DUO said, where it was sent and when,
and who looked at it (MIJ-3; checklist item 49)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Row, select

from app import keys
from app.domain.by_duo import ByDuo
from app.models import (
    application,
    application_status,
    audit,
    draft,
    email_link,
    error_report,
    institution,
    job,
    koppelpunt,
    message,
    sis_client,
    status_message,
    student,
)
from app.services import documents, dossiers, remembered, retention, work
from app.services.students import NoSuchStudent


class Look(NamedTuple):
    """Who looked at an application, got it, or said something of it (ADM-2)."""

    at: datetime
    kind: str  # sis, operator, …
    who: str  # the name of the SIS; else as the trail has it
    action: str
    result: str


class Delivered(NamedTuple):
    """A message to the school's system."""

    row: Row[Any]
    koppelpunt: str
    # What the SIS could not do with it, and its own words.
    reports: tuple[tuple[Row[Any], str], ...]


@dataclass(frozen=True)
class Sent:
    row: Row[Any]
    school: str
    content: dossiers.Content
    steps: tuple[Row[Any], ...]
    delivered: tuple[Delivered, ...]
    statuses: tuple[Row[Any], ...]  # that the school's system sent: when, and who got it too
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Held:
    row: Row[Any]
    bsn: str | None  # none: without DigiD
    said: ByDuo
    goes: date  # when all of it is removed
    drafts: tuple[tuple[Row[Any], documents.Content], ...]
    sent: tuple[Sent, ...]
    addresses: tuple[Row[Any], ...]  # links to confirm one
    mail: tuple[tuple[Row[Any], dict[str, Any]], ...]  # that waits or could not be sent


def of(connection: Connection, student_id: str, today: date) -> Held:
    """Raises NoSuchStudent."""
    row = connection.execute(select(student).filter_by(id=student_id)).first()
    found = retention.account(connection, student_id)
    if row is None or found is None:
        raise NoSuchStudent()
    bsn, said = remembered.opened(row.document, student_id)
    drafts = select(draft).filter_by(student_id=student_id).order_by(draft.c.touched_at.desc())
    newest = application.c.submitted_at.desc(), application.c.id.desc()
    applications = select(application).filter_by(student_id=student_id).order_by(*newest)
    links = select(email_link).filter_by(student_id=student_id).order_by(email_link.c.sent_at)
    jobs = select(job).filter_by(student_id=student_id).order_by(job.c.id)
    return Held(
        row=row,
        bsn=bsn,
        said=said,
        goes=found.ends(today),
        drafts=tuple(
            (one, documents.opened(one.id, one.document)) for one in connection.execute(drafts)
        ),
        sent=tuple(_sent(connection, one) for one in connection.execute(applications).all()),
        addresses=tuple(connection.execute(links)),
        mail=tuple((one, _about(one)) for one in connection.execute(jobs)),
    )


def _about(row: Row[Any]) -> dict[str, Any]:
    """What a mail is about; the key in its link stays ours."""
    about = work.about(row.document_id, row.document)
    return {name: value for name, value in about.items() if name != "token"}


def _sent(connection: Connection, row: Row[Any]) -> Sent:
    history = select(application_status).filter_by(application_id=row.id)
    said = status_message.c
    columns = (said.received_at, said.sent_at, said.receivers)
    statuses = select(*columns).where(said.ca_keten_id == row.ca_keten_id)
    named = select(institution.c.name).filter_by(brin=row.brin)
    return Sent(
        row=row,
        school=connection.execute(named).scalar_one(),
        content=dossiers.opened(row.ca_keten_id, row.document),
        steps=tuple(connection.execute(history.order_by(application_status.c.id))),
        delivered=_delivered(connection, row.id),
        statuses=tuple(connection.execute(statuses.order_by(said.id))),
        looks=_looks(connection, row),
    )


def _delivered(connection: Connection, application_id: int) -> tuple[Delivered, ...]:
    found = connection.execute(
        select(message, koppelpunt.c.code)
        .join(koppelpunt, koppelpunt.c.id == message.c.koppelpunt_id)
        .where(message.c.application_id == application_id)
        .order_by(message.c.change_number)
    ).all()
    those = error_report.c.message_id.in_([row.id for row in found])
    told: dict[int, list[tuple[Row[Any], str]]] = {}
    for one in connection.execute(select(error_report).where(those)):
        told.setdefault(one.message_id, []).append((one, _report(one.id, one.document)))
    return tuple(Delivered(row, row.code, tuple(told.get(row.id, ()))) for row in found)


def _report(report_id: str, document: bytes) -> str:
    try:
        return str(keys.unseal(f"error_report.document.{report_id}", document)["text"])
    except (keys.UnknownKey, InvalidTag):
        return ""


def _looks(connection: Connection, row: Row[Any]) -> tuple[Look, ...]:
    """Of the school's trail the lines that name this application."""
    line = audit.c
    found = connection.execute(
        select(line.at, line.actor_kind, line.actor, sis_client.c.name, line.action, line.result)
        .outerjoin(sis_client, sis_client.c.client_id == line.actor)
        .where(line.brin == row.brin, line.object.contains(row.ca_keten_id))
        .order_by(line.at, line.id)
    )
    return tuple(
        Look(at, kind, name or actor, action, result)
        for at, kind, actor, name, action, result in found
    )


def fetched_by(connection: Connection, student_id: str) -> list[str]:
    """The schools that have something of this student in their own system, by name."""
    found = connection.execute(
        select(institution.c.name)
        .join(application, application.c.brin == institution.c.brin)
        .join(message, message.c.application_id == application.c.id)
        .where(application.c.student_id == student_id, message.c.given_at.is_not(None))
        .distinct()
        .order_by(institution.c.name)
    )
    return list(found.scalars())
