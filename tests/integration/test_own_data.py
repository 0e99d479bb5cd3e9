"""The student's own data: how they are reached, and removing it (MIJ-3)."""

from __future__ import annotations

import pytest

from app import clock
from app.services import ledger, removal
from tests import watch
from tests.guests import DOOR
from tests.integration.test_mailings import confirm
from tests.letters import do_everything, mails, subjects
from tests.portal import ADULT, Portal, Student
from tests.sent import says
from tests.sis import sis

pytestmark = pytest.mark.each_run_on("sqlite")

OWN = "/mijn/gegevens"
OTHERS = (("duo", "personen"), ("rio", "aangeboden-opleidingen"), ("digid", "metadata"))


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
    done = "Dit adres heb je bevestigd."
    pressing = ("Druk in de mail op de link", "Stuur de mail nog een keer")
    student = any_portal.student(ADULT).walk_to("controleren")
    check, page = student.page.url.path, student.get(OWN).text
    assert "zodra je een aanmelding verstuurt" in page
    assert not [said for said in pressing if said in page]
    student.get(check)
    student.send()
    page = student.get(OWN).text
    assert not [said for said in pressing if said not in page]
    do_everything(any_portal)
    confirm(any_portal)
    page = student.get(OWN).text
    assert done in page
    assert not [said for said in (*pressing, "We mailen pas als") if said in page]


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


@pytest.mark.rule("RET-1", "INT-2")
def test_a_public_page_names_nobody_who_is_gone(any_portal: Portal) -> None:
    """Nor breaks, whatever form was open on it."""
    student = any_portal.student(ADULT)
    student.get("/privacy")
    assert "Uitloggen" in student.page.text
    student.get(DOOR)
    token = watch.token(student.page.text)
    removal.by_student(str(watch.row_of("student").id), clock.now())
    for address in (DOOR, "/controleer"):
        assert student.browser.post(address, data={"csrf_token": token}).status_code == 400
    assert "Uitloggen" not in student.get("/privacy").text
    assert "Je bent al ingelogd met DigiD" not in student.get(DOOR).text
