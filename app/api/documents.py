"""What describes the API, for anybody: the OpenAPI documents and the manual (SIS-6, HLP-2)."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from flask import Blueprint, Response

from app import access, equipment, manuals
from app.api import asked, guard, openapi, operations, status_item, statuses, tokens
from app.api.operations import Api
from app.config import BODY, Settings
from app.domain.koppelpunt import SANDBOX_OIN
from app.domain.status import Status
from app.manuals import Manual
from app.pages import locale, page
from app.problems import VERSION
from app.services import delivery, receipts, status_messages
from app.services.status_messages import AHEAD, Outcome

bp = Blueprint("documents", __name__)
EXAMPLE_OIN = "00000001234567890000"


class Documents(NamedTuple):
    """Of one portal, made when it starts."""

    described: dict[str, dict[str, Any]]  # OpenAPI, by the API's address
    manuals: dict[str, Manual]  # by language
    references: dict[str, list[Api]]  # what /docs/sis/api shows, by language


def prepare(settings: Settings) -> Documents:
    return _made(settings.base_url, settings.sis_contact, settings.production)


@lru_cache(maxsize=8)
def _made(base_url: str, contact: str, production: bool) -> Documents:
    oin = EXAMPLE_OIN if production else SANDBOX_OIN
    values = {"base_url": base_url, "contact": contact, "client_id": oin, **FACTS}
    described = {api: openapi.document(api, values, not production) for api in openapi.FILES}
    return Documents(
        described,
        {
            language: manuals.manual("sis", language, values, not production)
            for language in manuals.LANGUAGES
        },
        {
            language: [
                operations.shown(openapi.said(one, language, values)) for one in described.values()
            ]
            for language in manuals.LANGUAGES
        },
    )


FACTS: dict[str, object] = {  # what the texts say of limits: by the code that keeps to them
    "version": VERSION,
    "batch": delivery.BATCH,
    "status_batch": statuses.MOST,
    "longest_id": status_item.LONGEST_ID,
    "most_statuses": status_messages.MOST,
    "outcomes": ", ".join((*Outcome, statuses.FAILED)),
    "statuses": ", ".join(Status),
    "ahead_minutes": AHEAD // timedelta(minutes=1),
    "per_minute": guard.MOST,
    "tokens_per_minute": tokens.MOST_TRIES,
    "tokens_from": tokens.MOST_FROM,
    "token_minutes": tokens.TOKEN_SECONDS // 60,
    "assertion_minutes": tokens.MOST_ASSERTION // 60,
    "body_kb": BODY // 1024,
    "longest_report": receipts.LONGEST_REPORT,
    "deepest": asked.DEEPEST,
    "largest": asked.LARGEST,
    "algorithms": ", ".join(tokens.ALGORITHMS),
}


@bp.get("/cambo/rest/v1/openapi.json", defaults={"api": "/cambo/rest/v1"})
@bp.get("/koppelpunt-mbo/v1/openapi.json", defaults={"api": "/koppelpunt-mbo/v1"})
@access.public
def described(api: str) -> Response:
    """For programs, from any website."""
    body = orjson.dumps(prepare(equipment.settings()).described[api])
    anybody = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(body, headers=anybody, content_type="application/json")


@bp.get("/docs/sis")
@access.public
def manual() -> Response:
    """In Dutch, and in English for everybody else."""
    return page("manual.html", manual=prepare(equipment.settings()).manuals[_language()])


@bp.get("/docs/sis/api")
@access.public
def reference() -> Response:
    """The OpenAPI documents for people."""
    language = _language()
    apis = prepare(equipment.settings()).references[language]
    words = manuals.words(language)
    contents = [one for api in apis for one in operations.contents(api, words["schemas"])]
    return page("reference.html", apis=apis, contents=contents, language=language, words=words)


def _language() -> str:
    return locale().code if locale().code in manuals.LANGUAGES else "en"
