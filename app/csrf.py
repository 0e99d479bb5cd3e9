"""A form counts only when it was drawn in this session (checklist item 36).

The session holds a secret; every page carries it under a mask of its own, so that the length of
a compressed page tells nothing about it. A signed token, as Flask-WTF makes it, costs half a
bare request to draw and a whole one to check.
"""

from __future__ import annotations

import hmac
import secrets

from flask import g, request, session
from flask_wtf.csrf import same_origin
from werkzeug.exceptions import BadRequest

FIELD = "csrf_token"
SIZE = 32  # bytes


class Stale(BadRequest):
    """The form was drawn in another session, or not by us."""


def token() -> str:
    """What a form on this page carries: mask and masked secret, in hexadecimal digits."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_hex(SIZE)
    if "csrf_token" not in g:
        mask = secrets.token_bytes(SIZE)
        g.csrf_token = (mask + _masked(bytes.fromhex(session["csrf"]), mask)).hex()
    return str(g.csrf_token)


def fresh() -> bool:
    """Whether a form of this session was posted; over https by a page of ours."""
    if not _valid(request.form.get(FIELD, "")):
        return False
    return not request.is_secure or _from_us()


def _from_us() -> bool:
    """By what a browser says that no page can say for it. Some send no Referer for their user's
    privacy; they all send this."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return bool(same_origin(request.referrer or "", request.host_url))


def check() -> None:
    """Raises Stale unless the form is fresh."""
    if not fresh():
        raise Stale()


def _valid(given: str) -> bool:
    try:
        both = bytes.fromhex(given)
    except ValueError:
        return False
    if len(both) != 2 * SIZE or "csrf" not in session:
        return False
    secret = _masked(both[SIZE:], both[:SIZE])
    return hmac.compare_digest(secret, bytes.fromhex(session["csrf"]))


def _masked(value: bytes, mask: bytes) -> bytes:
    return (int.from_bytes(value) ^ int.from_bytes(mask)).to_bytes(SIZE)
