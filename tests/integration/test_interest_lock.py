"""A cohort behind an access code, and a student without it (WIZ-9, INT-3, INT-4)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app import clock
from app.domain.draft import Interest
from app.domain.status import APPLICATION, INTEREST
from app.services import ledger, removal
from app.standing import APPLIED
from tests import watch
from tests.choosing import CODE, KOK, LOCKED, choose, nobody_yet, who_chose, with_code
from tests.guests import NOT_YET
from tests.kept import totals
from tests.portal import ADULT, HOMELESS, SECRET, UNKNOWN, Portal, Student
from tests.sis import sis

pytestmark = pytest.mark.each_run_on("sqlite")
BUTTON = "Laat weten dat je interesse hebt"


def interested(portal: Portal, bsn: str = ADULT) -> Student:
    """Who pressed the button where the code is asked."""
    student = who_chose(portal, LOCKED, bsn)
    assert student.at == "toegangscode"
    assert BUTTON in student.page.text
    return leave(student)


def leave(student: Student, **fields: str) -> Student:
    student.post(f"/aanmelding/{student.draft}/interesse", **fields)
    return student


def sent(portal: Portal, bsn: str = ADULT) -> Student:
    student = interested(portal, bsn)
    student.send()
    assert student.at == "verstuurd"
    return student


@pytest.mark.rule("WIZ-9", "INT-3", "INT-4", "CAT-5", "WIZ-15")
def test_without_the_code_one_leaves_word_with_the_bsn(any_portal: Portal) -> None:
    student = interested(any_portal)
    assert student.at == "controleren"
    assert "Toegangscode" not in watch.inside(student.page.text)
    assert NOT_YET in student.page.text
    student.answer()
    assert student.at == "verstuurd"
    assert NOT_YET in student.page.text
    (item,) = sis(any_portal).fresh()
    assert (item["type"], item["bsn"]) == ("I", ADULT)
    assert item["wettelijkVertegenwoordigers"] == item["vooropleidingen"] == []
    assert {"leerbedrijf", "aanmeldingVoorEersteLeerjaar"}.isdisjoint(item)
    told = item["additionalObjects"]["centraalAanmelden"]
    assert told["identificatieniveau"] == "20"
    assert {"registratiecode", "opTijd"}.isdisjoint(told)
    for table in ("running", "application_status", "draft"):
        assert watch.all_of(table) == []


@pytest.mark.rule("INT-1")
@pytest.mark.parametrize("bsn", [HOMELESS, SECRET, UNKNOWN])
def test_no_address_is_asked_that_duo_does_not_give(any_portal: Portal, bsn: str) -> None:
    student = interested(any_portal, bsn)
    assert student.at == "controleren"
    student.answer()
    (item,) = sis(any_portal).fresh()
    assert (item["type"], item["bsn"]) == ("I", bsn)
    assert "correspondentieadres" not in item


@pytest.mark.rule("INT-4", "WIZ-3")
def test_who_has_the_code_after_all_goes_on_to_apply(any_portal: Portal) -> None:
    student = interested(any_portal)
    assert "Ik heb toch een code" in student.page.text
    leave(student, toch="1")
    assert student.at == "toegangscode"
    assert NOT_YET not in student.page.text.split('id="geen-code"')[0]
    student.post(code=CODE)
    student.send()
    assert [row.kind for row in watch.all_of("application")] == [APPLICATION]


@pytest.mark.rule("INT-4", "WIZ-9")
def test_once_there_is_a_code_it_becomes_an_application(any_portal: Portal) -> None:
    student = sent(any_portal)
    left = student.draft
    page = student.get(f"/mijn/{left}")
    assert NOT_YET in page.text
    assert "Ik heb nu de code" in page.text
    student.post(f"/aanmelding/{left}/verstuurd/aanmelden")
    begun = student.draft
    assert begun != left
    answers = watch.answers("draft", id=begun)
    assert answers.choice is not None
    assert answers.interest is None
    student.walk_to("toegangscode").post(code=CODE)
    student.send()
    assert student.at == "verstuurd"
    first, second = watch.all_of("application")
    assert (first.kind, second.kind) == (INTEREST, APPLICATION)
    assert {first.ca_keten_id, first.keten_id}.isdisjoint({second.ca_keten_id, second.keten_id})
    assert [item["type"] for item in sis(any_portal).fresh()] == ["I", "A"]
    assert student.get(f"/aanmelding/{left}/verstuurd").status_code == 200
    assert NOT_YET in student.page.text


@pytest.mark.rule("INT-4", "MIJ-1")
def test_it_says_what_comes_before_the_code_and_what_became_of_it(any_portal: Portal) -> None:
    student = sent(any_portal)
    left = student.draft
    student.post(f"/aanmelding/{left}/verstuurd/aanmelden")
    assert (student.at, "Daarna vul je de code in." in student.page.text) == ("vooropleiding", True)
    student.walk_to("toegangscode").post(code=CODE)
    student.send()
    begun = student.draft
    for address in ("/mijn", f"/mijn/{left}"):
        assert APPLIED in student.get(address).text
    assert "Ik heb nu de code" not in student.page.text
    assert f'href="/mijn/{begun}"' in student.page.text
    assert "Ik heb nu de code" not in student.get(f"/aanmelding/{left}/verstuurd").text
    student.get(f"/mijn/{begun}/intrekken")
    student.post(f"/mijn/{begun}/intrekken")
    assert APPLIED not in student.get("/mijn").text


@pytest.mark.rule("MIJ-3", "RET-1")
def test_one_alone_can_be_taken_back(any_portal: Portal) -> None:
    """By whose it is; the school's system hears of it, and every total stays."""
    student, other = sent(any_portal), who_chose(any_portal, KOK, SECRET)
    left = student.draft
    other.send()
    coupling = sis(any_portal)
    assert len(coupling.fresh()) == 2
    before = totals()
    for stranger, draft_id in ((other, left), (other, other.draft)):
        stranger.get("/mijn")
        stranger.post(f"/mijn/{draft_id}/weg", interesse="1")
        assert "verwijderd" not in stranger.page.text
    student.get("/mijn")
    student.post(f"/mijn/{left}/weg")  # of a page from before it was sent
    assert "verwijderd" not in student.page.text
    student.get(f"/mijn/{left}")
    assert "Verwijder deze interessemelding" in student.page.text
    student.post(f"/mijn/{left}/weg", interesse="1")
    assert "Je interessemelding is verwijderd. De school krijgt bericht." in student.page.text
    assert left not in student.page.text
    assert student.get(f"/mijn/{left}").status_code == 404
    student.get("/mijn")
    student.post(f"/mijn/{left}/weg", interesse="1")
    assert student.page.status_code == 200
    assert totals() == before
    (item,) = coupling.fresh()
    assert item["type"] == "I"
    assert "bsn" not in item
    assert [row.kind for row in watch.all_of("application") if row.student_id] == [APPLICATION]


