"""E-mail addresses: typing errors suggested, and confirmed by a link (WIZ-5)."""

from __future__ import annotations

import re
from collections import Counter
from email.message import EmailMessage

import pytest

from app import db
from app.services import mailbox
from tests import watch
from tests.guests import sends as guest_sends
from tests.letters import do_everything, mails, text
from tests.portal import ADULT, MINOR, Portal, Student, cohorts

pytestmark = pytest.mark.each_run_on("sqlite")

TYPED, MEANT = "sem@hotmial.com", "sem@hotmail.com"


def kept(student: Student) -> str:
    page = student.get(f"/aanmelding/{student.draft}/contact").text
    return re.findall(r'name="email" type="email" value="([^"]*)"', page)[0]


@pytest.mark.rule("WIZ-5")
def test_a_typing_error_in_a_well_known_domain_is_asked_about_once(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("contact")
    page = student.post(email=TYPED, phone="06 12345678")
    assert (page.status_code, student.at) == (422, "contact")
    assert f"Bedoel je {MEANT}?" in page.text
    assert "Controleer je e-mailadres" in page.text, "nobody says that it is wrong"
    assert "Dit klopt nog niet" not in page.text
    assert student.fields()["email"] == TYPED
    assert student.fields()["phone"] == "06 12345678"
    student.post()
    assert student.at == "vooropleiding"
    assert kept(student) == TYPED
    student.get(f"/aanmelding/{student.draft}/contact")
    student.post()
    assert student.at == "vooropleiding", "nor on coming back"


@pytest.mark.rule("WIZ-5", "WIZ-14")
def test_nor_in_a_next_application(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("contact")
    student.post(email=TYPED)
    student.post()
    student.send()
    student.get("/mijn")
    student.post("/mijn/nieuw")
    student.get(f"/aanmelding/{student.draft}/contact")
    student.post(roepnaam="Semmie")
    assert student.at == "opleiding"
    assert kept(student) == TYPED


@pytest.mark.rule("WIZ-5")
def test_one_press_takes_what_was_meant(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("contact")
    student.post(email=TYPED)
    student.post(meant="1")
    assert student.at == "vooropleiding"
    assert kept(student) == MEANT


@pytest.mark.rule("WIZ-5")
def test_another_typing_error_is_another_question(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("contact")
    student.post(email=TYPED)
    assert student.post(email="sem@gmial.com").status_code == 422
    assert "Bedoel je sem@gmail.com?" in student.page.text


def link(portal: Portal) -> str:
    """In the only mail."""
    (mail,) = mails(portal)
    (found,) = re.findall(rf"{portal.base}(/mail/\S+)", text(mail))
    return str(found)


def is_confirmed(email: str) -> bool:
    with db.reading() as connection:
        student_id = watch.row_of("student").id
        return mailbox.is_confirmed(connection, student_id, email)


@pytest.mark.rule("WIZ-5", "MIJ-4")
def test_an_address_is_confirmed_by_pressing_and_not_by_looking(any_portal: Portal) -> None:
    any_portal.student(ADULT).send()
    do_everything(any_portal)
    stranger = Student(any_portal.browser(), "")
    address = link(any_portal)
    page = stranger.get(address)
    assert page.status_code == 200
    assert "student@voorbeeld.nl" not in page.text
    assert "Sem" not in page.text
    assert not is_confirmed("student@voorbeeld.nl")
    assert stranger.browser.post(address).status_code == 400, "a press on another's page"
    assert not is_confirmed("student@voorbeeld.nl")
    assert "Je e-mailadres is bevestigd" in stranger.post(address).text
    assert "We weten nu dat dit jouw adres is." in stranger.page.text, "it promises no mail"
    assert is_confirmed("Student@voorbeeld.nl")
    assert not is_confirmed("ander@voorbeeld.nl")
    assert stranger.get(address).status_code == 200, "twice is no harm"


@pytest.mark.rule("WIZ-5")
@pytest.mark.parametrize("asked", ["Sem.B@voorbeeld.nl", "sem.b@voorbeeld.nl"])
def test_capitals_make_no_other_mailbox(portal: Portal, asked: str) -> None:
    student = portal.student(ADULT).walk_to("contact")
    student.answer(email="Sem.B@voorbeeld.nl")
    student.send()
    do_everything(portal)
    (mail,) = mails(portal)
    assert mail["To"] == "Sem.B@voorbeeld.nl"
    somebody = Student(portal.browser(), "")
    somebody.get(link(portal))
    somebody.post()
    assert is_confirmed(asked)


@pytest.mark.rule("WIZ-5")
def test_a_confirmed_address_is_not_asked_about_again(portal: Portal) -> None:
    student = portal.student(ADULT)
    student.send()
    do_everything(portal)
    somebody = Student(portal.browser(), "")
    address = link(portal)
    somebody.get(address)
    somebody.post(address)
    token = watch.token(student.get("/mijn").text)
    student.page = student.browser.post(
        "/mijn/nieuw", data={"csrf_token": token}, follow_redirects=True
    )
    student.walk_to("opleiding").look("software")
    student.post(cohort=cohorts(student.page.text)[0])
    student.send()
    assert student.at == "verstuurd"
    assert len(watch.all_of("email_link")) == 1


@pytest.mark.rule("WIZ-5")
@pytest.mark.parametrize("wrong", ["x", "bevestigd-niet", "%00", "é" * 50])
def test_a_link_of_nobody_says_so(portal: Portal, wrong: str) -> None:
    somebody = Student(portal.browser(), "")
    assert somebody.get(f"/mail/{wrong}").status_code == 410
    assert "of heb je alles laten weghalen" in somebody.page.text


@pytest.mark.rule("RET-2")
def test_neither_the_address_nor_the_token_is_kept(portal: Portal) -> None:
    portal.student(ADULT).send()
    do_everything(portal)
    row = str(watch.all_of("email_link"))
    assert "voorbeeld" not in row
    assert link(portal).rsplit("/", 1)[1] not in row


AGAIN = "Stuur de mail nog een keer"
ENOUGH = "We hebben je vandaag al een paar keer gemaild."


def asks_again(student: Student, draft_id: str) -> str:
    """Press the button; what the page says then."""
    return student.post(f"/aanmelding/{draft_id}/verstuurd/mail").text


@pytest.mark.rule("WIZ-5")
def test_the_mail_comes_once_more_with_a_link_that_works(portal: Portal) -> None:
    student = portal.student(ADULT)
    student.send()
    draft_id = student.draft
    assert AGAIN in student.page.text
    do_everything(portal)
    first = link(portal)
    assert "We hebben de mail nog een keer gestuurd." in asks_again(student, draft_id)
    do_everything(portal)
    both = [text(mail) for mail in mails(portal)]
    (again,) = [said for said in both if first not in said]
    assert len(both) == 2
    somebody = Student(portal.browser(), "")
    (address,) = re.findall(rf"{portal.base}(/mail/\S+)", again)
    somebody.get(address)
    assert "Je e-mailadres is bevestigd" in somebody.post(address).text
    assert is_confirmed("student@voorbeeld.nl")
    assert AGAIN not in student.get(f"/aanmelding/{draft_id}/verstuurd").text


@pytest.mark.rule("WIZ-5")
def test_the_mail_comes_three_times_more_and_only_to_whose_it_is(portal: Portal) -> None:
    student, other = portal.student(ADULT), portal.student(MINOR)
    student.send()
    draft_id = student.draft
    asks_again(other, draft_id)
    assert other.page.status_code == 404
    said = [ENOUGH in asks_again(student, draft_id) for _ in range(5)]
    assert said == [False, False, False, True, True]
    assert len(watch.all_of("job", name="mail")) == 1 + 3


@pytest.mark.rule("WIZ-5")
def test_before_sending_there_is_no_mail_to_send_again(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("contact")
    asks_again(student, student.draft)
    assert student.at == "contact"
    assert watch.all_of("job", name="mail") == []


@pytest.mark.rule("WIZ-5")
def test_the_first_press_is_when_it_was_confirmed(any_portal: Portal) -> None:
    any_portal.student(ADULT).send()
    do_everything(any_portal)
    somebody = Student(any_portal.browser(), "")
    address, moments = link(any_portal), []
    page = somebody.get(address)
    for _ in range(2):
        somebody.page = page  # open twice
        assert "Je e-mailadres is bevestigd" in somebody.post(address).text
        moments.append(watch.row_of("email_link").confirmed_at)
    assert moments[0] is not None
    assert moments[0] == moments[1]


UNSENT = "Je krijgt nu geen mail"


def mails_of(portal: Portal) -> list[EmailMessage]:
    do_everything(portal)
    return mails(portal)


@pytest.mark.rule("WIZ-5", "MIJ-4")
def test_nobody_fills_a_mailbox_by_changing_addresses(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "ASKED", 2)
    student = portal.student(ADULT)
    student.send()
    for number in range(8):
        student.get("/mijn/gegevens/bereiken")
        student.post(email=f"{'ab'[number % 2]}@voorbeeld.nl", phone="06 12345678")
        assert student.at == "gegevens"
    assert Counter(str(mail["To"]) for mail in mails_of(portal)) == {
        "student@voorbeeld.nl": 1,
        "a@voorbeeld.nl": 2,
        "b@voorbeeld.nl": 2,
    }
    other = portal.student(MINOR).walk_to("contact")
    other.answer(email="a@voorbeeld.nl")
    other.send()
    assert UNSENT not in other.page.text, "somebody else's address may be the same"


@pytest.mark.rule("WIZ-5", "MIJ-4", "INT-1")
def test_those_without_digid_fill_no_mailbox_together(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "ASKED", 2)
    guests = [guest_sends(portal, email="ali@voorbeeld.nl") for _ in range(3)]
    assert [UNSENT in guest.page.text for guest in guests] == [False, False, True]
    assert len(watch.all_of("application")) == 3
    assert len(mails_of(portal)) == 2
    last = guests[-1]
    draft_id = last.draft
    assert "Stuur de mail toch" in last.page.text
    assert "We hebben de mail nog een keer gestuurd." in asks_again(last, draft_id)
    assert UNSENT not in last.page.text
    assert len(mails_of(portal)) == 3
