"""What a change made from the check page opens and drops, and what of it is told (WIZ-3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.domain.draft import Draft, From
from app.wizard import told
from tests import watch
from tests.choosing import KOK, choose, in_our_copy, nobody_yet, who_chose
from tests.integration.conftest import Change
from tests.leerbedrijven import BISTRO, COOK, IDS, who_works_at
from tests.portal import ADULT, MINOR, USUAL, Portal, Student

ME = nobody_yet(1)
ASKED_AGAIN = "Je koos een andere opleiding. Kies daarom je leerbedrijf opnieuw."


def changes(student: Student, slug: str, **fields: str) -> None:
    """From the check page."""
    assert student.at == "controleren"
    student.get(f"/aanmelding/{student.draft}/{slug}")
    student.post(**fields)


TO_CHECK = "Naar controleren en versturen"


@pytest.mark.rule("WIZ-3")
def test_who_changes_nothing_after_all_goes_straight_back(portal: Portal) -> None:
    student = portal.student(ADULT)
    assert TO_CHECK not in student.page.text
    student.walk_to("controleren")
    assert TO_CHECK not in student.page.text
    for slug in ("gegevens", "contact", "opleiding"):
        page = student.get(f"/aanmelding/{student.draft}/{slug}").text
        (back,) = re.findall(rf'<a [^>]*href="([^"]+)">{TO_CHECK}</a>', page)
        student.get(back)
        assert student.at == "controleren"


def chooses(student: Student, programme: str) -> None:
    assert student.at == "controleren"
    student.get(f"/aanmelding/{student.draft}/opleiding")
    choose(student, programme)


def sent(student: Student) -> Draft:
    """The answers in the application."""
    student.answer()
    assert student.at == "verstuurd", student.page.url
    return watch.answers("application")


@pytest.mark.rule("WIZ-3", "WIZ-11")
def test_from_bol_to_bbl_a_leerbedrijf_is_asked(portal: Portal) -> None:
    student = who_chose(portal, KOK, ME).walk_to("controleren")
    chooses(student, COOK)
    assert (student.at, told.ONE_MORE in student.page.text) == ("startdatum", True)
    student.answer()
    assert student.at == "leerbedrijf"
    student.post(company=IDS[BISTRO])
    assert student.at == "controleren"
    (company,) = sent(student).leerbedrijf or ()
    assert company.name == BISTRO


@pytest.mark.rule("WIZ-3", "WIZ-11")
def test_from_bbl_to_bol_it_is_dropped_and_comes_back_if_one_changes_back(portal: Portal) -> None:
    student = who_works_at(portal, ME, BISTRO)
    chooses(student, KOK)
    assert student.at == "controleren"
    assert told.DROPPED["leerbedrijf"] in student.page.text
    assert told.DROPPED["start_day"] in student.page.text
    assert BISTRO not in student.page.text
    chooses(student, COOK)
    assert student.at == "controleren", "nothing has to be answered twice"
    assert BISTRO in student.page.text
    assert told.DROPPED["leerbedrijf"] not in student.page.text
    chooses(student, KOK)
    answers = sent(student)
    assert (answers.leerbedrijf, answers.start_day) == (None, None)


@pytest.mark.rule("WIZ-3", "WIZ-8", "WIZ-11")
def test_what_hung_on_a_programme_that_closed_is_named_too(portal: Portal) -> None:
    student = who_works_at(portal, ME, BISTRO)
    in_our_copy(portal, COOK, cohorts=lambda c: replace(c, open=False))
    student.get(str(student.page.url))
    assert student.at == "opleiding"
    choose(student, KOK)
    assert student.at == "controleren"
    assert told.DROPPED["leerbedrijf"] in student.page.text
    assert sent(student).leerbedrijf is None


@pytest.mark.rule("WIZ-3", "WIZ-11")
def test_another_crebo_asks_for_another_leerbedrijf(portal: Portal) -> None:
    student = who_works_at(portal, ME, BISTRO)
    chooses(student, "timmerman-bbl")
    while student.at != "leerbedrijf":
        student.answer()
    assert ASKED_AGAIN in student.page.text
    student.answer()
    assert student.at == "controleren"
    assert BISTRO not in student.page.text
    assert sent(student).leerbedrijf == ()


def forgets_the_name(person: dict[str, Any]) -> None:
    person["naam"] = {**person["naam"], "geslachtsnaam": "."}


@pytest.mark.rule("WIZ-3", "DUO-5", "DUO-9")
def test_duo_that_knows_less_asks_and_more_drops(
    portal: Portal, duo_says: Callable[[Change], None]
) -> None:
    student = portal.student(ADULT).walk_to("controleren")
    duo_says(forgets_the_name)
    student.answer()
    assert (student.at, told.BY_DUO in student.page.text) == ("gegevens", True)
    student.answer()
    assert student.at == "over-jou"
    student.post(surname="Zelfgezegd")
    assert student.at == "controleren"
    assert "Sem Zelfgezegd" in student.page.text
    duo_says(lambda person: None)
    student.answer()
    assert student.at == "gegevens"
    student.answer()
    assert student.at == "controleren"
    assert told.DROPPED["personal"] in student.page.text
    assert "Zelfgezegd" not in student.page.text
    assert sent(student).personal is None


@pytest.mark.rule("WIZ-3", "DUO-1")
def test_post_elsewhere_and_back_home(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("controleren")
    changes(student, "gegevens", post_elsewhere="y")
    assert (student.at, told.ONE_MORE in student.page.text) == ("adres", True)
    student.answer(street="Zelflaan")
    assert student.at == "controleren"
    assert "Zelflaan 12" in student.page.text
    unticked(student)
    assert student.at == "controleren"
    assert told.DROPPED["address"] in student.page.text
    assert "Zelflaan" not in student.page.text
    changes(student, "gegevens", post_elsewhere="y")
    assert "Zelflaan 12" in student.page.text, "what was typed is there still"
    unticked(student)
    assert sent(student).address is None


def unticked(student: Student) -> None:
    """A browser leaves out a box without a tick."""
    student.get(f"/aanmelding/{student.draft}/gegevens")
    form = student.fields()
    del form["post_elsewhere"]
    student.page = student.browser.post(student.page.url, data=form, follow_redirects=True)


@pytest.mark.rule("WIZ-3", "WIZ-6")
def test_prior_education_from_duo_to_typed_to_none(portal: Portal) -> None:
    student = portal.student(MINOR).walk_to("controleren")
    by_duo = student.get(f"/aanmelding/{student.draft}/vooropleiding").text
    assert "Vmbo-school De Kastanje" in by_duo
    known = student.fields()["which"]
    student.post()
    assert "Vmbo-school De Kastanje" in student.page.text
    changes(student, "vooropleiding", which="anders")
    assert (student.at, told.ONE_MORE in student.page.text) == ("school", True)
    student.post(**{**USUAL["school"], "school": "Zelfschool"})
    assert student.at == "controleren"
    assert "Zelfschool" in student.page.text
    assert "De Kastanje" not in student.page.text
    changes(student, "vooropleiding", which="geen")
    assert student.at == "controleren"
    assert told.DROPPED["education"] in student.page.text
    assert "Zelfschool" not in student.page.text
    changes(student, "vooropleiding", which="anders")
    assert "Zelfschool" in student.page.text, "what was typed is there still"
    changes(student, "vooropleiding", which=known)
    assert "De Kastanje" in student.page.text
    assert told.DROPPED["education"] in student.page.text
    answers = sent(student)
    assert (answers.picked and answers.picked.source, answers.education) == (From.DUO, None)


@pytest.mark.rule("WIZ-3", "WIZ-13")
def test_a_change_in_another_tab_opens_its_question_here(portal: Portal) -> None:
    student = who_chose(portal, KOK, ME).walk_to("controleren")
    tab = Student(student.browser, student.bsn, student.page)
    chooses(tab, COOK)
    student.answer()
    assert student.at == "startdatum"
    assert told.NOT_SENT in student.page.text
    assert watch.all_of("application") == []
    student.answer()
    tab.answer()  # the page that is still open there: answered twice, kept once
    assert tab.at == student.at == "leerbedrijf"
    student.post(company=IDS[BISTRO])
    tab.answer()
    assert tab.at == "controleren"
    assert student.answer().status_code == 422, "it was shown otherwise"
    assert "Nog geen leerbedrijf" in student.page.text, "the last answer counts"
    assert sent(student).leerbedrijf == ()
