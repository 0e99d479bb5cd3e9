"""The whole way to an application, by people for whom it differs."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from digistub.people import PEOPLE
from digistub.rio_data import OFFERS
from tests.e2e.student import (
    ADDRESS,
    CHECK,
    CHOICE,
    CHOOSE,
    CONTACT,
    DATA,
    GROWN_UP,
    GUARDIANS,
    LEERBEDRIJF,
    LOG_IN,
    MINE,
    NEXT,
    NO_DATA,
    PICKED,
    SEND,
    SENT,
    START,
    WHO,
    Student,
)
from tests.e2e.windows import BOTH, BOTH_AT_LENGTH

ENTITLED = "Coöperatie MBO Voorzieningen gebruikt je burgerservicenummer (BSN)."
MINOR, ADULT, HOMELESS, SECRET, UNKNOWN = (person.bsn for person in PEOPLE[:5])


@BOTH
@pytest.mark.rule("WIZ-1", "WIZ-4", "DUO-1", "DUO-2", "IDN-1", "IDN-8")
def test_an_adult_applies(student: Student) -> None:
    student.opens("/")
    student.logs_in_as(ADULT)
    student.sees(DATA)
    student.reads("Sem Bakhuis", "Havenkade 203")
    expect(student.page.locator("header")).to_contain_text("Ingelogd als Sem Bakhuis")
    student.answers_all(DATA, CONTACT, PICKED, CHOICE)
    student.answers(GROWN_UP)
    student.sees(CHECK)
    student.reads("Niet opgegeven", "Kok in het restaurant", "sam@voorbeeld.nl")
    student.reads("De school krijgt van DUO ook je geboorteplaats en geboorteland.")
    student.sends()
    student.sees(SENT)
    student.reads("Je hebt je aangemeld voor Kok in het restaurant bij ROC De Horizon.")
    student.follows(MINE)
    student.sees(MINE)
    student.reads("Kok in het restaurant")


@BOTH_AT_LENGTH
@pytest.mark.rule("WIZ-1", "WIZ-4", "DUO-8")
def test_a_minor_must_name_a_guardian(student: Student) -> None:
    student.is_logged_in_as(MINOR)
    student.answers_all(DATA, CONTACT, PICKED, CHOICE)
    student.sees(GUARDIANS)
    student.presses(NEXT)
    student.reads("Vul de achternaam van je ouder of verzorger in")
    student.answers_all(GUARDIANS, CHECK)
    student.sees(SENT)


@pytest.mark.long
@BOTH_AT_LENGTH
@pytest.mark.rule("WIZ-1", "DUO-5")
def test_who_has_no_address_is_asked_for_one(student: Student) -> None:
    student.is_logged_in_as(HOMELESS)
    student.reads("Stap 1 van 7 · Hierna: Adres")
    student.answers_all(DATA, ADDRESS, CONTACT, PICKED, CHOICE)
    student.answers(GROWN_UP)
    student.sees(CHECK)
    student.reads("Lindelaan 12", "1234 AB Ons Dorp")
    student.sends()
    student.sees(SENT)


@BOTH_AT_LENGTH
@pytest.mark.rule("DUO-3")
def test_a_secret_address_is_asked_and_seen_nowhere(student: Student) -> None:
    """That no page holds the secret street is looked at after every test."""
    student.is_logged_in_as(SECRET)
    student.sees(DATA)
    student.reads("Het bij DUO gevonden adres is gemarkeerd als geheim.")
    student.answers_all(DATA, ADDRESS, CONTACT, PICKED, CHOICE, GUARDIANS, CHECK)
    student.sees(SENT)
    assert any(b"Lindelaan" in html for html in student.server.html().values())


@BOTH_AT_LENGTH
@pytest.mark.rule("DUO-5")
def test_who_is_unknown_to_duo_types_everything(student: Student) -> None:
    student.is_logged_in_as(UNKNOWN)
    student.sees(NO_DATA)
    student.reads("DUO kent je nog niet.", "Stap 1 van 8 · Hierna: Over jou")
    student.presses("Zelf invullen")
    student.answers_all(WHO, ADDRESS, CONTACT, PICKED, CHOICE)
    student.answers(GROWN_UP)
    student.sees(CHECK)
    expect(student.page.get_by_role("banner")).to_contain_text("Ingelogd als Isa Maria Terbeek")
    student.reads("Isa Maria Terbeek", "14 maart 2005")
    student.does_not_read("geboorteplaats")
    student.sends()
    student.sees(SENT)


@BOTH_AT_LENGTH
@pytest.mark.rule("DEE-1")
def test_a_schools_link_leads_to_its_programme_and_back(student: Student) -> None:
    offer = next(offer for offer in OFFERS if offer.key == "kok-bbl-zwolle")
    query = {
        "opleiding": offer.id,
        "returnUrl": "https://www.school.example/klaar?bron=site",
        "kenmerk": "folder 1",
    }
    student.opens(f"/aanmelden?{urlencode(query)}")
    student.sees("Meld je aan voor Kok in het restaurant")
    student.reads("Bij ROC De Horizon")
    student.logs_in_as(student.server.fresh())
    student.answers_all(DATA, CONTACT, PICKED)
    student.sees(CHOICE)
    student.reads("Kok in het restaurant", "Zwolle")
    expect(student.main.get_by_role("radio")).to_have_count(1)
    expect(student.main.get_by_role("radio")).to_be_checked()
    student.presses(CHOOSE)
    student.answers(START)
    student.answers(GROWN_UP)
    student.answers_all(LEERBEDRIJF, CHECK)
    student.sees(SENT)
    back = student.main.get_by_role("link", name="Terug naar ROC De Horizon (www.school.example)")
    answer = parse_qs(urlsplit(back.get_attribute("href") or "").query)
    assert answer["bron"] == ["site"]
    assert answer["status"] == ["geslaagd"]
    assert answer["kenmerk"] == ["folder 1"]
    assert answer["caKetenId"]


@BOTH_AT_LENGTH
@pytest.mark.rule("WIZ-13")
def test_a_double_click_sends_once(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="controleren")
    student.sees(CHECK)
    student.read.check()
    student.main.get_by_role("button", name=SEND).dblclick()
    student.sees(SENT)
    assert student.server.applications() == 1
    student.opens("/mijn")
    expect(student.main.get_by_text("Kok in het restaurant")).to_have_count(1)


@BOTH_AT_LENGTH
@pytest.mark.rule("WIZ-13")
def test_two_tabs_send_once(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="controleren")
    student.sees(CHECK)
    other = Student(student.page.context.new_page(), student.server, student.javascript)
    other.page.goto(student.page.url)
    other.answers(CHECK)
    other.sees(SENT)
    student.sends()
    student.sees(SENT)
    student.reads("Deze aanmelding had je al verstuurd.")
    assert student.server.applications() == 1


@BOTH_AT_LENGTH
@pytest.mark.rule("WIZ-13")
def test_what_changed_in_another_tab_is_not_sent_unseen(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="controleren")
    student.sees(CHECK)
    other = Student(student.page.context.new_page(), student.server, student.javascript)
    other.page.goto(student.page.url)
    other.changes("Contact")
    other.sees(CONTACT)
    other.fills(Roepnaam="Anders")
    other.presses(NEXT)
    other.sees(CHECK)
    student.sends()
    student.reads("Er is iets veranderd sinds je deze pagina opende.", "Anders")
    assert student.server.applications() == 0
    student.sends()
    student.sees(SENT)


@BOTH_AT_LENGTH
@pytest.mark.rule("IDN-8")
def test_every_way_to_log_in_names_who_may_use_the_bsn(student: Student) -> None:
    offer = next(offer for offer in OFFERS if offer.key == "kok-bbl-zwolle")
    for path in ("/", "/login", "/sessie-verlopen", f"/aanmelden?opleiding={offer.id}"):
        student.opens(path)
        expect(student.main.get_by_role("link", name=LOG_IN)).to_be_visible()
        student.reads(ENTITLED)
    student.follows(LOG_IN)
    student.page.get_by_role("button", name="Annuleren").click()
    student.sees("Je bent niet ingelogd")
    student.reads(ENTITLED)
