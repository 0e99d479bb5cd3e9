"""What a school's link shows when nobody can apply for what it names: why, and what can be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from app import clock, db
from app.models import cohort_facts, koppelpunt, place, programme_facts, provider
from app.services import arrivals, catalogue, catalogue_renew, institutions
from tests import watch
from tests.choosing import IDS, KOK, everywhere, in_our_copy, offered
from tests.days import in_words
from tests.integration.test_visibility import BRIN, CASES, SPORT
from tests.portal import Portal

pytestmark = pytest.mark.each_run_on("sqlite")

SITE = "https://www.aventijn.example"
BACK = f"returnUrl={SITE}/klaar&kenmerk=folder"
NO_KOPPELPUNT = "Deze school kan nu geen aanmeldingen ontvangen."
NOTHING = "Bij deze school kun je je nu niet aanmelden."


def page_of(portal: Portal, query: str) -> str:
    text = portal.browser().get(f"/aanmelden?{query}").text
    return unescape(text[text.index("<main") :])


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", html))


def links(page: str) -> list[tuple[str, str]]:
    """Of the cards: what they say, and where they lead."""
    found = re.findall(r'<h3><a [^>]*href="([^"]*)"[^>]*>(.*?)</a></h3>', page, re.S)
    return [(plain(text), address) for address, text in found]


def only_sport_left() -> None:
    """Of the school's programmes no other has a cohort that is open."""
    others = select(programme_facts.c.id).where(
        programme_facts.c.brin == BRIN, programme_facts.c.programme_id != IDS[SPORT]
    )
    with db.transaction() as connection:
        connection.execute(
            update(cohort_facts).where(cohort_facts.c.facts_id.in_(others)).values(open=False)
        )
        connection.execute(place.delete())
        catalogue_renew.touched(connection)


@pytest.mark.each_run(6)
@pytest.mark.rule("CAT-8", "DEE-5", "WIZ-8")
@pytest.mark.parametrize("kind", CASES)
def test_a_link_to_a_school_where_nothing_can_be_chosen_says_so(
    any_portal: Portal, kind: str
) -> None:
    only_sport_left()
    CASES[kind].make(any_portal)
    shut = CASES[kind].reason is not None
    page = page_of(any_portal, f"instelling={BRIN}&{BACK}")
    assert ("Aanmelden kan nu niet" in page) is shut
    assert ("Inloggen met DigiD" in page) is not shut
    assert (NO_KOPPELPUNT in page) == (kind == "no koppelpunt")
    assert (NOTHING in page) == (shut and kind != "no koppelpunt")
    ways = watch.outward(page)
    assert (f"{SITE}/klaar?status=nietMogelijk&kenmerk=folder" in ways) is shut
    contact = "Vragen aan de school?" in page
    assert contact == (shut and kind != "of a provider that is gone")


@pytest.mark.rule("WIZ-8")
def test_a_school_takes_applications_when_a_cohort_of_it_is_open(any_portal: Portal) -> None:
    with db.reading() as connection:
        rows = connection.execute(catalogue.cohorts()).all()
        every = catalogue._offered(rows, clock.now())
        for brin in ("99XX", "91XX", "92XX", "98XX"):
            open_ = any(o.visibility.open for o in every if o.choice.brin == brin)
            assert arrivals.takes_applications(connection, brin, clock.now()) == open_


@pytest.mark.rule("DEE-5")
def test_a_school_where_nothing_is_open_yet_says_what_will_be(portal: Portal) -> None:
    soon = clock.today() + timedelta(days=9)
    everywhere(portal, apply_from=soon, apply_until=soon + timedelta(days=9))
    page = page_of(portal, f"instelling={BRIN}&{BACK}")
    assert NOTHING in page
    assert "Dit kan later bij deze school" in page
    assert f"Aanmelden vanaf {in_words(soon)}" in plain(page)
    assert links(page)
    assert "Alle opleidingen" not in page, "that is this page"


