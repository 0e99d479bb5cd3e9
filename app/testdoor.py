"""For testers: the clock, invented schools, and starting over. Not there in production.

DigiStub comes in here over HTTP.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, request
from sqlalchemy import Connection, delete, insert, select, update

from app import access, clock, db, equipment
from app.clock import local_date
from app.domain.catalogue import visibility
from app.domain.koppelpunt import SANDBOX_OIN, STUB, STUB_OIN
from app.models import (
    application,
    application_status,
    cohort_facts,
    draft,
    email_link,
    error_report,
    institution,
    job,
    message,
    place,
    programme,
    programme_facts,
    running,
    status_message,
    student,
    tester_clock,
)
from app.registers import TEST_SERVICES
from app.services import (
    catalogue,
    institutions,
    koppelpunten,
    mailings,
    registratiecodes,
    retention,
    sis_clients,
)

bp = Blueprint("testdoor", __name__, url_prefix="/testdeur", cli_group="testdoor")

SCHOOLS = {
    "99XX": institutions.Settings(
        "ROC De Horizon", ("www.school.example", "*.roc.example"), ("de Horizon",)
    ),
    "91XX": institutions.Settings("Vakcollege Het Atelier", ("www.atelier.example",)),
    "92XX": institutions.Settings("Aventijn College", ("www.aventijn.example",)),
}
TICKING, RETURNING = "92XX", "91XX"  # a school with a whitelist, and one with return links set
SANDBOX_SCHOOL, SANDBOX_SECRET = "99XX", "stubsis"  # SIS-8
CODES = {"99XX": "HORIZON2026", "91XX": "ATELIER2026", "92XX": "AVENTIJN2026"}  # without DigiD
ON_STUB = "91XX"  # answered by the Stub SIS at once
EXPLAINING = "99XX"  # with a privacy statement of its own
MAX_PLACES = 5  # that a tester can fill
MAILS = 50
FARTHEST = 20 * 366 * 86400  # seconds
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OF_STUDENTS = (
    error_report,
    status_message,
    message,
    application_status,
    running,
    application,
    draft,
    email_link,
    job,
    student,
)


@bp.before_request
def only_ours() -> None:
    """DigiStub asks from its server; a page of another site may not press these buttons."""
    origin = request.headers.get("Origin")
    if origin not in (None, equipment.settings().base_url):
        abort(403)


def offset() -> float:
    """Seconds by which a tester has moved the clock."""
    with db.engine().connect() as connection:
        return connection.execute(select(tester_clock.c.offset_seconds)).scalar() or 0.0


@bp.cli.command("schools")
def set_up_schools() -> None:
    """Set up the three invented schools, each with one active koppelpunt that bears its BRIN."""
    set_up()


@bp.cli.command("screens")
def set_what_schools_set() -> None:
    """What the schools will set on screens of their own, once the catalogue is there: few places,
    a whitelist without one programme, return links, and a privacy statement."""
    set_screens()


def set_screens() -> None:
    with db.reading() as connection:
        few = connection.execute(
            catalogue.cohorts().where(cohort_facts.c.places.between(1, MAX_PLACES))
        ).all()
        (unticked, *ticked), (returning, *_) = (
            _programmes(connection, brin) for brin in (TICKING, RETURNING)
        )
    for row in few:
        institutions.set_places(row.programme_id, row.code, row.places)
    for programme_id in ticked:
        institutions.set_programme(programme_id, local=True, ticked=True)
    institutions.set_programme(unticked, local=True, ticked=False)
    _set(TICKING, institutions.Settings(whitelist=True))
    here = equipment.settings().base_url + TEST_SERVICES
    site = f"{here}/school/{RETURNING}/terug?bron="
    _set(RETURNING, institutions.Settings(return_url=f"{site}school"))
    _set(EXPLAINING, institutions.Settings(privacy_url=f"{here}/school/{EXPLAINING}/privacy"))
    institutions.set_programme(returning, local=True, return_url=f"{site}opleiding")


def _set(brin: str, settings: institutions.Settings) -> None:
    institutions.set_up(brin, settings, local=True)


def _programmes(connection: Connection, brin: str) -> list[str]:
    """Those that can be chosen now, or could with a tick, come first."""
    theirs = programme_facts.c.brin == brin
    found = select(programme_facts.c.programme_id).where(theirs, catalogue.counts_now())
    closed = dict.fromkeys(connection.execute(found).scalars(), True)
    now = clock.now()
    today = local_date(now)
    for row in connection.execute(catalogue.cohorts().where(theirs)).all():
        if visibility(replace(catalogue.as_choice(row, now), ticked=True), today).open:
            closed[row.programme_id] = False
    return sorted(closed, key=lambda programme_id: (closed[programme_id], programme_id))


@bp.get("/ingesteld")
@access.public
def what_schools_set() -> Response:
    """For DigiStub's school websites: programmes that aren't ticked, and those with a return
    link; schools with one."""
    with db.reading() as connection:
        unticked = (
            select(programme.c.id)
            .join(programme_facts, programme_facts.c.programme_id == programme.c.id)
            .join(institution, institution.c.brin == programme_facts.c.brin)
            .where(catalogue.counts_now(), institution.c.whitelist, ~programme.c.whitelisted)
        )
        returning = select(programme.c.id).where(programme.c.return_url != "")
        schools = select(institution.c.brin).where(institution.c.return_url != "")
        asked = {"unticked": unticked, "programmes": returning, "schools": schools}
        found = {name: list(connection.execute(q).scalars()) for name, q in asked.items()}
    return jsonify(found)


@bp.get("/registratiecodes")
@access.public
def codes() -> Response:
    """What opens an interessemelding without DigiD, by the school's BRIN (DigiStub lists them)."""
    with db.reading() as connection:
        found = {brin: registratiecodes.shown(connection, brin) for brin in SCHOOLS}
    return jsonify(found)


