"""What machines ask: whether this process is alive and can do its work, and whom to warn."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response
from sqlalchemy.exc import DBAPIError

from app import clock, db, equipment
from app.access import public
from app.services.postgresql import is_half_restored
from app.store import StoreDown

bp = Blueprint("health", __name__)


VALID = timedelta(days=90)  # of security.txt


@bp.get("/healthz")
@public
def alive() -> Response:
    return Response("ok", mimetype="text/plain")


@bp.get("/readyz")
@public
def ready() -> Response:
    """200 when the database (and Redis, when set) answer; 503 names the one that doesn't, or the
    restore that isn't over (RET-3)."""
    try:
        with db.reading() as connection:
            if is_half_restored(connection):
                return Response("restore", 503, mimetype="text/plain")
    except DBAPIError:
        return Response("database", 503, mimetype="text/plain")
    try:
        equipment.store().ping()
    except StoreDown:
        return Response("store", 503, mimetype="text/plain")
    return Response("ok", mimetype="text/plain")


@bp.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Whom to tell about a hole in the portal (RFC 9116)."""
    settings = equipment.settings()
    lines = {
        "Contact": settings.security_contact,
        "Expires": f"{clock.real_now() + VALID:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages": "nl, en",
        "Canonical": f"{settings.base_url}/.well-known/security.txt",
    }
    body = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return Response(body, mimetype="text/plain")
