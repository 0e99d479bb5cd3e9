"""The websites of three invented schools: links into the portal, and where it returns to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from flask import Blueprint, abort, current_app, render_template, request

from digistub import school_links, school_return
from digistub.rio_schools import SCHOOLS as _SCHOOLS
from digistub.rio_types import School
from digistub.school_programmes import programmes, what_is_set

bp = Blueprint("schools", __name__, url_prefix="/school")


SCHOOLS: Mapping[str, School] = MappingProxyType({school.brin: school for school in _SCHOOLS})
SLOGANS: Mapping[str, str] = MappingProxyType(
    {"99XX": "Kijk verder.", "91XX": "Leren met je handen.", "92XX": "Mbo en vavo onder één dak."}
)


@bp.get("/<brin>")
def site(brin: str) -> str:
    school = SCHOOLS.get(brin) or abort(404)
    told = what_is_set()
    offered = programmes(brin, told.unticked)
    back = f"{current_app.extensions['provider'].issuer}/school/{brin}/terug"
    parts = {
        "Goede links": school_links.good(school, offered, back, told),
        "Een opleiding die nu niet kan": school_links.shut(brin, offered, back),
        "Links die niet mogen": school_links.bad(school, back),
    }
    return render_template(
        "school.html", school=school, slogan=SLOGANS.get(brin, ""), parts=parts, address=_address
    )


@bp.get("/<brin>/terug")
def back(brin: str) -> str:
    school = SCHOOLS.get(brin) or abort(404)
    rows = school_return.rows(request.query_string.decode("latin-1"))
    return render_template(
        "school_back.html", school=school, rows=rows, right=all(row.right for row in rows)
    )


@bp.get("/<brin>/privacy")
def privacy(brin: str) -> str:
    return render_template("school_privacy.html", school=SCHOOLS.get(brin) or abort(404))


def _address(link: school_links.Link) -> str:
    return f"{current_app.config['PORTAL_URL']}/aanmelden?{urlencode(link.query)}"
