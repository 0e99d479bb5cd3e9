"""The student's own place: drafts and applications (MIJ-1)."""

from __future__ import annotations

from flask import Blueprint, Response, g, url_for

from app import access, clock, db
from app.pages import page, see_other
from app.services import applied, drafts

bp = Blueprint("overview", __name__)


@bp.get("/mijn")
@access.student
def index() -> Response:
    with db.reading() as connection:
        return page(
            "overview.html",
            drafts=drafts.of_student(connection, g.student_id, clock.today()),
            applications=applied.of_student(connection, g.student_id),
            full=drafts.count(connection, g.student_id) >= drafts.AT_MOST,
        )


@bp.post("/mijn/nieuw")
@access.student
def new() -> Response:
    try:
        draft_id = drafts.begin(g.student_id, None, clock.now())
    except drafts.TooManyDrafts:
        return see_other(url_for(".index"))
    return see_other(url_for("wizard.resume", draft_id=draft_id))


@bp.post("/mijn/<uuid:draft_id>/weg")
@access.student
def remove(draft_id: object) -> Response:
    """Throw a draft away; doing it twice is harmless."""
    try:
        drafts.remove(g.student_id, str(draft_id))
    except drafts.NoSuchDraft:
        pass
    return see_other(url_for(".index"))