@pytest.mark.rule("CAT-8")
def test_a_school_without_a_contact_of_its_own_names_none(any_portal: Portal) -> None:
    with db.transaction() as connection:
        connection.execute(koppelpunt.delete().where(koppelpunt.c.brin == BRIN))
        connection.execute(update(provider).values(email="", phone="", website=""))
    page = page_of(any_portal, f"instelling={BRIN}")
    assert NO_KOPPELPUNT in page
    assert "Vragen aan de school?" not in page


@pytest.mark.rule("DEE-5")
def test_a_closed_start_is_told_by_place_leertraject_and_day(any_portal: Portal) -> None:
    in_our_copy(any_portal, KOK, cohorts=lambda c: replace(c, open=False))
    (shut, *_) = offered(KOK)
    page = page_of(any_portal, f"opleiding={IDS[KOK]}&cohort={shut.choice.cohort_code}")
    rows = dict(re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*><bdi>(.*?)</bdi></dd>", page))
    assert rows["Plaats"] == "Zwolle"
    assert rows["Leertraject"].startswith("BOL")
    assert "Start" in rows or shut.choice.start is None
    page = page_of(any_portal, f"opleiding={IDS[KOK]}")
    told = re.findall(r'<li class="notes">(.*?)</li>', page, re.S)
    assert len(told) == len(offered(KOK)) > 1
    assert all("Zwolle · BOL" in plain(line) for line in told)
    assert all("." in plain(line) for line in told), "and why"


@pytest.mark.rule("DEE-5")
def test_first_the_same_programme_elsewhere_then_the_others_then_all(any_portal: Portal) -> None:
    in_our_copy(any_portal, KOK, cohorts=lambda c: replace(c, open=False))
    back = "returnUrl=https://www.school.example/&kenmerk=a"
    page = page_of(any_portal, f"opleiding={IDS[KOK]}&{back}")
    headings = re.findall("<h2[^>]*>(.*?)</h2>", page)
    assert headings[:2] == ["Deze opleiding kan wel zo", "Andere opleidingen bij deze school"]
    own = [(text, at) for text, at in links(page) if "cohort=" in at]
    assert {text.partition(" · Start")[0] for text, _ in own} == {"Deventer · BOL", "Zwolle · BBL"}
    assert links(page)[: len(own)] == own, "first"
    assert "Kok in het restaurant" not in [text for text, _ in links(page)]
    (every,) = re.findall(r'href="([^"]*)"[^>]*>Alle opleidingen van deze school<', page)
    assert every.startswith("/aanmelden?instelling=99XX&")
    browser = any_portal.browser()
    for address in (every, *(at for _, at in links(page))):
        assert "kenmerk=a" in address
        assert "Inloggen met DigiD" in browser.get(address).text, address


@pytest.mark.rule("DEE-5")
def test_another_start_of_the_same_place_can_be_chosen(any_portal: Portal) -> None:
    """The link names a cohort that is over, and the programme has one that is open."""
    (shut,) = [o.choice for o in offered(KOK) if o.choice.cohort_code.endswith("VOORBIJ")]
    page = page_of(any_portal, f"opleiding={IDS[KOK]}&cohort={shut.cohort_code}")
    assert "Aanmelden kan nu niet" in page
    assert "Zwolle · BOL" in {text.partition(" · Start")[0] for text, _ in links(page)}


@pytest.mark.rule("DEE-5")
def test_what_is_hidden_of_the_same_name_is_not_offered(any_portal: Portal) -> None:
    in_our_copy(any_portal, KOK, cohorts=lambda c: replace(c, open=False))
    institutions.set_programme(IDS[KOK], True, ticked=True)
    institutions.set_up("99XX", institutions.Settings(whitelist=True), local=True)
    page = page_of(any_portal, f"opleiding={IDS[KOK]}")
    assert links(page) == []
    assert "Alle opleidingen" not in page
