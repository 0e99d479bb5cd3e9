"""The application; outside production also the outside world, at /digistub."""

from __future__ import annotations

import gc
import sys
from urllib.parse import urlsplit

import httpx
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import commands, config, create_app, jobs, registers
from app.registers.bounded import InProcess

try:
    settings = config.read()
except config.SettingsError as error:
    sys.exit(f"Can't start: {error}")

if settings.production:
    app = create_app(settings, registers.build(settings, lambda address: None))
else:
    from digistub import create_world

    world = create_world(
        settings.base_url + registers.TEST_SERVICES,
        settings.instance,
        portal=InProcess(lambda environ, start: app.wsgi_app(environ, start)),
    )
    inside = InProcess(DispatcherMiddleware(lambda *_: [], {registers.TEST_SERVICES: world}))

    def transport(address: str) -> httpx.BaseTransport | None:
        """Our own test services answer in this process: no request waits for another."""
        own = urlsplit(address).netloc == urlsplit(settings.base_url).netloc
        return inside if own else None

    app = create_app(settings, registers.build(settings, transport))
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {registers.TEST_SERVICES: world})  # type: ignore[method-assign]
jobs.register(app)
commands.register(app)

# What is loaded now stays: to look through it for garbage costs a fifth of every page.
gc.collect()
gc.freeze()
