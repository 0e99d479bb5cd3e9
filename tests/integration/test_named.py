"""Who is logged in, and who may use the BSN, is said (IDN-8)."""

from __future__ import annotations

import re

import pytest

from app.i18n import LOCALES
from tests import watch
from tests.portal import MINOR, UNKNOWN, Portal, Student, open_portal

EXPIRED = "/sessie-verlopen"


@pytest.mark.rule("IDN-8")
@pytest.mark.parametrize("bsn", [MINOR, UNKNOWN], ids=["named", "nameless"])
def test_every_page_says_who_is_logged_in_and_how_to_leave(portal: Portal, bsn: str) -> None:
    browser = portal.browser()
    trail = watch.Trail().follow(browser)
    student = Student(browser, bsn)
    student.log_in()
    trail.answers.clear()
    student.get(f"/aanmelding/{student.draft}/")
    student.send()
    for address in ("/", "/mijn", "/login", "/bestaat-niet", "/uitgelogd"):
        student.get(address)
    assert len(trail.pages) > 10
    for page in trail.pages:
        named = re.search("Ingelogd als (Noor Elisabeth van de Weide|Ali Yılmaz)", page.text)
        assert named or (bsn == UNKNOWN and "Je bent ingelogd" in page.text), page.url
        assert "Ben jij dit niet? Uitloggen" in page.text, page.url
        assert 'action="/uitloggen"' in page.text, page.url


@pytest.mark.rule("IDN-8")
def test_whom_duo_does_not_know_is_named_as_they_typed_it(portal: Portal) -> None:
    student = portal.student(UNKNOWN).walk_to("over-jou")
    assert "Je bent ingelogd" in student.page.text
    student.answer()
    assert "Ingelogd als Ali Yılmaz" in student.page.text
    student.get(f"/aanmelding/{student.draft}/over-jou")
    student.answer(first_names="Alya")
    assert "Ingelogd als Alya Yılmaz" in student.page.text
    assert "Ingelogd als Alya Yılmaz" in portal.student(UNKNOWN).page.text
    student.walk_to("controleren").send()
    assert "Ingelogd als Alya Yılmaz" in portal.student(UNKNOWN).page.text


@pytest.mark.rule("IDN-8")
@pytest.mark.parametrize("address", ["/", "/login", "/aanmelden?instelling=99XX", EXPIRED])
def test_the_organisation_that_may_use_the_bsn_is_named_where_one_logs_in(
    sqlite_url: str, address: str
) -> None:
    portal = open_portal(sqlite_url, BSN_ORGANISATION="Stichting Voorbeeld & Co")
    for locale in LOCALES:
        page = portal.browser(**{"Accept-Language": locale.code}).get(address)
        assert 'href="/login/digid' in page.text
        assert "Stichting Voorbeeld &amp; Co" in page.text
