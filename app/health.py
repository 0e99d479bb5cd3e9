"""Whether this process is alive, and whether it can do its work."""

from __future__ import annotations

from flask import Blueprint, Response, current_app
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import db
from app.access import public
from app.store import StoreDown

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    return Response("ok", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready() -> Response:
    """200 when the database (and Redis, when set) answer; 503 names the one that doesn't."""
    try:
        with db.reading() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError:
        return Response("database", 503, mimetype="text/plain")
    try:
        current_app.extensions["store"].ping()
    except StoreDown:
        return Response("store", 503, mimetype="text/plain")
    return Response("ok", mimetype="text/plain")
