"""The student's own place: drafts and applications (MIJ-1)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from flask import Blueprint, Response, g, request, session, url_for

from app import access, clock, db, equipment, standing
from app.domain import advice
from app.domain.status import PLACED, RUNNING
from app.pages import page, see_other
from app.services import applied, drafts, links, removal, waiting
from app.student import leaving

bp = Blueprint("overview", __name__)


@bp.get("/mijn")
@access.student
def index() -> Response:
    removed = "left" in session
    left = leaving.kept(session.pop("left", None))
    news = standing.NEWS.get(session.pop("news", ""))
    with db.reading() as connection:
        every = applied.of_student(connection, g.student_id)
        unsent = waiting.of_student(connection, g.student_id, clock.today())
        ways = leaving.backs(connection, [(d.link, d.choice) for d in unsent])
        return page(
            "overview.html",
            drafts=unsent,
            last_days={item.id: last_day(item) for item in unsent},
            ways_back=dict(zip((d.id for d in unsent), ways, strict=True)),
            titles=links.titles(connection, {d.link for d in unsent if d.link and not d.choice}),
            removed=removed,
            left=leaving.back(connection, left),
            news=news,
            placed=[item for item in every if item.status in PLACED],  # what asks something
            applications=sorted(
                (item for item in every if item.status not in PLACED),
                key=lambda item: item.status not in RUNNING,
            ),
            became={item.id for item in every if applied.became(item, every)},
            chosen={item.id for item in every if applied.chosen_at(item, every)},
            full=len(unsent) >= drafts.AT_MOST,
        )


def last_day(item: waiting.Summary) -> date | None:
    """That a calendar may remind of (WIZ-14)."""
    if item.choice is None:
        return None
    return advice.last_day(item.choice, equipment.settings().deadlines, clock.today())


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
    """Throw a draft away, or take an interessemelding back; doing it twice is harmless. The next
    page says so, once, with the way back to the school that the student came from."""
    try:
        link = drafts.remove(g.student_id, str(draft_id), clock.now())
    except drafts.NoSuchDraft:
        asked = "interesse" in request.form  # and not, of a page from before it was sent, a draft
        if asked and removal.interest(g.student_id, str(draft_id), clock.now()):
            session["news"] = "taken_back"
    else:
        session["left"] = asdict(link) if link else None
    return see_other(url_for(".index"))
