"""The student's own data: how they are reached, what we hold of them, and removing it (MIJ-3)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.models import metadata
from app.services import ledger
from app.services.takeout import NAMES, WITHHELD
from tests import watch
from tests.choosing import nobody_yet
from tests.integration.test_mailings import confirm
from tests.kept import closure
from tests.letters import do_everything, mails, subjects
from tests.portal import ADULT, MINOR, Portal, Student
from tests.sent import says
from tests.sis import sis
from tests.status_items import item, results

pytestmark = pytest.mark.each_run_on("sqlite")

OWN = "/mijn/gegevens"
OTHERS = (("duo", "personen"), ("rio", "aangeboden-opleidingen"), ("digid", "metadata"))


def taken_out(student: Student) -> dict[str, Any]:
    answer = student.browser.get(f"{OWN}/bestand")
    assert answer.status_code == 200
    named = 'attachment; filename="centraal-aanmelden-mbo.json"'
    assert answer.headers["Content-Disposition"] == named
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = json.loads(answer.content)
    return found


# --- everything that we hold ---------------------------------------------------------------------


@pytest.mark.rule("MIJ-3")
def test_every_column_of_every_table_with_a_student_is_given_or_withheld_by_name() -> None:
    """A new one fails here (checklist item 49)."""
    tables = closure()
    assert set(NAMES) == set(WITHHELD) == tables
    for table in tables:
        columns = {column.name for column in metadata.tables[table].columns}
        assert set(NAMES[table]) | set(WITHHELD[table]) == columns, table
        assert not set(NAMES[table]) & set(WITHHELD[table]), table


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
    assert found["account"]["burgerservicenummer"] == MINOR
    assert found["vanDuo"]["known"]["person"]["birth_place"]
    (sent,) = found["aanmeldingen"]
    assert (sent["caKetenId"], sent["aanmeldnummer"]) == (given["caKetenId"], given["ketenId"])
    assert sent["antwoorden"]["contact"]["email"] == "student@voorbeeld.nl"
    assert [step["status"] for step in sent["verloop"]] == ["SUBMITTED", "RECEIVED"]
    (delivered,) = sent["naarDeSchool"]
    assert delivered["opgehaald"]
    assert [report["tekst"] for report in delivered["foutmeldingen"]] == ["Onbekende straat"]
    assert [look["wat"] for look in sent["wieHetZag"]] == [
        *("nieuw", "aanmelding", "foutmelding", "status"),
    ]
    assert {look["wie"] for look in sent["wieHetZag"]} == {"SIS van ROC De Horizon"}
    assert [one["ookVoor"] for one in sent["statusberichtenVanDeSchool"]] == [["CA"]]
    (draft,) = found["nietVerstuurd"]
    assert draft["antwoorden"]["contact"]["roepnaam"]
    assert [mail["inhoud"]["kind"] for mail in found["mailDieWacht"]] == ["confirmation"]
    assert "token" not in str(found["mailDieWacht"])
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
    """Checklist item 37."""
    student = portal.student(nobody_yet(371))
    answers = [student.browser.get(f"{OWN}/bestand") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[-1].headers["Retry-After"] == "900"
    assert portal.student(nobody_yet(372)).browser.get(f"{OWN}/bestand").status_code == 200


# --- how they are reached, language and mail -----------------------------------------------------


@pytest.mark.rule("MIJ-3", "MIJ-5")
def test_a_new_address_counts_everywhere_and_the_schools_hear_of_it(any_portal: Portal) -> None:
    student = any_portal.student(ADULT)
    student.send()
    student.get("/mijn")
    student.post("/mijn/nieuw")
    do_everything(any_portal)
    reads = sis(any_portal)
    reads.fresh()
    student.get(f"{OWN}/bereiken")
    assert student.fields()["email"] == "student@voorbeeld.nl"
    student.post(email="nieuw@voorbeeld.nl", phone="0612345679")
    assert student.page.url.path == OWN
    assert "Je wijziging is opgeslagen. De scholen krijgen die ook." in student.page.text
    assert "nieuw@voorbeeld.nl" in student.page.text
    for table in ("application", "draft"):
        contact = watch.answers(table).contact
        assert contact is not None
        assert (contact.email, contact.phone) == ("nieuw@voorbeeld.nl", "+31612345679")
        assert contact.roepnaam == "Sem"
    (again,) = reads.fresh()
    assert again["emailAdres"] == "nieuw@voorbeeld.nl"
    do_everything(any_portal)
    assert subjects(any_portal, "nieuw@voorbeeld.nl") == ["Bevestig je nieuwe e-mailadres"]
    student.get(f"{OWN}/bereiken")
    student.post()
    assert "Er is niets veranderd." in student.page.text
    assert reads.fresh() == []


@pytest.mark.rule("WIZ-5")
def test_how_it_stands_with_an_address_is_said(any_portal: Portal) -> None:
    """While nothing was sent there is no mail in which anything could be pressed."""
    pressing, done = "Druk in de mail op de link", "Dit adres heb je bevestigd."
    student = any_portal.student(ADULT).walk_to("controleren")
    check, said = student.page.url.path, student.get(OWN).text
    assert "zodra je een aanmelding verstuurt" in said
    assert pressing not in said
    student.get(check)
    student.send()
    assert pressing in student.get(OWN).text
    do_everything(any_portal)
    confirm(any_portal)
    said = student.get(OWN).text
    assert done in said
    assert "We mailen pas als" not in said


@pytest.mark.rule("MIJ-3")
def test_a_mistake_is_said_and_nothing_changes(portal: Portal) -> None:
    student = portal.student(ADULT)
    student.send()
    before = watch.rows("store")
    student.get(f"{OWN}/bereiken")
    assert student.post(email="nee").status_code == 422
    assert student.fields()["email"] == "nee"
    assert watch.rows("store") == before


@pytest.mark.rule("MIJ-2", "MIJ-3")
def test_what_has_ended_keeps_its_address(portal: Portal) -> None:
    student = portal.student(ADULT)
    student.send()
    says(student.draft, "LI")
    student.get(f"{OWN}/bereiken")
    assert student.page.url.path == OWN, "there is nothing to change"
    assert "Zo bereiken we je" not in student.page.text


@pytest.mark.rule("LAN-1", "MIJ-4")
def test_language_and_mail_are_kept_with_the_student(any_portal: Portal) -> None:
    student = any_portal.student(ADULT)
    student.get(OWN)
    student.post(OWN, taal="sv", mail="ja")
    assert '<html lang="sv"' in student.page.text
    row = watch.row_of("student")
    assert (row.language, row.wants_mail) == ("sv", True)
    token = watch.token(student.page.text)
    student.browser.post(OWN, data={"csrf_token": token, "taal": "xx"})
    row = watch.row_of("student")
    assert (row.language, row.wants_mail) == ("sv", False)


@pytest.mark.rule("LAN-1")
def test_a_language_comes_along_to_another_browser_unless_one_chose_there(
    any_portal: Portal,
) -> None:
    first = any_portal.student(ADULT)
    first.get(OWN)
    first.post(OWN, taal="sv", mail="ja")
    dutch = any_portal.student(ADULT, **{"Accept-Language": "nl"})
    assert '<html lang="sv"' in dutch.get("/mijn").text
    chose = Student(any_portal.browser(), ADULT)
    chose.get("/taal/ar?terug=/login")
    chose.log_in()
    assert '<html lang="ar"' in chose.get("/mijn").text
    assert watch.row_of("student").language == "ar"


# --- removing ------------------------------------------------------------------------------------


@pytest.mark.rule("MIJ-3")
def test_removing_asks_once_more_and_says_who_keeps_what(any_portal: Portal) -> None:
    student = any_portal.student(ADULT)
    student.send()
    page = student.get(f"{OWN}/weghalen").text
    assert "Weet je zeker dat je alles wilt weghalen?" in page
    assert "Dit trekken we dan in, en de school krijgt bericht:" in page
    assert "Wat deze scholen al van ons kregen" not in page, "nobody fetched it"
    assert len(watch.all_of("student")) == 1
    sis(any_portal).fresh()
    page = student.get(f"{OWN}/weghalen").text
    assert "Wat deze scholen al van ons kregen" in page
    assert "ROC De Horizon" in page


@pytest.mark.rule("MIJ-3", "IDN-7")
def test_all_of_it_goes_and_the_session_too(any_portal: Portal) -> None:
    student = any_portal.student(ADULT)
    student.send()
    draft_id = student.draft
    old = dict(student.browser.cookies)
    student.get(f"{OWN}/weghalen")
    student.post()
    assert student.page.url.path == f"{OWN}/weggehaald"
    assert "Alles is weg" in student.page.text
    assert "Sem" not in student.page.text
    for address in ("/mijn", OWN, f"/mijn/{draft_id}", f"/aanmelding/{draft_id}/verstuurd"):
        assert student.browser.get(address).headers["Location"] == "/sessie-verlopen"
    copied = any_portal.browser()
    copied.cookies.update(old)
    assert copied.get("/mijn").headers["Location"] == "/sessie-verlopen"
    assert watch.all_of("student") == []
    assert ledger.entries(any_portal.settings.deletion_ledger).entries
    do_everything(any_portal)
    assert mails(any_portal) == [], "nobody is left to be mailed"


@pytest.mark.rule("MIJ-3")
def test_another_window_of_who_is_gone_says_so_and_breaks_nowhere(any_portal: Portal) -> None:
    one = any_portal.student(ADULT)
    one.send()
    draft_id = one.draft
    other = any_portal.student(ADULT)
    other.get("/mijn")
    token = watch.token(other.page.text)
    one.get(f"{OWN}/weghalen")
    one.post()
    copies = [any_portal.browser() for _ in range(3)]
    for copied, address in zip(copies, ("/mijn", f"{OWN}/weghalen", "/mijn/gegevens"), strict=True):
        copied.cookies.update(dict(other.browser.cookies))
        assert "Sem Bakhuis" not in copied.get(address, follow_redirects=True).text
    seen = {OWN: other.get(OWN).status_code}
    for address in ("/mijn", f"/mijn/{draft_id}", f"/aanmelding/{draft_id}/", f"{OWN}/weghalen"):
        window = any_portal.browser()
        window.cookies.update(dict(other.browser.cookies))
        seen[address] = window.get(address, follow_redirects=True).status_code
    assert set(seen.values()) <= {200, 401, 404}
    for address in ("/mijn/nieuw", OWN, f"{OWN}/weghalen", f"/mijn/{draft_id}/intrekken"):
        window = any_portal.browser()
        window.cookies.update(dict(other.browser.cookies))
        answer = window.post(address, data={"csrf_token": token}, follow_redirects=True)
        assert answer.status_code in (200, 400, 401, 404), address
    assert other.get(OWN).url.path in (f"{OWN}/weggehaald", "/sessie-verlopen")
    assert watch.all_of("student") == []


@pytest.mark.rule("MIJ-3")
def test_removing_works_while_everybody_else_is_out_of_order(any_portal: Portal) -> None:
    student = any_portal.student(ADULT)
    student.send()
    for service, call in OTHERS:
        any_portal.fault(service, call, None, "500")
    student.get(f"{OWN}/weghalen")
    student.post()
    assert watch.all_of("student") == []
