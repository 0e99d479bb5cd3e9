"""All that we hold of a student, to read and as a file to take along (MIJ-3)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app import labels, privacy
from app.i18n import LOCALES, Named, translate
from app.models import metadata
from app.services.takeout import GIVEN, WITHHELD
from app.wizard.everything import passed_on
from tests import watch
from tests.choosing import nobody_yet
from tests.days import in_words
from tests.kept import closure
from tests.portal import ADULT, MINOR, Portal, Student
from tests.sis import sis
from tests.status_items import item, results

pytestmark = pytest.mark.each_run_on("sqlite")

OWN = "/mijn/gegevens"


def taken_out(student: Student) -> dict[str, Any]:
    answer = student.browser.get(f"{OWN}/bestand")
    assert answer.status_code == 200
    named = 'attachment; filename="centraal-aanmelden-mbo.json"'
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = json.loads(answer.content)
    assert not [name for name in names(found) if not re.fullmatch("[a-z][a-z_]*", name)]
    return found


def names(value: Any) -> Iterator[str]:
    """Of all that stands in the file, at any depth."""
    if isinstance(value, dict):
        yield from value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from names(part)


@pytest.mark.rule("MIJ-3")
def test_every_column_of_every_table_with_a_student_is_given_or_withheld_by_name() -> None:
    """A new one fails here (checklist item 49)."""
    tables = closure()
    assert set(GIVEN) == set(WITHHELD) == tables
    for table in tables:
        columns = {column.name for column in metadata.tables[table].columns}
        assert {*GIVEN[table], *WITHHELD[table]} == columns, table
        assert not {*GIVEN[table]} & set(WITHHELD[table]), table


@pytest.mark.rule("MIJ-3")
def test_the_file_holds_what_was_given_told_sent_and_seen(any_portal: Portal) -> None:
    student = any_portal.student(MINOR)
    student.send()
    reads = sis(any_portal)
    (given,) = reads.fresh()
    application = watch.row_of("application")
    reads.get(str(application.id))
    report = {"foutmelding": "Onbekende straat"}
    assert reads.post(f"{application.id}/foutmelding", json=report).is_success
    results(reads, item(application, "AO"))
    student.get("/mijn")
    student.post("/mijn/nieuw")
    found = taken_out(student)
    assert found["about"].startswith("Dit is alles wat Centraal Aanmelden MBO van je heeft.")
    assert found["account"]["bsn"] == MINOR
    assert found["said"]["known"]["person"]["birth_place"]
    (sent,) = found["sent"]
    assert (sent["ca_keten_id"], sent["keten_id"]) == (given["caKetenId"], given["ketenId"])
    assert sent["answers"]["contact"]["email"] == "student@voorbeeld.nl"
    assert [step["status"] for step in sent["steps"]] == ["SUBMITTED", "RECEIVED"]
    (delivered,) = sent["delivered"]
    assert delivered["given_at"]
    assert [report["text"] for report in delivered["reports"]] == ["Onbekende straat"]
    assert [look["action"] for look in sent["looks"]] == [
        *("nieuw", "aanmelding", "foutmelding", "status"),
    ]
    assert {look["who"] for look in sent["looks"]} == {"SIS van ROC De Horizon"}
    assert [one["receivers"] for one in sent["statuses"]] == [["CA"]]
    (draft,) = found["drafts"]
    assert draft["answers"]["contact"]["roepnaam"]
    assert [mail["about"]["kind"] for mail in found["mail"]] == ["confirmation"]
    assert "token" not in str(found["mail"])
    page = student.get(f"{OWN}/alles").text
    for text in ("Geboorteplaats", "Onbekende straat", "SIS van ROC De Horizon", "Opgehaald op"):
        assert text in page
    assert MINOR not in page


@pytest.mark.rule("MIJ-3")
def test_nothing_of_somebody_else_is_in_it(any_portal: Portal) -> None:
    other, student = any_portal.student(MINOR), any_portal.student(ADULT)
    other.send()
    student.send()
    sis(any_portal).fresh()
    mine = watch.row_of("application", draft_id=student.draft)
    theirs = watch.row_of("application", draft_id=other.draft)
    found = str(taken_out(student)) + student.get(f"{OWN}/alles").text
    assert mine.keten_id in found
    for secret in (theirs.keten_id, theirs.ca_keten_id, theirs.draft_id, MINOR, "Noor"):
        assert secret not in found


def test_nobody_takes_it_out_without_end(portal: Portal) -> None:
    """Checklist item 37. Reading it is the same work as taking it along, and counts as that."""
    student = portal.student(nobody_yet(371))
    ways = ["bestand", "alles"] * 11
    answers = [student.browser.get(f"{OWN}/{way}") for way in ways]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429] * 2
    for refused in answers[-2:]:
        assert refused.headers["Retry-After"] == "900"
        assert "Je probeert het te vaak" in refused.text
    other = portal.student(nobody_yet(372)).browser
    assert [other.get(f"{OWN}/{way}").status_code for way in ways[:2]] == [200, 200]


# --- to read --------------------------------------------------------------------------------------


def everything(student: Student, language: str) -> str:
    student.browser.get(f"/taal/{language}")
    return watch.inside(student.get(f"{OWN}/alles").text)


@pytest.mark.rule("MIJ-3")
def test_the_page_begins_with_what_stands_on_it(portal: Portal) -> None:
    student = portal.student(ADULT)
    student.send()
    student.get("/mijn")
    student.post("/mijn/nieuw")
    page = everything(student, "nl")
    named, *headings = re.findall(r'<h2[^>]* id="([\w-]+)"', page)
    assert headings == ["bijgehouden", "duo", "verstuurd-1", "bewaard-1", "mail"]
    assert re.findall(r'href="#([\w-]+)"', page) == headings
    assert f'<nav class="contents" aria-labelledby="{named}">' in page


@pytest.mark.each_run(2)
@pytest.mark.rule("MIJ-3", "LAN-1")
@pytest.mark.parametrize("language", [locale.code for locale in LOCALES])
def test_no_code_stands_there_that_another_page_has_a_word_for(
    portal: Portal, language: str
) -> None:
    student = portal.student(MINOR)
    student.send()
    reads = sis(portal)
    reads.fresh()
    results(reads, item(watch.row_of("application"), "AO"))
    page = everything(student, language)
    said = ("Midden", "Geslaagd", "Aanmelding ontvangen", "We hebben je aanmelding")
    for sentence in said:
        assert f">{translate(language, sentence)}<" in page, sentence
        assert language == "nl" or sentence not in page, sentence
    assert in_words(privacy.SINCE, language) in page
    for code in (privacy.VERSION, "RECEIVED", ">20<"):
        assert code not in page, code
    for name in ("ROC De Horizon", "De Kastanje"):
        assert re.search(f'<bdi lang="nl">[^<]*{name}', page), "in Dutch, and read aloud so"


@pytest.mark.rule("MIJ-3", "STA-4")
@pytest.mark.parametrize(
    ("receivers", "told"),
    [
        (["CA"], "hoe het ervoor staat."),
        (["CA", "VO"], "Je vorige school hoort dat ook."),
        (["GEMEENTEN", "CA"], "Je gemeente hoort dat ook."),
        (["VO", "GEMEENTEN"], "Je vorige school en je gemeente horen dat ook."),
    ],
)
def test_it_says_to_whom_a_status_was_passed_on(receivers: list[str], told: str) -> None:
    assert passed_on(receivers).endswith(told)


def test_what_nobody_has_a_word_for_stays_as_it_is() -> None:
    assert labels.digid("99") == "99"
    result = labels.result("Cum laude")
    assert isinstance(result, Named), "in Dutch"
    assert result == "Cum laude"
