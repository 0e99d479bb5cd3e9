"""The end of the way: check, send, sent."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Response, g, request, session, url_for
from wtforms import BooleanField
from wtforms.validators import DataRequired

from app import access, clock, db, equipment, labels
from app.domain import advice, journey, rules
from app.domain.deeplink import Outcome
from app.domain.dossier import Dossier, Incomplete
from app.domain.draft import Interest
from app.domain.grace import Judged
from app.domain.status import RUNNING
from app.i18n import mark as _
from app.logs import event
from app.pages import locale, page, see_other
from app.services import (
    applications,
    applied,
    catalogue,
    catalogue_renew,
    leerbedrijven,
    links,
    mailbox,
    students,
)
from app.services.asking import beside
from app.services.drafts import Opened
from app.services.patience import SENDING
from app.services.sending import Sending, fingerprint, was_shown
from app.wizard import interest, told
from app.wizard.pressed import read, sending
from app.wizard.progress import CHECK_SLUG, Progress
from app.wizard.step import AnswerForm
from app.wizard.steps import STEPS
from app.wizard.views import TOO_OFTEN, onward, opened
from app.wizard.views import bp as bp  # of all pages of a draft

OTHER = _("Er is iets veranderd sinds je deze pagina opende. Controleer alles nog een keer.")


BOTH = _("Ik heb beide privacyverklaringen gelezen")  # ours, and the school's own


class CheckForm(AnswerForm):
    """The student says to have read what happens with the data; no consent (WIZ-12)."""

    mistaken = _("Nog één ding")

    privacy = BooleanField(
        _("Ik heb de privacyverklaring gelezen"),
        [DataRequired(_("Lees de privacyverklaring en zet een vinkje"))],
    )


@bp.get(f"/{CHECK_SLUG}")
@access.student_or_guest
def check(draft_id: UUID) -> Response:
    draft = opened(draft_id, afresh=True)
    if draft.walk.next is not None:
        return see_other(onward(draft))
    return checked(draft, CheckForm(), [])


class Made(NamedTuple):
    """A check page: since when it is there, and what counted then."""

    at: datetime
    counts: Judged


def checked(
    draft: Opened,
    form: CheckForm,
    notices: list[str],
    status: int = 200,
    first: str = "",
    earlier: Made | None = None,
) -> Response:
    """The check page, or an earlier one once more; `first` is the address of an application that
    stands in the way."""
    made = earlier or Made(draft.now, Judged(draft.answers, draft.today))
    answers, day = made.counts.answers, made.counts.day
    dossier = Dossier.of(answers, day)
    sections = [
        (STEPS[asked], dossier.answers.answer(asked)) for asked in journey.path(answers, day)
    ]
    statement = read(dossier.choice.brin)
    if statement.school:
        form.privacy.label.text = BOTH
    return page(
        "wizard/check.html",
        status,
        draft=draft,
        dossier=dossier,
        sections=sections,
        form=form,
        notices=notices if earlier else [*told.lines(draft), *notices],
        first=first,
        school_privacy=statement.school,
        falls_short=advice.falls_short(dossier.answers),
        term=None if draft.answers.interest else term(dossier),
        day=day,
        shown_at=made.at.isoformat(),
        fingerprint=fingerprint(dossier, made.at, statement),
        progress=Progress.at_the_end(draft),
    )


def term(dossier: Dossier) -> advice.Term:
    return advice.term(dossier.answers, equipment.settings().deadlines)


@bp.post(f"/{CHECK_SLUG}")
@access.student_or_guest
def submit(draft_id: UUID) -> Response:
    """Send it, once (WIZ-13). What isn't sent is shown again, with why."""
    requested_at = clock.now()
    with db.reading() as connection:
        if applications.of_draft(connection, g.student_id, str(draft_id)) is not None:
            return see_other(url_for("wizard.sent", draft_id=draft_id, al=1))
    form = CheckForm()
    if not form.validate():
        return again(draft_id, form, requested_at=requested_at)
    draft = opened(draft_id, afresh=True)
    try:
        counts = shown(draft, sending(draft, requested_at))
    except applications.NotWhatWasShown:
        return again(draft_id, form, OTHER)
    except Incomplete:
        return not_yet(draft)
    if not SENDING.allows(g.student_id):
        answer = again(draft_id, form, TOO_OFTEN, requested_at=requested_at)
        answer.status_code, answer.headers["Retry-After"] = 429, str(SENDING.within)
        return answer
    ask_again(draft, counts)
    deadlines = equipment.settings().deadlines
    whose = (equipment.store(), g.student_id, counts.answers)
    asks = mailbox.may_ask(*whose)
    sent_now = replace(sending(opened(draft_id), requested_at), asks=asks)
    try:
        receipt = applications.submit(g.student_id, str(draft_id), sent_now, deadlines, clock.now())
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
    except applications.NoCode:
        return again(draft_id, form, interest.NO_CODE)
    except applications.OtherCode as error:
        return see_other(url_for("guest.without_digid", school=error.brin, verder=1))
    if receipt.again:
        return see_other(url_for("wizard.sent", draft_id=draft_id, al=1))
    mailbox.count_asked(*whose)
    session.pop("code", None)
    event("submitted")
    return see_other(url_for("wizard.sent", draft_id=draft_id))


