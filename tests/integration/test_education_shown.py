"""Prior education as the check page shows it, and the schools of who is new here (WIZ-6, DUO-7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from app import db, labels
from app.domain.education import EducationLevel
from app.services import messages
from digistub.people import fresh_bsn
from tests import watch
from tests.integration.conftest import Schooling
from tests.portal import MINOR, USUAL, Portal

SENT = {
    EducationLevel.ISK: "Internationale schakelklas",
    EducationLevel.SPECIAL: "Voortgezet speciaal onderwijs",
}
UNKNOWN = "9990"  # how a BSN begins of which DUO knows nothing


@pytest.mark.rule("WIZ-6", "SIS-4")
@pytest.mark.parametrize("level", SENT)
def test_who_is_new_here_finds_their_school(portal: Portal, level: EducationLevel) -> None:
    student = portal.student(fresh_bsn(UNKNOWN, 1)).walk_to("vooropleiding")
    student.post(which="anders")
    assert labels.LEVEL[level] in unescape(student.page.text)
    student.post(**{**USUAL["school"], "level": level.value})
    student.walk_to("controleren")
    assert labels.LEVEL[level] in unescape(student.page.text)
    student.send()
    with db.reading() as connection:
        served = messages.of_application(connection, watch.row_of("application").id)
    (learnt,) = served["vooropleidingen"]
    assert learnt["opleiding"] == SENT[level]


def shown(page: str) -> dict[str, str]:
    """The rows of the section that names the school, by what stands before them."""
    (page,) = [part for part in page.split("<section") if "De Brink" in part]
    rows = re.findall(r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.S)
    return {_plain(name): _plain(value) for name, value in rows}


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


@pytest.mark.rule("WIZ-12", "DUO-7")
@pytest.mark.parametrize("named", [{}, {"opleiding": "Praktijkonderwijs groen"}])
def test_what_duo_says_of_a_school_is_shown_whole(
    portal: Portal, duo_taught: Callable[[Schooling], None], named: dict[str, Any]
) -> None:
    """The level, too, where DUO names no programme: it is what is sent then."""

    def taught(schools: list[dict[str, Any]]) -> None:
        dates = {"vanaf": "2021-08-03", "totEnMet": "2025-07-17"}
        schools[:] = [{"instelling": "De Brink", "iltCode": "0090", **dates, **named}]

    duo_taught(taught)
    page = shown(portal.student(MINOR).walk_to("controleren").page.text)
    assert (page["Vanaf"], page["Tot en met"]) == ("3 augustus 2021", "17 juli 2025")
    assert page.get("Niveau") == (None if named else labels.LEVEL[EducationLevel.PRO])
