"""The tester's knobs in DigiStub reach the portal over HTTP."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.services import registratiecodes
from tests.letters import do_everything
from tests.portal import ADULT, Portal
from tests.sis import sis

KNOBS = "/digistub/knoppen/"


@pytest.mark.rule("IDN-2")
def test_a_tester_moves_the_portals_clock_and_back(portal: Portal) -> None:
    browser = portal.browser()
    moved = browser.post(KNOBS + "klok", data={"dag": "2027-04-01", "tijd": "23:59"})
    assert moved.status_code == 303
    assert "nu 01-04-2027, 23:59" in browser.get(KNOBS).text
    assert clock.today().isoformat() == "2027-04-01"
    browser.post(KNOBS + "klok", data={"dag": ""})
    assert clock.today() == clock.local_date(clock.real_now())


def test_a_day_that_does_not_exist_moves_nothing(portal: Portal) -> None:
    browser = portal.browser()
    wrong = browser.post(KNOBS + "klok", data={"dag": "2027-02-30"})
    assert wrong.status_code == 422
    assert "Deze datum bestaat niet" in wrong.text
    assert clock.today() == clock.local_date(clock.real_now())


def test_the_mailbox_shows_what_the_portal_sent(portal: Portal) -> None:
    portal.student(ADULT).send()
    do_everything(portal)
    mailbox = portal.browser().get(KNOBS).text
    assert "We hebben je aanmelding" in mailbox
    assert "aan student@voorbeeld.nl" in mailbox
    assert len(list(Path(portal.settings.mail_url).glob("*.eml"))) == 1


def test_a_mail_is_shown_as_a_mail_program_shows_it(portal: Portal) -> None:
    portal.student(ADULT).send()
    do_everything(portal)
    browser = portal.browser()
    (address,) = re.findall(r'href="(/digistub/knoppen/post/[^"]*)"', browser.get(KNOBS).text)
    mail = browser.get(address)
    assert "<h1>We hebben je aanmelding</h1>" in mail.text
    assert "style-src 'unsafe-inline'" in mail.headers["Content-Security-Policy"]
    assert "style-src 'self'" in browser.get(KNOBS).headers["Content-Security-Policy"]
    assert browser.get(f"{KNOBS}post/x").status_code == 404


@pytest.mark.rule("RET-1")
def test_a_tester_sees_the_year_go_by(portal: Portal) -> None:
    """The daily work, as of the tester's clock: a mail, and a month later all of it is gone."""
    portal.student(ADULT).send()
    browser = portal.browser()
    assert "Gedaan: niets." in browser.post(KNOBS + "nacht").text
    year = clock.now() + timedelta(days=340)
    browser.post(KNOBS + "klok", data={"dag": year.date().isoformat()})
    assert "Gedaan: waarschuwingen voor het weghalen: 1." in browser.post(KNOBS + "nacht").text
    later = year + timedelta(days=31)
    browser.post(KNOBS + "klok", data={"dag": later.date().isoformat()})
    assert "Gedaan: studenten weggehaald: 1." in browser.post(KNOBS + "nacht").text
    browser.post(KNOBS + "klok", data={"dag": ""})


@pytest.mark.rule("INT-1", "IDN-4")
def test_a_tester_sees_which_codes_open_what(portal: Portal) -> None:
    registratiecodes.keep("92XX", None)
    seen = portal.browser().get(KNOBS).text
    assert "ROC De Horizon <small>HORIZON2026</small>" in seen
    assert "Aventijn College <small>geen code</small>" in seen


def test_starting_over_leaves_no_student_and_all_programmes(portal: Portal) -> None:
    student = portal.student(ADULT)
    student.send()
    assert portal.browser().post(KNOBS + "opnieuw").status_code == 303
    again = portal.student(ADULT)
    assert again.at == "gegevens"
    assert len(sis(portal).fresh()) == 12  # invented ones, as `make run` makes
    assert re.search(r"Kok", again.walk_to("controleren").page.text)


@pytest.mark.parametrize("address", [KNOBS + "opnieuw", "/testdeur/opnieuw", "/testdeur/klok"])
def test_a_page_of_another_site_presses_no_button(portal: Portal, address: str) -> None:
    portal.student(ADULT).send()
    answer = portal.browser().post(address, headers={"Origin": "https://kwaad.example"})
    assert answer.status_code == 403
    assert portal.student(ADULT).at == "mijn"
