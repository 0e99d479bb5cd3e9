"""After sending: looking how it stands, changing how the school reaches one, and withdrawing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.student import CONTACT, SENT, Student
from tests.e2e.windows import BOTH_AT_LENGTH

SURE = "Weet je zeker dat je je aanmelding wilt intrekken?"
PROGRAMME = "Kok in het restaurant"


@BOTH_AT_LENGTH
@pytest.mark.rule("MIJ-1", "MIJ-2", "MIJ-5")
def test_a_student_looks_changes_and_withdraws(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="verstuurd")
    student.sees(SENT)
    student.follows("Kijk hoe het ervoor staat")
    student.sees(PROGRAMME)
    student.reads("Ingediend", "En nu?", "Door jou")
    student.follows("Wijzig: Contact")
    student.sees(CONTACT)
    student.fills(Telefoonnummer="06 87654321")
    student.presses("Opslaan")
    student.sees(PROGRAMME)
    student.reads("Je wijziging is opgeslagen.", "06 87654321")
    student.follows("Trek je aanmelding in")
    student.sees(SURE)
    student.reads(PROGRAMME)
    student.follows("Nee, laat staan")
    student.sees(PROGRAMME)
    student.follows("Trek je aanmelding in")
    student.sees(SURE)
    student.main.get_by_role("radio", name="Ik ga werken").check()
    student.presses("Ja, trek mijn aanmelding in")
    student.sees(PROGRAMME)
    news = student.main.get_by_text(
        "Je hebt deze aanmelding ingetrokken. De school krijgt bericht."
    )
    expect(news).to_be_visible()
    if student.javascript:
        expect(news).to_be_focused()
    student.page.reload()
    expect(news).to_have_count(0)
    student.reads("Ingetrokken", "Bel of mail de school.")
    student.opens("/mijn")
    student.reads("Ingetrokken")
