"""A school's link leads to the right draft with the right thing chosen, whatever comes between."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import count
from typing import NamedTuple
from urllib.parse import quote

import pytest

from app import clock, db
from app.domain.deeplink import Link
from app.services import drafts, institutions, links
from tests import watch
from tests.choosing import IDS, KOK, choose, nobody_yet
from tests.portal import Portal, Student, programmes
from tests.race import at_once

BACK = "https://www.school.example/klaar?a=b%20c"
numbers = count(300)


class Form(NamedTuple):
    """A link, and what the student finds chosen or to choose from."""

    query: str
    preselected: bool
    shows: str
    cohort: str = ""  # the one that is preselected


FORMS = {
    "programme": Form(f"opleiding={IDS[KOK]}", True, "Kok in het restaurant"),
    "in capitals": Form(f"opleiding={IDS[KOK].upper()}", True, "Kok in het restaurant"),
    "programme of several": Form(f"opleiding={IDS['entree-bol']}", False, "Entree: aan het werk"),
    "programme and cohort": Form(
        f"opleiding={IDS['entree-bol']}&cohort=ENTREE-BOL-FEBRUARI",
        True,
        "Entree: aan het werk",
        "ENTREE-BOL-FEBRUARI",
    ),
    "cohort that is none": Form(f"opleiding={IDS[KOK]}&cohort=X", True, "Kok in het restaurant"),
    "crebo": Form("instelling=99XX&crebo=25180", False, "Kok in het restaurant"),
    "school": Form("instelling=99XX", False, "ROC De Horizon"),
}


def address(form: Form) -> str:
    return f"/aanmelden?{form.query}&kenmerk=folder&returnUrl={quote(BACK, safe='')}"


def logged_out(portal: Portal, student: Student, link: str) -> None:
    student.get(link)
    student.log_in()


def logged_in(portal: Portal, student: Student, link: str) -> None:
    student.log_in()
    student.get(link)


def cancelled(portal: Portal, student: Student, link: str) -> None:
    student.get(link)
    assert student.log_in(fault="access_denied").status_code == 400
    student.log_in()


def session_expired(portal: Portal, student: Student, link: str) -> None:
    student.log_in()
    student.browser.cookies.delete("sid")
    student.get(link)
    student.log_in()


def expired_after_it_began(portal: Portal, student: Student, link: str) -> None:
    logged_out(portal, student, link)
    address = str(student.page.url)
    student.browser.cookies.delete("sid")
    student.get(address)
    assert student.page.status_code == 401
    student.log_in()


def other_device(portal: Portal, student: Student, link: str) -> None:
    logged_out(portal, student, link)
    student.browser = portal.browser()
    student.log_in()


def language_changed(portal: Portal, student: Student, link: str) -> None:
    student.get(link)
    student.get("/taal/en?terug=/aanmelden")
    assert '<html lang="en"' in student.page.text
    student.get("/taal/nl?terug=/aanmelden")
    student.log_in()


def from_another_link(portal: Portal, student: Student, link: str) -> None:
    student.get("/aanmelden?instelling=91XX")
    student.get(link)
    student.log_in()


def away_from_a_step(portal: Portal, student: Student, link: str) -> None:
    """A page that asked to log in is not where this student wants to go any more."""
    own_step = str(student.log_in().url)
    student.browser.cookies.delete("sid")
    assert student.get(own_step).status_code == 401
    student.get(link)
    student.log_in()


SITUATIONS: tuple[Callable[[Portal, Student, str], None], ...] = (
    *(logged_out, logged_in, cancelled, session_expired, expired_after_it_began),
    *(other_device, language_changed, from_another_link, away_from_a_step),
)


EVERY_WAY = [  # each form, and each situation; all of both in `make test-all`
    pytest.param(
        kind,
        situation,
        id=f"{kind}-{situation.__name__}",
        marks=() if kind == "programme" or situation is logged_out else pytest.mark.long,
    )
    for kind in FORMS
    for situation in SITUATIONS
]


@pytest.mark.rule("DEE-1", "DEE-2", "DEE-6")
@pytest.mark.parametrize(("kind", "situation"), EVERY_WAY)
def test_a_link_is_followed_to_its_end(
    portal: Portal, kind: str, situation: Callable[[Portal, Student, str], None]
) -> None:
    form = FORMS[kind]
    student = Student(portal.browser(), nobody_yet(next(numbers)))
    situation(portal, student, address(form))
    was_in = situation in (logged_in, session_expired, away_from_a_step)  # so has an empty draft
    assert len(watch.all_of("draft")) == 1 + was_in
    student.walk_to("opleiding")
    page = student.page.text
    assert form.shows in page
    assert len(checked(page)) == form.preselected
    if form.cohort:
        assert code_of(checked(page)[0]) == form.cohort
    if kind == "school":
        assert len(programmes(page)) > 9
        assert set(re.findall(r'<p lang="nl">([^<]*)</p>', page)) == {form.shows}
    if not form.preselected:
        choose(student, KOK)
    else:
        student.post()
    student.send()
    assert student.at == "verstuurd"
    sent = watch.row_of("application")
    (way,) = watch.outward(student.page.text)
    assert way == f"{BACK}&status=geslaagd&caKetenId={sent.ca_keten_id}&kenmerk=folder"


def checked(page: str) -> list[str]:
    found = re.findall(r'<input[^>]*name="cohort" value="([^"]+)" checked', page)
    return [unescape(value) for value in found]


def code_of(cohort_id: str) -> str:
    return str(watch.row_of("cohort", id=cohort_id).code)


@pytest.mark.rule("DEE-1")
@pytest.mark.parametrize("kind", FORMS)
def test_before_logging_in_one_sees_what_for_and_where(portal: Portal, kind: str) -> None:
    page = portal.browser().get(address(FORMS[kind])).text
    assert "ROC De Horizon" in page
    assert FORMS[kind].shows in page
    assert "Inloggen met DigiD" in page


@pytest.mark.rule("DEE-6")
def test_a_link_beside_an_open_draft_begins_a_second_with_what_is_known(
    any_portal: Portal,
) -> None:
    student = choose(any_portal.student(nobody_yet(1)).walk_to("opleiding"), "sport-bol")
    first = student.draft
    before = watch.row_of("draft", id=first)
    student.get(address(FORMS["programme"]))
    second = student.draft
    assert second != first
    assert student.at == "opleiding", "the rest is known"
    assert "student@voorbeeld.nl" in student.get(f"/aanmelding/{second}/contact").text
    assert watch.row_of("draft", id=first) == before
    overview = student.get("/mijn").text
    assert overview.count("/weg") == 2
    assert student.get(address(FORMS["programme"])).url.path.startswith(f"/aanmelding/{second}")
    student.post()
    student.send()
    assert watch.row_of("application").draft_id == second
    assert watch.row_of("draft", id=first).document == before.document


@pytest.mark.rule("DEE-6")
def test_the_link_stays_with_its_own_draft(any_portal: Portal) -> None:
    student = choose(any_portal.student(nobody_yet(1)).walk_to("opleiding"), KOK)
    first = student.draft
    student.get(address(FORMS["programme"]))
    student.get(f"/aanmelding/{first}/")
    assert watch.outward(student.send().text) == []


@pytest.mark.rule("DEE-6")
def test_what_was_typed_comes_along_and_nothing_of_the_programme(any_portal: Portal) -> None:
    student = choose(any_portal.student(nobody_yet(1)).walk_to("opleiding"), "dokters-bol")
    student.post(code="open-deur")
    student_id = watch.row_of("student").id
    draft_id = drafts.begin(student_id, Link("99XX"), clock.now())
    with db.reading() as connection:
        opened = drafts.open_draft(connection, student_id, draft_id, clock.now())
    answers = opened.answers
    assert answers.contact is not None
    assert (answers.choice, answers.key, answers.joining, answers.start_day) == (None,) * 4


# --- the school's log of links that don't count ---------------------------------------------------


def log_of(brin: str) -> list[institutions.RefusedLink]:
    with db.reading() as connection:
        return institutions.refused_links(connection, brin)


@pytest.mark.rule("DEE-3")
def test_a_refused_link_is_a_line_once_a_kind_with_a_count(any_portal: Portal) -> None:
    browser = any_portal.browser()
    for _ in range(3):
        for query in (
            "returnUrl=https://evil.example/a?bsn=999653027",
            "returnUrlNietGeslaagd=https://evil.example/a",
            "returnUrl=https://jan:geheim@www.school.example/",
            "returnUrl=https://evil.example/a&returnUrlNietGeslaagd=javascript:alert(1)",
        ):
            browser.get(f"/aanmelden?instelling=99XX&{query}")
    browser.get("/aanmelden?instelling=99XX&returnUrl=https://www.school.example/")
    browser.get("/aanmelden?instelling=99XX&returnUrl=")
    found = {(r.parameter, r.reason, r.link): r.times for r in log_of("99XX")}
    assert found == {
        ("returnUrl", "foreign_host", "https://evil.example/a"): 6,
        ("returnUrlNietGeslaagd", "foreign_host", "https://evil.example/a"): 3,
        ("returnUrl", "userinfo", "https://...@www.school.example/"): 3,
        ("returnUrlNietGeslaagd", "not_https", "javascript:alert(1)"): 3,
    }
    assert log_of("91XX") == []


@pytest.mark.rule("DEE-3")
def test_nobody_fills_a_school_s_log_or_another_s(any_portal: Portal) -> None:
    def refused(number: int) -> list[links.Refused]:
        return [links.Refused("returnUrl", links.Refusal.PORT, f"https://a.example:{number}/")]

    links.log("91XX", refused(0), clock.now())
    for number in range(links.LINES + 20):
        links.log("99XX", refused(number), clock.now())
    kept = log_of("99XX")
    assert len(kept) == links.LINES == 200
    assert kept[0].link.endswith(f":{links.LINES + 19}/")
    assert kept[-1].link.endswith(":20/")
    assert [line.times for line in log_of("91XX")] == [1]


@pytest.mark.rule("DEE-3")
def test_many_refused_at_once_are_all_counted(any_portal: Portal) -> None:
    both = [
        links.Refused(name, links.Refusal.PORT, "https://a.example:1/")
        for name in ("returnUrl", "returnUrlNietGeslaagd")
    ]
    calls = [("99XX", both, clock.now())] * 6
    answers = at_once(any_portal.settings.database_url, links.log, calls, each=5)
    assert {one for many in answers for one in many} == {None}
    assert [line.times for line in log_of("99XX")] == [30, 30]
