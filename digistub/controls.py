"""The tester's knobs of the portal itself, over HTTP: its clock, its mail, starting over."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for

from digistub.rio_schools import SCHOOLS

bp = Blueprint("controls", __name__, url_prefix="/knoppen")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DOOR = "/testdeur"
WORK = {  # what the portal's daily work counts
    "reminders": "herinneringen aan een concept:",
    "warning": "waarschuwingen voor het weghalen:",
    "dossier": "aanmeldingen weggehaald:",
    "account": "studenten weggehaald:",
    "profile": "lege profielen weggehaald:",
    "mail": "onbestelbare mails weggehaald:",
    "line": "regels van logboeken weggehaald:",
}
DOZEN = "12"  # as `make run` makes


def portal() -> httpx.Client:
    """The portal's door for testers; in one process with it when it is mounted there."""
    transport = cast("httpx.BaseTransport | None", current_app.extensions["portal"])
    return httpx.Client(
        transport=transport,
        base_url=current_app.config["PORTAL_URL"] + DOOR,
        timeout=5,
        trust_env=False,
    )


@bp.before_request
def only_ours() -> None:
    """A page of another site may not press these buttons. The Host that is asked for proves
    nothing: another site's name may have been pointed at us."""
    origin = request.headers.get("Origin")
    own = (current_app.config["PORTAL_URL"], current_app.extensions["provider"].issuer)
    if origin is not None and origin not in map(_origin, own):
        abort(403)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


@bp.get("/")
def panel() -> Any:
    return _panel()


@bp.post("/klok")
def clock() -> Any:
    """`dag` and `tijd` as they are in the Netherlands, or empty for the real time."""
    day, time = request.form.get("dag", ""), request.form.get("tijd", "") or "12:00"
    moment = ""
    if day:
        try:
            local = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=AMSTERDAM)
        except ValueError:
            return _panel("Deze datum bestaat niet. Vul in zoals: 2027-04-01"), 422
        moment = local.isoformat()
    return _done("/klok", {"nu": moment})


@bp.post("/opnieuw")
def start_over() -> Any:
    """And the test school of suppliers gets its generated applications anew."""
    current_app.extensions["world"].start_over()
    done = _done("/opnieuw", {})
    try:
        with portal() as door:
            door.post("/sis/aanmeldingen", data={"instelling": "99XX", "aantal": DOZEN})
    except httpx.HTTPError:
        return _panel("Het portaal antwoordt niet."), 502
    return done


@bp.post("/nacht")
def daily_work() -> Any:
    """What the portal does by itself each day, now and as of its clock."""
    try:
        with portal() as door:
            done = door.post("/nacht", timeout=60).raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return _panel("Het portaal antwoordt niet."), 502
    counted = [f"{text} {done[name]}" for name, text in WORK.items() if done.get(name)]
    return _panel(did=", ".join(counted) or "niets")


@bp.get("/post/<name>")
def letter(name: str) -> Any:
    """A mail as a mail program shows it: with its own style, and nothing else."""
    try:
        with portal() as door:
            mails = door.get("/mail").raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return _panel("Het portaal antwoordt niet."), 502
    found = next((mail for mail in mails if mail["id"] == name), None)
    if found is None:
        return _panel("Deze mail is er niet (meer)."), 404
    g.style_src = "'unsafe-inline'"
    return found["html"]


def _done(path: str, form: dict[str, str]) -> Any:
    try:
        with portal() as door:
            door.post(path, data=form).raise_for_status()
    except httpx.HTTPError:
        return _panel("Het portaal antwoordt niet."), 502
    return redirect(url_for("controls.panel"), 303)


def _panel(wrong: str = "", did: str = "") -> str:
    clock, mails, codes = None, [], {}
    try:
        with portal() as door:
            read = door.get("/klok").raise_for_status().json()
            clock = datetime.fromisoformat(read["nu"]).astimezone(AMSTERDAM)
            mails = door.get("/mail").raise_for_status().json()
            codes = door.get("/registratiecodes").raise_for_status().json()
    except (httpx.HTTPError, ValueError, KeyError):
        wrong = wrong or "Het portaal antwoordt niet."
    told = {"clock": clock, "mails": mails, "codes": codes, "schools": SCHOOLS}
    return render_template("controls.html", wrong=wrong, did=did, **told)
