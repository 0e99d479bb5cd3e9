"""Logging in at DigiD, staying logged in, logging out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from hashlib import sha256
from secrets import token_hex
from typing import Any

from flask import Blueprint, Response, request, session, url_for

from app import access, clock, db, equipment, keys
from app.domain.ports import (
    Identity,
    IdentityProvider,
    LevelTooLow,
    LoginCancelled,
    LoginFailed,
    LoginRefused,
    LoginStart,
    LoginUnavailable,
)
from app.i18n import mark as _
from app.logs import event
from app.pages import LANGUAGE_COOKIE, locale, page, see_other
from app.services import applied, drafts, students, waiting
from app.student import followed, leaving
from app.student.language import remember

bp = Blueprint("login", __name__)

OPEN_AT_ONCE = 5  # logins begun in one browser
LIFE = 10 * 60  # seconds that one may take

FAILED = {
    LoginCancelled: (
        _("Je bent niet ingelogd"),
        _("Je hebt het inloggen met DigiD gestopt. Je kunt het nog een keer proberen."),
    ),
    LoginUnavailable: (
        _("DigiD werkt nu niet"),
        # The text that DigiD prescribes (IDN-6).
        _(
            "Er is een fout opgetreden in de communicatie met DigiD. Probeert u het later "
            "nogmaals. Indien deze fout blijft aanhouden, kijk dan op de website "
            "https://www.digid.nl voor de laatste informatie."
        ),
    ),
    LevelTooLow: (
        _("Log veiliger in"),
        _(
            "Je bent ingelogd op een manier die voor ons niet veilig genoeg is. Log in met de "
            "DigiD-app, of met een sms-code."
        ),
    ),
}
TOO_LATE = (
    _("Het inloggen duurde te lang"),
    _("Of je hebt deze pagina al een keer gebruikt. Log opnieuw in: je gaat verder waar je was."),
)


@bp.get("/login")
@access.public
def choose() -> Response:
    return page("login.html", followed=pending())


@bp.get("/login/digid")
@access.public
def start() -> Response:
    """With the key of a link it is to begin with that one, and if that was opened too long ago it
    says so: nobody applies for something else than they pressed. Without, the newest is shown
    once more after logging in."""
    pressed = request.args.get("link", "")
    link = followed.found(pressed) if pressed else pending()
    if pressed and link is None:
        return page("link_expired.html", 410)
    try:
        begun = provider().start(redirect_uri())
    except LoginFailed as failure:
        return refused(failure, link)
    equipment.store().put(
        _key(begun.state), keys.seal(_key(begun.state), _kept(begun, link, bool(pressed))), LIFE
    )
    session["logins"] = [*session.get("logins", ()), begun.state][-OPEN_AT_ONCE:]
    return see_other(begun.url)


@bp.get("/login/digid/terug")
@access.public
def back() -> Response:
    """The way back from DigiD: once, in the browser that began it, in time (IDN-5)."""
    state = request.args.get("state", "")
    if state not in session.get("logins", ()):
        event("login_failed", reason="state")
        return failed(TOO_LATE, pending())
    session["logins"] = [known for known in session["logins"] if known != state]
    sealed = equipment.store().take(_key(state))
    if sealed is None:
        event("login_failed", reason="expired")
        return failed(TOO_LATE, pending())
    kept = keys.unseal(_key(state), sealed)
    link, pressed = followed.read(kept.pop("link", None)), kept.pop("pressed", False)
    begun = LoginStart(url="", state=state, **kept)
    try:
        identity = provider().finish(begun, request.args.to_dict(), redirect_uri())
    except LoginFailed as failure:
        return refused(failure, link)
    try:
        answer = see_other(arrived(identity, link, pressed))
    except students.Gone:
        event("login_failed", reason="gone")
        return page("stopped.html", 403)
    if session["language"] != locale().code:  # theirs, that they chose in another browser
        remember(answer, LANGUAGE_COOKIE, session["language"])
    return answer


def pending() -> followed.Followed | None:
    """The link that was followed last, when something can be begun with it."""
    link = followed.newest()
    return None if link is None or link.closed else link


def arrived(identity: Identity, link: followed.Followed | None, pressed: bool) -> str:
    """Log in, and the address to go on at. A new session, with only what belongs to the way."""
    onward, typed = session.get("onward", ""), session.get("typed")
    links, before = session.get("links", []), access.by_digid()
    now = clock.now()
    chosen = LANGUAGE_COOKIE in request.cookies
    arrival = students.arrive(
        *(identity.bsn, locale().code, equipment.registers(), equipment.store(), now, chosen)
    )
    session.renew(  # type: ignore[attr-defined]
        student=arrival.student_id,
        name=arrival.name,
        level=identity.level.value,
        moment=now.isoformat(),
        id_token=identity.id_token,
        language=arrival.language,
        mark=token_hex(4),  # whose pages these are: the browser tells another login by it
    )
    event("login", level=identity.level.value)
    if before not in (None, arrival.student_id):
        link, links = None, []  # the session was another's, who followed them
    if links:
        session["links"] = links
    address = landing(arrival.student_id, onward, link, pressed)
    # For the one who typed it, not for the next on this computer.
    if typed and address == onward and clock.real_seconds() < typed["until"]:
        session["typed"] = typed
    return address


def landing(student_id: str, onward: str, link: followed.Followed | None, pressed: bool) -> str:
    """The step where they were, the link they came by, or what there is (WIZ-2, DEE-6)."""
    with db.reading() as connection:
        unsent = waiting.of_student(connection, student_id, clock.today())
        sent = applied.of_student(connection, student_id)
    if not session["name"]:  # DUO doesn't know, the student told us before (IDN-8)
        told = (*(item.name for item in unsent), *(item.dossier.answers.name for item in sent))
        session["name"] = next(filter(None, told), "")
    mine = {item.id for item in unsent} | {item.draft_id for item in sent}
    if onward.startswith("/aanmelding/") and onward.split("/")[2] in mine:
        return onward
    draft_id = None
    if link is not None:
        if pressed and not applied.running_for(link.link, sent):  # the link's page says so
            with suppress(drafts.TooManyDrafts):  # and so it does here
                draft_id = drafts.begin(student_id, link.link, clock.now())
        if draft_id is None:
            return url_for("start.deeplink", link=followed.hold(link).key)
    elif not (unsent or sent):
        draft_id = drafts.begin(student_id, None, clock.now())
    elif len(unsent) == 1 and not sent:
        draft_id = unsent[0].id
    if draft_id is None:
        return url_for("overview.index")
    return url_for("wizard.resume", draft_id=draft_id)


def refused(failure: LoginFailed, link: followed.Followed | None) -> Response:
    """Back on a page of ours that says what happened and how to go on (IDN-6)."""
    reason = failure.reason if isinstance(failure, LoginRefused) else type(failure).__name__
    event("login_failed", reason=reason)
    said = next(
        (said for kind, said in FAILED.items() if isinstance(failure, kind)),
        FAILED[LoginUnavailable],
    )
    return failed(said, link)


def failed(said: tuple[str, str], link: followed.Followed | None) -> Response:
    """With the way back, for who came by a school's link and stops here (DEE-2)."""
    with db.reading() as connection:
        back = leaving.back(connection, link.link if link else None)
    return page("login_failed.html", 400, said=said, back=back, followed=link)


