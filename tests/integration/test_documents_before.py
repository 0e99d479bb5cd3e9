"""What was written before migration 0007, when less was asked: opened, completed, sent, served."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from app import clock, db, keys
from app.services import messages
from digistub.people import PEOPLE, fresh_bsn
from tests import watch
from tests.contract.described import cambo
from tests.portal import Portal

FILE = Path(__file__).parent.parent / "data" / "documents_before_0007.json"
BORN = "20100821"  # a day after that, DUO's test person has another birth date: always 16 years old
NOW = PEOPLE[0].born(clock.today()).strftime("%Y%m%d")
BEFORE = json.loads(FILE.read_text().replace(BORN, NOW))


def put(table: str, key: str, **more: Any) -> None:
    """The only document of this table as it was written then."""
    row = watch.row_of(table)
    name = f"{table}.document.{getattr(row, key)}"
    watch.set_everywhere(table, document=keys.seal(name, {**BEFORE[table], **more}))


def test_a_draft_goes_on_where_more_is_asked(any_portal: Portal) -> None:
    student = any_portal.student(fresh_bsn("9998", 1)).walk_to("contact")
    address = f"/aanmelding/{student.draft}/"
    put("student", "id", bsn=student.bsn)
    put("draft", "id")
    student.get(address)
    assert student.at == "vooropleiding", "which was no question then"
    student.send()
    assert student.at == "vooropleiding", "DUO was asked for the first time"
    student.send()
    assert student.at == "verstuurd"
    assert watch.answers("application").guardians


def test_an_application_is_shown_and_served(any_portal: Portal) -> None:
    student = any_portal.student(fresh_bsn("9998", 1))
    student.send()
    put("application", "ca_keten_id")
    for address in (student.page.url.path, "/mijn"):
        assert "Kok in het restaurant" in student.get(address).text
    with db.reading() as connection:
        found = messages.of_application(connection, watch.row_of("application").id)
    cambo().check("vca_Aanmelding", found)
    assert found["vooropleidingen"] == []
