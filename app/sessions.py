"""Sessions, kept on the server: 15 minutes without activity, 4 hours at most (IDN-7).

The cookie holds 256 random bits; the store knows only their SHA-256, and the content is sealed.
Nothing that a student answered lives here.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from hashlib import sha256
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from app import clock, db, keys
from app.store import Store, StoreDown

IDLE = 15 * 60
LONGEST = 4 * 60 * 60
SEEN_EVERY = 60  # «last seen» is written at most this often, in seconds


class Session(CallbackDict[str, Any], SessionMixin):
    """What is remembered about this browser. `modified` when it must be written."""

    def __init__(self, token: str = "", initial: dict[str, Any] | None = None) -> None:
        def changed(session: CallbackDict[str, Any]) -> None:
            cast(Session, session).modified = True

        super().__init__(initial or {}, changed)
        self.token = token
        self.stale: list[str] = []  # tokens that no longer open anything
        self.modified = False
        self.accessed = True
        self.new = not token
        self.touched = False  # «last seen» is due to be written
        self.down = False  # the store couldn't be asked: nobody is logged in, nothing is written

    def renew(self, **kept: Any) -> None:
        """A new id with only `kept`: at login and at logout (fixation, IDN-7)."""
        if self.token:
            self.stale.append(self.token)
        self.token = ""
        self.clear()
        self.update(kept)
        self.modified = True

    @property
    def idle(self) -> int:
        """Seconds without activity that end it. The limit is for who is logged in; before that
        it only remembers the way here, also when DigiD takes long."""
        return IDLE if "student" in self else LONGEST

    @property
    def ends_in(self) -> int | None:
        """Seconds until it ends without activity; None when nobody is logged in."""
        if "student" not in self:
            return None
        now = clock.real_seconds()
        return max(0, int(min(self["ends"], self.get("seen", now) + IDLE) - now))


class ServerSessions(SessionInterface):
    def __init__(self, store: Store) -> None:
        self.store = store

    def open_session(self, app: Flask, request: Request) -> Session:
        token = request.cookies.get(self.get_cookie_name(app), "")
        if len(token) != 43:
            return Session()
        try:
            sealed = self.store.get(_key(token))
        except StoreDown:
            session = Session()
            session.down = True
            return session
        if sealed is None:
            return Session()
        try:
            content = keys.unseal(_key(token), sealed)
        except (InvalidTag, keys.UnknownKey):
            return Session()
        session = Session(token, content)
        now = clock.real_seconds()
        if now >= content["ends"] or now >= content["seen"] + session.idle:
            return Session()
        session.touched = now >= content["seen"] + SEEN_EVERY
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, Session)
        if session.down:
            return
        for token in session.stale:
            self.store.delete(_key(token))
        session.stale.clear()
        if not session.modified:
            if session.touched:
                with suppress(StoreDown, db.Busy):  # no reason to spoil a good page
                    self._write(session)
            return
        if not session:
            response.delete_cookie(self.get_cookie_name(app), **self._attributes(app))
            return
        fresh = not session.token
        self._write(session)
        if fresh:
            response.set_cookie(self.get_cookie_name(app), session.token, **self._attributes(app))

    def _write(self, session: Session) -> None:
        now = clock.real_seconds()
        fresh = not session.token
        if fresh:
            session.token = secrets.token_urlsafe(32)
            session.setdefault("ends", now + LONGEST)
        session["seen"] = now
        life = int(min(session.idle, session["ends"] - now)) + 1
        # Logged out in another tab while this request was under way: then it stays so.
        write = self.store.put if fresh else self.store.keep
        write(_key(session.token), keys.seal(_key(session.token), dict(session)), life)

    def _attributes(self, app: Flask) -> dict[str, Any]:
        return {
            "httponly": True,
            "samesite": "Lax",
            "path": "/",
            "secure": app.config["SESSION_COOKIE_SECURE"],
        }


def _key(token: str) -> str:
    return "session:" + sha256(token.encode()).hexdigest()
