"""Who you are, and what that opens. Every view says so; a test checks that none forgets."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from flask import Flask, Response, abort, current_app, g, request, session, url_for

from app import clock, csrf, db
from app.pages import elsewhere, locale, see_other
from app.problems import OVER_HTTP, is_api, problem
from app.services import students
from app.sessions import IDLE
from app.store import StoreDown

COMES_BACK = ("/aanmelding/", "/mijn")  # where a student goes on after logging in again

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
NOT_KEPT = ("csrf_token", "dossier", "code")  # an access code is kept nowhere (WIZ-9)
MOST_TYPED, MOST_FIELDS = 8000, 40  # characters, fields
LONGEST_PATH = 120

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anybody."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def student(view: View) -> View:
    """A student who logged in with DigiD; `g.student_id` says who.

    Anybody else is sent to our page that says so, and comes back here after logging in. Who came
    without DigiD is sent to what they have here.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if session.get("guest"):
            return elsewhere(url_for("guest.home"))
        return entered(view, *args, **kwargs)

    guarded.access = "student"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def student_or_guest(view: View) -> View:
    """As `student`, and also who came without DigiD (INT-1), for what is theirs alone."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return entered(view, *args, **kwargs)

    guarded.access = "student or guest"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def entered(view: View, *args: Any, **kwargs: Any) -> Any:
    if "student" not in session:
        if request.path.startswith(COMES_BACK) and trusted_page():
            session["onward"] = back_to()
            if request.method == "POST":
                session["typed"] = typed()
        return elsewhere(url_for("login.expired"))
    g.student_id = session["student"]
    with db.reading() as connection:  # or everything was removed in another browser
        students.here(connection, g.student_id)
    if request.method == "POST" and session.get("language") != locale().code:
        session["language"] = locale().code
        students.speak(g.student_id, locale().code)
    return view(*args, **kwargs)


def leave_who_is_gone() -> None:
    """Whose data went in another browser, or by its term: no page goes on naming them. The guards
    of a student's own pages see to it themselves."""
    with suppress(students.NoSuchStudent), db.reading() as connection:
        return students.here(connection, session["student"])
    session.renew()  # type: ignore[attr-defined]


def by_digid() -> str | None:
    """The student who is logged in with DigiD, on a page that is for anybody."""
    return None if session.get("guest") else session.get("student")


def back_to() -> str:
    """Where to go on after logging in: here, or above an address that only takes a POST, or that
    of a file, which would leave the browser at DigiD."""
    above, _slash, last = request.path.rpartition("/")
    if "." in last:
        return above
    rule = request.url_rule
    if rule is not None and "GET" in (rule.methods or ()):
        return request.path
    return above + "/"


def trusted_page() -> bool:
    """A page of another site starts no session here, which would take the place of the
    student's own; and nobody stores much without having been here."""
    cookie = current_app.config["SESSION_COOKIE_NAME"]
    other = request.headers.get("Sec-Fetch-Site") == "cross-site"
    been_here = request.method == "GET" or cookie in request.cookies
    return been_here and not other and len(request.path) <= LONGEST_PATH


def typed() -> dict[str, Any]:
    """What was typed when the session had ended: kept, sealed, for its writer who logs in within
    a quarter of an hour."""
    form = {k: v for k, v in request.form.items() if k not in NOT_KEPT}
    small = len(form) <= MOST_FIELDS and sum(len(k) + len(v) for k, v in form.items()) <= MOST_TYPED
    until = clock.real_seconds() + IDLE
    return {"path": request.path, "form": form if small else {}, "until": until}


def guard(app: Flask) -> None:
    """Deny by default; and a POST counts only with this session's token.

    The wizard's steps check it themselves, so that a stale one shows the filled form again.
    """
    settings = app.extensions["settings"]
    own = urlsplit(settings.base_url)

    @app.before_request
    def unreadable() -> Response | None:
        """A system is not sent on: its token would be sent with it."""
        if OVER_HTTP not in request.environ:
            return None
        detail = (
            f"Gebruik https: begin het adres met {settings.base_url}. "
            "Wat u nu stuurde, was onderweg te lezen: vraag een nieuw token aan."
        )
        return problem(403, detail, "https")

    @app.before_request
    def one_name() -> Response | None:
        """Cookies and DigiD know one name: localhost and 127.0.0.1 are two."""
        if settings.production or request.host == own.netloc:
            return None
        if request.blueprint == "health" or request.method != "GET" or is_api():
            return None
        if urlsplit(f"//{request.host}").hostname not in LOCAL - {own.hostname}:
            return None
        return see_other(settings.base_url + quote(request.path) + query())

    @app.before_request
    def check() -> None:
        if session.down and request.blueprint != "health":  # type: ignore[attr-defined]
            raise StoreDown()
        view: Any = app.view_functions.get(request.endpoint or "")
        if view is None:
            return
        if not hasattr(view, "access"):
            abort(403)
        if view.access == "public" and "student" in session and request.blueprint != "health":
            leave_who_is_gone()
        if request.method not in ("GET", "HEAD", "OPTIONS") and not getattr(
            view, "checks_token", False
        ):
            if view.access in ("student", "student or guest") and "student" not in session:
                return  # the view's guard sends them to log in
            csrf.check()


def query() -> str:
    """The query of this request as it came, with its question mark."""
    return f"?{request.query_string.decode('latin-1')}" if request.query_string else ""


def checks_token(view: View) -> View:
    """This view checks the token itself, and shows its form again when that is stale."""
    view.checks_token = True  # type: ignore[attr-defined]
    return view
