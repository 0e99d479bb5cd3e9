"""For suppliers of SISs: keys, generated applications, a koppelpunt's settings, and statuses, by
hand. The portal's testers' door does the work, over HTTP."""

from __future__ import annotations

import json
import secrets
from typing import Any

import httpx
from flask import Blueprint, current_app, redirect, render_template, request, url_for

from digistub.controls import only_ours, portal
from digistub.sis.api import STATUSES, Api, Refused, Trouble
from digistub.sis.follow import CODES, chain
from digistub.sis.login import STUB_SECRET, Secret, stub_client

bp = Blueprint("sis", __name__, url_prefix="/sis")
bp.before_request(only_ours)

SILENT = "Het portaal antwoordt niet."
STATUS = {
    "SUBMITTED": "ingediend",
    "RECEIVED": "aanmelding ontvangen",
    "OFFERED": "onderwijsovereenkomst aangeboden",
    "ENROLLED": "ingeschreven",
    "REJECTED": "afgewezen",
    "WITHDRAWN": "ingetrokken",
}
MEANS = {
    "AO": "aanmelding ontvangen",
    "OA": "onderwijsovereenkomst aangeboden",
    "LI": "leidt tot inschrijving",
    "LNI": "leidt niet tot inschrijving",
    "AI": "aanmelding ingetrokken",
}


class Wrong(Exception):
    """The portal says no; why, in Dutch."""


@bp.get("/")
def panel() -> str:
    name = request.args.get("gemaakt", "")
    kept = current_app.extensions["world"].take_shown(name) if name else ""
    return _panel(key=json.loads(kept) if kept else None)


@bp.post("/sleutel")
def make_key() -> Any:
    """Shown once, on a page of its own: who reloads that makes no second one."""
    try:
        made = _ask("sleutel")
    except Wrong as wrong:
        return _panel(str(wrong)), 422
    name = secrets.token_urlsafe()
    current_app.extensions["world"].keep_shown(name, json.dumps(made))
    return redirect(url_for("sis.panel", gemaakt=name), 303)


@bp.post("/koppelpunt")
def set_point() -> Any:
    return _done("koppelpunt", "koppelpunten")


@bp.post("/aanmeldingen")
def make_applications() -> Any:
    return _done("aanmeldingen", "aanmeldingen")


@bp.post("/klaarzetten")
def set_ready() -> Any:
    return _done("klaarzetten", "koppelpunten")


@bp.post("/status")
def send_status() -> Any:
    """Over the real API, as the SIS of the application's school."""
    code, wanted = request.form.get("status", ""), request.form.get("aanmelding", "")
    now = _overview()
    if not now:
        return _panel(), 422
    found = {one["caKetenId"]: one for one in now["aanmeldingen"]}
    if code not in CODES or wanted not in found:
        return _panel("Kies een aanmelding en een status."), 422
    one = found[wanted]
    try:
        told = _send(one, code)
    except (Trouble, Refused) as error:
        return _panel(f"De status is niet aangenomen: {error}"), 422
    text = f"Status {code} voor {one['ketenId']}: {told.get('melding') or told.get('resultaat')}"
    return _panel(text if told.get("resultaat") == "fout" else "", said=text)


def _send(one: dict[str, Any], code: str) -> dict[str, Any]:
    brin = one["instelling"]
    item = {**one, "links": [{"rel": "self", "id": one["id"]}]}
    body = chain(one["koppelpunt"], item, [code])[0].body
    # By hand the same status may be said again: as a message of its own.
    body["berichtId"] += f" {body['tijdstip']}"
    api = Api(
        current_app.config["PORTAL_URL"],
        stub_client(brin),
        Secret(STUB_SECRET),
        current_app.extensions["portal"],
    )
    try:
        answer = api.post(STATUSES, {"aanmeldstatussen": [body]})
        return dict(answer["resultaten"][0])
    except (KeyError, IndexError, TypeError, ValueError):
        raise Trouble("het antwoord is niet te lezen") from None
    finally:
        api.close()


def _ask(what: str) -> Any:
    """Raises Wrong."""
    form = {name: request.form.getlist(name) for name in request.form}
    try:
        with portal() as door:
            answer = door.post(f"/sis/{what}", data=form, timeout=60)
            body = answer.json()
    except (httpx.HTTPError, ValueError):
        raise Wrong(SILENT) from None
    if not answer.is_success:
        raise Wrong(body.get("fout") or SILENT)
    return body


def _done(what: str, where: str) -> Any:
    try:
        _ask(what)
    except Wrong as wrong:
        return _panel(str(wrong)), 422
    return redirect(url_for("sis.panel") + f"#{where}", 303)


def _overview() -> dict[str, Any]:
    try:
        with portal() as door:
            return dict(door.get("/sis").raise_for_status().json())
    except (httpx.HTTPError, ValueError):
        return {}


def _panel(wrong: str = "", key: dict[str, Any] | None = None, said: str = "") -> str:
    now = _overview()
    private = json.dumps(key["sleutel"], indent=2) if key and key.get("sleutel") else ""
    return render_template(
        "sis.html",
        now=now,
        wrong=wrong or ("" if now else SILENT),
        said=said,
        key=key,
        private=private,
        codes=MEANS,
        status=STATUS,
        portal=current_app.config["PORTAL_URL"],
        stub_secret=STUB_SECRET,
        stubs={stub_client(one["instelling"]) for one in now.get("scholen", ())},
        form=request.form,
        chosen=request.form.getlist("soort"),
    )
