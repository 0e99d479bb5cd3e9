"""Every question is put and answered through the same view; then check, send, sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, g, request, session, url_for
from werkzeug.datastructures import MultiDict

from app import access, clock, csrf, db, errors, labels
from app.domain import journey
from app.domain.catalogue import Reason
from app.domain.deeplink import Outcome
from app.domain.dossier import Dossier, Incomplete
from app.i18n import mark as _
from app.logs import event
from app.pages import elsewhere, locale, page, see_other
from app.services import (
    access_codes,
    applications,
    applied,
    catalogue_renew,
    drafts,
    leerbedrijven,
    links,
    students,
)
from app.services.applications import Identification
from app.services.drafts import Opened
from app.wizard.progress import CHECK_SLUG, OF_DRAFTS, Progress, address
from app.wizard.step import Step
from app.wizard.steps import BY_SLUG, STEPS

bp = Blueprint("wizard", __name__, url_prefix=f"{OF_DRAFTS}/<uuid:draft_id>")

BUSY = _("Het is nu te druk om dit op te slaan. Wat je typte, staat er nog. Probeer het zo weer.")
BUSY_EMPTY = _("Het is nu te druk om dit op te slaan. Vul het zo nog een keer in.")
STALE = _("Deze pagina was te oud. Wat je typte, staat er nog. Druk nog een keer op de knop.")
STALE_EMPTY = _("Deze pagina was te oud. Vul het nog een keer in.")
TYPED = _("Je was uitgelogd. Wat je typte, staat er nog. Kijk het na en sla het op.")
BY_DUO = _("DUO heeft andere gegevens over jou dan eerst. Kijk ze nog een keer na.")
NO_CHOICE = _("Voor de opleiding die je koos, kun je je nu niet meer aanmelden. Kies een andere.")
NO_START = _("Voor de start die je koos, kun je je nu niet meer aanmelden. Kies een andere.")
LOST = {  # where there is more to say than that
    Reason.NO_KOPPELPUNT: _(
        "Deze school kan nu geen aanmeldingen ontvangen. Wat je invulde, is bewaard."
    ),
    Reason.FULL: _("De start die je koos, is vol. Kies een andere."),
    **dict.fromkeys((Reason.CLOSED, Reason.OVER, Reason.NO_START, Reason.NOT_YET), NO_START),
}
NOT_SENT = _("Je aanmelding is nog niet verstuurd.")
NEW_KEY = _("De school heeft een andere toegangscode. Vraag de school erom en vul die in.")
FIRST_KEY = _("De school vraagt nu een toegangscode. Vraag de school erom en vul die in.")
TOO_OFTEN = _("Je hebt het te vaak geprobeerd. Wacht een kwartier, en probeer het dan weer.")
OTHER = _("Er is iets veranderd sinds je deze pagina opende. Kijk alles nog een keer na.")


def opened(draft_id: UUID, afresh: bool = False) -> Opened:
    """The draft in the address, if it is this student's. A sent one goes to its confirmation."""
    with db.reading() as connection:
        return drafts.open_draft(connection, g.student_id, str(draft_id), clock.now(), afresh)


@bp.app_errorhandler(drafts.NoSuchDraft)
def gone(_error: drafts.NoSuchDraft) -> Response:
    """Sent already, perhaps: then that is what the student wants to know (WIZ-13)."""
    draft_id = (request.view_args or {}).get("draft_id", "")
    with db.reading() as connection:
        if applications.of_draft(connection, g.student_id, str(draft_id)) is None:
            return errors.shown(404)
    return see_other(url_for("wizard.sent", draft_id=draft_id, al=1))


def onward(draft: Opened) -> str:
    return address(draft, draft.walk.next)


@bp.get("/")
@access.student
def resume(draft_id: UUID) -> Response:
    return see_other(onward(opened(draft_id)))


@bp.route("/<slug>", methods=["GET", "POST"])
@access.checks_token
@access.student
def step(draft_id: UUID, slug: str) -> Response:
    step = BY_SLUG.get(slug) or abort(404)
    draft = opened(draft_id, afresh=step.offer is not None)
    if not draft.walk.may_visit(step.question):
        return see_other(onward(draft))
    form, offered = put(step, draft)
    notices = said(draft)
    status, pause = 200, 0
    if request.method == "GET" and (typed := typed_here()):
        form, offered = put(step, draft, MultiDict(typed))
        notices = [*notices, TYPED]
    if form.is_submitted():
        try:
            if not csrf.fresh():
                notices, status = [STALE if form.keeps else STALE_EMPTY], 400
            elif form.validate():
                draft = drafts.answer(draft, step.question, form.answer(), clock.now())
                return onward_as(draft)
            else:
                status = 422
        except access_codes.TooOften as error:
            notices, status, pause = [TOO_OFTEN], 429, error.seconds
        except db.Busy:
            notices, status = [BUSY if form.keeps else BUSY_EMPTY], 503
    answer = page(
        step.template,
        status,
        step=step,
        form=form,
        offered=offered,
        draft=draft,
        notices=notices,
        progress=Progress.at(draft, step, form.foreseen()),
    )
    if pause:
        answer.headers["Retry-After"] = str(pause)
    return answer


