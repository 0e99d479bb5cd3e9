"""The house rules that hold for every route: a new one is covered, or fails, by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

import html5lib
import httpx
import pytest
from flask import Flask

from digistub.people import fresh_bsn
from tests import watch
from tests.guests import OF_INTERESTS
from tests.length import at_length
from tests.portal import Portal, Student
from tests.routes import FILES, OPEN, TABLE
from tests.ways import COMPANIES, WAYS, Way, goes_on, studies, walk, works

EVERY_METHOD = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"}
OF_ITSELF = {"HEAD", "OPTIONS"}
LINKS = ("/aanmelden?instelling=99XX", "/aanmelden?instelling=nee")
HTMX = {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "main"}
SEEN = {  # of the pages that every student meets
    *(("", 200), ("login", 200), ("aanmelden", 200), ("aanmelden", 404), ("terug", 400)),
    *(("gegevens", 200), ("gegevens", 422), ("contact", 200), ("contact", 422)),
    *(("opleiding", 200), ("opleiding", 422), ("ouders", 200), ("ouders", 422)),
    *(("controleren", 200), ("verstuurd", 200), ("mijn", 200), ("bestaat-niet", 404)),
    *(("uitloggen", 200), ("uitgelogd", 200), ("sessie-verlopen", 401)),
}

numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture
def student(portal: Portal) -> Student:
    """Somebody new who has a complete draft."""
    return portal.student(fresh_bsn("9998", next(numbers))).walk_to("controleren")


def rules(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - OF_ITSELF:
            yield rule.rule, method


def filled(rule: str, draft: str) -> str:
    return re.sub(
        r"<(?:\w+:)?(\w+)>",
        lambda part: {
            **{"draft_id": draft, "slug": "contact", "code": "nl", "token": "x"},
            "application_id": "1",
        }[part[1]],
        rule,
    )


def ask(browser: httpx.Client, method: str, address: str, token: str = "") -> httpx.Response:
    data = {"csrf_token": token} if method == "POST" else None
    return browser.request(method, address, data=data)


def given(answer: httpx.Response, expected: int | str) -> int | str:
    """The answer in the table's terms: a status, or where it leads."""
    if isinstance(expected, int) or answer.status_code != 303:
        return answer.status_code
    return expected if expected in answer.headers["Location"] else answer.headers["Location"]


def test_every_view_says_who_may_enter(portal: Portal) -> None:
    said = {getattr(view, "access", None) for view in portal.app.view_functions.values()}
    assert said == {"public", "student", "student or guest", "sis"}


def test_the_table_holds_every_route(portal: Portal) -> None:
    assert sorted(rules(portal.app)) == sorted((rule, method) for rule, method, *_ in TABLE)


@pytest.mark.parametrize(("rule", "method", "anybody", "_student"), TABLE)
def test_anybody_gets_what_the_table_says(
    portal: Portal, rule: str, method: str, anybody: int | str, _student: int | str
) -> None:
    address = filled(rule, "00000000-0000-4000-8000-000000000000")
    assert given(ask(portal.browser(), method, address), anybody) == anybody


@pytest.mark.parametrize(("rule", "method", "_anybody", "theirs"), TABLE)
def test_a_student_gets_what_the_table_says(
    student: Student, rule: str, method: str, _anybody: int | str, theirs: int | str
) -> None:
    token = student.fields()["csrf_token"]
    answer = ask(student.browser, method, filled(rule, student.draft), token)
    assert given(answer, theirs) == theirs


def test_any_other_method_is_refused(portal: Portal, student: Student) -> None:
    known: dict[str, set[str]] = {}
    for rule, method in rules(portal.app):
        known.setdefault(filled(rule, student.draft), set()).add(method)
    before = watch.rows()
    statuses = {
        (address, method): student.browser.request(method, address).status_code
        for address, methods in known.items()
        for method in EVERY_METHOD - methods
    }
    # An address of a step or a change is also that of something which knows fewer methods.
    assert {key for key, status in statuses.items() if status != 405} <= {
        (f"/aanmelding/{student.draft}/duo", "GET"),
        (f"/aanmelding/{student.draft}/verstuurd", "POST"),
        (f"/aanmelding/{student.draft}/verstuurd/mail", "GET"),
        *((f"/aanmelding/{student.draft}/{act}", "GET") for act in OF_INTERESTS),
        *((f"/aanmelding/{student.draft}/verstuurd/{file}", "POST") for file in FILES),
        ("/interesse/weghalen", "GET"),
        (f"/aanmelding/{student.draft}/laatste-dag.ics", "POST"),
    }
    assert watch.rows() == before


PAGES = {
    studies: ("opleiding?q=kok", "gegevens", "adres", "vooropleiding", "ouders"),
    works: ("over-jou", "adres", "school", "startdatum", *(f"leerbedrijf{q}" for q in COMPANIES)),
}
TWICE = {  # as it is, and with a mistake
    studies: ("adres", "vooropleiding"),
    works: ("over-jou", "adres", "vooropleiding", "school", "startdatum", "leerbedrijf"),
}
SEEN_ON = {way: {(page, s) for page in pages for s in (200, 422)} for way, pages in TWICE.items()}


