"""Drafts over time: kept per step, on any device, and true to what DUO says now."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Row, func, select

from app import clock, db, keys
from app.domain.draft import Contact
from app.models import draft
from app.services import drafts, students
from tests import watch
from tests.applicants import a_cohort, adult, arrives, ready
from tests.integration.conftest import Change
from tests.portal import ADULT, MINOR, UNKNOWN, Portal

pytestmark = pytest.mark.each_run_on("sqlite")

BY_DUO = "DUO heeft andere gegevens over jou dan eerst. Controleer ze nog een keer."
SECRET = "Het bij DUO gevonden adres is gemarkeerd als geheim."
STREET = "Havenkade"


def marries(person: dict[str, Any]) -> None:
    person["naam"] = {**person["naam"], "geslachtsnaam": "Zilverberg"}


def hides(person: dict[str, Any]) -> None:
    person["indicatieGeheim"] = 7


def rows() -> list[Row[Any]]:
    with db.reading() as connection:
        return list(connection.execute(select(draft)))


@pytest.mark.rule("WIZ-2")
def test_on_another_device_one_goes_on_at_the_first_open_question(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("contact")
    student.answer(roepnaam="Semmie")
    assert student.at == "vooropleiding"
    elsewhere = any_portal.student(ADULT)
    assert elsewhere.page.url.path == student.page.url.path
    assert 'value="Semmie"' in elsewhere.get(f"/aanmelding/{elsewhere.draft}/contact").text


@pytest.mark.rule("WIZ-2")
def test_what_is_wrong_is_not_kept_and_what_was_kept_stays(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("contact")
    student.answer(roepnaam="Semmie")
    student.get(f"/aanmelding/{student.draft}/contact")
    assert student.post(email="geen adres").status_code == 422
    assert (watch.answers("draft").contact or Contact("", "")).email == "student@voorbeeld.nl"


@pytest.mark.rule("WIZ-3")
def test_a_change_from_the_check_page_returns_to_it(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("controleren")
    student.get(f"/aanmelding/{student.draft}/contact")
    student.post(roepnaam="Semmie")
    assert student.at == "controleren"
    assert "Semmie" in student.page.text


@pytest.mark.rule("WIZ-3")
def test_a_change_that_opens_a_question_goes_there(any_portal: Portal) -> None:
    """Somebody who turns out to be a minor needs a guardian."""
    student = any_portal.student(UNKNOWN).walk_to("controleren")
    student.get(f"/aanmelding/{student.draft}/over-jou")
    student.post(**{"birth_date-year": str(clock.today().year - 16)})
    assert student.at == "ouders"
    assert student.post().status_code == 422
    student.answer()
    assert student.at == "controleren"


@pytest.mark.rule("WIZ-2")
def test_a_later_step_can_not_be_reached_by_its_address(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("contact")
    for slug in ("opleiding", "ouders", "controleren", "verstuurd"):
        student.get(f"/aanmelding/{student.draft}/{slug}")
        assert student.at == "contact"
    for slug in ("adres", "over-jou"):
        student.get(f"/aanmelding/{student.draft}/{slug}")
        assert student.at == "contact", "who has an address at DUO is never asked for one"
    student.post(f"/aanmelding/{student.draft}/controleren")
    assert student.at == "contact"


@pytest.mark.rule("DUO-9")
def test_what_duo_changed_between_logins_is_shown_and_asked(
    any_portal: Portal, duo_says: Callable[[Change], None]
) -> None:
    student = any_portal.student(ADULT).walk_to("controleren")
    place = student.draft
    duo_says(marries)
    again = any_portal.student(ADULT)
    assert (again.draft, again.at) == (place, "gegevens")
    assert BY_DUO in again.page.text
    assert "Zilverberg" in again.page.text
    again.answer()
    assert again.at == "controleren", "the rest was kept"
    assert BY_DUO not in again.page.text
    assert "Zilverberg" in again.page.text
    assert "Bakhuis" not in again.page.text


@pytest.mark.rule("DUO-9")
def test_what_did_not_change_is_not_asked_again(any_portal: Portal) -> None:
    any_portal.student(ADULT).walk_to("controleren")
    again = any_portal.student(ADULT)
    assert again.at == "controleren"
    assert BY_DUO not in again.page.text


@pytest.mark.rule("DUO-9")
def test_duo_is_asked_before_sending(
    any_portal: Portal, duo_says: Callable[[Change], None]
) -> None:
    student = any_portal.student(ADULT).walk_to("controleren")
    duo_says(marries)
    student.answer()
    assert student.at == "gegevens"
    assert BY_DUO in student.page.text
    changed = [p for p in re.findall("<p>.*?</p>", student.page.text, re.S) if "Veranderd" in p]
    assert len(changed) == 1, "of the letter only what is another"
    assert "Zilverberg" in changed[0]
    student.answer()
    student.answer()
    assert student.at == "verstuurd"
    known = watch.answers("application").person
    assert (known and known.person and known.person.surname) == "Zilverberg"


@pytest.mark.rule("DUO-3")
@pytest.mark.rule("DUO-9")
def test_an_address_that_became_secret_is_erased_and_asked(
    any_portal: Portal, duo_says: Callable[[Change], None]
) -> None:
    student = any_portal.student(ADULT).walk_to("controleren")
    assert STREET in student.page.text
    duo_says(hides)
    again = any_portal.student(ADULT)
    seen = [again.page.text]
    assert BY_DUO in seen[0]
    assert SECRET in seen[0]
    assert STREET not in str(watch.document("draft")), "erased before anybody answers"
    again.answer()
    assert again.at == "adres"
    while again.at != "verstuurd":
        seen.append(again.page.text)
        again.answer()
    assert not any(STREET in text for text in (*seen, again.page.text))


@pytest.mark.rule("DUO-6")
@pytest.mark.rule("DUO-9")
def test_duo_out_of_order_changes_nothing(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("controleren")
    any_portal.fault("duo", "personen", None, "500")
    assert any_portal.student(ADULT).at == "controleren"
    student.answer()
    assert student.at == "verstuurd"


@pytest.mark.rule("DUO-6")
def test_who_typed_while_duo_was_out_of_order_sees_what_duo_says_later(
    any_portal: Portal,
) -> None:
    any_portal.fault("duo", "personen", None, "500")
    student = any_portal.student(ADULT).walk_to("controleren")
    assert "Yılmaz" in student.page.text
    any_portal.fault("duo", "personen", None, None)
    again = any_portal.student(ADULT)
    assert again.at == "gegevens"
    assert "Bakhuis" in again.page.text
    again.answer()
    assert again.at == "controleren"
    assert "Yılmaz" not in again.page.text, "it no longer counts"


@pytest.mark.rule("WIZ-2")
def test_a_student_has_at_most_ten_drafts(any_portal: Portal) -> None:
    student = any_portal.student(ADULT)
    for _ in range(12):
        page = student.get("/mijn")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        student.browser.post("/mijn/nieuw", data={"csrf_token": token})
    assert len(rows()) == drafts.AT_MOST
    for number in range(drafts.AT_MOST):  # each takes one in which nothing was done yet
        link = f"/aanmelden?instelling=99XX&kenmerk={number}"
        assert student.follow(link).url.path.startswith("/aanmelding/")
    assert "Je hebt 10 aanmeldingen" in student.follow("/aanmelden?instelling=99XX").text
    assert len(rows()) == drafts.AT_MOST


@pytest.mark.rule("MIJ-1")
def test_a_draft_says_when_it_was_saved_and_is_not_thrown_away_by_one_click(
    any_portal: Portal,
) -> None:
    student = any_portal.student(ADULT).walk_to("contact")
    draft_id = student.draft
    page = student.get("/mijn").text
    now = clock.now().astimezone(clock.AMSTERDAM)
    assert f"Voor het laatst opgeslagen op {now.day} " in page
    (asked,) = re.findall(r"<details>\s*<summary.*?</details>", page, re.S)
    assert f'action="/mijn/{draft_id}/weg"' in asked
    assert "Weet je het zeker?" in asked
    assert page.count("/weg") == 1, "only in there"


@pytest.mark.rule("DEE-6")
def test_a_link_begins_a_draft_of_its_own_and_is_found_again(any_portal: Portal) -> None:
    student = any_portal.student(ADULT).walk_to("contact")
    first = student.draft
    student.follow("/aanmelden?instelling=99XX&crebo=25180&kenmerk=a")
    second = student.draft
    assert second != first
    student.answer()
    at = student.at
    assert student.follow("/aanmelden?instelling=99XX&crebo=25180&kenmerk=a").url.path.endswith(
        f"{second}/{at}"
    )
    student.follow("/aanmelden?instelling=99XX&crebo=25180&kenmerk=b")
    assert student.draft not in (first, second)


@pytest.mark.rule("WIZ-2")
def test_a_draft_is_thrown_away_by_its_own_student_only(any_portal: Portal) -> None:
    applicant = ready(any_portal, adult(1), a_cohort())
    other = arrives(any_portal, adult(2))
    with pytest.raises(drafts.NoSuchDraft):
        drafts.remove(other, applicant.draft_id, clock.now())
    assert len(rows()) == 1
    drafts.remove(applicant.student_id, applicant.draft_id, clock.now())
    with pytest.raises(drafts.NoSuchDraft):
        drafts.remove(applicant.student_id, applicant.draft_id, clock.now())
    assert rows() == []


def test_an_answer_to_a_draft_that_is_gone_is_kept_nowhere(any_portal: Portal) -> None:
    applicant = ready(any_portal, adult(1), a_cohort())
    with db.reading() as connection:
        opened = drafts.open_draft(
            connection, applicant.student_id, applicant.draft_id, clock.now()
        )
    drafts.remove(applicant.student_id, applicant.draft_id, clock.now())
    with pytest.raises(drafts.NoSuchDraft):
        drafts.answer(opened, "contact", Contact("Sem", "a@b.nl"), clock.now())
    assert rows() == []


@pytest.mark.rule("RET-2")
def test_after_a_change_of_keys_a_student_is_still_found(any_portal: Portal) -> None:
    student_id = arrives(any_portal, adult(1))
    old = tuple(keys._keys.items())
    keys.use((("fresh", b"f" * 32), *old))
    assert arrives(any_portal, adult(1)) == student_id
    keys.use((("fresh", b"f" * 32),))
    assert arrives(any_portal, adult(1)) == student_id, "the look-up was renewed on arrival"
    with db.reading() as connection:
        assert students.of(connection, student_id)[0] == adult(1)
        assert connection.scalar(select(func.count()).select_from(students.student)) == 1


def test_who_threw_a_draft_away_elsewhere_is_told_so_and_a_stranger_hears_the_same(
    portal: Portal,
) -> None:
    student = portal.student(ADULT).walk_to("contact")
    gone = f"/aanmelding/{student.draft}/contact"
    stranger = portal.student(MINOR).get(gone)
    student.post(f"/mijn/{student.draft}/weg")
    assert "Wat je nog niet had verstuurd, is weggegooid." in student.page.text
    mine = student.get(gone)
    assert (mine.status_code, stranger.status_code) == (404, 404)
    for page in (mine, stranger):
        assert "Misschien heb je die weggegooid." in page.text
