"""The end of the way: check, send, sent."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, current_app, g, request, session, url_for
from wtforms import BooleanField
from wtforms.validators import InputRequired

from app import access, clock, db, privacy
from app.domain import advice, journey
from app.domain.deeplink import Outcome
from app.domain.dossier import Dossier, Incomplete
from app.i18n import mark as _
from app.logs import event
from app.pages import locale, page, see_other
from app.services import (
    applications,
    applied,
    catalogue_renew,
    institutions,
    leerbedrijven,
    links,
    students,
)
from app.services.applications import Identification, Privacy, Sending
from app.services.drafts import Opened
from app.wizard import told
from app.wizard.progress import CHECK_SLUG, Progress
from app.wizard.step import AnswerForm
from app.wizard.steps import STEPS
from app.wizard.views import bp as bp  # of all pages of a draft
from app.wizard.views import onward, opened

OTHER = _("Er is iets veranderd sinds je deze pagina opende. Kijk alles nog een keer na.")
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class CheckForm(AnswerForm):
    """The student says to have read what happens with the data; no consent (WIZ-12)."""

    privacy = BooleanField(
        _("Ik heb de privacyverklaring gelezen"),
        [InputRequired(_("Lees de privacyverklaring en zet een vinkje"))],
    )


@bp.get(f"/{CHECK_SLUG}")
@access.student
def check(draft_id: UUID) -> Response:
    draft = opened(draft_id, afresh=True)
    if draft.walk.next is not None:
        return see_other(onward(draft))
    return checked(draft, CheckForm(), [])


def checked(
    draft: Opened, form: CheckForm, notices: list[str], status: int = 200, first: str = ""
) -> Response:
    """The check page; `first` is the address of an application that stands in the way."""
    dossier = Dossier.of(draft.answers, draft.today)
    sections = [
        (STEPS[question], dossier.shown(question))
        for question in journey.path(draft.answers, draft.today)
    ]
    with db.reading() as connection:
        own = institutions.privacy(connection, dossier.choice.brin)
    return page(
        "wizard/check.html",
        status,
        draft=draft,
        dossier=dossier,
        sections=sections,
        form=form,
        notices=[*told.lines(draft), *notices],
        first=first,
        school_privacy=own,
        falls_short=advice.falls_short(dossier.answers),
        term=advice.term(dossier.answers, current_app.extensions["settings"].deadlines),
        shown_at=draft.now.isoformat(),
        fingerprint=applications.fingerprint(dossier, draft.now),
        progress=Progress.at_the_end(draft),
    )


@bp.post(f"/{CHECK_SLUG}")
@access.student
def submit(draft_id: UUID) -> Response:
    """Send it, once (WIZ-13). What isn't sent is shown again, with why."""
    requested_at = clock.now()
    with db.reading() as connection:
        if applications.of_draft(connection, g.student_id, str(draft_id)) is not None:
            return see_other(url_for("wizard.sent", draft_id=draft_id, al=1))
    form = CheckForm()
    if not form.validate():
        return again(draft_id, form)
    ask_again(draft_id)
    try:
        receipt = applications.submit(
            g.student_id,
            str(draft_id),
            sending(opened(draft_id), requested_at),
            current_app.extensions["settings"].deadlines,
            clock.now(),
        )
    except applications.NotWhatWasShown:
        return again(draft_id, form, OTHER)
    except Incomplete:
        return not_yet(opened(draft_id, afresh=True))
    except applications.AlreadyApplied as error:
        return already_applied(draft_id, form, error.application_id)
    except applications.Full:
        return again(draft_id, form, _("De laatste plek is net weg. Kies een andere opleiding."))
    except applications.CannotReceive:
        return again(draft_id, form, _("Deze school kan nu geen aanmeldingen ontvangen."))
    if receipt.again:
        return see_other(url_for("wizard.sent", draft_id=draft_id, al=1))
    event("submitted")
    return see_other(url_for("wizard.sent", draft_id=draft_id))


def ask_again(draft_id: UUID) -> None:
    """Everybody whose word is sent along, a last time (DUO-9, CAT-1)."""
    registers, store = (current_app.extensions[name] for name in ("registers", "store"))
    # RIO first: it leaves time to the other, and DUO may take all that a page has.
    if (choice := opened(draft_id).answers.choice) is not None:
        catalogue_renew.renew(registers.catalogue, store, choice.programme_id)
    students.consult(g.student_id, registers, store)
    leerbedrijven.verify(registers.companies, opened(draft_id), clock.now())


def sending(draft: Opened, requested_at: datetime) -> Sending:
    choice = draft.answers.choice
    with db.reading() as connection:
        own = institutions.privacy(connection, choice.brin) if choice else ""
    return Sending(
        shown=request.form.get("dossier", ""),
        shown_at=moment(request.form.get("getoond", "")),
        requested_at=requested_at,
        identification=Identification(session["level"], datetime.fromisoformat(session["moment"])),
        privacy=Privacy(privacy.VERSION, own),
        language=locale().code,
    )


def moment(text: str) -> datetime:
    """As the form carried it; long ago for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return NEVER
    return found if found.tzinfo else NEVER


def again(draft_id: UUID, form: CheckForm, why: str = "", first: str = "") -> Response:
    draft = opened(draft_id, afresh=True)
    if draft.walk.next is not None:
        return not_yet(draft)
    return checked(draft, form, [why] if why else [], 422, first)


def already_applied(draft_id: UUID, form: CheckForm, application_id: int) -> Response:
    """With the way to the first (WIZ-15)."""
    with db.reading() as connection:
        mine = applied.of_student(connection, g.student_id)
    first = next(item for item in mine if item.id == application_id)
    why = _("Je hebt je al aangemeld voor deze opleiding.")
    return again(draft_id, form, why, url_for("wizard.sent", draft_id=first.draft_id))


def not_yet(draft: Opened) -> Response:
    """To the question that is open again, which says that nothing was sent."""
    return see_other(f"{onward(draft)}?nog-niet-verstuurd=1")


@bp.get("/verstuurd")
@access.student
def sent(draft_id: UUID) -> Response:
    """The confirmation: it stays at this address (WIZ-14)."""
    with db.reading() as connection:
        application = applied.by_draft(connection, g.student_id, str(draft_id))
        if application is None:
            return see_other(onward(opened(draft_id)))
        back = links.back(
            connection,
            application.link,
            Outcome.GESLAAGD,
            not current_app.extensions["settings"].production,
            application.choice,
            application.ca_keten_id,
        )
    return page(
        "wizard/sent.html", application=application, back=back, already="al" in request.args
    )
