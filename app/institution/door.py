"""The administrators' door. What they do behind it is still done by the operator (app/jobs.py)."""

from __future__ import annotations

from flask import Blueprint, Response

from app import access
from app.pages import page

bp = Blueprint("institution", __name__, url_prefix="/beheer")


@bp.get("")
@access.public
def door() -> Response:
    """Where the link for administrators leads (IDN-4)."""
    return page("institution/door.html")
