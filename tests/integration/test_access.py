"""Nobody reads or changes what is another's, and no form changes what it doesn't show."""

from __future__ import annotations

from dataclasses import fields
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from app.domain.by_duo import ByDuo
from app.domain.draft import Draft
from app.models import metadata
from app.wizard.sending import CheckForm
from app.wizard.steps import STEPS
from digistub.people import fresh_bsn
from tests import watch
from tests.choosing import look_at, offered
from tests.forms import names
from tests.leerbedrijven import BISTRO, COOK, IDS
from tests.portal import UNKNOWN, Portal, Student, cohorts, open_portal
from tests.unit.test_kept import classes

# Every address with a draft in it. With whose it is, it works; so says tests/test_routes.py.
OF_A_DRAFT = (
    *(("GET", f"/aanmelding/ID/{slug}") for slug in ("", "gegevens", "contact", "opleiding")),
    *(("GET", f"/aanmelding/ID/{slug}") for slug in ("ouders", "controleren", "verstuurd")),
    *(("POST", f"/aanmelding/ID/{slug}") for slug in ("gegevens", "contact", "opleiding")),
    *(("POST", f"/aanmelding/ID/{slug}") for slug in ("ouders", "controleren", "duo")),
    *((way, f"/aanmelding/ID/{slug}") for way in ("GET", "POST") for slug in ("adres", "school")),
    *(("POST", f"/aanmelding/ID/{slug}") for slug in ("vooropleiding", "leerbedrijf")),
    *((way, f"/mijn/ID/{act}") for way in ("GET", "POST") for act in ("intrekken", "kiezen")),
    *((way, "/aanmelding/ID/verstuurd/contact") for way in ("GET", "POST")),
    *(("GET", "/mijn/ID"), ("POST", "/mijn/ID/weg")),
    ("GET", "/taal/nl?terug=/aanmelding/ID/contact"),
)
numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


def somebody(portal: Portal) -> Student:
    return portal.student(fresh_bsn("9998", next(numbers)))


@pytest.fixture
def student(portal: Portal) -> Student:
    return somebody(portal).walk_to("controleren")


@pytest.fixture
def other(portal: Portal) -> Student:
    return with_both(portal)


_two: dict[str, tuple[Student, Student]] = {}  # by database


@pytest.fixture
def two(portal: Portal, back_at_the_one: None) -> tuple[Student, Student]:
    """A student and another, the same for every address: nothing changes for either."""
    url = portal.settings.database_url
    if url not in _two:
        _two[url] = somebody(portal).walk_to("controleren"), with_both(portal)
    return _two[url]


def with_both(portal: Portal) -> Student:
    """Somebody with a complete draft and an application."""
    first = somebody(portal).walk_to("controleren")
    form = {"csrf_token": watch.token(first.page.text)}
    begun = first.browser.post("/mijn/nieuw", data=form, follow_redirects=True)
    other = Student(first.browser, first.bsn, begun).walk_to("controleren")
    first.answer()
    return other


def theirs(other: Student, which: str) -> str:
    if which == "a draft":
        return other.draft
    with_id = watch.all_of("application")
    known = next(row.draft_id for row in with_id if row.student_id == student_of(other.draft))
    return str(known)


def student_of(draft_id: str) -> str:
    return str(watch.row_of("draft", id=draft_id).student_id)


def asked(student: Student, method: str, address: str, draft: str, token: str) -> tuple[Any, ...]:
    """All that the student can tell of the answer, and of where it leads."""
    form = {**FILLED, "csrf_token": token} if method == "POST" else None
    answer = student.browser.request(method, address.replace("ID", draft), data=form)
    seen: list[Any] = []
    while True:
        body = watch.masked(answer.text, draft)
        location = answer.headers.get("Location", "").replace(draft, "ID")
        names = sorted(name for name in answer.headers if name != "content-length")
        seen.append((answer.status_code, body, location, names))
        if answer.next_request is None or answer.next_request.url.path == "/mijn":
            return tuple(seen)
        answer = student.browser.send(answer.next_request)


FILLED = {
    "roepnaam": "Inbreker",
    "email": "inbreker@voorbeeld.nl",
    "first-first_names": "In",
    "first-surname": "Breker",
    "first-phone": "0612345678",
    "cohort": "x",
    "dossier": "x",
    "seen": "x",
    "which": "geen",
    "company": "geen",
    **{"postcode": "1234 ab", "number": "12", "street": "Inbraakweg", "place": "Inbraak"},
}


@pytest.mark.parametrize("which", ["a draft", "an application"])
@pytest.mark.parametrize(("method", "address"), OF_A_DRAFT)
def test_another_s_is_as_if_it_did_not_exist(
    two: tuple[Student, Student], method: str, address: str, which: str
) -> None:
    student, other = two
    student.get(f"/aanmelding/{student.draft}/controleren")
    token = student.fields()["csrf_token"]
    draft = theirs(other, which)
    before = watch.rows("store")
    with watch.logged() as log:
        found = asked(student, method, address, draft, token)
    assert found == asked(student, method, address, str(uuid4()), token)
    assert found[-1][0] == 404 or address == "/mijn/ID/weg"
    assert watch.rows("store") == before
    assert not log.events("error")
    assert other.browser.get("/mijn").text.count(draft) > 0


def test_an_id_that_is_none_is_not_there(student: Student) -> None:
    for wrong in ("1", "nee", student.draft[:-1], student.draft + "0", "%00", "../" * 5):
        assert student.browser.get(f"/aanmelding/{wrong}/contact").status_code == 404


def test_logging_in_never_leads_to_another_s_draft(portal: Portal, other: Student) -> None:
    browser = portal.browser()
    browser.get(f"/aanmelding/{other.draft}/contact")
    stranger = Student(browser, fresh_bsn("9998", next(numbers)))
    stranger.log_in()
    assert stranger.draft != other.draft
    assert stranger.page.status_code == 200


