"""A page of ours for everything that goes wrong, with a reference that is in the log."""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask, Response, request
from sqlalchemy.exc import InternalError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app import db
from app.csrf import Stale
from app.i18n import mark as _
from app.logs import log, reference
from app.pages import page
from app.problems import is_api, of_status
from app.store import StoreDown


class Said(NamedTuple):
    title: str
    text: str


ERRORS = {
    400: Said(
        _("Dat werkte niet"),
        _("Ga terug naar de vorige pagina en probeer het nog een keer."),
    ),
    401: Said(_("Je bent niet ingelogd"), _("Log in om deze pagina te bekijken.")),
    403: Said(
        _("Deze pagina is niet voor jou"),
        _("Je mag deze pagina niet bekijken. Ga hieronder verder."),
    ),
    404: Said(
        _("Deze pagina bestaat niet"),
        _("Controleer het adres. Misschien hebben we de pagina weggehaald."),
    ),
    405: Said(_("Dat kan hier niet"), _("Ga terug naar de vorige pagina.")),
    410: Said(
        _("Deze pagina is er niet meer"),
        _("We hebben deze pagina weggehaald. Ga hieronder verder."),
    ),
    413: Said(_("Dat is te veel tegelijk"), _("Wat je stuurde, is te groot. Maak het korter.")),
    429: Said(
        _("Je probeert het te vaak"), _("Wacht een kwartier en probeer het dan nog een keer.")
    ),
    500: Said(
        _("Er ging bij ons iets mis"),
        _("Wat je hebt opgeslagen, is bewaard. Probeer het over een paar minuten nog een keer."),
    ),
    503: Said(
        _("Het is nu te druk"),
        _("Wat je hebt opgeslagen, is bewaard. Probeer het over een minuut nog een keer."),
    ),
}
STALE = Said(
    _("Deze pagina was te oud"),
    _("Je had de pagina lang open, of je bent opnieuw ingelogd. Probeer het nog een keer."),
)


def handle(app: Flask) -> None:
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(Stale, lambda _error: shown(400, STALE))
    app.register_error_handler(db.Busy, lambda _error: shown(503))
    app.register_error_handler(StoreDown, lambda _error: shown(503))
    for kind in (OperationalError, InternalError):  # gone, or a stand-by that only reads
        app.register_error_handler(kind, lambda _error: shown(503))
    app.register_error_handler(Exception, on_exception)


def on_http(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(getattr(error, "original_exception", None), (db.Busy, StoreDown)):
        status = 503  # raised while the answer was being finished
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    page = shown(status if status in ERRORS else 400 if status < 500 else 500)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        page.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return page


def on_exception(error: Exception) -> Response:
    """The last resort. Only the kind of error is logged: its text may hold what was typed."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    log.error(
        {
            "event": "error",
            "reference": reference(),
            "kind": type(error).__name__,
            "where": where.rsplit("/app/", 1)[-1],
        }
    )
    return shown(500)


def shown(status: int, said: Said | None = None) -> Response:
    said = said or ERRORS[status]
    response = (
        of_status(status)
        if is_api()
        else page(
            "errors/error.html",
            status,
            title=said.title,
            text=said.text,
            code=status,
            reference=reference(),
            again=request.path if request.method == "GET" and status >= 500 else None,
        )
    )
    if status in (429, 503):
        response.headers["Retry-After"] = "60" if status == 503 else "900"
    return response
