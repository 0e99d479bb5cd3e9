"""Without DigiD: in with the code of a school (INT-1, INT-2), and back by the link in a mail."""

from __future__ import annotations

from secrets import token_hex

from flask import Blueprint, Response, g, request, session, url_for

from app import access, clock, db, equipment
from app.domain.deeplink import Link
from app.logs import event
from app.pages import locale, page, see_other
from app.services import institutions, interests, mailbox, registratiecodes, removal
from app.services.patience import TooOften
from app.student.login import pending

bp = Blueprint("guest", __name__)

LONGEST = 100  # characters of what was typed that are looked at


@bp.route("/login/loginWithoutDigiD", methods=["GET", "POST"])
@access.public
def without_digid() -> Response:
    """The ways in without DigiD (IDN-4). The address is that of the existing service."""
    if request.method != "POST":
        return asked(brin=request.args.get("school", ""))
    if access.by_digid() is not None:  # who is logged in needs no code, and stays who they are
        return see_other(url_for(".without_digid"))
    brin = request.form.get("school", "")[:LONGEST].strip().upper()
    address, typed = request.remote_addr or "", request.form.get("code", "")[:LONGEST]
    browser = session["csrf"]  # which the form was drawn in
    try:
        right = registratiecodes.admits(equipment.store(), address, browser, brin, typed)
    except TooOften as error:
        event("registratiecode_paused")
        answer = asked(429, brin)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    if not right:
        event("registratiecode_refused")
        return asked(422, brin)
    if draft_id := goes_on(brin):
        session["code"] = typed
        return see_other(url_for("wizard.resume", draft_id=draft_id))
    guest = interests.begin(came_by(brin), locale().code, clock.now())
    enter(guest, typed)
    event("guest")
    return see_other(url_for("wizard.resume", draft_id=guest.draft_id))


def asked(status: int = 200, brin: str = "") -> Response:
    """With the school chosen that was, or whose link was followed."""
    link = pending()
    with db.reading() as connection:
        schools = institutions.that_receive(connection, clock.now())
    chosen = brin or (link.link.brin if link else "")
    return page(
        "login_without_digid.html",
        status,
        followed=link,
        schools=schools,
        chosen=chosen,
        wrong=status == 422,
        paused=status == 429,
        digid=access.by_digid() is not None,
        goes_on=goes_on(chosen),
    )


def goes_on(brin: str) -> str | None:
    """The draft of somebody here who was asked for this school's new code, and not for who they
    are."""
    if not (session.get("guest") and request.values.get("verder")):
        return None
    with db.reading() as connection:
        return interests.waits(connection, session["student"], brin)


def came_by(brin: str) -> Link:
    """The link that was followed, where it is of this school: its return link stays."""
    link = pending()
    return link.link if link and link.link.brin == brin else Link(brin)


def enter(guest: interests.Guest, code: str = "") -> None:
    """A new session, that knows nothing of the one before."""
    session.renew(  # type: ignore[attr-defined]
        student=guest.student_id,
        guest=True,
        code=code,
        name="",
        language=locale().code,
        mark=token_hex(4),  # whose pages these are: the browser tells another login by it
    )


@bp.get("/interesse")
@access.student_or_guest
def home() -> Response:
    """What somebody without DigiD has here: their interessemelding, sent or not, and no more."""
    if not session.get("guest"):
        return see_other(url_for("overview.index"))
    with db.reading() as connection:
        found = interests.draft_of(connection, g.student_id)
    if found is None:
        return page("interest_link.html", 410, good=False)
    draft_id, is_sent = found
    return see_other(url_for("wizard.sent" if is_sent else "wizard.resume", draft_id=draft_id))


@bp.post("/interesse/weghalen")
@access.student_or_guest
def remove() -> Response:
    """All that there is of who came without DigiD; the school's system hears of it (MIJ-3)."""
    if not session.get("guest"):
        return see_other(url_for("own_data.remove"))
    removal.by_student(g.student_id, clock.now())
    event("removed")
    session.renew()  # type: ignore[attr-defined]
    return see_other(url_for("own_data.removed"))


@bp.route("/interesse/<token>", methods=["GET", "POST"])
@access.public
def back(token: str) -> Response:
    """The link in a mail. Opening it does nothing: mail programs open links by themselves. Who is
    logged in with DigiD logs out first, at DigiD too."""
    with db.reading() as connection:
        guest = interests.by_link(connection, token)
    digid = access.by_digid() is not None
    if request.method != "POST" or guest is None or digid:
        return page("interest_link.html", 200 if guest else 410, good=bool(guest), digid=digid)
    mailbox.confirm(token, clock.now())
    enter(guest)
    event("guest_back")
    return see_other(url_for(".home"))