def onward_as(draft: Opened) -> Response:
    """To the next question. Whom DUO doesn't know is named on every page as they typed it
    (IDN-8): then it is a whole new page."""
    name = draft.walk.kept.name
    if not name or name == session["name"]:
        return see_other(onward(draft))
    session["name"] = name
    return elsewhere(onward(draft))


def typed_here() -> dict[str, str] | None:
    """What was typed on this page when the session had ended; once."""
    if session.get("typed", {}).get("path") != request.path:
        return None
    return session.pop("typed")["form"]  # type: ignore[no-any-return]


def put(step: Step, draft: Opened, typed: MultiDict[str, str] | None = None) -> tuple[Any, Any]:
    """The step's form, filled with the answer given earlier or what was typed, and what there
    is to choose."""
    offered: Any = None
    if step.offer is not None:
        offered = step.offer(draft, typed or request.values)
    answer = step.form.shown(draft.answers.answer(step.question))
    filled = {"data": answer} if isinstance(answer, dict) else {"obj": answer}
    if typed:
        filled["formdata"] = typed
    form = step.form(**filled)
    form.prepare(draft, offered)
    return form, offered


def said(draft: Opened) -> list[str]:
    """What fell away since the student was here (WIZ-3, DUO-9)."""
    changed = draft.changed
    lost = LOST.get(changed.choice, NO_CHOICE) if changed.choice else ""
    code = NEW_KEY if changed.key and changed.key.lock else FIRST_KEY
    not_sent = "nog-niet-verstuurd" in request.args
    each: list[tuple[str, object]] = [(NOT_SENT, not_sent), (BY_DUO, changed.by_duo)]
    each += [(lost, changed.choice), (code, changed.key)]
    each += [(labels.lost(company), company) for company in (changed.leerbedrijf,) if company]
    return [line for line, so in each if so]


@bp.post("/duo")
@access.student
def ask_duo_again(draft_id: UUID) -> Response:
    """«Probeer opnieuw» when DUO was out of order (DUO-6)."""
    draft = opened(draft_id)
    known = students.consult(g.student_id, current_app.extensions["registers"].persons)
    session["name"] = known.person.name if known.person else ""
    return see_other(address(draft, "person"))


@bp.get(f"/{CHECK_SLUG}")
@access.student
def check(draft_id: UUID) -> Response:
    draft = opened(draft_id, afresh=True)
    if draft.walk.next is not None:
        return see_other(onward(draft))
    return checked(draft, [])


def checked(draft: Opened, notices: list[str], status: int = 200) -> Response:
    dossier = Dossier.of(draft.answers, draft.today)
    sections = [
        (STEPS[question], list(STEPS[question].lines(dossier.answers.answer(question))))
        for question in journey.path(draft.answers, draft.today)
    ]
    return page(
        "wizard/check.html",
        status,
        draft=draft,
        dossier=dossier,
        sections=sections,
        notices=[*said(draft), *notices],
        fingerprint=applications.fingerprint(dossier),
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
    registers = current_app.extensions["registers"]
    store = current_app.extensions["store"]
    # RIO first: it leaves time to the other, and DUO may take all that a page has.
    if (choice := opened(draft_id).answers.choice) is not None:
        catalogue_renew.renew(registers.catalogue, store, choice.programme_id)
    students.consult(g.student_id, registers.persons)
    leerbedrijven.verify(registers.companies, opened(draft_id), clock.now())
    try:
        receipt = applications.submit(
            g.student_id,
            str(draft_id),
            request.form.get("dossier", ""),
            Identification(session["level"], datetime.fromisoformat(session["moment"])),
            locale().code,
            requested_at=requested_at,
            now=clock.now(),
        )
    except applications.NotWhatWasShown:
        return again(draft_id, OTHER)
    except Incomplete:
        return not_yet(opened(draft_id, afresh=True))
    except applications.AlreadyApplied:
        return again(draft_id, _("Je hebt je al aangemeld voor deze opleiding."))
    except applications.Full:
        return again(draft_id, _("De laatste plek is net weg. Kies een andere opleiding."))
    except applications.CannotReceive:
        return again(draft_id, _("Deze school kan nu geen aanmeldingen ontvangen."))
    if receipt.again:
        return see_other(url_for("wizard.sent", draft_id=draft_id, al=1))
    event("submitted")
    return see_other(url_for("wizard.sent", draft_id=draft_id))


def again(draft_id: UUID, why: str) -> Response:
    draft = opened(draft_id, afresh=True)
    if draft.walk.next is not None:
        return not_yet(draft)
    return checked(draft, [why], 422)


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
