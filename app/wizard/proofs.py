"""What a student keeps of an application: the proof as a PDF, and the start for a calendar
(WIZ-14)."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort

from app import access, agenda, clock, equipment, proof
from app.pages import locale
from app.services.drafts import NoSuchDraft
from app.wizard.sending import bp as bp  # of all pages of a draft
from app.wizard.sending import mine


@bp.get("/verstuurd/bewijs.pdf")
@access.student
def pdf(draft_id: UUID) -> Response:
    application = mine(draft_id)
    if application is None:
        raise NoSuchDraft()
    base_url = equipment.settings().base_url
    made = proof.pdf(application, locale(), base_url, clock.today())
    return kept(made, "application/pdf", f"bewijs-{application.ca_keten_id}.pdf")


@bp.get("/verstuurd/start.ics")
@access.student
def calendar(draft_id: UUID) -> Response:
    application = mine(draft_id)
    if application is None:
        raise NoSuchDraft()
    if application.begins is None:
        abort(404)
    made = agenda.start(application, locale(), equipment.settings().base_url)
    return kept(made, "text/calendar; charset=utf-8", "start.ics")


def kept(content: bytes, kind: str, name: str) -> Response:
    """A file to keep, and no page of ours."""
    answer = Response(content, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
