"""The proof in a browser: saved, printed, and checked by somebody else (WIZ-14)."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.e2e.student import SENT, Student
from tests.e2e.windows import BOTH_AT_LENGTH

CODE = re.compile(r"(?:[2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}")
CHECKING, GENUINE = "Controleer een bewijs", "Dit bewijs is echt"


def text(pdf: bytes) -> tuple[str, int]:
    """And on how many pages."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()), len(pages)


@BOTH_AT_LENGTH
@pytest.mark.rule("WIZ-14")
def test_a_student_keeps_the_proof_and_somebody_checks_it(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="verstuurd")
    student.sees(SENT)
    saved = []
    for link in ("Bewaar je bewijs als PDF", "Zet de start in je agenda"):
        with student.page.expect_download() as download:
            student.main.get_by_role("link", name=link).click()
        saved.append(Path(download.value.path()).read_bytes())
        student.sees(SENT)
    paper, _pages = text(saved[0])
    assert saved[1].startswith(b"BEGIN:VCALENDAR")
    code, number = (re.search(p, paper) for p in (CODE, r"\d\dXX:9\d{7}"))
    assert code is not None
    assert number is not None
    student.main.get_by_role("link", name="/controleer").click()
    student.sees(CHECKING)
    student.fills(Aanmeldnummer=number[0], Controlecode="abcd")
    student.presses("Controleer")
    expect(student.main.get_by_role("alert")).to_contain_text("We herkennen dit bewijs niet")
    student.fills(Controlecode=code[0].lower())
    student.presses("Controleer")
    student.sees(GENUINE)
    student.reads(number[0])
    assert student.page.url == f"{student.server.base}/controleer"


@pytest.mark.rule("WIZ-14")
def test_the_pages_can_be_printed(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="verstuurd")
    student.sees(SENT)
    draft = student.page.url.split("/")[-2]
    printed, pages = text(student.page.pdf(format="A4"))
    assert pages == 1
    assert CODE.search(printed)
    for said in (SENT, "/controleer", "Je aanmeldnummer", "verlies je je recht op een plek"):
        assert said in printed
    for pressed in ("Nieuwe aanmelding", "Uitloggen", "Bewaar je bewijs", "Hulp nodig?"):
        assert pressed not in printed
    student.opens(f"/mijn/{draft}")
    printed, pages = text(student.page.pdf(format="A4"))
    assert pages <= 2
    assert "Je aanmeldnummer" in printed
    assert "Trek je aanmelding in" not in printed
