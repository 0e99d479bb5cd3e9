"""Every question is put and answered through the same view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, abort, g, request, session, url_for
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from app import access, clock, csrf, db, equipment, errors
from app.i18n import mark as _
from app.pages import elsewhere, page, see_other
from app.services import applications, drafts, students
from app.services.drafts import Opened
from app.services.patience import DUO, TooOften
from app.wizard import told
from app.wizard.progress import OF_DRAFTS, Progress, address
from app.wizard.step import Step
from app.wizard.steps import BY_SLUG
from app.wizard.told import Told

bp = Blueprint("wizard", __name__, url_prefix=f"{OF_DRAFTS}/<uuid:draft_id>")

BUSY = _("Het is nu te druk om dit op te slaan. Wat je typte, staat er nog. Probeer het zo weer.")
BUSY_EMPTY = _("Het is nu te druk om dit op te slaan. Vul het zo nog een keer in.")
STALE = _("Deze pagina was te oud. Wat je typte, staat er nog. Druk nog een keer op de knop.")
STALE_EMPTY = _("Deze pagina was te oud. Vul het nog een keer in.")
TYPED = _("Je was uitgelogd. Wat je typte, staat er nog. Kijk het na en sla het op.")
NO_DRAFT = errors.Said(
    _("Deze aanmelding is er niet"),
    _("Misschien heb je die weggegooid. Kijk bij Mijn aanmeldingen, of begin een nieuwe."),
)
TOO_OFTEN = _("Je hebt het te vaak geprobeerd. Wacht een kwartier, en probeer het dan weer.")


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
            return errors.shown(404, NO_DRAFT)
    return see_other(url_for("wizard.sent", draft_id=draft_id, al=1))


def onward(draft: Opened) -> str:
    return address(draft, draft.walk.next)


@bp.get("/")
@access.student_or_guest
def resume(draft_id: UUID) -> Response:
    return see_other(onward(opened(draft_id)))


@bp.route("/<slug>", methods=["GET", "POST"])
@access.checks_token
@access.student_or_guest
def step(draft_id: UUID, slug: str) -> Response:
    step = BY_SLUG.get(slug) or abort(404)
    draft = opened(draft_id, afresh=step.question == "choice")
    if not draft.walk.may_visit(step.question):
        return see_other(onward(draft))

    def keep(form: Any) -> Response:
        after = drafts.answer(draft, step.question, form.answer(), clock.now())
        return onward_as(after, Told.between(draft, step.question, after.walk))

    def progress(form: Any) -> Progress:
        return Progress.at(draft, step, form.foreseen())

    return asked(step, draft, told.lines(draft), keep, progress)


def asked(
    step: Step,
    draft: Opened,
    notices: list[str],
    keep: Callable[[Any], Response],
    progress: Callable[[Any], Progress],
) -> Response:
    """The question's page; or where `keep` leads, with a form that is right."""
    form, offered = put(step, draft)
    status, pause = 200, 0
    if request.method == "GET" and (typed := typed_here()):
        form, offered = put(step, draft, MultiDict(typed))
        notices = [*notices, TYPED]
    if form.is_submitted():
        try:
            if not csrf.fresh():
                notices, status = [STALE if form.keeps else STALE_EMPTY], 400
            elif form.validate():
                return keep(form)
            else:
                status = 422
        except TooOften as error:
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
        progress=progress(form),
    )
    if pause:
        answer.headers["Retry-After"] = str(pause)
    return answer


def onward_as(draft: Opened, news: Told) -> Response:
    """To the next question, with what this answer did to others. Whom DUO doesn't know is named
    on every page as they typed it (IDN-8): then it is a whole new page."""
    query = urlencode(news.query, doseq=True)
    to = f"{onward(draft)}?{query}" if query else onward(draft)
    name = draft.walk.kept.name
    if not name or name == session["name"]:
        return see_other(to)
    session["name"] = name
    return elsewhere(to)


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
        # What was pressed counts before what stands in the address.
        asked = CombinedMultiDict([request.form, request.args])
        offered = step.offer(draft, typed or asked)
    kind = step.form.of(offered)
    answer = kind.shown(draft.answers.answer(step.question))
    filled = {"data": answer} if isinstance(answer, dict) else {"obj": answer}
    if typed:
        filled["formdata"] = typed
    form = kind(**filled)
    form.prepare(draft, offered)
    return form, offered


@bp.post("/duo")
@access.student
def ask_duo_again(draft_id: UUID) -> Response:
    """«Probeer opnieuw» when DUO was out of order (DUO-6); `stap` is where it was pressed."""
    draft = opened(draft_id)
    registers, store = equipment.registers(), equipment.store()
    if DUO.allows(g.student_id):
        known = students.consult(g.student_id, registers, store, clock.now())
        session["name"] = known.person.called if known.person else draft.walk.kept.name
    pressed = BY_SLUG.get(request.form.get("stap", ""))
    return see_other(address(draft, pressed.question if pressed else "person"))
