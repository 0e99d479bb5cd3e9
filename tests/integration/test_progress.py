"""What shows where one is: what comes next, the steps beside a question, the last day to be in
time, and the ways on from the confirmation."""

from __future__ import annotations

import re

import pytest

from app.wizard.steps import BY_SLUG
from tests import watch
from tests.choosing import KOK, choose
from tests.leerbedrijven import TYPING
from tests.portal import ADULT, MINOR, Portal, Student

START = "/"


def steps(student: Student) -> list[tuple[str | None, str]]:
    """Of each step beside the sheet its address, if it has one, and its name."""
    nav = re.search(r'<nav aria-label="Stappen">.*?</nav>', student.page.text, re.S)
    assert nav, "no steps"
    found = re.findall(r"<(?:a href=\"([^\"]*)\"|span[^>]*)>([^<]*)</", nav[0])
    return [(address or None, name) for address, name in found]


@pytest.mark.rule("WIZ-3")
def test_the_steps_lead_to_what_is_answered_and_no_further(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("opleiding")
    shown = steps(student)
    assert [name for _, name in shown] == [
        "Je gegevens", "Contact", "Vooropleiding", "Opleiding", "Ouder of verzorger",
        "Controleren en versturen",
    ]  # fmt: skip
    assert [address is not None for address, _ in shown] == [True, True, True, False, False, False]
    for address, name in shown:
        if address:
            student.get(address)
            assert student.page.status_code == 200
            assert BY_SLUG[student.at].short == name


@pytest.mark.rule("WIZ-3")
def test_who_changes_something_can_go_to_every_step(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("controleren")
    student.get(f"/aanmelding/{student.draft}/contact")
    assert [name for address, name in steps(student) if not address] == ["Contact"]
    assert steps(student)[-1][0] == f"/aanmelding/{student.draft}/controleren"


DAYS = {
    "2027-03-30T12:00": "nog 2 dagen",
    "2027-03-31T12:00": "Tot en met morgen",
    "2027-04-01T21:59": "Vandaag",  # a minute before midnight here
    "2027-04-01T22:01": "is voorbij",
    "2027-07-31T22:01": "1 april 2028<",
}


@pytest.mark.rule("WIZ-16")
@pytest.mark.parametrize(("moment", "told"), DAYS.items())
def test_the_start_page_says_how_long_one_is_in_time(
    portal: Portal, moment: str, told: str
) -> None:
    portal.move_clock(f"{moment}+00:00")
    page = portal.browser().get(START).text
    section = re.search(r'<section class="term">.*?</section>', page, re.S)
    assert section is not None
    assert told in section[0]


@pytest.mark.rule("WIZ-14")
def test_the_confirmation_leads_on(portal: Portal) -> None:
    student = portal.student(ADULT)
    first = student.draft
    page = student.send().text
    assert "088-0000" in page, "how to reach the school"
    pressed = re.search(r'<form method="post" action="(/mijn/nieuw)">(.*?)</form>', page, re.S)
    assert pressed is not None
    form = {"csrf_token": watch.token(pressed[2])}
    student.page = student.browser.post(pressed[1], data=form, follow_redirects=True)
    assert student.at == "opleiding", "what is known is filled in"
    assert student.draft != first


@pytest.mark.rule("WIZ-1", "WIZ-10")
@pytest.mark.parametrize(
    ("bsn", "says"),
    [
        (MINOR, "Hierna: Ouder of verzorger</p>"),
        (ADULT, "Hierna: Ouder of verzorger (niet verplicht)</p>"),
    ],
)
def test_who_is_grown_up_need_not_give_a_guardian(portal: Portal, bsn: str, says: str) -> None:
    student = portal.student(bsn).walk_to("opleiding")
    assert says in student.page.text
    choose(student, KOK).walk_to("controleren")
    assert "(niet verplicht)" not in student.page.text, "there it is only a heading"


@pytest.mark.rule("WIZ-7")
def test_who_types_one_letter_is_asked_for_more(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("opleiding")
    for query, short in (("k", True), (" ë ", True), ("xyzzy", False), ("kok", False)):
        page = student.get(f"{student.page.url.path}?q={query}").text
        assert ("Met één letter kunnen we niet zoeken." in page) is short
        assert ("We vinden niets" in page) is (query == "xyzzy")
    for query, answered in (("k", False), ("xyzzy", True)):
        address = f"{student.page.url.path}?voorstel=1&q={query}"
        assert ("data-said" in student.browser.get(address, headers=TYPING).text) is answered
