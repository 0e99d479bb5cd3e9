"""What one still changes of an application that was sent, by the questions of the way to it
(MIJ-5); and the address that a school may have where DUO's has become secret (DUO-9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response, abort, g, session, url_for

from app import access, clock, db, equipment
from app.i18n import mark as _
from app.pages import locale, see_other
from app.services import changes, mailbox
from app.services.drafts import NoSuchDraft
from app.services.patience import CHANGING, TooOften
from app.wizard.progress import Progress
from app.wizard.proofs import bp as bp  # of all pages of a draft
from app.wizard.steps import address, contact, leerbedrijf
from app.wizard.views import asked, onward, opened

SECRET = _(
    "DUO zegt nu dat je adres geheim is. We hebben het daarom weggehaald. "
    "Vul een adres in dat de school mag hebben."
)
STEPS = {
    step.slug: step
    for step in (
        contact.CHANGED,
        leerbedrijf.STEP,
        replace(address.STEP, intro=SECRET),
    )
}


@bp.route("/verstuurd/<slug>", methods=["GET", "POST"])
@access.checks_token
@access.student
def change(draft_id: UUID, slug: str) -> Response:
    """Afterwards, and where it can't be changed any more: the application's page, which says so."""
    step = STEPS.get(slug) or abort(404)
    there = url_for("application.show", draft_id=draft_id)
    try:
        with db.reading() as connection:
            sent = changes.again(connection, g.student_id, str(draft_id), clock.now())
    except NoSuchDraft:
        return see_other(onward(opened(draft_id)))

    def keep(form: Any) -> Response:
        if not CHANGING.allows(g.student_id):
            raise TooOften(int(CHANGING.within))
        given, language = form.answer(), locale().code
        after = sent.answers.with_answer(step.question, given)
        whose = (equipment.store(), g.student_id, after)
        asks, question = mailbox.may_ask(*whose), step.question
        changed = changes.change(
            g.student_id, sent.id, question, given, language, asks, clock.now()
        )
        if changed and changes.is_elsewhere(after, sent.answers):
            mailbox.count_asked(*whose)
        session["news"] = "changed" if changed else "same"
        return see_other(there)

    try:
        if not sent.may_change(step.question):
            return see_other(there)
        return asked(step, sent, [], keep, lambda _form: Progress.none(there))
    except changes.Ended:
        session["news"] = "ended"
        return see_other(there)
