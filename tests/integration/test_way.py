"""The whole way, in process, for each of the five first people."""

import pytest

from tests.portal import ADULT, HOMELESS, MINOR, SECRET, UNKNOWN, Portal

pytestmark = pytest.mark.each_run_on("sqlite")

WAYS = {
    MINOR: ["gegevens", "contact", "vooropleiding", "opleiding", "ouders", "controleren"],
    ADULT: ["gegevens", "contact", "vooropleiding", "opleiding", "ouders", "controleren"],
    HOMELESS: [
        "gegevens",
        "adres",
        "contact",
        "vooropleiding",
        "opleiding",
        "ouders",
        "controleren",
    ],
    SECRET: ["gegevens", "adres", "contact", "vooropleiding", "opleiding", "ouders", "controleren"],
    UNKNOWN: [
        "gegevens",
        "over-jou",
        "adres",
        "contact",
        "vooropleiding",
        "opleiding",
        "ouders",
        "controleren",
    ],
}


@pytest.mark.rule("WIZ-1")
@pytest.mark.parametrize("bsn", WAYS, ids=["minor", "adult", "homeless", "secret", "unknown"])
def test_each_person_meets_their_own_questions(any_portal: Portal, bsn: str) -> None:
    student = any_portal.student(bsn)
    way = []
    while student.at != "verstuurd":
        way.append(student.at)
        student.answer()
    assert way == WAYS[bsn]
    assert "Je aanmelding is verstuurd" in student.page.text
