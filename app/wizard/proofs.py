"""What a student keeps of an application: the proof as a PDF, and the start for a calendar
(WIZ-14)."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, g

from app import access, agenda, clock, db, equipment, proof
from app.domain import advice
from app.pages import locale
from app.services import drafts
from app.services.applied import Sent
from app.services.drafts import NoSuchDraft
from app.wizard.sending import bp as bp  # of all pages of a draft
from app.wizard.sending import mine


@bp.get("/verstuurd/bewijs.pdf")
@access.student
def pdf(draft_id: UUID) -> Response:
    application = sent(draft_id)
    base_url = equipment.settings().base_url
    made = proof.pdf(application, locale(), base_url, clock.today())
    return kept(made, "application/pdf", called(application))


@bp.get("/verstuurd/start.ics")
@access.student
def calendar(draft_id: UUID) -> Response:
    application = sent(draft_id)
    if application.begins is None:
        abort(404)
    made = agenda.start(application, locale(), equipment.settings().base_url)
    return kept(made, "text/calendar; charset=utf-8", "start.ics")


@bp.get("/laatste-dag.ics")
@access.student
def deadline(draft_id: UUID) -> Response:
    """Of a draft that waits: until when it is in time, or can be sent."""
    with db.reading() as connection:
        draft = drafts.open_draft(connection, g.student_id, str(draft_id), clock.now())
    choice, settings = draft.answers.choice, equipment.settings()
    last = advice.last_day(choice, settings.deadlines, draft.today) if choice else None
    if choice is None or last is None:
        abort(404)
    now = clock.real_now()
    made = agenda.last_day(draft.id, choice, last, now, locale(), settings.base_url)
    return kept(made, "text/calendar; charset=utf-8", "laatste-dag.ics")


def sent(draft_id: UUID) -> Sent:
    """Raises NoSuchDraft where nothing was sent yet."""
    application = mine(draft_id)
    if application is None:
        raise NoSuchDraft()
    return application


def called(application: Sent) -> str:
    """The paper's file: bewijs-van-aanmelding-99XX-91234567. By the reference, which says nothing
    of anybody, and without its colon, which not every disk takes."""
    what = "interesse" if application.interest else "aanmelding"
    return f"bewijs-van-{what}-{application.reference.replace(':', '-')}.pdf"


def kept(content: bytes, kind: str, name: str) -> Response:
    """A file to keep, and no page of ours."""
    answer = Response(content, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