def shown(draft: Opened, sent: Sending) -> Judged:
    """What counts of a draft that is sent from the page that was made of it. Raises Incomplete or
    NotWhatWasShown."""
    counts = applications.judged(draft, sent.shown_at, sent.requested_at)
    if not was_shown(Dossier.of(counts.answers, counts.day), sent):
        raise applications.NotWhatWasShown()
    return counts


def ask_again(draft: Opened, counts: Judged) -> None:
    """Everybody whose word is sent along, a last time (DUO-9, CAT-1, WIZ-11)."""
    registers, store = equipment.registers(), equipment.store()
    choice = counts.answers.choice

    def rio() -> None:
        if choice is not None:
            catalogue_renew.renew(registers.catalogue, store, choice.programme_id)

    if draft.answers.interest is Interest.CODE:  # nothing of whom anybody else is asked (INT-1)
        return rio()
    # All at once: each may take what a page has, and DUO's word on a secret address matters most.
    with beside(lambda: leerbedrijven.ask_again(registers.companies, counts)) as told_by_sbb:
        students.consult(g.student_id, registers, store, clock.now(), meanwhile=rio)
    leerbedrijven.keep(opened(UUID(draft.id)), told_by_sbb(), clock.now())


def again(
    draft_id: UUID,
    form: CheckForm,
    why: str = "",
    first: str = "",
    requested_at: datetime | None = None,
) -> Response:
    """The check page with why nothing was sent. Who only forgot the tick within the minutes after
    closing (`requested_at`) keeps the page that they had."""
    draft = opened(draft_id, afresh=True)
    page_sent = sending(draft, requested_at or draft.now)
    counts = None
    with suppress(Incomplete, applications.NotWhatWasShown):
        counts = shown(draft, page_sent)
    if draft.walk.next is None:
        notices = [why or OTHER] if why or counts is None else []
        return checked(draft, form, notices, 422, first)
    if counts is None:
        return not_yet(draft)
    earlier = Made(page_sent.shown_at, counts)
    return checked(draft, form, [why] if why else [], 422, first, earlier)


def already_applied(draft_id: UUID, form: CheckForm, application_id: int) -> Response:
    """With the way to the first (WIZ-15)."""
    with db.reading() as connection:
        sent_before = applied.of_student(connection, g.student_id)
    first = next(item for item in sent_before if item.id == application_id)
    return again(
        draft_id, form, labels.APPLIED, url_for("application.show", draft_id=first.draft_id)
    )


def not_yet(draft: Opened) -> Response:
    """To the question that is open again, which says that nothing was sent."""
    return see_other(f"{onward(draft)}?nog-niet-verstuurd=1")


def mine(draft_id: UUID) -> applied.Sent | None:
    """The application that this draft became."""
    with db.reading() as connection:
        return applied.by_draft(connection, g.student_id, str(draft_id))


@bp.get("/verstuurd")
@access.student_or_guest
def sent(draft_id: UUID) -> Response:
    """The confirmation: it stays at this address (WIZ-14)."""
    application = mine(draft_id)
    if application is None:
        return see_other(onward(opened(draft_id)))
    if application.interest:
        return interest.sent(application)
    with db.reading() as connection:
        back, choice = None, application.choice
        if application.status in RUNNING:  # `geslaagd` would be no longer true
            local, ca_keten_id = not equipment.settings().production, application.ca_keten_id
            won = Outcome.GESLAAGD
            back = links.back(connection, application.link, won, local, choice, ca_keten_id)
        email = application.dossier.contact.email
        confirmed = mailbox.is_confirmed(connection, g.student_id, email)
        asked = mailbox.is_asked(connection, g.student_id, email)
        contact = catalogue.contact(connection, choice.brin, choice.programme_id)
    return page(
        "wizard/sent.html",
        application=application,
        back=back,
        contact=contact,
        confirmed=confirmed,
        asked=asked,
        starts=rules.starts(application.dossier.answers),
        already="al" in request.args,
        mailed=request.args.get("gemaild", ""),
    )


@bp.post("/verstuurd/mail")
@access.student_or_guest
def mail_again(draft_id: UUID) -> Response:
    """The confirmation mail once more: without its link an address can't be confirmed (WIZ-5).
    Back to the page that it was asked on; of what has ended there is nothing to confirm."""
    application = mine(draft_id)
    if application is None:
        return see_other(onward(opened(draft_id)))
    there = url_for("application.show", draft_id=draft_id)
    if not application.open:
        session["news"] = "ended"
        return see_other(there)
    store, answers = equipment.store(), application.dossier.answers
    mailed = mailbox.send_again(store, g.student_id, answers, locale().code, clock.now())
    pages = {"mijn": there, "gegevens": url_for("own_data.index")}
    if back := pages.get(request.form.get("terug", "")):
        session["news"] = "mailed" if mailed else "mailed_enough"
        return see_other(back)
    return see_other(url_for(".sent", draft_id=draft_id, gemaild="ja" if mailed else "nee"))
