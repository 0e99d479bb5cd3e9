"""What a page tells only where it is so, and answers that make no sense together (WIZ-3, WIZ-6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from digistub.people import PEOPLE, fresh_bsn, prefixes
from tests import watch
from tests.choosing import KOK, choose, nobody_yet, who_chose
from tests.integration.conftest import Change
from tests.leerbedrijven import BISTRO, BRASSERIE, IDS, at_the_question, who_works_at
from tests.outages import FAULTS, broken
from tests.portal import ADULT, UNKNOWN, USUAL, Portal

LAPSED = "Voor deze opleiding is geen leerbedrijf nodig. Je leerbedrijf sturen we niet mee."
NO_ADDRESS = "Het adres dat je zelf invulde, sturen we niet mee."
BORN_ELSEWHERE = "Je geboorteplaats of geboorteland is bij DUO veranderd."
EXAM = "Doe je dit jaar examen? Vul dan dit jaar of volgend jaar in"
GOT_IT = "Heb je het diploma al? Vul het jaar in waarin je het kreeg"
STRANGE = "Klopt dit jaar? Vul vier cijfers in, zoals 2026"
NUMBERED = prefixes(next(p for p in PEOPLE if p.bsn == "999602950"))[0]  # a school by its number
NAMED = "Scholengemeenschap De Waterlelie"


@pytest.mark.rule("WIZ-3")
def test_what_lapsed_is_told_only_while_it_is_so(portal: Portal) -> None:
    works = who_works_at(portal, nobody_yet(1), BISTRO)
    studies = who_chose(portal, KOK, nobody_yet(2)).walk_to("controleren")
    link = "?vervalt=leerbedrijf&vervalt=adres&vervalt=adres&vervalt=<b>&vervalt=overzicht"
    for student, says in ((works, False), (studies, True)):
        page = student.get(f"/aanmelding/{student.draft}/controleren{link}").text
        assert (LAPSED in page) is says
        assert page.count(NO_ADDRESS) == 1, "DUO's address counts for both"
        assert "<b>" not in page


@pytest.mark.rule("DUO-9")
def test_another_place_of_birth_is_told_without_the_place(
    portal: Portal, duo_says: Callable[[Change], None]
) -> None:
    def born_elsewhere(person: dict[str, Any]) -> None:
        elsewhere = {"plaats": {"omschrijving": "Verderop"}}
        person["geboorte"] = {**person["geboorte"], **elsewhere}

    student = portal.student(ADULT).walk_to("controleren")
    assert BORN_ELSEWHERE not in student.get(f"/aanmelding/{student.draft}/gegevens").text
    student.walk_to("controleren")
    duo_says(born_elsewhere)
    student.answer()
    assert student.at == "gegevens"
    assert BORN_ELSEWHERE in student.page.text
    assert student.page.text.count("Veranderd") == 1
    student.answer()
    assert BORN_ELSEWHERE not in student.get(f"/aanmelding/{student.draft}/gegevens").text


@pytest.mark.rule("DUO-7", "DUO-9")
def test_a_school_keeps_its_name_while_rio_is_out_of_order(portal: Portal) -> None:
    student = portal.student(fresh_bsn(NUMBERED, 1)).walk_to("vooropleiding")
    (number,) = [e for e in re.split('name="which" value="', student.page.text)[1:] if NAMED in e]
    student.post(which=number.partition('"')[0])
    choose(student, KOK).walk_to("controleren")
    assert NAMED in student.page.text
    portal.app.extensions["store"].clear()  # names and sessions
    with broken(portal, r"/rio/", FAULTS["500"]) as rio:
        student.log_in()
        student.get(f"/aanmelding/{student.draft}/controleren")
        assert NAMED in student.page.text
        student.answer()
        assert rio.asked
    assert student.at == "verstuurd", student.page.url
    picked = watch.answers("application").picked
    assert (picked and picked.education and picked.education.school) == NAMED


@pytest.mark.each_run(6)
@pytest.mark.rule("WIZ-6")
@pytest.mark.parametrize(
    ("year", "diploma", "says"),
    [
        ("2026", "exam", ""),
        ("2027", "exam", ""),
        ("2025", "exam", EXAM),
        ("2026", "yes", ""),
        ("1990", "yes", ""),
        ("2027", "yes", GOT_IT),
        ("2025", "no", ""),
        ("2027", "no", ""),
        ("2028", "no", STRANGE),
        ("1945", "no", STRANGE),
        ("26", "yes", STRANGE),
        ("²026", "yes", STRANGE),
        ("٢٠٢٥", "yes", ""),
    ],
)
def test_the_year_of_a_prior_education(portal: Portal, year: str, diploma: str, says: str) -> None:
    portal.move_clock("2026-11-29T12:00:00+01:00")
    student = portal.student(UNKNOWN).walk_to("vooropleiding")
    student.post(which="anders")
    student.post(**{**USUAL["school"], "year": year, "diploma": diploma})
    assert (student.at, student.page.status_code) == (
        ("school", 422) if says else ("opleiding", 200)
    )
    if says:
        assert says in unescape(student.page.text)
        assert f'value="{year}"' in student.page.text


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize("nothing", [".", " . ", "...", "-"])
def test_what_registers_write_for_nothing_is_no_surname(portal: Portal, nothing: str) -> None:
    student = portal.student(UNKNOWN).walk_to("over-jou")
    student.answer(surname=nothing)
    assert (student.at, student.page.status_code) == ("over-jou", 422)
    assert "Vul je achternaam in" in student.page.text


@pytest.mark.rule("WIZ-11")
def test_the_company_pressed_counts_and_not_the_one_looked_at(portal: Portal) -> None:
    student = at_the_question(portal, nobody_yet(1))
    address = f"/aanmelding/{student.draft}/leerbedrijf?bedrijf={IDS[BRASSERIE]}"
    student.get(address)
    student.post(address, company=IDS[BISTRO])
    assert student.at == "controleren"
    assert BISTRO in student.page.text
    assert BRASSERIE not in student.page.text
