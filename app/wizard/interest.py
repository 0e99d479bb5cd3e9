"""An interessemelding: leaving one for a cohort without having its access code (WIZ-9), the page
once it was sent, and the way on from there to an application (INT-4)."""

from __future__ import annotations

from uuid import UUID

from flask import Response, g, request, url_for

from app import access, clock, db, equipment
from app.domain.deeplink import Outcome
from app.domain.draft import QUESTIONS, Interest
from app.i18n import mark as _
from app.pages import page, see_other
from app.services import applied, catalogue, drafts, interests, links, mailbox
from app.wizard.steps import STEPS
from app.wizard.views import bp, onward, opened

NO_CODE = _("Deze school neemt nu geen interessemeldingen zonder DigiD aan. Bel of mail de school.")


@bp.post("/interesse")
@access.student
def leave(draft_id: UUID) -> Response:
    """«Laat weten dat je interesse hebt», where a code is asked for; and with `toch`, «ik heb toch
    een code»: then it becomes an application again."""
    draft = opened(draft_id)
    now: Interest | None = draft.answers.interest
    wanted: Interest | None
    if request.form.get("toch"):
        asks, wanted = now is Interest.LOCK, None
    else:
        asks, wanted = "key" in draft.walk.path, Interest.LOCK
    if asks:
        draft = drafts.answer(draft, "interest", wanted, clock.now())
    return see_other(onward(draft))


def sent(application: applied.Sent) -> Response:
    """The confirmation, which stays at its address: what was sent, and what it is not yet."""
    answers, choice = application.dossier.answers, application.choice
    local, email = not equipment.settings().production, application.dossier.contact.email
    came, id_of_it = application.link, application.ca_keten_id
    with db.reading() as connection:
        back = links.back(connection, came, Outcome.INTERESSE, local, choice, id_of_it)
        confirmed = mailbox.is_confirmed(connection, g.student_id, email)
        asked = mailbox.is_asked(connection, g.student_id, email)
        contact = catalogue.contact(connection, choice.brin, choice.programme_id)
        became = applied.became(application, applied.of_student(connection, g.student_id))
    told = ((question, answers.answer(question)) for question in QUESTIONS)
    return page(
        "wizard/interest.html",
        application=application,
        sections=[(STEPS[question], answer) for question, answer in told if answer is not None],
        back=back,
        contact=contact,
        confirmed=confirmed,
        asked=asked,
        became=became,
        already="al" in request.args,
        mailed=request.args.get("gemaild", ""),
    )


@bp.post("/verstuurd/aanmelden")
@access.student
def apply(draft_id: UUID) -> Response:
    """«Ik heb nu de code»: an application with ids of its own; the interessemelding stays."""
    try:
        begun = interests.apply(g.student_id, str(draft_id), clock.now())
    except drafts.TooManyDrafts:
        return see_other(url_for("overview.index"))
    return see_other(f"{onward(opened(UUID(begun)))}?code-straks=1")
