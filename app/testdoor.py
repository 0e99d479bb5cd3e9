"""For testers: the clock, the invented schools, and starting over. Not there in production.

DigiStub comes in here over HTTP.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, jsonify, request
from sqlalchemy import delete, insert, select, update

from app import access, clock, db
from app.models import (
    application,
    application_status,
    draft,
    job,
    message,
    place,
    running,
    student,
    tester_clock,
)
from app.services import institutions

bp = Blueprint("testdoor", __name__, url_prefix="/testdeur", cli_group="testdoor")

SCHOOLS = {
    "99XX": institutions.Settings(
        "ROC De Horizon", ("www.school.example", "*.roc.example"), ("de Horizon",)
    ),
    "91XX": institutions.Settings("Vakcollege Het Atelier", ("www.atelier.example",)),
    "92XX": institutions.Settings("Aventijn College", ("www.aventijn.example",)),
}
MAILS = 50
FARTHEST = 20 * 366 * 86400  # seconds
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OF_STUDENTS = (
    message,
    application_status,
    running,
    application,
    draft,
    student,
    job,
)


@bp.before_request
def only_ours() -> None:
    """DigiStub asks from its server; a page of another site may not press these buttons."""
    origin = request.headers.get("Origin")
    if origin not in (None, current_app.extensions["settings"].base_url):
        abort(403)


def offset() -> float:
    """Seconds by which a tester has moved the clock."""
    with db.engine().connect() as connection:
        return connection.execute(select(tester_clock.c.offset_seconds)).scalar() or 0.0


@bp.cli.command("schools")
def set_up_schools() -> None:
    """Set up the three invented schools, each with one active koppelpunt that bears its BRIN."""
    set_up()


def set_up() -> None:
    for brin, school in SCHOOLS.items():
        institutions.set_up(brin, school, brin, LONG_AGO, local=True)


@bp.get("/klok")
@access.public
def read_clock() -> Response:
    return jsonify(nu=clock.now().isoformat(), verschoven=offset())


@bp.post("/klok")
@access.checks_token
@access.public
def move_clock() -> Response:
    """`nu` is the moment it must be (ISO 8601, with zone), or empty for the real time."""
    try:
        wanted = request.form.get("nu", "")
        seconds = (
            (datetime.fromisoformat(wanted) - clock.real_now()).total_seconds() if wanted else 0.0
        )
    except (ValueError, TypeError, OverflowError):
        abort(400)
    if abs(seconds) > FARTHEST:
        abort(400)
    with db.transaction() as connection:
        row = {"offset_seconds": seconds}
        if not connection.execute(update(tester_clock).values(row)).rowcount:
            connection.execute(insert(tester_clock), {"id": 1, **row})
    clock.forget_offset()
    return read_clock()


@bp.get("/mail")
@access.public
def mailbox() -> Response:
    """The newest mails, when MAIL_URL is a folder."""
    folder = Path(current_app.extensions["settings"].mail_url)
    found = sorted(folder.glob("*.eml"), key=lambda p: p.stat().st_mtime, reverse=True)
    return jsonify([_mail(path) for path in found[:MAILS]])


def _mail(path: Path) -> dict[str, str]:
    mail = message_from_bytes(path.read_bytes(), policy=default)
    body = mail.get_body(("plain",))
    return {
        "to": str(mail["To"]),
        "subject": str(mail["Subject"]),
        "language": str(mail["Content-Language"]),
        "text": body.get_content() if body else "",
    }


@bp.post("/opnieuw")
@access.checks_token
@access.public
def start_over() -> Response:
    """Every student, draft and application goes; the catalogue and the schools stay."""
    with db.transaction() as connection:
        for table in OF_STUDENTS:
            connection.execute(
                delete(table).where(job.c.document.is_not(None)) if table is job else delete(table)
            )
        connection.execute(update(place).values(taken=0))
        connection.execute(delete(tester_clock))
    current_app.extensions["store"].clear()
    clock.forget_offset()
    return jsonify(ok=True)
