"""The branches that only some people meet, with HTMX and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from digistub.people import PEOPLE
from digistub.rio_data import OFFERS
from tests.e2e.student import (
    CHECK,
    CHOICE,
    CHOOSE,
    GROWN_UP,
    LEERBEDRIJF,
    LOG_IN,
    NEXT,
    PICKED,
    SCHOOL,
    SENT,
    Student,
)
from tests.e2e.windows import BOTH_AT_LENGTH

BSN = {person.name.split()[0]: person.bsn for person in PEOPLE}
GONE = next(person.bsn for person in PEOPLE if "overleden" in person.shows.lower())
IDS = {offer.key: offer.id for offer in OFFERS}
MEANT = "Ja, gebruik sem@gmail.com"

pytestmark = BOTH_AT_LENGTH


@pytest.mark.long
@pytest.mark.rule("DUO-5")
def test_who_is_registered_as_deceased_is_stopped(student: Student) -> None:
    student.opens("/")
    student.logs_in_as(GONE, LOG_IN)
    student.sees("Aanmelden kan hier niet")
    expect(student.page.get_by_role("banner")).not_to_contain_text("Ingelogd")


@pytest.mark.long
@pytest.mark.rule("WIZ-6", "DUO-7")
def test_one_of_many_schools_or_another_is_told_of(student: Student) -> None:
    student.is_logged_in_as(BSN["Nadia"], at="vooropleiding")
    student.chooses("Havo (vavo)")
    student.presses(NEXT)
    student.sees(CHOICE)
    student.follows("Terug")
    student.sees(PICKED)
    expect(student.main.get_by_role("radio", checked=True)).to_have_count(1)
    student.chooses("Mijn vooropleiding staat er niet bij")
    student.presses(NEXT)
    student.answers_all(SCHOOL, CHOICE, GROWN_UP)
    student.sees(CHECK)
    student.reads("Het Voorbeeld", "Zelf ingevuld")
    student.sends()
    student.sees(SENT)


@pytest.mark.long
@pytest.mark.rule("WIZ-5")
def test_enter_changes_nothing_in_an_address_that_looks_wrong(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.fills(**{"E-mailadres": "sem@gmial.com"})
    student.presses(NEXT)
    asks_about_it(student)
    student.field("E-mailadres").press("Enter")
    student.sees(PICKED)
    student.follows("Terug")
    student.finds("E-mailadres", "sem@gmial.com")
    student.fills(**{"E-mailadres": "sem@gamil.com"})
    student.presses(NEXT)
    asks_about_it(student)
    student.presses(MEANT)
    student.sees(PICKED)
    student.follows("Terug")
    student.finds("E-mailadres", "sem@gmail.com")


def asks_about_it(student: Student) -> None:
    student.reads("Bedoel je sem@gmail.com?")
    if student.javascript:  # only then the page is ready for keys
        expect(student.page.locator("#fouten")).to_be_focused()


def chooses_first_of(student: Student, key: str, card: str = "") -> None:
    """The first start of one of the test catalogue's programmes, or the first such card."""
    student.is_logged_in_as(student.server.fresh(), at="opleiding")
    student.page.goto(f"{student.page.url}?programma={IDS[key]}")
    first = student.main.locator("label.choice").filter(has_text=card).first
    if not first.locator("input").is_checked():
        first.click()
    student.presses(CHOOSE)
    expect(student.heading).not_to_have_text(CHOICE)


def answers_until(student: Student, end: str) -> None:
    while (heading := student.heading.inner_text()) != end:
        student.answers(heading)
        expect(student.heading).not_to_have_text(heading)


@pytest.mark.long
@pytest.mark.rule("WIZ-11", "CAT-3")
@pytest.mark.parametrize("key", ["havo-vavo", "gastheer-ovo"])
def test_other_leertrajecten_have_their_own_way(student: Student, key: str) -> None:
    chooses_first_of(student, key)
    answers_until(student, SENT)
    student.sees(SENT)


@pytest.mark.long
@pytest.mark.rule("WIZ-11", "WIZ-3")
def test_a_company_that_lapses_is_asked_anew(student: Student) -> None:
    chooses_first_of(student, "kok-bbl-zwolle", "BBL")
    answers_until(student, LEERBEDRIJF)
    student.field("Zoek op naam").fill("bistro brink")
    student.presses("Zoeken")
    student.follows("Bistro Op de Brink")
    student.presses("Kies dit leerbedrijf")
    student.sees(CHECK)
    student.server.world.set_fault("sbb", "erkenning", None, "expired")
    try:
        student.sends()
        student.sees(LEERBEDRIJF)
        student.reads("Je aanmelding is nog niet verstuurd.", "Bistro Op de Brink")
    finally:
        student.server.world.set_fault("sbb", "erkenning", None, None)
