"""Finding a leerbedrijf in a browser: with scripts and without, and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from digistub.rio_data import OFFERS
from tests.e2e.student import CHECK, CHOOSE, GROWN_UP, LEERBEDRIJF, Student
from tests.e2e.test_keyboard import presses, reaches
from tests.e2e.windows import BOTH_AT_LENGTH

CARPENTER = next(offer.id for offer in OFFERS if offer.key == "timmerman-bbl")
FOUND, CHOSEN = "Bouwbedrijf Evenveel", "Kies dit leerbedrijf"
NONE = "Ik heb nog geen leerbedrijf"
DOWN = "We kunnen nu geen leerbedrijven zoeken."


@pytest.fixture
def apprentice(student: Student) -> Student:
    """A carpenter to be, at the question."""
    student.is_logged_in_as(student.server.fresh(), at="opleiding")
    student.page.goto(f"{student.page.url}?programma={CARPENTER}")
    student.main.locator("label.choice").filter(has_not_text="wanneer het jou past").last.click()
    student.presses(CHOOSE)
    student.answers(GROWN_UP)
    student.sees(LEERBEDRIJF)
    return student


@BOTH_AT_LENGTH
@pytest.mark.rule("WIZ-4", "WIZ-11")
def test_searching_looking_choosing_and_taking_it_back(apprentice: Student) -> None:
    search = apprentice.field("Zoek op naam")
    search.fill("bouwbedrijf")
    apprentice.presses("Zoeken")
    expect(apprentice.main.get_by_role("heading", name="Leerbedrijven")).to_be_visible()
    apprentice.reads("Erkend voor een opleiding die hetzelfde telt")
    apprentice.follows(FOUND)
    expect(apprentice.main.get_by_role("region", name=FOUND)).to_be_visible()
    apprentice.page.go_back()
    expect(search).to_have_value("bouwbedrijf")
    apprentice.follows(FOUND)
    apprentice.presses(CHOSEN)
    apprentice.sees(CHECK)
    apprentice.reads(FOUND)
    apprentice.changes("Leerbedrijf")
    apprentice.sees(LEERBEDRIJF)
    apprentice.presses(NONE)
    apprentice.sees(CHECK)
    apprentice.reads("Nog geen leerbedrijf")


@pytest.mark.long
@pytest.mark.rule("WIZ-4", "SBB-1")
def test_who_types_chooses_by_keyboard(apprentice: Student) -> None:
    keys = apprentice.page.keyboard
    reaches(apprentice, apprentice.field("Zoek op naam"))
    keys.type("arnhem bouw")
    options = apprentice.main.get_by_role("option")
    expect(options).to_have_count(1)
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(apprentice.page.locator("#bedrijf")).to_be_focused()
    expect(apprentice.page).to_have_title(f"{FOUND} – Aanmelden mbo")
    presses(apprentice, CHOSEN)
    apprentice.sees(CHECK)


@pytest.mark.long
@pytest.mark.rule("WIZ-11")
def test_who_types_while_sbb_is_out_of_order_goes_on_without(apprentice: Student) -> None:
    apprentice.server.world.set_fault("sbb", "zoeken", None, "500")
    apprentice.field("Zoek op naam").press_sequentially("bouw")
    expect(apprentice.page.locator("#voorstellen")).to_contain_text(DOWN)
    expect(apprentice.field("Zoek op naam")).to_have_value("bouw")
    apprentice.presses(NONE)
    apprentice.sees(CHECK)
