"""Everything that we hold of a student as a file to take along (MIJ-3).

Plain JSON, with one rule: everything stands there as we keep it. A name is that of the column or
the field, in English and in snake_case; a code is ours; a moment is ISO 8601, in UTC. Whoever
wants it in words reads `/mijn/gegevens/alles`.

- `made_at`, and `about`, which says this to the student
- `account`: the student's own row, `bsn`, and `goes` (the day when all of it is removed)
- `said`: what DUO said last
- `drafts`: not sent yet, each with its `answers` and the school's `link`
- `sent`: each with its `answers` and `link`; what else was kept then (`beside`); its `steps` (the
  statuses it had); what was `delivered` to the school, with the school's `reports` of errors; the
  `statuses` that the school passed on; and who looked (`looks`)
- `addresses`: links sent to confirm one
- `mail`: what waits, or could not be sent
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row

from app.codec import encode
from app.services.holdings import Held, Sent

# What stands in the file, by table; the others are withheld, and why.
GIVEN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "student": ("language", "wants_mail", "created_at", "seen_at", "warned_at"),
        "draft": ("id", "created_at", "touched_at", "reminded_at"),
        "application": (
            *("kind", "draft_id", "ca_keten_id", "keten_id", "brin"),
            *("status", "requested_at", "submitted_at"),
        ),
        "application_status": ("status", "source", "since", "until", "counts", "reason"),
        "message": (
            *("change_number", "kind", "created_at", "given_at"),
            *("acknowledged_at", "error_at"),
        ),
        "email_link": ("sent_at", "confirmed_at"),
        "job": ("name", "attempts"),
        "error_report": ("received_at",),
        "status_message": ("received_at", "sent_at", "receivers"),
        "running": (),
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
            **_given("student", held.row),
            "bsn": held.bsn,
            "goes": held.goes.isoformat(),
        },
        "said": encode(held.said),
        "drafts": [
            {
                **_given("draft", row),
                "answers": encode(content.answers),
                "link": encode(content.link),
            }
            for row, content in held.drafts
        ],
        "sent": [_sent_as_json(one) for one in held.sent],
        "addresses": [_given("email_link", row) for row in held.addresses],
        "mail": [{**_given("job", row), "about": about} for row, about in held.mail],
    }


def _sent_as_json(one: Sent) -> dict[str, Any]:
    content = one.content
    return {
        **_given("application", one.row),
        "school": one.school,
        "answers": encode(content.answers),
        "link": encode(content.link),
        "beside": content.beside,
        "steps": [_given("application_status", row) for row in one.steps],
        "delivered": [
            {
                **_given("message", each.row),
                "koppelpunt": each.koppelpunt,
                "reports": [
                    {**_given("error_report", row), "text": text} for row, text in each.reports
                ],
            }
            for each in one.delivered
        ],
        "statuses": [_given("status_message", row) for row in one.statuses],
        "looks": [
            {name: _plain(value) for name, value in look._asdict().items()} for look in one.looks
        ],
    }


def _given(table: str, row: Row[Any]) -> dict[str, Any]:
    return {column: _plain(getattr(row, column)) for column in GIVEN[table]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