@pytest.mark.rule("RET-3", "MIJ-3")
def test_after_a_restore_the_school_hears_of_it_again(any_portal: Portal) -> None:
    sent(any_portal)
    coupling = sis(any_portal)
    (item,) = coupling.fresh()
    assert coupling.confirm(item).is_success
    row = watch.row_of("application")
    entry = ledger.Entry(clock.now(), ledger.Kind.INTEREST, row.ca_keten_id)
    for found in (1, 0):
        assert removal.replay([entry], lambda _: None)[ledger.Kind.INTEREST] == found
    (told,) = coupling.fresh()
    assert told["wijzigingsvolgnummer"] > item["wijzigingsvolgnummer"]
    assert watch.row_of("application").student_id is None


@pytest.mark.rule("INT-4")
def test_pressed_twice_it_is_one_draft(any_portal: Portal) -> None:
    student = sent(any_portal)
    for _ in range(2):
        student.post(f"/aanmelding/{student.draft}/verstuurd/aanmelden")
        student.get("/mijn")
        (left,) = re.findall(r'href="/mijn/([0-9a-f-]{36})"', student.page.text)
        student.get(f"/aanmelding/{left}/verstuurd")
    assert len(watch.all_of("draft")) == 1


@pytest.mark.rule("WIZ-9")
def test_another_cohort_is_another_question(any_portal: Portal) -> None:
    student = interested(any_portal)
    choose(student, KOK)
    assert watch.answers("draft").interest is None
    assert NOT_YET not in student.page.text
    student.send()
    assert [row.kind for row in watch.all_of("application")] == [APPLICATION]