@bp.get("/sessie-verlopen")
@access.public
def expired() -> Response:
    return page("expired.html", 200 if "student" in session else 401)


@bp.post("/sessie/verlengen")
@access.student_or_guest
def extend() -> Response:
    """«Ik wil doorgaan» (IDN-7)."""
    session["seen"] = clock.real_seconds()
    return Response(status=204, headers={"Session-Ends": str(session.ends_in)})  # type: ignore[attr-defined]


@bp.post("/uitloggen")
@access.student_or_guest
def logout() -> Response:
    """End the session here first, then at the provider, where there is one to end. No form may
    lead to another origin, so a page of ours goes on to it."""
    id_token = session.get("id_token", "")
    if session.get("guest"):
        session.renew()  # type: ignore[attr-defined]
        return see_other(url_for(".logged_out"))
    session.renew()  # type: ignore[attr-defined]
    goodbye = equipment.settings().base_url + url_for(".logged_out")
    onward = provider().logout_url(id_token, goodbye)
    answer = page("logging_out.html", onward=onward or url_for(".logged_out"))
    answer.headers["Refresh"] = f"0; url={onward or url_for('.logged_out')}"
    return answer


@bp.get("/uitgelogd")
@access.public
def logged_out() -> Response:
    return page("logged_out.html")


@bp.get("/uitgelogd/wissen")
@access.public
def wipe() -> Response:
    """Loaded as a picture by the page after logging out: the browser forgets our pages, also
    without JavaScript."""
    return Response(status=204, headers={"Clear-Site-Data": '"cache"'})


def provider() -> IdentityProvider:
    """Whom to ask; nothing is read meanwhile."""
    db.let_go()
    return equipment.registers().identity


def redirect_uri() -> str:
    return equipment.settings().base_url + url_for(".back")


def _key(state: str) -> str:
    return "login:" + sha256(state.encode()).hexdigest()


def _kept(begun: LoginStart, link: followed.Followed | None, pressed: bool) -> dict[str, Any]:
    return {
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "link": asdict(link) if link else None,
        "pressed": pressed,
    }
