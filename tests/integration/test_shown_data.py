"""Which of a student's data each page shows, and no other (checklist item 34)."""

from __future__ import annotations

import pytest

from app import clock
from digistub.people import PEOPLE
from tests import watch
from tests.canaries import COMPANY, TYPED
from tests.choosing import choose
from tests.days import in_words
from tests.leerbedrijven import COOK, IDS
from tests.portal import UNKNOWN, Portal, Student

NOOR, ELISE = PEOPLE[0], next(person for person in PEOPLE if person.name == "Elise Dubois")
BORN = NOOR.born(clock.today())
CANARIES = {
    "BSN": NOOR.bsn,
    "name": "Weide",
    "birth date": in_words(BORN),
    "home": "Kastanjelaan",
    "post": TYPED[4],
    "roepnaam": TYPED[0],
    "e-mail": TYPED[1],
    "phone": "06 12345678",
    "prior education": "De Kastanje",
    "guardian": TYPED[8],
    "phone of guardian": "06 87654321",
    "leerbedrijf": COMPANY,
    "programme": "Kok",
}
NOTHING: set[str] = set()
SHOWN = {  # in <main>, of somebody who answered everything
    "gegevens": {"name", "birth date", "home"},
    "adres": {"post"},
    "contact": {"roepnaam", "e-mail", "phone"},
    "vooropleiding": {"prior education"},
    "opleiding": {"programme"},
    "ouders": {"guardian", "phone of guardian"},
    "leerbedrijf": {"leerbedrijf", "programme"},
    "controleren": set(CANARIES) - {"BSN", "home"},
}
AFTER = {  # of somebody who has a draft and an application
    "/": NOTHING,
    "/login": NOTHING,
    "/login/loginWithoutDigiD": NOTHING,
    "/beheer": NOTHING,
    "/mijn": {"programme"},
    "/privacy": NOTHING,
    "/sessie-verlopen": NOTHING,
    "/uitgelogd": NOTHING,
    "/bestaat-niet": NOTHING,
}
ANSWERS = {
    "gegevens": {"post_elsewhere": "y"},
    "adres": {"postcode": "1234 ab", "number": "12", "street": TYPED[4], "place": "Ons Dorp"},
    "contact": {"roepnaam": TYPED[0], "email": TYPED[1], "phone": "0612345678"},
    "ouders": {
        **{"first-first_names": TYPED[7], "first-surname": TYPED[8]},
        "first-phone": "0687654321",
    },
    "leerbedrijf": {"company": IDS[COMPANY]},
}


def shown(html: str) -> set[str]:
    """The kinds of data in the main part."""
    text = watch.inside(html)
    return {kind for kind, canary in CANARIES.items() if canary in text}


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture(scope="module")
def student(portal: Portal) -> Student:
    """Before the check page, with a canary in every answer."""
    student = portal.student(NOOR.bsn)
    while student.at != "controleren":
        if student.at == "opleiding":
            choose(student, COOK)
        else:
            student.answer(**ANSWERS.get(student.at, {}))
    return student


def test_each_page_shows_what_it_is_about_and_nothing_else(student: Student) -> None:
    draft = student.draft
    found = {slug: shown(student.get(f"/aanmelding/{draft}/{slug}").text) for slug in SHOWN}
    assert found == SHOWN


def test_other_pages_show_what_is_applied_for_at_most(student: Student) -> None:
    student.send()
    assert student.at == "verstuurd"
    assert shown(student.page.text) == {"name", "programme", "e-mail"}
    form = {"csrf_token": watch.token(student.get("/mijn").text)}
    student.browser.post("/mijn/nieuw", data=form)
    assert {path: shown(student.get(path).text) for path in AFTER} == AFTER


@pytest.mark.rule("RET-2")
def test_a_header_has_the_name_and_nothing_else(student: Student) -> None:
    page = student.get("/mijn").text
    around = page.replace(watch.inside(page), "")
    assert {kind for kind, canary in CANARIES.items() if canary in around} == {"name"}


@pytest.mark.rule("DUO-2")
def test_a_birth_place_is_on_no_page(portal: Portal) -> None:
    """Of somebody who lives elsewhere, and of whom DUO has one."""
    student = portal.student(ELISE.bsn)
    trail = watch.Trail().follow(student.browser)
    student.send()
    assert "geboorteplaats en geboorteland" in "".join(page.text for page in trail.pages)
    assert not [page.url for page in trail.ours if "Maastricht" in page.text]


@pytest.mark.rule("DUO-6")
def test_who_typed_everything_is_told_so_on_the_check_page(portal: Portal) -> None:
    student = portal.student(UNKNOWN).walk_to("controleren")
    assert "Je hebt deze gegevens zelf ingevuld." in student.page.text
    assert "geboorteplaats en geboorteland" not in student.page.text
