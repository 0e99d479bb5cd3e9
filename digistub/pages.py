"""The start page, and the switches that make a service fail."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from digistub.controls import only_ours
from digistub.people import GROUPS, at_any_age, valid_bsn
from digistub.schools import SCHOOLS, SLOGANS
from digistub.tokens import FAULTS
from digistub.world import World

bp = Blueprint("pages", __name__)

# Which call of which service can fail how: what POST /fouten takes as `wat`, in three parts.
SWITCHES: Mapping[str, str] = MappingProxyType(
    {
        "digid/metadata/500": "DigiD: geeft een fout",
        "digid/metadata/html": "DigiD: is in onderhoud (HTML)",
        "digid/metadata/slow": "DigiD: antwoordt niet op tijd",
        "digid/metadata/issuer": "DigiD: noemt een andere uitgever",
        "digid/metadata/host": "DigiD: wijst naar een ander adres",
        "digid/jwks/500": "DigiD: sleutels niet te krijgen",
        "digid/token/500": "DigiD: geeft geen token",
        "digid/userinfo/500": "DigiD: geeft geen BSN",
        "duo/personen/500": "DUO: geeft een fout",
        "duo/personen/timeout": "DUO: antwoordt niet op tijd",
        "duo/personen/html": "DUO: is in onderhoud (HTML)",
        "duo/personen/truncated": "DUO: half antwoord",
        "duo/personen/other-person": "DUO: antwoordt over een ander",
        "duo/vooropleidingen/500": "DUO, vooropleiding: geeft een fout",
        "duo/vooropleidingen/timeout": "DUO, vooropleiding: antwoordt niet op tijd",
        "duo/vooropleidingen/html": "DUO, vooropleiding: is in onderhoud (HTML)",
        "duo/vooropleidingen/truncated": "DUO, vooropleiding: half antwoord",
        "duo/vooropleidingen/other-person": "DUO, vooropleiding: antwoordt over een ander",
        "rio/aangeboden-opleidingen/403": "RIO: weigert ons",
        "rio/aangeboden-opleidingen/timeout": "RIO: antwoordt pas na 30 seconden",
        "rio/aangeboden-opleidingen/500": "RIO: geeft een fout",
        "rio/aangeboden-opleidingen/html": "RIO: is in onderhoud (HTML)",
        "rio/aangeboden-opleidingen/truncated:1": "RIO: half antwoord op bladzijde 2",
        "rio/aangeboden-opleidingen/empty": "RIO: lege lijst",
        "rio/wijzigingen/500": "RIO: wijzigingen niet te krijgen",
        "rio/erkenning/500": "RIO: naam van een school niet te krijgen",
        "sbb/zoeken/500": "SBB: zoeken geeft een fout",
        "sbb/zoeken/timeout": "SBB: zoeken antwoordt niet op tijd",
        "sbb/zoeken/html": "SBB: zoeken is in onderhoud (HTML)",
        "sbb/bedrijf/500": "SBB: één bedrijf opvragen geeft een fout",
        "sbb/erkenning/500": "SBB: de erkenning nagaan geeft een fout",
        "sbb/erkenning/timeout": "SBB: de erkenning nagaan antwoordt niet op tijd",
        "sbb/erkenning/expired": "SBB: elke erkenning is ineens voorbij",
        "bag/adres/500": "Adressen: geeft een fout",
        "bag/adres/timeout": "Adressen: antwoordt niet op tijd",
        "bag/adres/html": "Adressen: is in onderhoud (HTML)",
        "bag/adres/truncated": "Adressen: half antwoord",
        "bag/adres/other-address": "Adressen: antwoordt over een ander adres",
    }
)


def world() -> World:
    return cast(World, current_app.extensions["world"])


bp.before_request(only_ours)


@bp.get("/")
def start() -> str:
    return _page()


@bp.post("/fouten")
def switch() -> Any:
    """Sets a fault (`wat`, and optionally `bsn`), or mends one (`hersteld`) or all (`alles`)."""
    if request.form.get("alles"):
        world().mend()
        return redirect(url_for("pages.start") + "#fouten", 303)
    mended = request.form.get("hersteld", "")
    bsn = request.form.get("bsn", "").strip()
    service, _, rest = (mended or request.form.get("wat", "")).partition("/")
    call, _, fault = rest.partition("/")
    if bsn and not valid_bsn(bsn):
        return _page("Dit BSN klopt niet: het zijn negen cijfers die door de elfproef komen."), 422
    try:
        world().set_fault(service, call, bsn, None if mended else fault)
    except ValueError:
        return _page("Kies wat er misgaat."), 422
    return redirect(url_for("pages.start") + "#fouten", 303)


def _page(wrong: str = "") -> str:
    return render_template(
        "start.html",
        groups=GROUPS,
        at_any_age=at_any_age,
        schools=SCHOOLS,
        slogans=SLOGANS,
        portal=current_app.config["PORTAL_URL"],
        switches=SWITCHES,
        logins={f"digid/login/{code}": text for code, text in FAULTS.items()},
        faults=world().faults(),
        wrong=wrong,
        bsn=request.form.get("bsn", ""),
    )
