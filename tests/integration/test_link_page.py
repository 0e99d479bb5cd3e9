"""What a school's link shows before logging in, of the cohorts that are open (DEE-1)."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from app import db
from app.services import drafts, institutions
from digistub.rio_cohorts import NOTE
from tests import watch
from tests.choosing import IDS, KOK, LOCKED, choose, in_our_copy, offered
from tests.portal import ADULT, Portal, Student

pytestmark = pytest.mark.each_run_on("sqlite")

NEEDS_CODE = "Je hebt een toegangscode van de school nodig."


def before_logging_in(portal: Portal, query: str) -> str:
    return unescape(watch.main(portal.browser().get(f"/aanmelden?{query}").text))


def told(page: str) -> str:
    return re.sub("<.*?>", "", page)


@pytest.mark.rule("CAT-5", "CAT-7", "WIZ-9")
def test_before_logging_in_one_sees_what_a_cohort_asks(any_portal: Portal) -> None:
    (locked,) = offered(LOCKED)
    page = before_logging_in(any_portal, f"opleiding={IDS[LOCKED]}")
    assert page.count(NEEDS_CODE) == 1
    assert "plekken" not in page, "the school doesn't count them"
    institutions.set_places(IDS[LOCKED], locked.choice.cohort_code, 12)
    assert "Nog 12 plekken" in before_logging_in(any_portal, f"opleiding={IDS[LOCKED]}")
    assert NOTE not in page
    nurse = f"opleiding={IDS['verpleegkundige-bol']}"
    asking = "VERPLEEGKUNDIGE-BOL-TOESTEMMING"
    institutions.set_places(IDS["verpleegkundige-bol"], asking, 1)
    for query in (nurse, f"{nurse}&cohort={asking}"):
        page = before_logging_in(any_portal, query)
        assert (page.count(NOTE), page.count("Nog 1 plek<")) == (1, 1)
        assert NEEDS_CODE not in page
    other = before_logging_in(any_portal, f"{nurse}&cohort=VERPLEEGKUNDIGE-BOL-VAST")
    assert NOTE not in other
    assert "Nog 1 plek" not in other


@pytest.mark.rule("DEE-1")
def test_before_logging_in_one_sees_every_cohort_that_a_link_leaves_open(portal: Portal) -> None:
    page = before_logging_in(portal, "instelling=99XX&crebo=25180")
    lines = re.findall(r"<b>(.*?)</b>", page)
    assert len(lines) == 3
    assert all("Start: " in line for line in lines)
    assert [re.sub("<.*?>", "", line).split(" · ")[:2] for line in lines] == [
        ["Deventer", "BOL"],
        ["Zwolle", "BBL"],
        ["Zwolle", "BOL"],
    ]
    assert "Meld je aan voor Kok in het restaurant\n" in told(page)
    in_our_copy(portal, KOK, name="Kok op zee")  # one crebo under two names
    page = before_logging_in(portal, "instelling=99XX&crebo=25180")
    assert "Meld je aan voor Kok\n" in told(page), "as RIO calls the crebo"
    assert page.count("Kok op zee") == 1
    assert page.count("Kok in het restaurant") == 2


def logged_in_page(student: Student, query: str) -> str:
    return unescape(watch.main(student.get(f"/aanmelden?{query}").text))


@pytest.mark.rule("DEE-1", "DEE-6")
def test_who_is_logged_in_sees_what_for_and_begins_with_a_button(any_portal: Portal) -> None:
    student = choose(any_portal.student(ADULT).walk_to("opleiding"), "sport-bol")
    first = student.draft
    before = watch.rows("store")
    for number in range(12):
        page = logged_in_page(student, f"opleiding={IDS[KOK]}&kenmerk={number}")
    assert watch.rows("store") == before, "looking at it begins nothing"
    assert "Meld je aan voor Kok in het restaurant" in told(page)
    assert "Je aanmelding voor Sport- en bewegingsleider is nog niet verstuurd." in told(page)
    assert f'href="/aanmelding/{first}/"' in page
    assert "Inloggen met DigiD" not in page
    student.follow(f"/aanmelden?opleiding={IDS[KOK]}&kenmerk=a")
    assert student.draft != first
    again = logged_in_page(student, f"opleiding={IDS[KOK]}&kenmerk=a")
    assert ("Ga verder" in again, "nog niet verstuurd" in again) == (True, False)
    other = logged_in_page(student, f"opleiding={IDS['software-bol']}")
    assert "Je hebt nog 2 andere aanmeldingen die niet zijn verstuurd." in other


@pytest.mark.rule("DEE-6")
@pytest.mark.parametrize(
    ("earlier", "says"),
    [
        (
            f"opleiding={IDS[KOK]}",
            "Je aanmelding voor Kok in het restaurant is nog niet verstuurd.",
        ),
        ("instelling=91XX", "Je aanmelding bij Vakcollege Het Atelier is nog niet verstuurd."),
    ],
)
def test_a_draft_without_a_choice_is_told_by_its_link(
    portal: Portal, earlier: str, says: str
) -> None:
    student = portal.student(ADULT)
    student.follow(f"/aanmelden?{earlier}")
    assert says in told(logged_in_page(student, f"opleiding={IDS['sport-bol']}"))


@pytest.mark.rule("DEE-6")
def test_an_empty_draft_is_nothing_to_go_on_with(portal: Portal) -> None:
    page = logged_in_page(portal.student(ADULT), f"opleiding={IDS[KOK]}")
    assert "nog niet verstuurd" not in page
    assert ">Aanmelden</button>" in page


@pytest.mark.rule("DEE-2", "DEE-6")
def test_with_ten_drafts_the_link_says_so_and_leads_back(any_portal: Portal) -> None:
    student = any_portal.student(ADULT)
    for number in range(drafts.AT_MOST):
        student.follow(f"/aanmelden?instelling=99XX&kenmerk={number}")
    link = f"/aanmelden?opleiding={IDS[KOK]}&kenmerk=a&returnUrl=https://www.school.example/"
    assert "Je hebt 10 aanmeldingen" in student.get(link).text
    assert "<button" not in watch.main(student.page.text)
    assert watch.outward(student.page.text) == [
        "https://www.school.example/?status=afgebroken&kenmerk=a"
    ]
    form = {"csrf_token": watch.token(student.page.text)}
    pressed = student.browser.post(link, data=form)
    assert pressed.status_code == 422
    assert watch.main(pressed.text) == watch.main(student.page.text)
    assert watch.main(student.get("/aanmelden").text) == watch.main(pressed.text)
    student.get("/mijn")
    student.post(f"/mijn/{re.findall('/mijn/(.*?)/weg', student.page.text)[0]}/weg")
    assert "/aanmelding/" in str(student.follow(link).url)


@pytest.mark.rule("DEE-6")
def test_the_button_of_who_was_logged_out_leads_to_the_link_again(portal: Portal) -> None:
    student = portal.student(ADULT)
    link = f"/aanmelden?opleiding={IDS[KOK]}"
    student.get(link)
    student.browser.cookies.delete("sid")
    before = watch.rows("store")
    answer = student.browser.post(link, data={"csrf_token": "oud"})
    assert (answer.status_code, answer.headers["Location"]) == (303, link)
    assert watch.rows("store") == before


@pytest.mark.rule("MIJ-1", "DEE-6")
def test_the_overview_tells_drafts_apart_by_the_links_they_came_by(any_portal: Portal) -> None:
    in_our_copy(any_portal, KOK, name="Kok op zee")
    student = any_portal.student(ADULT)
    for query in (f"opleiding={IDS[KOK]}", "instelling=99XX&crebo=25180", "instelling=91XX"):
        student.follow(f"/aanmelden?{query}")
    page = student.get("/mijn").text
    cards = [
        re.sub("<.*?>", "\n", card).split("\n") for card in page.split('<li class="card">')[1:]
    ]
    assert [[line for line in card if line][1:3] for card in cards] == [
        ["Nog geen opleiding gekozen", "Vakcollege Het Atelier"],
        ["Kok", "ROC De Horizon"],
        ["Kok op zee", "ROC De Horizon"],
    ]


@pytest.mark.rule("MIJ-1")
def test_the_overview_asks_no_more_for_many_drafts_than_for_few(portal: Portal) -> None:
    student = portal.student(ADULT)

    def asked() -> int:
        statements: list[str] = []

        def note(*event: object) -> None:
            statements.append(str(event[2]))

        sa.event.listen(db.engine(), "before_cursor_execute", note)
        student.get("/mijn")
        sa.event.remove(db.engine(), "before_cursor_execute", note)
        return len(statements)

    student.follow(f"/aanmelden?opleiding={IDS[KOK]}&kenmerk=0")
    few = asked()
    for number in range(1, 8):
        student.follow(f"/aanmelden?opleiding={IDS[KOK]}&kenmerk={number}")
    assert student.get("/mijn").text.count("/weg") == 8
    assert asked() == few
