"""«Ik heb de privacyverklaring gelezen»: asked, kept with its version, and no consent (WIZ-12)."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

import pytest

from app import db, privacy
from app.services import institutions
from app.services.institutions import NotAllowed, Settings
from tests import watch
from tests.applicants import every_row
from tests.portal import ADULT, Portal, Student

OWN = "https://www.school.example/privacy"
OTHER = "Er is iets veranderd sinds je deze pagina opende."
# Of each version its text, so that another text gets another version.
TEXTS = {
    "2026-11-29": "34e2a667cafe2e1c",
    "2026-11-30": "ba6f8d221a66f1f0",
    "2026-12-01": "e15bae063d9aa65f",
}


def set_privacy(url: str) -> None:
    institutions.set_up("99XX", Settings(privacy_url=url), local=False)


def kept() -> dict[str, Any]:
    return dict(watch.document("application")["privacy"])


@pytest.fixture
def student(portal: Portal) -> Student:
    return portal.student(ADULT).walk_to("controleren")


@pytest.mark.rule("WIZ-12")
@pytest.mark.parametrize("ticked", [{}, {"privacy": ""}, {"privacy": "false"}])
def test_who_has_not_read_it_sends_nothing(student: Student, ticked: dict[str, str]) -> None:
    before = every_row()
    page = student.post(**ticked)
    assert page.status_code == 422
    assert "Lees de privacyverklaring en zet een vinkje" in page.text
    assert 'href="#privacy"' in page.text
    assert every_row() == before
    student.answer()
    assert student.at == "verstuurd"


@pytest.mark.rule("WIZ-12")
def test_version_and_moment_are_kept(student: Student) -> None:
    student.answer()
    found = kept()
    assert found.pop("moment").startswith(watch.row_of("application").submitted_at.isoformat()[:19])
    assert found == {"version": privacy.VERSION, "school": ""}


@pytest.mark.rule("WIZ-12")
def test_the_school_s_own_is_shown_and_kept(portal: Portal) -> None:
    set_privacy(OWN)
    student = portal.student(ADULT).walk_to("controleren")
    assert f'href="{OWN}"' in student.page.text
    assert "Ik heb beide privacyverklaringen gelezen" in student.page.text
    student.answer()
    assert kept()["school"] == OWN


@pytest.mark.rule("WIZ-12")
def test_only_what_was_shown_is_said_to_have_been_read(student: Student) -> None:
    set_privacy(OWN)
    assert student.answer().status_code == 422
    assert OTHER in student.page.text
    assert f'href="{OWN}"' in student.page.text
    student.answer()
    assert kept()["school"] == OWN


@pytest.mark.rule("WIZ-12")
@pytest.mark.parametrize("url", ["https://evil.example/privacy", "http://www.school.example/p"])
def test_a_school_s_statement_is_on_its_own_site(portal: Portal, url: str) -> None:
    with pytest.raises(NotAllowed):
        set_privacy(url)
    with db.reading() as connection:
        assert institutions.privacy(connection, "99XX") == ""


@pytest.mark.rule("WIZ-12")
def test_another_text_is_another_version(portal: Portal) -> None:
    page = portal.browser().get("/privacy").text
    main = page[page.index("<main") : page.index("</main>")]
    text = " ".join(re.sub(r"<[^>]*>", " ", main).split())
    assert sha256(text.encode()).hexdigest()[:16] == TEXTS[privacy.VERSION], (
        "another text: give app/privacy.py another day, and put its digest here"
    )