@pytest.mark.rule("WIZ-9")
def test_when_the_school_takes_its_code_away_one_applies(any_portal: Portal) -> None:
    student = interested(any_portal)
    with_code(any_portal, LOCKED, "")
    page = student.answer()
    assert "geen code meer nodig" in page.text
    assert watch.all_of("application") == []
    student.send()
    assert [row.kind for row in watch.all_of("application")] == [APPLICATION]


@pytest.mark.rule("WIZ-5")
def test_an_application_asks_for_the_address_that_word_did_not(any_portal: Portal) -> None:
    student = interested(any_portal)
    student.get(f"/aanmelding/{student.draft}/contact")
    student.answer(email="", phone="06 12345678")
    assert student.at == "controleren"
    leave(student, toch="1")
    assert student.at == "contact"
    assert "ook je e-mailadres nodig" in student.page.text
    assert student.answer(email="").status_code == 422


@pytest.mark.rule("WIZ-9")
@pytest.mark.parametrize("key", [KOK])
def test_where_no_code_is_asked_there_is_nothing_to_leave(any_portal: Portal, key: str) -> None:
    student = who_chose(any_portal, key, ADULT).walk_to("controleren")
    before = watch.rows("store")
    leave(student)
    assert watch.rows("store") == before
    assert student.at == "controleren"
    assert NOT_YET not in student.page.text


@pytest.mark.rule("WIZ-2", "WIZ-13")
def test_two_tabs_do_not_mix_what_it_is(any_portal: Portal) -> None:
    """Sent from the page of an interessemelding, while the other tab went on to apply."""
    student = interested(any_portal)
    form = {**student.fields(), "privacy": "y"}
    check = student.page.url.path
    leave(student, toch="1")
    student.post(code=CODE)
    answer = student.browser.post(check, data=form, follow_redirects=True)
    assert watch.all_of("application") == []
    assert "nog niet verstuurd" in answer.text or answer.status_code == 422


@pytest.mark.rule("INT-4")
def test_the_overview_says_it_before_and_after(any_portal: Portal) -> None:
    student = interested(any_portal)
    waiting = watch.inside(student.get("/mijn").text)
    assert NOT_YET in waiting
    assert "Interessemelding" in waiting
    student.get(f"/aanmelding/{re.findall(r'/aanmelding/([0-9a-f-]{36})/', waiting)[0]}/")
    student.send()
    assert NOT_YET in watch.inside(student.get("/mijn").text)


@pytest.mark.rule("MIJ-5", "INT-4")
def test_what_was_left_is_not_changed(any_portal: Portal) -> None:
    student = sent(any_portal)
    for slug in ("contact", "leerbedrijf", "adres"):
        page = student.get(f"/aanmelding/{student.draft}/verstuurd/{slug}")
        assert "Je interessemelding is verstuurd" in page.text
    before = watch.rows("store")
    student.post(f"/aanmelding/{student.draft}/verstuurd/contact", email="anders@voorbeeld.nl")
    assert watch.rows("store") == before


@pytest.mark.rule("INT-4", "WIZ-9")
def test_left_for_another_it_is_nobodys(any_portal: Portal) -> None:
    theirs = sent(any_portal)
    other = any_portal.student(nobody_yet(1))
    token = watch.token(other.page.text)
    before: Any = watch.rows("store")
    for act in ("interesse", "verstuurd/aanmelden", "verstuurd/mail"):
        address = f"/aanmelding/{theirs.draft}/{act}"
        assert other.browser.post(address, data={"csrf_token": token}).status_code == 404
    assert watch.rows("store") == before
    assert Interest.LOCK == "lock"
