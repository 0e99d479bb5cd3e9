"""What a school changes of the programme chosen is told: what lapses with it (WIZ-3, WIZ-11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import clock
from app.services import drafts
from app.wizard import told
from tests import watch
from tests.choosing import in_our_copy, nobody_yet
from tests.leerbedrijven import BISTRO, COOK, IDS, NONE, at_the_question, draft_of
from tests.portal import Portal, Student, cohorts
from tests.source import as_it_is, synchronise

LAPSED = told.DROPPED["leerbedrijf"]
LEFT = "KOK-BOL-DEVENTER-VAST"  # of the same name, at the same school


def before_sending(portal: Portal, company: str) -> Student:
    student = at_the_question(portal, nobody_yet(1))
    student.post(company=company)
    assert student.at == "controleren"
    return student


def becomes_bol(portal: Portal) -> None:
    in_our_copy(portal, COOK, leertraject="BOL")


@pytest.mark.rule("WIZ-3", "WIZ-11")
def test_a_leerbedrijf_that_is_needed_no_more_is_told(portal: Portal) -> None:
    student = before_sending(portal, IDS[BISTRO])
    shown = student.fields()
    becomes_bol(portal)
    student.post(**shown, privacy="y")
    assert (student.page.status_code, student.page.text.count(LAPSED)) == (422, 1)
    student.get(f"/aanmelding/{student.draft}/controleren")
    assert (student.page.text.count(LAPSED), BISTRO in student.page.text) == (1, False)
    student.get(f"/aanmelding/{student.draft}/contact")
    student.answer(roepnaam="Semmie")
    assert (student.at, LAPSED in student.page.text) == ("controleren", True)
    student.get(f"/aanmelding/{student.draft}/controleren")
    assert LAPSED not in student.page.text, "it was told"
    student.answer()
    assert student.at == "verstuurd"
    assert not watch.document("application")["answers"].get("leerbedrijf")


@pytest.mark.rule("WIZ-3", "WIZ-11")
def test_who_had_none_hears_nothing(portal: Portal) -> None:
    student = before_sending(portal, NONE)
    becomes_bol(portal)
    student.answer()
    assert (student.page.status_code, LAPSED in student.page.text) == (422, False)
    student.get(f"/aanmelding/{student.draft}/controleren")
    assert (student.at, LAPSED in student.page.text) == ("controleren", False)


@pytest.mark.rule("WIZ-3", "WIZ-11")
def test_what_did_not_change_lapses_nothing(portal: Portal) -> None:
    student = before_sending(portal, IDS[BISTRO])
    in_our_copy(portal, COOK, description="Leer koken.")
    student.get(f"/aanmelding/{student.draft}/controleren")
    assert (student.at, LAPSED in student.page.text) == ("controleren", False)
    assert BISTRO in student.page.text


@pytest.mark.rule("WIZ-3", "WIZ-11")
def test_of_a_programme_that_fell_itself_nothing_more_is_told(portal: Portal) -> None:
    """The next one may need the leerbedrijf again."""
    student = before_sending(portal, IDS[BISTRO])
    in_our_copy(portal, COOK, cohorts=lambda c: replace(c, open=False))
    student.get(f"/aanmelding/{student.draft}/controleren")
    gone = "Voor de start die je koos, kun je je nu niet meer aanmelden. Kies een andere."
    assert (student.at, gone in student.page.text) == ("opleiding", True)
    assert LAPSED not in student.page.text


@pytest.mark.rule("WIZ-3", "WIZ-8")
def test_nobody_gets_another_start_than_the_one_they_lost(portal: Portal) -> None:
    student = before_sending(portal, IDS[BISTRO])
    synchronise(as_it_is(portal).each_cohort(lambda c: replace(c, open=c.code == LEFT)))
    page = student.get(f"/aanmelding/{student.draft}/opleiding").text
    assert len(cohorts(page)) == 1
    assert " checked" not in watch.main(page)
    newcomer = portal.student(nobody_yet(2)).walk_to("opleiding")
    assert watch.main(newcomer.look("kok").text).count(" checked") == 1, "nothing else can be meant"


@pytest.mark.rule("WIZ-3")
def test_the_next_answer_is_when_it_was_told(portal: Portal) -> None:
    student = before_sending(portal, IDS[BISTRO])
    becomes_bol(portal)
    draft = draft_of(portal, student)
    assert draft.lapsed == ("leerbedrijf",)
    assert drafts.answer(draft, "contact", draft.answers.contact, clock.now()).lapsed == ()
    assert draft_of(portal, student).lapsed == ()


@pytest.mark.rule("WIZ-3", "WIZ-11")
def test_what_lapses_while_a_page_is_open_is_told_after_it(portal: Portal) -> None:
    student = before_sending(portal, IDS[BISTRO])
    student.get(f"/aanmelding/{student.draft}/contact")
    becomes_bol(portal)
    student.answer()
    assert (student.at, student.page.text.count(LAPSED)) == ("controleren", 1)
