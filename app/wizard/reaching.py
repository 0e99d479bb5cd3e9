"""How a student is reached, in all that is theirs at once (MIJ-3). The question is the wizard's
own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, g, session, url_for

from app import access, clock, db, equipment
from app.domain.draft import Draft
from app.domain.journey import Walk
from app.i18n import mark as _
from app.pages import locale, see_other
from app.services import account, mailbox
from app.services.drafts import Opened
from app.services.patience import CHANGING, TooOften
from app.wizard.progress import Progress
from app.wizard.steps import contact
from app.wizard.views import asked

bp = Blueprint("reaching", __name__, url_prefix="/mijn/gegevens")

STEP = replace(
    contact.CHANGED,
    title=_("Hoe bereiken we je?"),
    intro=_(
        "Dit geldt voor al je aanmeldingen die nog lopen, en voor wat je nog niet hebt verstuurd. "
        "De scholen krijgen je wijziging ook."
    ),
)


class Everywhere(Opened):
    """What the question needs of a draft; it is of none."""

    @property
    def walk(self) -> Walk:
        return Walk(("contact",), self.answers)


@bp.route("/bereiken", methods=["GET", "POST"])
@access.checks_token
@access.student
def reach() -> Response:
    there, now = url_for("own_data.index"), clock.now()
    with db.reading() as connection:
        known = account.contact(connection, g.student_id)
    if known is None:
        return see_other(there)
    answers = Draft(contact=known)
    everywhere = Everywhere("", g.student_id, answers, 0, 0, None, now, answers)

    def keep(form: Any) -> Response:
        if not CHANGING.allows(g.student_id):
            raise TooOften(int(CHANGING.within))
        given = form.answer()
        whose = (equipment.store(), g.student_id, Draft(contact=given))
        asks = mailbox.may_ask(*whose)
        changed = account.reach(g.student_id, given, locale().code, asks, clock.now())
        if changed and given.email != known.email:
            mailbox.count_asked(*whose)
        session["news"] = "reached" if changed else "same"
        return see_other(there)

    return asked(STEP, everywhere, [], keep, lambda _form: Progress.none(there))
