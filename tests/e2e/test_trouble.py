"""What goes wrong on the way: DUO, DigiD, a session that ends, and mistakes of one's own."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from digistub.rio_data import OFFERS
from tests.e2e.student import (
    ADDRESS,
    CHECK,
    CHOICE,
    CHOOSE,
    CONTACT,
    DATA,
    GROWN_UP,
    LOG_IN,
    LOGGED_OUT,
    NEXT,
    NO_DATA,
    PICKED,
    SENT,
    WHO,
    Student,
)
from tests.e2e.windows import BOTH_AT_LENGTH

AGAIN = "Opnieuw inloggen met DigiD"
OUT_OF_ORDER = "Normaal halen we je gegevens op bij DUO. Dat lukt nu niet"
PRESCRIBED = "Er is een fout opgetreden in de communicatie met DigiD."

pytestmark = BOTH_AT_LENGTH


@pytest.mark.rule("DUO-6")
def test_duo_is_asked_again(student: Student) -> None:
    bsn = student.server.fresh()
    student.server.world.set_fault("duo", "personen", bsn, "500")
    student.is_logged_in_as(bsn)
    student.sees(NO_DATA)
    student.reads(OUT_OF_ORDER)
    student.server.world.mend()
    student.presses("Probeer DUO opnieuw")
    student.reads("Sem Bakhuis")
    expect(student.page.locator("header")).to_contain_text("Ingelogd als Sem Bakhuis")
    student.answers(DATA)
    student.sees(CONTACT)


@pytest.mark.rule("DUO-6")
def test_an_application_does_not_wait_for_duo(student: Student) -> None:
    bsn = student.server.fresh()
    student.server.world.set_fault("duo", "personen", bsn, "500")
    student.is_logged_in_as(bsn)
    student.sees(NO_DATA)
    student.presses("Zelf invullen")
    student.answers_all(WHO, ADDRESS, CONTACT, PICKED, CHOICE)
    student.answers(GROWN_UP)
    student.sees(CHECK)
    student.reads("Isa Maria Terbeek")
    student.sends()
    student.sees(SENT)


@pytest.mark.rule("IDN-6", "DEE-6")
def test_who_cancels_at_digid_goes_on_where_the_link_led(student: Student) -> None:
    offer = next(offer for offer in OFFERS if offer.key == "timmerman-bbl")
    student.opens(f"/aanmelden?{urlencode({'opleiding': offer.id})}")
    student.follows(LOG_IN)
    student.page.get_by_role("button", name="Annuleren").click()
    student.sees("Je bent niet ingelogd")
    student.reads("Je hebt het inloggen met DigiD gestopt.")
    student.logs_in_as(student.server.fresh(), AGAIN)
    student.answers_all(DATA, CONTACT, PICKED)
    student.sees(CHOICE)
    student.reads("Timmeren aan je toekomst")


@pytest.mark.long
@pytest.mark.rule("IDN-6")
def test_what_digid_refuses_is_said_in_plain_words(student: Student) -> None:
    student.opens("/login")
    student.follows(LOG_IN)
    student.page.get_by_label("Basis").check()
    student.tells_digid(student.server.fresh())
    student.sees("Log veiliger in")
    student.follows(AGAIN)
    student.page.locator("summary", has_text="Laat het misgaan").click()
    student.page.locator("button[value=temporarily_unavailable]").click()
    student.sees("DigiD werkt nu niet")
    student.reads(PRESCRIBED)


@pytest.mark.rule("IDN-7", "WIZ-2")
def test_a_session_that_ends_half_way_loses_nothing(student: Student) -> None:
    bsn = student.server.fresh()
    student.is_logged_in_as(bsn, at="contact")
    student.fills(**{"Roepnaam": "Sammie", "E-mailadres": "sammie@voorbeeld.nl"})
    student.server.sessions_end()
    student.presses(NEXT)
    student.sees(LOGGED_OUT)
    student.logs_in_as(bsn)
    student.sees(CONTACT)
    student.reads("Je was uitgelogd. Wat je typte, staat er nog.")
    student.finds("Roepnaam", "Sammie")
    student.finds("E-mailadres", "sammie@voorbeeld.nl")
    student.presses(NEXT)
    student.sees(PICKED)


@pytest.mark.rule("IDN-7")
def test_another_on_the_same_computer_gets_nothing_that_was_typed(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.fills(Roepnaam="Sammie")
    student.server.sessions_end()
    student.presses(NEXT)
    student.sees(LOGGED_OUT)
    student.logs_in_as(student.server.fresh(adult=False))
    student.answers(DATA)
    student.sees(CONTACT)
    student.finds("Roepnaam", "Noor")
    student.does_not_read("Wat je typte")


@pytest.mark.rule("WIZ-2")
def test_another_device_goes_on_at_the_first_open_question(student: Student) -> None:
    bsn = student.server.fresh()
    student.is_logged_in_as(bsn, at="opleiding")
    student.page.context.clear_cookies()
    student.opens("/")
    student.logs_in_as(bsn)
    student.sees(CHOICE)


@pytest.mark.rule("WIZ-4")
def test_a_mistake_is_shown_and_what_was_typed_stays(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.fills(**{"Roepnaam": "", "E-mailadres": "sam@", "Telefoonnummer": "06"})
    address = student.page.url
    student.presses(NEXT)
    expect(student.page).to_have_title(f"Fout: {CONTACT} – Aanmelden mbo")
    student.reads("Vul je roepnaam in", "Dit e-mailadres klopt niet.")
    student.finds("E-mailadres", "sam@")
    student.finds("Telefoonnummer", "06")
    expect(student.field("E-mailadres")).to_have_attribute("aria-invalid", "true")
    student.main.get_by_role("link", name="Dit e-mailadres klopt niet").click()
    expect(student.field("E-mailadres")).to_be_focused()
    assert student.page.url.split("#")[0] == address
    student.fills(**{"Roepnaam": "Sam", "E-mailadres": "sam@voorbeeld.nl", "Telefoonnummer": ""})
    student.presses(NEXT)
    student.sees(PICKED)
    assert not student.page.title().startswith("Fout")


@pytest.mark.long
@pytest.mark.rule("WIZ-7", "WIZ-4")
def test_who_finds_nothing_searches_on(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="opleiding")
    student.searches("xyzzy")
    student.reads("We vinden niets")
    student.searches("kok")
    student.looks_at("Kok in het restaurant")
    student.presses(CHOOSE)
    student.reads("Dit klopt nog niet")
    student.follows("Terug naar de resultaten")
    student.answers_all(CHOICE, GROWN_UP)
    student.sees(CHECK)
