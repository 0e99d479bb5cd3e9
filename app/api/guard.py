"""Which SIS asks, and which koppelpunt it may ask about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, request

from app import access, clock, db, equipment
from app.api import certificates, tokens
from app.api.asked import LARGEST
from app.api.throttle import throttled
from app.domain.koppelpunt import STUB, STUB_OIN, code_key
from app.problems import problem
from app.services import delivery
from app.services.audit import Actor

MOST = 600  # questions a minute, by SIS and koppelpunt
NO_SUCH = "Dit koppelpunt heeft geen aanmelding met dit nummer."
NO_SUCH_CHANGE = f"{NO_SUCH[:-1]}, of die heeft dit wijzigingsvolgnummer niet."

View = TypeVar("View", bound=Callable[..., Any])


def sis(view: View) -> View:
    """A SIS with a token of ours, in the header; `g.token` says which. Anybody else gets 401."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        refused = _identified()
        return refused if refused is not None else view(*args, **kwargs)

    guarded.access = "sis"  # type: ignore[attr-defined]
    return access.checks_token(guarded)  # type: ignore[return-value]


def _identified() -> Response | None:
    if "access_token" in request.args:
        return problem(400, "Zet het token in de kop Authorization.", "token-in-adres")
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    token = tokens.read(given.strip()) if kind.lower() == "bearer" else None
    if token is None:
        return _unknown("Vraag een nieuw token aan bij /login/oauth2/token.", "token")
    if token.certificate:
        shown = certificates.shown(request, clock.real_now())
        if shown is None or shown.fingerprint != token.certificate:
            return _unknown("Gebruik het certificaat dat om het token vroeg.", "certificaat")
    g.token = token
    point = (request.view_args or {}).get("code", "")
    counted = point if not point or point in token.koppelpunten else "?"  # all made-up ones as one
    return throttled(f"api {token.client_id} {counted}", MOST)


def _unknown(detail: str, kind: str) -> Response:
    return problem(401, detail, kind, {"WWW-Authenticate": 'Bearer error="invalid_token"'})


def actor() -> Actor:
    """For the audit trail."""
    return Actor("sis", g.token.client_id, request.remote_addr or "", clock.real_now())


def koppelpunt(view: View) -> View:
    """Of this SIS, and on: the view gets it as `where` in place of its code. Anything of another
    school is as if it didn't exist."""

    @wraps(view)
    def found(code: str, **values: Any) -> Any:
        if code not in g.token.koppelpunten:
            return _no_such(code)
        with db.reading() as connection:
            where = delivery.point(connection, g.token.client_id, code, clock.real_now())
        if where is None:  # no longer of a school that this SIS acts for
            return _no_such(code)
        if where.off:
            detail = "Dit koppelpunt staat uit. De beheerder van de instelling kan het aanzetten."
            return problem(409, detail, "koppelpunt-uit")
        if where.sis == STUB and not is_stub():
            detail = "Dit koppelpunt staat op de Stub SIS. Kies bij het koppelpunt uw eigen SIS."
            return problem(409, detail, "koppelpunt-stub")
        delivery.seen(where, clock.real_now())
        if values.get("application_id", 0) > LARGEST:  # no database can look for it
            return problem(404, NO_SUCH, "aanmelding-onbekend")
        return view(where, **values)

    return found  # type: ignore[return-value]


def is_stub() -> bool:
    """Whether our own Stub SIS asks; never in production."""
    return g.token.client_id.startswith(STUB_OIN) and not equipment.settings().production


def _no_such(code: str) -> Response:
    alike = [own for own in g.token.koppelpunten if code_key(own) == code_key(code)]
    if alike:
        detail = f"Let op hoofdletters en kleine letters: dit koppelpunt heet {alike[0]}."
        return problem(404, detail, "koppelpunt-hoofdletters")
    detail = (
        "U hebt geen koppelpunt met deze code. Kijk welke u hebt op /cambo/rest/v1/koppelpunt, "
        "of laat de beheerder van de instelling de code nakijken."
    )
    return problem(404, detail, "koppelpunt-onbekend")
