"""The tester's buttons that change what RIO says about the invented schools."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from digistub import rio_bodies
from digistub.controls import only_ours
from digistub.rio_catalogue import Change, Now
from digistub.rio_data import OFFERS
from digistub.rio_types import Offer
from digistub.world import World

bp = Blueprint("rio_controls", __name__, url_prefix="/rio-knoppen")
bp.before_request(only_ours)

LONGEST = {"name": 225, "code": 60}  # RIO's own limits
OF_A_COHORT = ("closed", "code")
KINDS = ("name", "gone", *OF_A_COHORT)


@bp.get("/")
def panel() -> str:
    return _panel()


@bp.post("/verander")
def change() -> Any:
    """`wat` is a kind of Change; `over` is a programme's id, or for a cohort `id code`."""
    kind, value = request.form.get("wat", ""), request.form.get("waarde", "").strip()
    programme, _, cohort = request.form.get("over", "").partition(" ")
    offer = _now().offer(programme)
    if kind not in KINDS or offer is None or (kind in OF_A_COHORT) != bool(cohort):
        return _panel("Kies wat er verandert."), 422
    if cohort and cohort not in _codes(offer):
        return _panel("Kies wat er verandert."), 422
    if kind in LONGEST and not 1 <= len(value) <= LONGEST[kind]:
        return _panel(f"Vul iets in, van hoogstens {LONGEST[kind]} tekens."), 422
    _world().change_rio(Change(programme, cohort, kind, value if kind in LONGEST else ""))
    return redirect(url_for("rio_controls.panel"), 303)


@bp.post("/terug")
def restore() -> Any:
    _world().restore_rio()
    return redirect(url_for("rio_controls.panel"), 303)


def _world() -> World:
    return cast(World, current_app.extensions["world"])


def _now() -> Now:
    return Now(current_app.extensions["rio"], _world().rio_changes())


def _codes(offer: Offer) -> list[str]:
    return [rio_bodies.cohort_code(offer, name) for name in offer.cohorts]


def _panel(wrong: str = "") -> str:
    now = _now()
    offers = [offer for row in OFFERS if (offer := now.offer(row.id))]
    names = {row.id: _name(now, now.changed(row)) for row in OFFERS}
    return render_template(
        "rio_controls.html",
        programmes=[(offer.id, names[offer.id]) for offer in offers],
        cohorts=[
            (f"{o.id} {code}", f"{names[o.id]}: {code}") for o in offers for code in _codes(o)
        ],
        changes=[(names.get(c.programme, c.programme), c) for c in now.changes],
        over=request.form.get("over", ""),
        value=request.form.get("waarde", ""),
        wrong=wrong,
    )


def _name(now: Now, offer: Offer) -> str:
    """With place and leertraject: several bear the same name."""
    rows = now.catalogue
    name = offer.name or rows.trainings[offer.training].name
    return f"{name} ({offer.leertraject or 'vavo'}, {rows.locations[offer.location].place})"
