"""The websites of three invented schools: links into the portal, and where it returns to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, render_template, request

from digistub import rio_bodies
from digistub.rio_catalogue import Now
from digistub.rio_schools import SCHOOLS as _SCHOOLS
from digistub.rio_types import Offer, School

bp = Blueprint("schools", __name__, url_prefix="/school")


SCHOOLS: Mapping[str, School] = MappingProxyType({school.brin: school for school in _SCHOOLS})
SLOGANS: Mapping[str, str] = MappingProxyType(
    {"99XX": "Kijk verder.", "91XX": "Leren met je handen.", "92XX": "Mbo en vavo onder één dak."}
)
# Its text, a detail, and the query of /aanmelden.
Deeplink = tuple[str, str, dict[str, str]]
BAD = (
    ("Naar een opleiding die niet bestaat", {"opleiding": "00000000-0000-4000-8000-000000000000"}),
    ("Naar een school die niet bestaat", {"instelling": "00AA"}),
    ("Terug naar een vreemde site", {"returnUrl": "https://www.school.example.kwaad.example/"}),
    ("Terug naar een script", {"returnUrl": "javascript:alert(1)"}),
)


@bp.get("/<brin>")
def site(brin: str) -> str:
    school = SCHOOLS.get(brin) or abort(404)
    there_and_back = {
        "instelling": brin,
        "returnUrl": f"https://{school.website}/aanmelden/klaar?bron=site",
        "returnUrlNietGeslaagd": f"https://{school.website}/jammer",
        "kenmerk": "folder-2026",
    }
    good = [
        (f"Aanmelden bij {school.name}", "kies daar je opleiding", {"instelling": brin}),
        ("Aanmelden, en daarna terug naar deze site", "met een kenmerk", there_and_back),
        *_programmes(brin),
    ]
    return render_template(
        "school.html",
        school=school,
        slogan=SLOGANS.get(brin, ""),
        good=_links(good),
        bad=_links(
            [
                (text, "", {"instelling": brin} | query if "returnUrl" in query else query)
                for text, query in BAD
            ]
        ),
    )


@bp.get("/<brin>/terug")
def back(brin: str) -> str:
    school = SCHOOLS.get(brin) or abort(404)
    return render_template("school_back.html", school=school, answer=request.args.items(multi=True))


def _links(deeplinks: list[Deeplink]) -> list[tuple[str, str, str]]:
    start = f"{current_app.config['PORTAL_URL']}/aanmelden?"
    return [(text, detail, start + urlencode(query)) for text, detail, query in deeplinks]


def _programmes(brin: str) -> list[Deeplink]:
    """What RIO's test service offers at this school now."""
    now = Now(current_app.extensions["rio"], current_app.extensions["world"].rio_changes())
    return [
        (
            offer.name or now.catalogue.trainings[offer.training].name,
            f"{offer.leertraject or 'vavo'} in {now.catalogue.locations[offer.location].place}"
            + _codes(now, offer),
            {"opleiding": offer.id},
        )
        for provider in now.catalogue.providers_of(brin)
        for offer in map(now.changed, now.found(provider=provider.code))
    ]


def _codes(now: Now, offer: Offer) -> str:
    """A tester has no letter from the school with the access code in it."""
    cohorts = rio_bodies.cohorts(now, offer, current_app.extensions["world"].today())
    codes = {cohort["toegangscodeCohort"] for cohort in cohorts if "toegangscodeCohort" in cohort}
    return "".join(f" · toegangscode voor testers: {code}" for code in sorted(codes))