def set_up() -> None:
    for brin, school in SCHOOLS.items():
        institutions.set_up(brin, school, local=True)
        with db.reading() as connection:  # a tester's own choice stays
            fresh = koppelpunten.check(connection, brin, brin) is None
        sis = STUB if fresh and brin == ON_STUB else None
        point = koppelpunten.Settings(name=school.name, active_from=LONG_AGO, sis=sis)
        koppelpunten.set_up(brin, brin, point, clock.now(), production=False)
        client = SANDBOX_OIN if brin == SANDBOX_SCHOOL else STUB_OIN + brin
        sis_clients.set_up(client, f"SIS van {school.name}", [brin], LONG_AGO)
        sis_clients.add_secret(client, LONG_AGO, SANDBOX_SECRET)
    set_codes()


def set_codes(anew: bool = False) -> None:
    """A tester's own stays, unless all of it is done `anew`."""
    for brin, code in CODES.items():
        with db.reading() as connection:
            fresh = anew or registratiecodes.shown(connection, brin) is None
        if fresh:
            registratiecodes.keep(brin, code)


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
    folder = Path(equipment.settings().mail_url)
    found = sorted(folder.glob("*.eml"), key=lambda p: p.stat().st_mtime, reverse=True)
    return jsonify([_mail(path) for path in found[:MAILS]])


def _mail(path: Path) -> dict[str, str]:
    mail = message_from_bytes(path.read_bytes(), policy=default)
    bodies = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    plain, html = (body.get_content() if body else "" for body in bodies.values())
    return {
        "id": path.stem,
        "to": str(mail["To"]),
        "subject": str(mail["Subject"]),
        "language": str(mail["Content-Language"]),
        "text": plain,
        "html": html,
    }


@bp.post("/nacht")
@access.checks_token
@access.public
def do_the_daily_work() -> Response:
    """What the worker does by itself each day, as of the tester's clock: reminders, warnings, and
    removing what was kept long enough. How much of each."""
    reminded = mailings.remind(equipment.settings().deadlines, clock.now())
    done = retention.run(clock.now(), lambda: None, everybody=True)
    return jsonify(reminders=reminded, **{what.name.lower(): done[what] for what in retention.What})


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
    equipment.store().clear()
    clock.forget_offset()
    return jsonify(ok=True)
