"""Finding and choosing, with scripts and without: results, filters, and what a choice asks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.student import (
    CHECK,
    CHOICE,
    CHOOSE,
    GROWN_UP,
    JOINING,
    KEY,
    LEERBEDRIJF,
    NEXT,
    START,
    Student,
)
from tests.e2e.windows import BOTH_AT_LENGTH

WRONG = "Deze toegangscode klopt niet."
TOO_OFTEN = "Je hebt het te vaak geprobeerd."
TRIES = 5

pytestmark = BOTH_AT_LENGTH


@pytest.fixture
def seeker(student: Student) -> Student:
    student.is_logged_in_as(student.server.fresh(), at="opleiding")
    student.sees(CHOICE)
    return student


def chosen(student: Student, words: str, programme: str, *card: str) -> None:
    student.searches(words)
    student.looks_at(programme)
    if card:
        student.chooses(*card)
    student.presses(CHOOSE)


@pytest.mark.long
@pytest.mark.rule("WIZ-4", "WIZ-7")
def test_back_leads_to_what_was_found(seeker: Student) -> None:
    seeker.searches("kok zwolle")
    seeker.looks_at("Kok in het restaurant")
    seeker.page.go_back()
    expect(seeker.search).to_have_value("kok zwolle")
    expect(seeker.main.get_by_role("heading", name="1 opleiding")).to_be_visible()
    seeker.page.go_forward()
    seeker.sees_programme("Kok in het restaurant")
    seeker.follows("Terug naar de resultaten")
    expect(seeker.search).to_have_value("kok zwolle")


@pytest.mark.rule("WIZ-7")
def test_filters_say_how_many_each_leaves(seeker: Student) -> None:
    seeker.searches("zwolle")
    seeker.follows("Filteren")
    filters = seeker.main.locator("details.filters")
    expect(filters.locator("summary")).to_be_visible()
    level = filters.get_by_label("Niveau")
    labels = level.locator("option").all_inner_texts()
    (label,) = [text for text in labels if text.startswith("Niveau 2 (")]
    number = int(re.findall(r"\((\d+)\)", label)[0])
    level.select_option(label)
    filters.get_by_role("button", name="Laat de opleidingen zien").click()
    expect(seeker.main.locator("#gevonden")).to_have_text(f"{number} opleidingen")
    expect(seeker.main.locator(".cards .card")).to_have_count(number)
    seeker.search.fill("xyzzy")
    seeker.presses("Zoeken")
    seeker.reads("We vinden niets", "Of haal een filter weg.")
    chip = seeker.main.locator(".chip")
    expect(chip).to_have_text("Weghalen: Niveau 2 ×")
    chip.click()
    expect(chip).to_have_count(0)
    expect(seeker.search).to_have_value("xyzzy")


@pytest.mark.rule("WIZ-7")
def test_many_results_are_shown_page_by_page(seeker: Student) -> None:
    seeker.page.goto(f"{seeker.page.url.split('?')[0]}?school=99XX&pagina=1")
    found = seeker.main.locator(".card__main")
    first = found.first.inner_text()
    expect(seeker.main.locator("#gevonden")).to_have_text(re.compile(r"^\d+ opleidingen$"))
    found.last.click()
    seeker.follows("Terug naar de resultaten")
    expect(found.first).to_have_text(first)


@pytest.mark.rule("CAT-7")
def test_that_a_school_wants_to_talk_first_is_said_before_choosing(seeker: Student) -> None:
    seeker.searches("verpleegkundige zwolle")
    seeker.looks_at("Mbo-Verpleegkundige")
    card = seeker.main.locator("label.choice", has_text="De school wil je eerst spreken.")
    expect(card).to_contain_text("Voor deze opleiding voeren we eerst een gesprek met je.")
    expect(card.get_by_role("radio")).to_have_accessible_description(
        re.compile("Neem je laatste rapport")
    )


@pytest.mark.long
@pytest.mark.rule("WIZ-8")
def test_what_cannot_be_chosen_now_says_why(seeker: Student) -> None:
    seeker.searches("kok")
    seeker.looks_at("Kok in het restaurant")
    expect(seeker.main.get_by_role("radio")).to_have_count(3)
    expect(seeker.main.get_by_text("Kan nu niet")).to_have_count(0)  # it's open by another code
    seeker.page.goto(f"{seeker.page.url.split('?')[0]}?q=timmerman")
    seeker.looks_at("Timmerman")
    seeker.reads("Kan nu niet", "Je kunt je aanmelden vanaf")
    expect(seeker.main.get_by_role("radio")).to_have_count(0)


@pytest.mark.long
@pytest.mark.rule("WIZ-8")
def test_who_joins_a_later_year_confirms_it(seeker: Student) -> None:
    chosen(seeker, "ict-beheer", "ICT-beheer en netwerken", "Begonnen op")
    seeker.sees(JOINING)
    seeker.reads("Deze groep is begonnen op", "Je stapt in het 3e leerjaar in.")
    seeker.presses(NEXT)
    seeker.reads("Zet een vinkje als je in dat leerjaar instapt")
    seeker.answers_all(JOINING, GROWN_UP)
    seeker.sees(CHECK)
    seeker.reads("Je stapt in het 3e leerjaar in")


@pytest.mark.long
@pytest.mark.rule("WIZ-8")
def test_a_flexible_cohort_asks_when(seeker: Student) -> None:
    chosen(seeker, "gastheer", "Gastheer of gastvrouw")
    seeker.sees(START)
    seeker.presses(NEXT)
    seeker.reads("Kies de dag waarop je wilt beginnen")
    seeker.answers(START)
    seeker.sees(GROWN_UP)
    seeker.follows("Terug")
    seeker.sees(START)
    day = seeker.field("Startdatum")
    expect(day).to_have_value(day.get_attribute("min") or "")


@pytest.mark.rule("WIZ-9")
def test_an_access_code_opens_its_programme(seeker: Student) -> None:
    """The code is where a tester finds it: on the school's page in DigiStub."""
    site = seeker.page.context.new_page()
    site.goto(f"{seeker.server.issuer}/school/99XX")
    shown = site.locator("li", has_text="code voor testers").filter(has_text="Verzorgende-IG")
    code = shown.first.inner_text().split("code voor testers:")[1].strip()
    site.close()
    chosen(seeker, "verzorgende", "Verzorgende-IG voor zij-instromers")
    seeker.sees(KEY)
    seeker.fills(Toegangscode="iets anders")
    seeker.presses(NEXT)
    seeker.reads(WRONG)
    seeker.finds("Toegangscode", "iets anders")
    seeker.fills(Toegangscode=f" {code.lower()} ")
    seeker.presses(NEXT)
    seeker.answers_all(GROWN_UP, LEERBEDRIJF)
    seeker.sees(CHECK)
    seeker.does_not_read(code)


@pytest.mark.long
@pytest.mark.rule("WIZ-9")
def test_who_guesses_too_often_must_wait(seeker: Student) -> None:
    chosen(seeker, "verzorgende", "Verzorgende-IG voor zij-instromers")
    seeker.sees(KEY)
    for number in range(TRIES):
        seeker.fills(Toegangscode=f"gok {number}")
        seeker.presses(NEXT)
        expect(seeker.field("Toegangscode")).to_have_attribute("value", f"gok {number}")
        seeker.reads(WRONG)
    seeker.presses(NEXT)
    seeker.reads(TOO_OFTEN)
