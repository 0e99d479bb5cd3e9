"""Everything that we hold of a student as a file to take along (MIJ-3): plain JSON, with codes as
we keep them and moments in ISO 8601, UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row

from app.codec import encode
from app.services.holdings import Held, Sent

# What stands in the download under which name, by table; the others are withheld, and why.
NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "student": {
            "language": "taal",
            "wants_mail": "mailBijNieuws",
            "created_at": "eersteKeerIngelogd",
            "seen_at": "laatsteKeerIngelogd",
            "warned_at": "gewaarschuwdVoorVerwijderen",
        },
        "draft": {
            "id": "id",
            "created_at": "begonnen",
            "touched_at": "laatstGewijzigd",
            "reminded_at": "herinnerd",
        },
        "application": {
            "kind": "soort",
            "draft_id": "id",
            "ca_keten_id": "caKetenId",
            "keten_id": "aanmeldnummer",
            "brin": "brin",
            "status": "status",
            "requested_at": "ontvangen",
            "submitted_at": "verstuurd",
        },
        "application_status": {
            "status": "status",
            "source": "door",
            "since": "sinds",
            "until": "tot",
            "counts": "telt",
            "reason": "reden",
        },
        "message": {
            "change_number": "wijzigingsvolgnummer",
            "kind": "soort",
            "created_at": "klaargezet",
            "given_at": "opgehaald",
            "acknowledged_at": "ontvangstBevestigd",
            "error_at": "foutGemeld",
        },
        "email_link": {"sent_at": "verstuurd", "confirmed_at": "bevestigd"},
        "job": {"name": "soort", "attempts": "pogingen"},
        "error_report": {"received_at": "gemeld"},
        "status_message": {
            "received_at": "ontvangen",
            "sent_at": "verstuurd",
            "receivers": "ookVoor",
        },
        "running": {},
    }
)
WITHHELD: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "student": {
            **dict.fromkeys(("id", "known_version", "group_id"), "a number of ours"),
            "bsn_hash": "finds the BSN, which is there",
            "document": "stands there opened",
        },
        "draft": {
            **dict.fromkeys(("student_id", "cohort_id", "version"), "a number of ours"),
            "document": "stands there opened",
        },
        "application": {
            **dict.fromkeys(("id", "student_id", "koppelpunt_id", "cohort_id"), "a number of ours"),
            **dict.fromkeys(("removed_at", "group_id", "age_band"), "of who is gone"),
            "document": "stands there opened",
        },
        "application_status": {
            **dict.fromkeys(("id", "application_id", "kept_id"), "a number of ours"),
            "message_id": "the school's own number",
        },
        "message": {
            **dict.fromkeys(
                ("id", "koppelpunt_id", "application_id", "programme_id"), "a number of ours"
            ),
            **dict.fromkeys(("latest", "waiting"), "how we keep order"),
            "document": "says what the application says",
        },
        "email_link": {
            "student_id": "a number of ours",
            **dict.fromkeys(("token_hash", "email_hash"), "finds what stands elsewhere"),
        },
        "job": {
            **dict.fromkeys(("id", "document_id", "student_id"), "a number of ours"),
            **dict.fromkeys(
                ("due_at", "leased_until", "first_tried_at", "failed_at", "last_run_at"),
                "how we keep order",
            ),
            "last_error": "about our own machinery",
            "document": "stands there opened",
        },
        "error_report": {
            **dict.fromkeys(("id", "message_id"), "a number of ours"),
            "text_hash": "finds the text, which is there",
            "document": "stands there opened",
        },
        "status_message": {
            **dict.fromkeys(("id", "message_id"), "a number of ours, and of the school's"),
            **dict.fromkeys(("brin", "sender"), "the school's own, which is there"),
            "ca_keten_id": "stands there with its application",
            "content_hash": "finds a message that comes twice",
            "result": "what we answered the school's system",
        },
        "running": dict.fromkeys(
            ("student_id", "cohort_id", "application_id"), "follows from the application"
        ),
    }
)


def as_json(held: Held) -> dict[str, Any]:
    return {
        "account": {
            **_named("student", held.row),
            "burgerservicenummer": held.bsn,
            "wordtVerwijderdOp": held.goes.isoformat(),
        },
        "vanDuo": encode(held.said),
        "nietVerstuurd": [
            {
                **_named("draft", row),
                "antwoorden": encode(content.answers),
                "link": encode(content.link),
            }
            for row, content in held.drafts
        ],
        "aanmeldingen": [_sent_as_json(one) for one in held.sent],
        "bevestigdeMailadressen": [_named("email_link", row) for row in held.addresses],
        "mailDieWacht": [{**_named("job", row), "inhoud": about} for row, about in held.mail],
    }


def _sent_as_json(one: Sent) -> dict[str, Any]:
    content = one.content
    return {
        **_named("application", one.row),
        "school": one.school,
        "antwoorden": encode(content.answers),
        "link": encode(content.link),
        "erbijBewaard": content.beside,
        "verloop": [_named("application_status", row) for row in one.steps],
        "naarDeSchool": [
            {
                **_named("message", each.row),
                "koppelpunt": each.koppelpunt,
                "foutmeldingen": [
                    {**_named("error_report", row), "tekst": text} for row, text in each.reports
                ],
            }
            for each in one.delivered
        ],
        "statusberichtenVanDeSchool": [_named("status_message", row) for row in one.statuses],
        "wieHetZag": [
            {
                "moment": look.at.isoformat(),
                "soort": look.kind,
                "wie": look.who,
                "wat": look.action,
                "resultaat": look.result,
            }
            for look in one.looks
        ],
    }


def _named(table: str, row: Row[Any]) -> dict[str, Any]:
    return {name: _plain(getattr(row, column)) for column, name in NAMES[table].items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
