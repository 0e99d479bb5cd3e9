"""The link in a mail by which a student confirms their address; nobody need log in (MIJ-4)."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from app import access, clock, db
from app.pages import page, see_other
from app.services import mailbox

bp = Blueprint("mailbox", __name__)


@bp.get("/mail/<token>")
@access.public
def ask(token: str) -> Response:
    """Opening it confirms nothing: mail programs open links by themselves."""
    with db.reading() as connection:
        good = mailbox.is_ours(connection, token)
        done = mailbox.is_pressed(connection, token)
    return page("mailbox.html", 200 if good else 410, good=good, done=done)


@bp.post("/mail/<token>")
@access.public
def confirm(token: str) -> Response:
    if not mailbox.confirm(token, clock.now()):
        return page("mailbox.html", 410, good=False, done=False)
    return see_other(url_for(".confirmed"))


@bp.get("/mailadres-bevestigd")
@access.public
def confirmed() -> Response:
    return page("mailbox.html", good=True, done=True)
