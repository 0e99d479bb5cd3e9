"""The outside world for testing: DigiD's stand-in, the registers' test services, school sites.

Everything speaks the real protocols, so that the portal can't tell the difference. Not for
production: it lets anybody be anybody.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from flask import Flask, Response, g, request

from digistub import bag, controls, duo, duo_education, oidc, pages, rio, rio_controls, sbb, schools
from digistub.provider import Client, Provider, clients_from
from digistub.rio_catalogue import catalogue_of
from digistub.sbb_index import Companies
from digistub.sis import page as sis_page
from digistub.world import World

CLIENT_ID = "centraal-aanmelden"
CLIENT_SECRET = "digistub"


def create_world(
    base_url: str,
    folder: Path,
    portal_url: str = "",
    client_secret: str = CLIENT_SECRET,
    portal: httpx.BaseTransport | None = None,
    programmes: int = 0,
    companies: int = 0,
) -> Flask:
    """One app with all of it, to be mounted under the path of `base_url`.

    `base_url` is its own public address, and the issuer; its state lies in `folder`/digistub.db.
    `portal_url` is where the portal is, by default the origin of `base_url`; `portal` is how its
    door for testers is reached, by default over the network. DIGISTUB_CLIENTS
    registers further OpenID Connect clients. RIO has so many generated `programmes` (or
    DIGISTUB_PROGRAMMES) beside the three invented schools, and SBB so many `companies` (or
    DIGISTUB_COMPANIES) beside the invented ones. Ends the process where APP_ENV is production.
    """
    if os.environ.get("APP_ENV") == "production":
        sys.exit("DigiStub doesn't start: APP_ENV is production, and it lets anybody be anybody")
    parts = urlsplit(base_url)
    portal_url = portal_url or f"{parts.scheme}://{parts.netloc}"
    ours = Client(
        client_id=CLIENT_ID,
        client_secret=client_secret,
        redirect_uris=(f"{portal_url}/login/digid/terug",),
        post_logout_redirect_uris=(f"{portal_url}/uitgelogd",),
    )
    app = Flask(__name__)
    world = World(folder)
    clients = [ours, *clients_from(os.environ.get("DIGISTUB_CLIENTS", ""))]
    app.extensions["world"] = world
    programmes = programmes or int(os.environ.get("DIGISTUB_PROGRAMMES") or 0)
    app.extensions["rio"] = catalogue_of(programmes)
    companies = companies or int(os.environ.get("DIGISTUB_COMPANIES") or 0)
    app.extensions["sbb"] = Companies(folder, companies)
    if companies:  # it takes longer than a student waits
        app.extensions["sbb"].prepare()
    app.extensions["provider"] = Provider(base_url, world, clients)
    app.config["PORTAL_URL"] = portal_url
    app.extensions["portal"] = portal
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(oidc.bp)
    app.register_blueprint(pages.bp)
    app.register_blueprint(schools.bp)
    app.register_blueprint(controls.bp)
    app.register_blueprint(rio_controls.bp)
    app.register_blueprint(sis_page.bp)
    app.register_blueprint(duo.bp, url_prefix="/duo")
    app.register_blueprint(duo_education.bp, url_prefix="/duo")
    app.register_blueprint(rio.bp, url_prefix="/rio")
    app.register_blueprint(sbb.bp, url_prefix="/sbb")
    app.register_blueprint(bag.bp, url_prefix="/bag")
    app.after_request(_headers)
    return app


def _headers(response: Response) -> Response:
    form_action, style_src = g.get("form_action", "'self'"), g.get("style_src", "'self'")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {style_src}; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {form_action}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
