"""The student's own data: how they are reached, what we hold, and removing all of it (MIJ-3)."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, abort, g, request, session, url_for
from sqlalchemy import Connection

from app import access, clock, db, standing
from app.domain.draft import Contact
from app.domain.status import Status
from app.i18n import BY_CODE, translate
from app.i18n import mark as _
from app.logs import event
from app.pages import LANGUAGE_COOKIE, elsewhere, locale, page, see_other
from app.phone_numbers import readable_phone
from app.services import account, applied, holdings, mailbox, removal, retention, takeout
from app.services.account import Wishes
from app.services.applied import Sent
from app.services.patience import TAKING
from app.services.students import NoSuchStudent
from app.student.language import remember

bp = Blueprint("own_data", __name__, url_prefix="/mijn/gegevens")

NEWS = {  # what was done just now; said once
    "reached": _("Je wijziging is opgeslagen. De scholen krijgen die ook."),
    **{said: standing.NEWS[said] for said in ("same", "mailed", "mailed_enough")},
    "wished": _("Je keuze is opgeslagen."),
}
FILE = "centraal-aanmelden-mbo.json"
ABOUT = _(
    "Dit is alles wat Centraal Aanmelden MBO van je heeft. De velden hebben Engelse namen, en "
    "codes staan er zoals wij ze bewaren. De tijden zijn in UTC: in Nederland is het dan 1 of 2 "
    "uur later. Log in en ga naar Mijn gegevens. Daar lees je alles in gewone woorden."
)


@bp.app_errorhandler(NoSuchStudent)
def nobody(_error: NoSuchStudent) -> Response:
    """Everything was removed in another window, or by its term: there is nobody to be logged in
    as."""
    session.renew()  # type: ignore[attr-defined]
    return elsewhere(url_for("own_data.removed", al=1))


@bp.get("")
@access.student
def index() -> Response:
    with db.reading() as connection:
        wishes = account.wishes(connection, g.student_id)
        contact = account.contact(connection, g.student_id)
        kept = retention.account(connection, g.student_id)
        email = contact.email if contact else ""
        confirmed = mailbox.is_confirmed(connection, g.student_id, email)
        asked = mailbox.is_asked(connection, g.student_id, email)
        bounces = mailbox.bounces(connection, g.student_id, email)
        again = None if confirmed else to_mail(connection, email)
    news = session.pop("news", "")
    return page(
        "own_data.html",
        wishes=wishes,
        reached=reached(contact) if contact else [],
        confirmed=confirmed,
        asked=asked,
        again=again,
        bounces=bounces,
        goes=kept.ends(clock.today()) if kept else None,
        news=NEWS.get(news),
        wrong=news == "mailed_enough",
    )


def to_mail(connection: Connection, email: str) -> Sent | None:
    """Whose mail can be sent (once more) to this address, to confirm it."""
    every = applied.of_student(connection, g.student_id)
    theirs = (item for item in every if item.open and item.dossier.contact.email == email)
    return next(theirs, None)


def reached(contact: Contact) -> list[tuple[str, str]]:
    """How the schools reach the student: labels and values."""
    lines = [(_("E-mailadres"), contact.email)]
    if contact.phone:
        lines.append((_("Telefoonnummer"), readable_phone(contact.phone)))
    return lines


@bp.post("")
@access.student
def wish() -> Response:
    """A language that we don't have is none."""
    code = request.form.get("taal", "")
    language = code if code in BY_CODE else locale().code
    account.wish(g.student_id, Wishes(language, "mail" in request.form))
    session["news"], session["language"] = "wished", language
    answer = see_other(url_for(".index"))
    remember(answer, LANGUAGE_COOKIE, language)
    return answer


@bp.get("/bestand")
@access.student
def file() -> Response:
    """All of it, to take along."""
    if not TAKING.allows(g.student_id):
        abort(429)
    with db.reading() as connection:
        held = holdings.of(connection, g.student_id, clock.today())
    said = {"made_at": clock.now().isoformat(), "about": translate(locale().code, ABOUT)}
    event("taken_out")
    return Response(
        orjson.dumps({**said, **takeout.as_json(held)}, option=orjson.OPT_INDENT_2),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{FILE}"'},
    )


@bp.route("/weghalen", methods=["GET", "POST"])
@access.student
def remove() -> Response:
    """Once more asked, then all of it goes, and with it the session."""
    if request.method != "POST":
        with db.reading() as connection:
            every = applied.of_student(connection, g.student_id)
            schools = holdings.fetched_by(connection, g.student_id)
        return page(
            "own_data_remove.html",
            running=[item for item in every if item.open],
            enrolled=any(item.status is Status.ENROLLED for item in every),
            schools=schools,
        )
    removal.by_student(g.student_id, clock.now())
    event("removed")
    session.renew()  # type: ignore[attr-defined]
    return see_other(url_for(".removed"))


@bp.get("/weggehaald")
@access.public
def removed() -> Response:
    return page("own_data_removed.html", already="al" in request.args)
