"""Centraal Aanmelden MBO: the one place to apply to vocational education."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request
from flask_babel import Babel

from app import (
    access,
    assets,
    clock,
    db,
    errors,
    headers,
    health,
    keys,
    labels,
    logs,
    pages,
    proxy,
    standing,
)
from app.config import BODY, Settings
from app.domain.ports import Registers
from app.services import ledger
from app.sessions import ServerSessions
from app.store import open_store
from app.templating import Templates, environments


class LimitedRequest(Request):
    """No form of ours is large (checklist item 43)."""

    max_content_length = BODY
    max_form_memory_size = BODY
    max_form_parts = 200


class Portal(Flask):
    jinja_environment = Templates
    request_class = LimitedRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing here is async, which Flask otherwise finds out anew on every call."""
        return func


def create_app(settings: Settings, registers: Registers) -> Flask:
    """The application over `settings` and `registers`. Connects to the database; never migrates."""
    from app import sandbox, testdoor
    from app.api import answering, documents, reading, statuses, tokens
    from app.institution import door
    from app.student import (
        application,
        guest,
        language,
        login,
        mailbox,
        overview,
        own_data,
        start,
    )
    from app.wizard import everything, proof_check, reaching
    from app.wizard.changing import bp as wizard

    app = Portal("app", static_folder=None)
    host = urlsplit(settings.base_url).hostname or ""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-sid" if settings.secure else "sid",
        SESSION_COOKIE_SECURE=settings.secure,
        PREFERRED_URL_SCHEME=urlsplit(settings.base_url).scheme,
        TRUSTED_HOSTS=[host] if settings.production else None,
        WTF_I18N_ENABLED=False,
    )
    app.extensions["settings"], app.extensions["registers"] = settings, registers
    keys.use(settings.data_keys, settings.secret_key)
    ledger.use(settings.deletion_ledger)
    db.connect(settings.database_url)
    store = open_store(settings.redis_url)
    app.extensions["store"] = store
    app.session_interface = ServerSessions(store)
    clock.offset_source(None if settings.production else testdoor.offset)
    pages.htmx.init_app(app)
    Babel(app, locale_selector=lambda: pages.locale().code)
    for blueprint in (
        start.bp,
        language.bp,
        login.bp,
        overview.bp,
        application.bp,
        mailbox.bp,
        own_data.bp,
        guest.bp,
        wizard,
        reaching.bp,
        everything.bp,
        proof_check.bp,
        door.bp,
        tokens.bp,
        reading.bp,
        answering.bp,
        documents.bp,
        statuses.bp,
        health.bp,
    ):
        app.register_blueprint(blueprint)
    if not settings.production:
        app.register_blueprint(testdoor.bp)
        app.register_blueprint(sandbox.bp)
        app.register_blueprint(language.logo)
    documents.prepare(settings)
    access.guard(app)
    errors.handle(app)
    logs.set_up(app)
    draw(app, settings)
    behind = proxy.wrapped(app.wsgi_app, settings, assets.DIST)
    app.wsgi_app = headers.hardened(behind, settings)  # type: ignore[method-assign]
    return app


def draw(app: Flask, settings: Settings) -> None:
    """Templates: their constants, and one environment a language."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    manifest = assets.manifest()

    def url_for(endpoint: str, **values: Any) -> str:
        return app.url_map.bind("").build(endpoint, values)

    app.jinja_env.globals.update(
        labels=labels,
        standing=standing,
        testing=not settings.production,
        host=urlsplit(settings.base_url).netloc,
        digistub=not (settings.production or settings.digid_issuer),
        bsn_organisation=settings.bsn_organisation,
    )
    app.extensions["environments"] = environments(
        app,
        {
            "url_for": url_for,
            "asset": lambda name: f"/static/{manifest[name]['file']}",
            "integrity": lambda name: manifest[name]["integrity"],
        },
    )