def steps(student: Student, way: Way) -> list[str]:
    return [f"/aanmelding/{student.draft}/{page}" for page in PAGES[way]]


def gets(portal: Portal, student: Student, way: Way) -> list[str]:
    """Every address that can be asked for, with a query where it matters."""
    plain = [filled(rule, student.draft) for rule, method in rules(portal.app) if method == "GET"]
    return [*plain, *LINKS, *steps(student, way)]


def of_way(portal: Portal, way: Way) -> Student:
    """Somebody new who has a complete draft."""
    return walk(portal.student(fresh_bsn(WAYS[way], next(numbers))), way)


@pytest.mark.each_run(1)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_asking_changes_nothing(portal: Portal, way: Way, method: str) -> None:
    first = of_way(portal, way)
    form = {"csrf_token": watch.token(first.page.text)}
    begun = first.browser.post("/mijn/nieuw", data=form, follow_redirects=True)
    student = walk(Student(first.browser, first.bsn, begun), way)
    first.answer()
    for address in gets(portal, student, way):
        before = watch.rows("store")  # without sessions
        answer = student.browser.request(method, address)
        assert watch.rows("store") == before, address
        assert answer.status_code == 200 or address not in steps(student, way), address


def pages_of(portal: Portal, way: Way, language: str) -> list[httpx.Response]:
    """Every page on this way, with a mistake on each form."""
    browser = portal.browser(**{"Accept-Language": language})
    trail = watch.Trail().follow(browser)
    for address in ("/", "/login", "/login/loginWithoutDigiD", *OPEN[:2], *LINKS):
        browser.get(address)
    student = Student(browser, fresh_bsn(WAYS[way], next(numbers)))
    student.log_in(fault="access_denied")
    student.log_in()
    while student.at != "verstuurd":
        step = student.page.url.path
        if student.at == "opleiding":
            student.get(f"{step}?q=kok")
        if student.at != "controleren":
            mistakes = {name: "<" for name in student.fields() if name != "csrf_token"}
            student.post(step, **mistakes)
            student.get(step)
        for query in COMPANIES if student.at == "leerbedrijf" else ():
            student.get(f"{step}{query}")
        goes_on(student, way)
    for address in ("/mijn", "/bestaat-niet", "/sessie-verlopen"):
        student.get(address)
    browser.post("/uitloggen", data={"csrf_token": watch.token(student.page.text)})
    for address in ("/uitgelogd", "/mijn"):
        student.get(address)
    return trail.pages


@pytest.mark.each_run(2)
@pytest.mark.parametrize("language", ["nl", "ar", *at_length("en", "sv")])
@pytest.mark.parametrize("way", WAYS)
def test_every_page_is_sound_html(portal: Portal, way: Way, language: str) -> None:
    portal.browser().post("/testdeur/opnieuw")
    pages = pages_of(portal, way, language)
    for page in pages:
        html5lib.HTMLParser(strict=True).parse(page.text)
        assert f'<html lang="{language}"' in page.text
    seen = {(page.url.path.rsplit("/", 1)[-1], page.status_code) for page in pages}
    assert SEEN | SEEN_ON[way] <= seen


def steady(html: str) -> str:
    """The main part without what a check page says of the moment at which it was made."""
    return re.sub(r'name="(dossier|getoond)" value="[^"]*"', "", watch.main(html))


@pytest.mark.each_run(1)
@pytest.mark.rule("WIZ-4")
@pytest.mark.parametrize("way", WAYS)
def test_what_htmx_gets_is_the_page_s_main(portal: Portal, way: Way) -> None:
    student = of_way(portal, way)
    for address in gets(portal, student, way):
        whole = student.browser.get(address)
        assert whole.status_code == 200 or address not in steps(student, way), address
        if watch.is_page(whole):
            part = student.browser.get(address, headers=HTMX)
            assert (part.status_code, watch.title(part.text)) == (
                whole.status_code,
                watch.title(whole.text),
            )
            assert steady(part.text) == steady(whole.text)
            assert not re.search("<(html|head|body|header|footer)", part.text)
            html5lib.HTMLParser(strict=True).parseFragment(part.text, container="body")


@pytest.mark.rule("WIZ-4")
def test_a_mistake_looks_the_same_to_htmx(student: Student) -> None:
    student.get(f"/aanmelding/{student.draft}/contact")
    form = {**student.fields(), "email": "nee"}
    whole = student.browser.post(student.page.url, data=form)
    part = student.browser.post(student.page.url, data=form, headers=HTMX)
    assert (whole.status_code, part.status_code) == (422, 422)
    assert watch.main(part.text) == watch.main(whole.text)
    assert part.headers["HX-Push-Url"] == "false"
    assert "HX-Target" in part.headers["Vary"]
