"""Who comes by a school's link and reads English reads English names, where the school gave one;
a Dutch name in a page of another language says that it is Dutch (WIZ-7, checklist item 12)."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask import session

from app import clock, db
from app.codec import decode
from app.domain.deeplink import Link
from app.services import links
from app.student.followed import Followed
from tests import watch
from tests.choosing import IDS, KOK, choose, in_our_copy
from tests.length import at_length
from tests.portal import ADULT, Portal, Student

DUTCH, ENGLISH = "Kok in het restaurant", "Cook"
SAID = {
    "nl": f'<bdi lang="nl">{DUTCH}</bdi>',
    "en": f'<bdi lang="en">{ENGLISH}</bdi>',
    "sv": f'<bdi lang="nl">{DUTCH}</bdi>',
    "ar": f'<bdi lang="nl">{DUTCH}</bdi>',
}
NAMED = f"opleiding={IDS[KOK]}"
OF_CREBO = "instelling=99XX&crebo=25180"
EVERY_WAY = [NAMED, OF_CREBO]
languages = pytest.mark.parametrize("language", ["nl", "en", *at_length("sv", "ar")])


def reads(page: str, language: str, *parts: str) -> None:
    """Only names of this language, in each of these parts of the page, with how it is marked."""
    other = DUTCH if language == "en" else ENGLISH
    assert other not in unescape(page)
    for part in parts:
        assert any(SAID[language] in text for text in re.findall(part, page, re.S)), part


def main(portal: Portal, address: str, language: str) -> str:
    return watch.main(portal.browser(**{"Accept-Language": language}).get(address).text)


def reader(portal: Portal, language: str) -> Student:
    return portal.student(ADULT, **{"Accept-Language": language})


@pytest.mark.rule("WIZ-7", "DEE-1")
@languages
@pytest.mark.parametrize("query", EVERY_WAY)
def test_the_page_of_a_link(portal: Portal, query: str, language: str) -> None:
    reads(main(portal, f"/aanmelden?{query}", language), language, "<h1.*?</h1>")


@pytest.mark.rule("WIZ-7", "DEE-5")
@languages
def test_the_page_of_a_closed_link(portal: Portal, language: str) -> None:
    in_our_copy(portal, KOK, cohorts=lambda c: replace(c, open=False))
    page = main(portal, f"/aanmelden?{NAMED}", language)
    reads(page, language, '<p class="[^"]*--lead">.*?</p>')
    instead = re.findall("<h3><a [^>]*>(.*?)</a></h3>", page, re.S)
    assert instead
    assert all("<bdi" in told for told in instead), "or a bracket at its end is drawn before it"


@pytest.mark.rule("WIZ-7", "DEE-1")
@languages
def test_a_link_to_several_names_says_each(portal: Portal, language: str) -> None:
    in_our_copy(portal, KOK, name="Kok op zee", name_english="Cook at sea")
    page = main(portal, f"/aanmelden?{OF_CREBO}", language)
    reads(page.replace("Cook at sea", ""), language, '<li class="notes">.*?</li>')
    assert ("Cook at sea" in page) is (language == "en")
    assert '<bdi lang="nl">Kok</bdi>' in page.partition("</h1>")[0], "as RIO calls the crebo"


@pytest.mark.each_run(2)
@pytest.mark.rule("WIZ-7", "DEE-6")
@languages
@pytest.mark.parametrize("earlier", EVERY_WAY)
def test_the_draft_that_is_open_beside_it(portal: Portal, earlier: str, language: str) -> None:
    student = reader(portal, language)
    student.follow(f"/aanmelden?{earlier}")
    page = watch.main(student.get(f"/aanmelden?opleiding={IDS['sport-bol']}").text)
    reads(page, language, '<p class="notice">.*?</p>')


@pytest.mark.rule("WIZ-7", "DEE-1")
@languages
@pytest.mark.parametrize("address", ["/login", "/login/loginWithoutDigiD"])
def test_the_notice_where_one_logs_in(portal: Portal, address: str, language: str) -> None:
    browser = portal.browser(**{"Accept-Language": language})
    browser.get(f"/aanmelden?{NAMED}")
    reads(watch.main(browser.get(address).text), language, '<p class="notice">.*?</p>')


@pytest.mark.rule("WIZ-7", "DEE-6")
def test_the_notice_after_a_login_that_failed(portal: Portal) -> None:
    student = Student(portal.browser(**{"Accept-Language": "en"}), ADULT)
    student.get(f"/aanmelden?{NAMED}")
    student.log_in(fault="access_denied")
    reads(watch.main(student.page.text), "en", '<p class="notice">.*?</p>')


@pytest.mark.rule("WIZ-7", "MIJ-1")
@languages
def test_the_overview(portal: Portal, language: str) -> None:
    student = reader(portal, language)
    for query in EVERY_WAY:
        student.follow(f"/aanmelden?{query}")
    choose(student.walk_to("opleiding"), KOK)
    whole = student.get("/mijn").text
    page = watch.main(whole)
    reads(page, language)
    assert page.count(SAID[language]) == 2, "one with a choice, one with the link alone"
    student.post(f"/mijn/{re.findall('/mijn/(.*?)/weg', whole)[1]}/weg")  # not masked
    student.get(f"/aanmelding/{watch.row_of('draft').id}/")
    student.send()
    page = watch.main(student.get("/mijn").text)
    reads(page, language, "<h2.*?</h2>")
    assert page.count(SAID[language]) == 1
    assert 'href="/mijn/' in page


@pytest.mark.rule("WIZ-7")
def test_without_an_english_name_the_dutch_one_says_that_it_is(portal: Portal) -> None:
    in_our_copy(portal, KOK, name_english="")
    page = main(portal, f"/aanmelden?{NAMED}", "en")
    assert SAID["nl"] in page
    assert ENGLISH not in page


@pytest.mark.rule("WIZ-7")
def test_of_programmes_with_one_name_that_have_several_english_ones_the_first(
    portal: Portal,
) -> None:
    in_our_copy(portal, KOK, name_english="Chef")
    in_our_copy(portal, "kok-bbl-zwolle", name_english="")
    link = Link("99XX", crebo="25180")
    with db.reading() as connection:
        found = links.named(connection, links.query(link), clock.now())
        title = links.titles(connection, [link])[link]
    assert found is not None
    assert (found.programme, found.name_english) == title[1:] == (DUTCH, "Chef")


@pytest.mark.rule("DEE-1")
def test_a_link_that_an_earlier_release_kept_is_readable(portal: Portal) -> None:
    browser = portal.browser(**{"Accept-Language": "en"})
    browser.get(f"/aanmelden?{NAMED}")
    with portal.app.test_request_context(headers={"Cookie": f"sid={browser.cookies['sid']}"}):
        (kept,) = session["links"]
    old: dict[str, Any] = {name: value for name, value in kept.items() if name != "name_english"}
    assert decode(Followed, kept).name_english == ENGLISH
    assert decode(Followed, old) == replace(decode(Followed, kept), name_english="")
