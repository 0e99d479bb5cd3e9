"""What of earlier applications is carried over to a next one (DEE-6, WIZ-14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.wizard import told
from tests import watch
from tests.applicants import HOME
from tests.integration.conftest import Change
from tests.portal import ADULT, Portal, Student, cohorts

DuoSays = Callable[[Change], None]
STREET = "Havenkade"  # where the adult lives


def marries(person: dict[str, Any]) -> None:
    person["naam"] = {**person["naam"], "geslachtsnaam": "Zilverberg"}


def hides(person: dict[str, Any]) -> None:
    person["indicatieGeheim"] = 7


def begins(student: Student) -> Student:
    """A next application, at its first open question."""
    student.get("/mijn")
    student.post("/mijn/nieuw")
    return student


def sends_another(student: Student) -> None:
    """For another programme than the usual one."""
    student.walk_to("opleiding").look("software")
    student.post(cohort=cohorts(student.page.text)[0])
    student.send()
    assert student.at == "verstuurd"


def roepnaam(student: Student) -> str:
    student.get(f"/aanmelding/{student.draft}/contact")
    return student.fields()["roepnaam"]


def wants_post_elsewhere(portal: Portal) -> Student:
    """Has sent one application, with an address of their own."""
    student = portal.student(ADULT)
    student.post(post_elsewhere="y")
    assert student.at == "adres"
    student.send()
    assert student.at == "verstuurd"
    return student


@pytest.mark.rule("WIZ-14", "DUO-1")
def test_post_that_goes_elsewhere_goes_there_again(portal: Portal) -> None:
    student = begins(wants_post_elsewhere(portal))
    assert student.at == "opleiding", "nothing is asked again"
    draft_id = student.draft
    student.get(f"/aanmelding/{draft_id}/gegevens")
    assert "post_elsewhere" in student.fields(), "ticked"
    student.get(f"/aanmelding/{draft_id}/adres")
    assert student.fields()["street"] == HOME.street
    sends_another(begins(student))
    second = watch.row_of("application", draft_id=student.draft)
    assert watch.answers("application", id=second.id).address == HOME
    assert STREET not in str(watch.document("application", id=second.id))


@pytest.mark.rule("WIZ-14", "DUO-9")
def test_what_duo_changed_since_is_looked_at_again(portal: Portal, duo_says: DuoSays) -> None:
    student = wants_post_elsewhere(portal)
    duo_says(marries)
    student.log_in()
    begins(student)
    assert (student.at, told.BY_DUO in student.page.text) == ("gegevens", True)
    assert "post_elsewhere" in student.fields(), "still ticked"
    student.answer()
    assert student.at == "opleiding"
    sends_another(student)
    second = watch.answers("application", draft_id=student.draft)
    assert second.address == HOME
    assert second.person is not None
    assert second.person.person is not None
    assert second.person.person.surname == "Zilverberg"


@pytest.mark.rule("WIZ-14", "DUO-9")
def test_what_duo_changed_since_waits_until_it_is_seen(portal: Portal, duo_says: DuoSays) -> None:
    student = wants_post_elsewhere(portal)
    duo_says(marries)
    student.log_in()
    for _ in range(2):  # begun, left, and begun anew
        begins(student)
        assert (student.at, told.BY_DUO in student.page.text) == ("gegevens", True)
        assert "Veranderd" in student.page.text
    student.answer()
    assert student.at == "opleiding"


@pytest.mark.rule("WIZ-14", "DUO-9")
def test_an_address_that_duo_has_only_now_is_looked_at(portal: Portal, duo_says: DuoSays) -> None:
    duo_says(lambda person: person.update(verblijfplaats={"type": "VerblijfplaatsOnbekend"}))
    student = portal.student(ADULT)
    student.send()
    assert watch.answers("application").address == HOME
    duo_says(lambda person: None)
    student.log_in()
    begins(student)
    assert (student.at, told.BY_DUO in student.page.text) == ("gegevens", True)
    assert STREET in student.page.text


@pytest.mark.rule("WIZ-14", "DUO-3", "DUO-9")
@pytest.mark.parametrize("elsewhere", [{}, {"post_elsewhere": "y"}])
def test_an_address_that_became_secret_is_not_carried_over(
    portal: Portal, duo_says: DuoSays, elsewhere: dict[str, str]
) -> None:
    student = portal.student(ADULT)
    student.post(**elsewhere)
    student.send()
    duo_says(hides)
    student.log_in()
    begins(student)
    assert (student.at, STREET in student.page.text) == ("gegevens", False)
    assert STREET not in str(watch.document("draft"))
    student.answer()
    assert student.at == ("opleiding" if elsewhere else "adres")


@pytest.mark.rule("WIZ-14")
def test_a_draft_that_was_hardly_begun_hides_nothing(portal: Portal) -> None:
    """Of the application that was sent last, whichever came first."""
    hardly = portal.student(ADULT)
    hardly.answer()
    assert hardly.at == "contact"
    begins(hardly)
    hardly.send()
    assert begins(hardly).at == "opleiding"
    again = begins(hardly)
    assert again.at == "opleiding"
    assert len(watch.all_of("draft")) == 3


@pytest.mark.rule("WIZ-14")
def test_the_newest_answer_counts(portal: Portal) -> None:
    """In a draft or sent, question by question."""
    student = portal.student(ADULT).walk_to("contact")
    student.answer(roepnaam="Eerste")
    begins(student).get(f"/aanmelding/{student.draft}/contact")
    student.answer(roepnaam="Tweede")
    student.send()
    assert roepnaam(begins(student)) == "Tweede", "sent after the draft was touched"
    student.answer(roepnaam="Derde")
    assert roepnaam(begins(student)) == "Derde", "touched after that was sent"
    assert begins(student).at == "opleiding", "and the rest is of what was sent"
