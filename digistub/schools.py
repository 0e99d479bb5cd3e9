"""The websites of three invented schools: links into the portal, and where it returns to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, render_template, request

from digistub.rio_data import SCHOOLS as _SCHOOLS
from digistub.rio_data import School, deeplinks

bp = Blueprint("schools", __name__, url_prefix="/school")


SCHOOLS: Mapping[str, School] = MappingProxyType({school.brin: school for school in _SCHOOLS})
SLOGANS: Mapping[str, str] = MappingProxyType(
    {"99XX": "Kijk verder.", "91XX": "Leren met je handen.", "92XX": "Mbo en vavo onder één dak."}
)
GOOD_RETURN = "https://www.school.example/aanmelden/klaar?bron=site"
BAD = (
    ("Naar een opleiding die niet bestaat", {"opleiding": "00000000-0000-4000-8000-000000000000"}),
    ("Naar een school die niet bestaat", {"instelling": "00AA"}),
    ("Terug naar een vreemde site", {"returnUrl": "https://www.school.example.kwaad.example/"}),
    ("Terug naar een script", {"returnUrl": "javascript:alert(1)"}),
)


@bp.get("/<brin>")
def site(brin: str) -> str:
    school = SCHOOLS.get(brin) or abort(404)
    good = [
        (f"Aanmelden bij {school.name}", {"instelling": brin}),
        (
            "Aanmelden, en daarna terug naar deze site",
            {
                "instelling": brin,
                "returnUrl": GOOD_RETURN,
                "returnUrlNietGeslaagd": "https://open-dag.roc.example/jammer",
                "kenmerk": "folder-2026",
            },
        ),
        *[(name, {"opleiding": key}) for key, name in deeplinks().get(brin, {}).items()],
    ]
    return render_template(
        "school.html",
        school=school,
        slogan=SLOGANS.get(brin, ""),
        good=_links(good),
        bad=_links([(text, {"instelling": brin} | query) for text, query in BAD]),
    )


@bp.get("/<brin>/terug")
def back(brin: str) -> str:
    school = SCHOOLS.get(brin) or abort(404)
    return render_template("school_back.html", school=school, answer=request.args.items(multi=True))


def _links(deeplinks: list[tuple[str, dict[str, str]]]) -> list[tuple[str, str]]:
    start = f"{current_app.config['PORTAL_URL']}/aanmelden?"
    return [(text, start + urlencode(query)) for text, query in deeplinks]
