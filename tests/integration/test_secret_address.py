"""An address that DUO marks as secret is nowhere, from the moment that DUO says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import redis

from app import clock, db, keys
from app.domain.dossier import Incomplete
from app.domain.draft import Known
from app.services import applications, drafts, messages, students
from app.services.applications import NotWhatWasShown
from tests import watch
from tests.applicants import HOME, a_cohort, arrives, ready
from tests.portal import ADULT, Portal, Student, open_portal

pytestmark = pytest.mark.each_run_on("sqlite")

SAYS_SO = "Het bij DUO gevonden adres is gemarkeerd als geheim."
OLD = ("Havenkade", "7411XN", "7411 XN")  # where the adult lives
LATER = ("contact", "vooropleiding", "opleiding", "ouders", "controleren")

DuoSays = Callable[[Callable[[dict[str, Any]], None]], None]


def marked(code: object) -> Callable[[dict[str, Any]], None]:
    def change(person: dict[str, Any]) -> None:
        person["indicatieGeheim"] = code
        person["geheimhoudingPersoonsgegevens"] = True

    return change


def traces(*texts: str) -> list[str]:
    """Of the old address in these, and in every row, opened."""
    everywhere = [*texts, json.dumps(watch.documents(), ensure_ascii=False), str(watch.rows())]
    return [old for old in OLD if any(old in text for text in everywhere)]


@pytest.mark.rule("DUO-3")
@pytest.mark.parametrize("setting", ["", "1,2,3,4,5,6"])
def test_a_setting_adds_the_other_codes_to_seven(
    sqlite_url: str, duo_says: DuoSays, setting: str
) -> None:
    portal = open_portal(sqlite_url, DUO_SECRECY=setting)
    secret = set()
    for code in (*range(1, 8), 8, "?", None):
        portal.browser().post("/testdeur/opnieuw")
        duo_says(marked(code))
        with watch.logged() as log:
            student = portal.student(ADULT)
            page = student.page.text
        hidden = SAYS_SO in page
        assert bool(traces(page, log.text)) is not hidden, code
        student.answer()
        assert (student.at == "adres") is hidden, code
        if hidden:
            secret.add(code)
    assert secret == {7, 8, "?", None, *(range(1, 7) if setting else ())}


@pytest.mark.rule("DUO-3")
@pytest.mark.rule("DUO-9")
def test_what_became_secret_is_erased_from_every_draft_and_asked(
    any_portal: Portal, duo_says: DuoSays
) -> None:
    student = any_portal.student(ADULT).walk_to("controleren")
    first = student.draft
    form = {"csrf_token": watch.token(student.get("/mijn").text)}
    second = student.browser.post("/mijn/nieuw", data=form, follow_redirects=True)
    assert second.status_code == 200
    assert len(watch.all_of("draft")) == 2
    assert traces()
    duo_says(marked(7))
    with watch.logged() as log:
        again = any_portal.student(ADULT)
        trail = watch.Trail().follow(again.browser)
        assert traces(again.page.text, log.text) == [], "before the student did anything"
        for path in ("/mijn", f"/aanmelding/{first}/"):
            again.get(path)
        again.send()
    with db.reading() as connection:
        served = messages.of_application(connection, watch.row_of("application").id)
    assert served["correspondentieadres"]["straat"] == HOME.street
    jobs = [d for place, d in watch.documents().items() if place.startswith("job.")]
    pages = [page.text for page in trail.ours]
    assert traces(log.text, *trail.addresses, *pages, json.dumps(served), str(jobs)) == []


@pytest.mark.rule("DUO-3")
@pytest.mark.rule("DUO-9")
def test_the_address_can_not_be_skipped(portal: Portal, duo_says: DuoSays) -> None:
    student = portal.student(ADULT).walk_to("controleren")
    sent = student.fields()
    duo_says(marked(7))
    student.post(**sent, privacy="y")
    assert student.at == "gegevens"
    student.answer()
    assert student.at == "adres"
    place = str(student.page.url).rsplit("/", 1)[0]
    token = watch.token(student.page.text)
    for slug in LATER:
        for answer in (
            student.browser.get(f"{place}/{slug}"),
            student.browser.post(f"{place}/{slug}", data={**sent, "csrf_token": token}),
        ):
            reached = slug in LATER[:-1] and answer.status_code != 303
            assert reached or answer.headers["Location"].split("?")[0].endswith("/adres"), slug
            assert traces(answer.text) == []
    for empty in ({}, {"street": " "}, {"postcode": "", "number": "", "street": "", "place": ""}):
        student.get(f"{place}/adres")
        assert student.post(**empty).status_code == 422
    assert watch.all_of("application") == []


@pytest.mark.rule("DUO-9")
@pytest.mark.parametrize("answered", [False, True])
def test_a_page_made_before_brings_nothing_back(
    any_portal: Portal, duo_says: DuoSays, answered: bool
) -> None:
    """The student confirms what they saw, at the moment that another device logs in."""
    student_id = arrives(any_portal, ADULT)
    draft_id = drafts.begin(student_id, None, clock.now())
    with db.reading() as connection:
        opened = drafts.open_draft(connection, student_id, draft_id, clock.now())
        seen: Known = opened.said().known
    if answered:
        opened = drafts.answer(opened, "person", seen, clock.now())
    duo_says(marked(7))
    arrives(any_portal, ADULT)
    assert traces() == []
    later = drafts.answer(opened, "person", seen, clock.now())
    assert traces() == []
    assert later.walk.next == "person"


@pytest.mark.rule("DUO-9")
def test_what_was_shown_before_is_not_sent(any_portal: Portal, duo_says: DuoSays) -> None:
    registers, store = (any_portal.app.extensions[name] for name in ("registers", "store"))
    applicant = ready(any_portal, ADULT, a_cohort())
    duo_says(marked(7))
    students.consult(applicant.student_id, registers, store, clock.now())
    with pytest.raises((NotWhatWasShown, Incomplete)):
        applications.submit(*applicant.sends())
    assert traces() == []


@pytest.mark.rule("DUO-9")
def test_a_next_application_does_not_bring_it_back(portal: Portal, duo_says: DuoSays) -> None:
    """What was sent before stays with the school; nothing of it comes into a draft."""
    student = portal.student(ADULT)
    student.send()
    duo_says(marked(7))
    again = portal.student(ADULT)
    form = {"csrf_token": watch.token(again.get("/mijn").text)}
    again.page = again.browser.post("/mijn/nieuw", data=form, follow_redirects=True)
    assert SAYS_SO in again.page.text
    of_drafts = [d for place, d in watch.documents().items() if place.startswith("draft")]
    assert [old for old in OLD if old in str(of_drafts) + again.page.text] == []


@pytest.mark.rule("DUO-3")
@pytest.mark.rule("IDN-7")
def test_it_is_not_in_what_may_vanish(sqlite_url: str, redis_url: str, duo_says: DuoSays) -> None:
    portal = open_portal(sqlite_url, redis_url)
    student = portal.student(ADULT).walk_to("controleren")
    waiting = Student(portal.browser(), ADULT)
    waiting.log_in()
    waiting.browser.cookies.delete("sid")
    waiting.post(f"/aanmelding/{student.draft}/gegevens", seen="x", post_elsewhere="y")
    duo_says(marked(7))
    portal.student(ADULT)
    client = redis.Redis.from_url(redis_url)
    kept = b" ".join(key + (client.get(key) or b"") for key in client.scan_iter()).decode("latin-1")
    sealed = {key.decode(): client.get(key) for key in client.scan_iter("session:*")}
    client.close()
    opened = [str(keys.unseal(key, value)) for key, value in sealed.items()]
    assert sum("Bakhuis" in session for session in opened) >= 2, "or nothing was looked at"
    assert traces(kept, *opened) == []