@pytest.mark.rule("WIZ-8")
def test_a_cohort_that_is_closed_is_as_one_that_is_not_there(student: Student) -> None:
    address = f"/aanmelding/{student.draft}/opleiding"
    student.get(address)
    before = watch.rows("store")
    shut = [row.cohort_id for row in watch.all_of("cohort_facts") if not row.open]
    assert shut
    answers = {
        student.post(address, cohort=cohort).status_code
        for cohort in (*shut, str(uuid4()), "", "' OR 1=1 --", "é" * 36)
    }
    assert answers == {422}
    assert watch.rows("store") == before
    student.get(address + "?q=kok")
    student.open_first()
    assert student.post(address, cohort=cohorts(student.page.text)[0]).status_code == 200


# --- mass assignment ----------------------------------------------------------------------------


OURS = {column.name for table in metadata.sorted_tables for column in table.columns}
OURS |= {f.name for kind in classes(ByDuo, classes(Draft, set())) for f in fields(kind)}
FORMS = {step.slug: names(step.form) for step in STEPS.values()}
FORMS["controleren"] = {*names(CheckForm), "dossier", "getoond"}
MORE = {
    **dict.fromkeys({*OURS, *(name for form in FORMS.values() for name in form)}, "1"),
    **dict.fromkeys(("bsn", "level", "moment", "link", "known", "v", "language", "csrf"), "1"),
    **{"student": "x", "student_id": str(uuid4()), "draft_id": str(uuid4()), "status": "ENROLLED"},
    **{"brin": "91XX", "koppelpunt_id": "1", "taken": "-5", "verified_by_duo": "1", "country": "5"},
    **{"lines": "Elders", "note": "to", "birth_place": "Elders", "birth_country": "9999"},
    **{"address_secret": "", "deceased": "1", "name_use": "P", "person": "{}", "answers": "{}"},
    **{"person-first_names": "Ander", "first-name_use": "P", "third-surname": "Derde"},
    **{"open": "1", "places": "99", "identification": "30", "is_admin": "1"},
    **{"accreditation": "valid", "by_duo": "1", "current": "y", "extraOndersteuning": "1"},
}
THEIR_OWN = {"id", "student_id", "draft_id", "ca_keten_id", "keten_id", "application_id"}
MOMENTS = {"created_at", "seen_at", "touched_at", "requested_at", "submitted_at", "since"}


TOLD = {"vooropleiding": {"which": "anders"}, "leerbedrijf": {"company": IDS[BISTRO]}}


def outcome(portal: Portal, extra: dict[str, str]) -> dict[str, Any]:
    """What is kept of somebody who types everything, with what of `extra` isn't of the form in
    each that they send."""
    portal.browser().post("/testdeur/opnieuw")
    student = portal.student(UNKNOWN)
    met = set()
    while student.at != "verstuurd":
        met.add(student.at)
        beside = {name: text for name, text in extra.items() if name not in FORMS[student.at]}
        if student.at == "opleiding":
            look_at(student, COOK)
            own = {o.choice.cohort_id for o in offered(COOK)}
            student.post(cohort=min(own & set(cohorts(student.page.text))), **beside)
        else:
            student.answer(**TOLD.get(student.at, {}), **beside)
    assert met == set(FORMS) - {"toegangscode", "leerjaar"}
    form = {**extra, "csrf_token": watch.token(student.get("/mijn").text)}
    student.browser.post("/mijn/nieuw", data=form)
    student.browser.post("/sessie/verlengen", data=form)
    kept: dict[str, Any] = {}
    for name in ("student", "draft", "application", "application_status", "running", "message"):
        for row in watch.all_of(name):
            plain = {k: v for k, v in row._mapping.items() if k not in THEIR_OWN | MOMENTS}
            if "document" in plain:
                plain["document"] = watch.opened(name, row)
                for name_of in ("identification", "privacy"):
                    plain["document"].get(name_of, {}).pop("moment", None)
                for its_own in ("shown_at", "proof"):
                    plain["document"].pop(its_own, None)
            plain.pop("change_number", None)
            if name == "message":
                for name_of in ("caKetenId", "ketenId", "datumTijdIndienen", "additionalObjects"):
                    plain["document"].pop(name_of)
            kept.setdefault(name, []).append(plain)
    return kept


def test_what_a_form_does_not_show_it_does_not_change(sqlite_url: str) -> None:
    portal = open_portal(sqlite_url)
    plain = outcome(portal, {})
    assert plain["application"][0]["status"] == "SUBMITTED"
    assert plain["application"][0]["document"]["answers"]["address"]["country"] == "6030"
    assert outcome(portal, MORE) == plain


def test_an_answer_of_duo_can_not_be_typed(portal: Portal) -> None:
    student = somebody(portal)
    answers = {"first_names": "Ander", "surname": "Mens", "birth_date": "19990101", "sex": "M"}
    student.post(**answers, **{"birth_date-day": "1"})
    assert student.at == "contact"
    shown = student.get(f"/aanmelding/{student.draft}/gegevens").text
    assert "Noor Elisabeth van de Weide" in shown
    assert "Ander" not in shown.split("<main")[1]
    assert student.get(f"/aanmelding/{student.draft}/over-jou").url.path.endswith("/contact")


def test_a_view_that_says_nothing_is_closed(sqlite_url: str) -> None:
    fresh = open_portal(sqlite_url)
    fresh.app.add_url_rule("/vergeten", view_func=lambda: "open")
    assert fresh.browser().get("/vergeten").status_code == 403
    assert fresh.student().get("/vergeten").status_code == 403
