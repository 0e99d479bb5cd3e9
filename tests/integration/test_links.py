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
from app.services import drafts
from tests import watch
from tests.choosing import IDS, KOK, choose, nobody_yet
from tests.portal import Portal, Student, programmes

pytestmark = pytest.mark.each_run_on("sqlite")

BACK = "https://www.school.example/klaar?a=b%20c"
numbers = count(300)


class Form(NamedTuple):
    """A link, and what the student finds chosen or to choose from."""

    query: str
    preselected: bool
    shows: str
    cohort: str = ""  # the one that is preselected


OTHER = "software-bol"
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
    student.follow(link)
    student.log_in()


def logged_in(portal: Portal, student: Student, link: str) -> None:
    student.log_in()
    student.follow(link)


def cancelled(portal: Portal, student: Student, link: str) -> None:
    student.follow(link)
    assert student.log_in(fault="access_denied").status_code == 400
    student.log_in()


def session_expired(portal: Portal, student: Student, link: str) -> None:
    student.log_in()
    student.browser.cookies.delete("sid")
    student.follow(link)
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
    student.follow(link)
    student.get("/taal/en?terug=/aanmelden")
    assert '<html lang="en"' in student.page.text
    student.get("/taal/nl?terug=/aanmelden")
    student.log_in()


def from_another_link(portal: Portal, student: Student, link: str) -> None:
    student.get("/aanmelden?instelling=91XX")
    student.follow(link)
    student.log_in()


def away_from_a_step(portal: Portal, student: Student, link: str) -> None:
    """A page that asked to log in is not where this student wants to go any more."""
    own_step = str(student.log_in().url)
    student.browser.cookies.delete("sid")
    assert student.get(own_step).status_code == 401
    student.follow(link)
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


@pytest.mark.each_run(8)
@pytest.mark.rule("DEE-1", "DEE-2", "DEE-6")
@pytest.mark.parametrize(("kind", "situation"), EVERY_WAY)
def test_a_link_is_followed_to_its_end(
    portal: Portal, kind: str, situation: Callable[[Portal, Student, str], None]
) -> None:
    form = FORMS[kind]
    student = Student(portal.browser(), nobody_yet(next(numbers)))
    situation(portal, student, address(form))
    assert len(watch.all_of("draft")) == 1, "an empty one from before is taken"
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
    student.follow(address(FORMS["programme"]))
    second = student.draft
    assert second != first
    assert student.at == "opleiding", "the rest is known"
    assert "student@voorbeeld.nl" in student.get(f"/aanmelding/{second}/contact").text
    assert watch.row_of("draft", id=first) == before
    overview = student.get("/mijn").text
    assert overview.count("/weg") == 2
    assert student.follow(address(FORMS["programme"])).url.path.startswith(f"/aanmelding/{second}")
    student.post()
    student.send()
    assert watch.row_of("application").draft_id == second
    assert watch.row_of("draft", id=first).document == before.document


@pytest.mark.rule("DEE-6")
def test_a_link_takes_the_empty_draft_of_another_tab(any_portal: Portal) -> None:
    tab = any_portal.student(nobody_yet(1))
    at_first = tab.draft
    other = Student(tab.browser, tab.bsn)
    other.follow(address(FORMS["programme"]))
    assert other.draft == at_first
    tab.walk_to("opleiding")  # with a page from before the link
    assert tab.draft == at_first
    assert len(checked(tab.page.text)) == 1, "what the link names"
    other.follow(address(FORMS["crebo"]))
    assert other.draft != at_first, "that one is for something now"
    assert len(watch.all_of("draft")) == 2
    tab.post()
    (way,) = watch.outward(tab.send().text)
    assert way.startswith(BACK)


@pytest.mark.rule("DEE-6")
def test_an_answer_and_a_link_at_once_are_both_kept(any_portal: Portal) -> None:
    student = any_portal.student(nobody_yet(1))
    student_id, link = watch.row_of("student").id, Link("99XX", kenmerk="folder")

    def opened(draft_id: str) -> drafts.Opened:
        with db.reading() as connection:
            return drafts.open_draft(connection, student_id, draft_id, clock.now())

    before = opened(student.draft)
    assert drafts.begin(student_id, link, clock.now()) == before.id
    given = before.said().known
    drafts.answer(before, "person", given, clock.now())
    assert (opened(before.id).link, opened(before.id).answers.person) == (link, given)
    second = drafts.begin(student_id, None, clock.now())
    drafts.answer(opened(second), "person", given, clock.now())
    third, fourth = (drafts.begin(student_id, Link(b), clock.now()) for b in ("91XX", "92XX"))
    assert len({before.id, second, third, fourth}) == 4, "each is for something"


@pytest.mark.rule("DEE-6", "WIZ-14")
def test_an_empty_draft_that_a_link_takes_has_what_is_known_by_then(any_portal: Portal) -> None:
    student = any_portal.student(nobody_yet(1))
    empty = student.draft
    student.post("/mijn/nieuw")
    assert student.draft != empty
    choose(student.walk_to("opleiding"), OTHER).send()
    assert student.at == "verstuurd"
    student.follow(address(FORMS["programme"]))
    assert (student.draft, student.at) == (empty, "opleiding"), "the rest is known"
    student.post("/mijn/nieuw")
    untouched = student.draft
    assert student.at == "opleiding", "known here too"
    student.follow(address(FORMS["crebo"]))
    assert (student.draft, student.at) == (untouched, "opleiding")


@pytest.mark.rule("DEE-6")
def test_an_empty_draft_of_a_link_tells_nothing(any_portal: Portal) -> None:
    """Nothing was answered in it: what was sent counts."""
    student = any_portal.student(nobody_yet(1))
    student.follow(address(FORMS["programme"]))
    student.post("/mijn/nieuw")
    choose(student.walk_to("opleiding"), KOK).send()
    student.post("/mijn/nieuw")
    assert student.at == "opleiding"


@pytest.mark.rule("DEE-6")
def test_the_link_stays_with_its_own_draft(any_portal: Portal) -> None:
    student = choose(any_portal.student(nobody_yet(1)).walk_to("opleiding"), KOK)
    first = student.draft
    student.follow(address(FORMS["programme"]))
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
