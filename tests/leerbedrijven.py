"""Students who are asked where they will work, and companies by their names in the test service."""

from __future__ import annotations

import re

from app import clock, db
from app.domain.leerbedrijf import Accreditation, Leerbedrijf
from app.services import drafts
from app.services.drafts import Opened
from digistub.sbb_data import COMPANIES
from tests.applicants import arrives
from tests.choosing import who_chose
from tests.portal import Portal, Student

COOK, CARPENTER, NONE_THERE, OFFERED = (
    "kok-bbl-zwolle",
    "timmerman-bbl",
    "entree-bbl",
    "gastheer-ovo",
)
IDS = {company.name: company.id for company in COMPANIES}
NONE = "geen"
TYPING = {"HX-Request": "true", "HX-Target": "voorstellen"}
NOTHING = "We vinden niets"
BISTRO, BRASSERIE = "Bistro Op de Brink", "Brasserie Kanaalzicht"


def at_the_question(portal: Portal, bsn: str, programme: str = COOK) -> Student:
    return who_chose(portal, programme, bsn).walk_to("leerbedrijf")


def who_works_at(portal: Portal, bsn: str, company: str, programme: str = COOK) -> Student:
    """Before the check page."""
    student = at_the_question(portal, bsn, programme)
    student.post(company=IDS[company])
    assert student.at == "controleren", student.page.text
    return student


def draft_of(portal: Portal, student: Student) -> Opened:
    student_id = arrives(portal, student.bsn)
    with db.reading() as connection:
        return drafts.open_draft(connection, student_id, student.draft, clock.now())


def answered(portal: Portal, student: Student) -> tuple[Leerbedrijf, ...] | None:
    return draft_of(portal, student).answers.leerbedrijf


def accreditation(portal: Portal, student: Student) -> Accreditation | None:
    """As it stands in the draft."""
    given = answered(portal, student)
    return given[0].accreditation if given else None


def searches(student: Student, query: str, page: int = 1, **headers: str) -> str:
    address = f"/aanmelding/{student.draft}/leerbedrijf"
    params: dict[str, str | int] = {"q": query, "pagina": page}
    student.page = student.browser.get(address, params=params, headers=headers)
    assert student.page.status_code == 200
    return student.page.text


def looks_at(student: Student, company: str) -> str:
    return student.get(f"/aanmelding/{student.draft}/leerbedrijf?bedrijf={IDS[company]}").text


def names(html: str) -> list[str]:
    return re.findall(r'card__main"[^>]*><bdi lang="nl">([^<]+)', html)
