"""What a cohort asks besides: a start day, a later leerjaar, permission first, a free place."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from babel.dates import get_month_names

from app import clock
from app.domain.catalogue import first_start, last_start
from app.domain.ports import CohortRecord
from app.services import institutions
from digistub.rio_cohorts import NOTE
from tests import watch
from tests.choosing import IDS, choose, in_our_copy, look_at, nobody_yet, offered, who_chose
from tests.days import in_words, on_a_page
from tests.portal import ADULT, Portal, Student, cohorts

pytestmark = pytest.mark.each_run_on("sqlite")

FLEXIBLE, LATER_YEARS, FEW = "gastheer-ovo", "ict-bol", "ict-medewerker"
EXISTS_NOT = "Deze datum bestaat niet. Vul in zoals: 31 12 2027"
FULL = "Deze opleiding is vol."
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def period() -> tuple[date, date]:
    (only,) = offered(FLEXIBLE)
    first, last = first_start(only.choice, clock.today()), last_start(only.choice)
    assert first is not None
    assert last is not None
    return first, last


def typed(page: str) -> str:
    (value,) = re.findall(r'<input[^>]* name="day"[^>]* value="([^"]*)"', page)
    return html.unescape(value)


def given() -> str | None:
    """The day that the draft holds, as ISO 8601 has it."""
    start = watch.answers("draft").start_day
    return start.day.isoformat() if start else None


@pytest.mark.each_run(5)
@pytest.mark.rule("WIZ-8")
@pytest.mark.parametrize(
    "text",
    [
        *("2027-13-45", "31-02-2027", "0001-01-01", "0000-00-00", "99999", "2027", "morgen"),
        *("1-1-99999999999999", "9" * 20, "1-99999999999-2027", "1-2-27", "2027-01-01T00:00"),
        *("٣١-٠٢-٢٠٢٧", "<b>", "\x00", "2027-01-01\n2027-01-02", "²-³-2027", "x" * 5000),
    ],
)
def test_what_is_no_day_is_said_and_stays(portal: Portal, text: str) -> None:
    student = who_chose(portal, FLEXIBLE, ADULT)
    assert student.at == "startdatum"
    page = student.post(day=text)
    assert page.status_code == 422
    assert EXISTS_NOT in page.text
    assert typed(page.text) == text
    assert given() is None


@pytest.mark.rule("WIZ-8")
def test_a_start_day_lies_in_the_period_and_not_in_the_past(any_portal: Portal) -> None:
    student = who_chose(any_portal, FLEXIBLE, ADULT)
    first, last = period()
    address = student.page.url
    page = student.post(address, day="")
    assert "Kies de dag waarop je wilt beginnen" in page.text
    for wrong, says in (
        (first - timedelta(days=1), f"Kies een dag vanaf {on_a_page(first)}"),
        (last + timedelta(days=1), f"Kies een dag tot en met {on_a_page(last)}"),
        (date(1999, 1, 1), f"Kies een dag vanaf {on_a_page(first)}"),
        (date(9999, 12, 31), f"Kies een dag tot en met {on_a_page(last)}"),
    ):
        page = student.post(address, day=wrong.isoformat())
        assert (page.status_code, typed(page.text)) == (422, wrong.isoformat())
        assert says in page.text
        assert given() is None
    for day, notation in (
        (first, first.isoformat()),
        (last, f"{last:%d-%m-%Y}"),
        (first, f"{first:%Y-%m-%d}".translate(ARABIC)),
        (first, f" {first.day}/{first.month}/{first.year} "),
        (last, in_words(last)),
        (first, in_words(first, "ar")),
    ):
        assert student.post(address, day=notation).status_code == 200
        assert given() == day.isoformat()
        student.get(str(address))
    assert in_words(first) in student.walk_to("controleren").page.text


@pytest.mark.rule("WIZ-8")
def test_a_start_day_that_has_passed_is_asked_again(any_portal: Portal) -> None:
    in_our_copy(any_portal, FLEXIBLE, cohorts=joins_any_day)
    student = who_chose(any_portal, FLEXIBLE, ADULT)
    student.answer()
    student.walk_to("controleren")
    chosen = date.fromisoformat(str(given()))
    any_portal.move_clock(f"{chosen + timedelta(days=1)}T12:00:00+01:00")
    student.answer()
    assert student.at == "startdatum"
    assert watch.all_of("application") == []
    page = student.post(day=chosen.isoformat())
    assert page.status_code == 422
    assert f"Kies een dag vanaf {on_a_page(chosen + timedelta(days=1))}" in page.text


def joins_any_day(cohort: CohortRecord) -> CohortRecord:
    today = clock.today()
    return replace(
        cohort,
        apply_until=None,
        start_from=today - timedelta(days=9),
        start_until=today + timedelta(days=300),
    )


@pytest.mark.rule("WIZ-8")
def test_the_card_says_which_leerjaar_one_joins(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("opleiding")
    first, third, second = (o.choice.start for o in offered(LATER_YEARS))
    page = look_at(student, LATER_YEARS).text
    assert f"Begonnen op {on_a_page(second)} (2e leerjaar)" in page
    assert f"Begonnen op {on_a_page(third)} (3e leerjaar)" in page
    assert f"Start: {on_a_page(first)}" in page
    assert page.index("Start: ") < page.index("Begonnen op "), "who begins comes first"
    assert page.count("leerjaar)") == 2
    links = [
        any_portal.browser().get(f"/aanmelden?opleiding={IDS[LATER_YEARS]}{cohort}").text
        for cohort in ("", f"&cohort={offered(LATER_YEARS)[2].choice.cohort_code}")
    ]
    assert [link.count("leerjaar)") for link in links] == [2, 1]


@pytest.mark.rule("WIZ-8")
@pytest.mark.parametrize(("cohort", "year"), [(1, 3), (2, 2)])
def test_a_later_leerjaar_is_confirmed_with_a_tick(
    any_portal: Portal, cohort: int, year: int
) -> None:
    student = who_chose(any_portal, LATER_YEARS, ADULT, cohort)
    began = offered(LATER_YEARS)[cohort].choice.start
    assert began is not None
    says = f"Deze groep is begonnen op {on_a_page(began)}. Je stapt in het {year}e leerjaar in."
    assert student.at == "leerjaar"
    assert says in student.page.text
    page = student.post()
    assert page.status_code == 422
    assert "Zet een vinkje als je in dat leerjaar instapt" in page.text
    assert says in page.text
    student.post(sure="y")
    assert f"Je stapt in het {year}e leerjaar in" in student.walk_to("controleren").page.text


@pytest.mark.rule("WIZ-8")
def test_on_the_first_of_august_it_is_another_leerjaar(any_portal: Portal) -> None:
    in_our_copy(any_portal, LATER_YEARS, cohorts=lambda c: replace(c, apply_until=None))
    student = who_chose(any_portal, LATER_YEARS, ADULT, 2)
    student.post(sure="y")
    student.walk_to("controleren")
    summer = clock.today().year + (clock.today() >= date(clock.today().year, 8, 1))
    any_portal.move_clock(f"{summer}-07-31T23:59:00+02:00")
    assert student.get(student.page.url.path).status_code == 200
    assert student.at == "controleren"
    any_portal.move_clock(f"{summer}-08-01T00:01:00+02:00")
    student.answer()
    assert student.at == "leerjaar"
    assert "Je stapt in het 3e leerjaar in." in student.page.text
    assert watch.all_of("application") == []
    assert 'value="y" checked' not in student.page.text


@pytest.mark.rule("CAT-7")
def test_what_the_school_wants_first_is_read_before_choosing(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("opleiding")
    page = look_at(student, "verpleegkundige-bol").text
    assert page.count("De school wil je eerst spreken.") == 1
    assert NOTE in html.unescape(page)
    assert "De school wil je eerst spreken." not in look_at(student, "kok-bol-zwolle").text


def few() -> str:
    (only,) = offered(FEW)
    return only.choice.cohort_code


@pytest.mark.rule("CAT-5")
def test_places_left_are_shown_until_there_are_none(any_portal: Portal) -> None:
    everybody = [any_portal.student(nobody_yet(n)).walk_to("opleiding") for n in range(3)]
    assert "plek" not in watch.main(look_at(everybody[0], FEW).text), "only where it is counted"
    institutions.set_places(IDS[FEW], few(), 2)
    for left, student in zip(("Nog 2 plekken", "Nog 1 plek"), everybody, strict=False):
        assert f"<span>{left}</span>" in look_at(student, FEW).text
        choose(student, FEW).send()
        assert student.at == "verstuurd"
    last = everybody[-1]
    page = look_at(last, FEW)
    assert FULL in page.text
    assert cohorts(page.text) == []
    (only,) = offered(FEW)
    page = last.post(f"/aanmelding/{last.draft}/opleiding", cohort=only.choice.cohort_id)
    assert page.status_code == 422
    assert FULL in page.text
    page = any_portal.browser().get(f"/aanmelden?opleiding={IDS[FEW]}")
    assert "Aanmelden kan nu niet" in page.text
    assert FULL in page.text
    institutions.set_places(IDS[FEW], few(), 3)
    assert "<span>Nog 1 plek</span>" in look_at(last, FEW).text
    choose(last, FEW).send()
    assert last.at == "verstuurd"


@pytest.mark.rule("CAT-5")
def test_who_has_chosen_loses_a_place_that_another_takes(any_portal: Portal) -> None:
    institutions.set_places(IDS[FEW], few(), 1)
    late = Student(any_portal.browser(), ADULT)
    late.log_in()
    choose(late.walk_to("opleiding"), FEW).walk_to("controleren")
    who_chose(any_portal, FEW, nobody_yet(1)).send()
    page = late.answer()
    assert late.at == "opleiding"
    (only,) = offered(FEW)
    assert only.choice.start is not None
    assert f"De start op {on_a_page(only.choice.start)} is vol. Kies een andere." in page.text
    assert len(watch.all_of("application")) == 1


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_every_date_is_one_piece(portal: Portal, language: str) -> None:
    """And in words, everywhere the same: a browser would break it at its blanks."""
    browser = portal.browser()
    browser.get(f"/taal/{language}")
    trail = watch.Trail().follow(browser)
    for key in ("kinderopvang-bbl", LATER_YEARS, FLEXIBLE):
        browser.get(f"/aanmelden?opleiding={IDS[key]}")
    student = Student(browser, ADULT)
    student.log_in()
    student.walk_to("opleiding")
    student.get(f"{student.page.url.path}?q=kinderopvang")
    choose(student, LATER_YEARS, 1)
    assert student.at == "leerjaar"
    choose(student, FLEXIBLE)
    for wrong in ("2027-02-30", "1999-01-01", "9999-12-31"):
        student.post(day=wrong)
    student.answer()
    student.walk_to("controleren")
    months = "|".join(get_month_names("wide", locale=language).values())
    assert sum('<bdi class="day">' in page.text for page in trail.pages) > 10
    for page in trail.pages:
        whole = re.sub(r'<bdi class="day">.*?</bdi>', "", watch.main(page.text))
        notes = re.sub("<input.*?>", "", whole)
        assert re.findall(rf"[0-9]-[0-9]{{2}}-[0-9]|[0-9] (?:{months})", notes) == []
