"""The mail about an interessemelding, and the way back by its link (MIJ-4, INT-4)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, update

from app import db, letters
from app.i18n import LOCALES, translate
from app.models import application, email_link, message
from app.standing import NOT_YET
from tests import watch
from tests.choosing import LOCKED, who_chose
from tests.guests import LOG_IN, enters, press, sends
from tests.letters import do_everything, links, mails, part, text
from tests.portal import ADULT, Portal

pytestmark = pytest.mark.each_run_on("sqlite")
GONE = "Deze link werkt niet meer"


def link(portal: Portal) -> str:
    """In the only mail."""
    do_everything(portal)
    (mail,) = mails(portal)
    (found,) = re.findall(rf"{portal.base}(/interesse/\S+)", text(mail))
    return str(found)


@pytest.mark.rule("MIJ-4", "INT-4")
def test_the_mail_says_what_it_is_not_and_nothing_of_the_person(any_portal: Portal) -> None:
    guest = sends(any_portal)
    link(any_portal)
    (mail,) = mails(any_portal)
    said = f"{mail['Subject']} {text(mail)} {part(mail, 'html')}"
    assert NOT_YET in said
    reference = watch.row_of("application").keten_id
    for told in ("Ali", "Yılmaz", "2000", "12345678", "Kok", "Horizon", guest.draft, reference):
        assert told not in said, told
    assert "/mijn" not in said
    assert len(links(mail)) == 1


@pytest.mark.rule("INT-4", "MIJ-4")
@pytest.mark.parametrize("locale", [locale.code for locale in LOCALES])
@pytest.mark.parametrize("kind", ["interest", "guest"])
def test_in_every_language_it_says_so(kind: str, locale: str) -> None:
    about = {"to": "a@voorbeeld.nl", "language": locale, "kind": kind, "token": "t"}
    mail = letters.written(about, "1", "https://portaal.test")
    assert translate(locale, NOT_YET).strip(".") in mail.text
    links = re.findall(r"https://portaal\.test(\S+)", mail.text)
    assert links == (["/interesse/t"] if kind == "guest" else ["/mijn", "/mail/t"])


@pytest.mark.rule("MIJ-4")
def test_its_link_opens_that_one_and_no_more(any_portal: Portal) -> None:
    sends(any_portal)
    address = link(any_portal)
    before = watch.rows("store")
    opened = any_portal.browser().get(address)
    assert opened.status_code == 200
    assert watch.rows("store") == before, "mail programs open links by themselves"
    for told in ("Ali", "Yılmaz", "Kok", "Horizon"):
        assert told not in watch.inside(opened.text)
    back = press(any_portal, address)
    assert back.at == "verstuurd"
    assert "Je interessemelding is verstuurd" in back.page.text
    assert "31 december 2000" in back.page.text
    assert address.rsplit("/", 1)[-1] not in str(back.page.url)
    assert back.browser.get("/mijn").headers["Location"] == "/interesse"
    assert press(any_portal, address).at == "verstuurd", "and again"
    assert watch.row_of("email_link").confirmed_at is not None


@pytest.mark.rule("IDN-7", "MIJ-4")
def test_pressing_makes_a_new_session(any_portal: Portal) -> None:
    sends(any_portal)
    address = link(any_portal)
    other = enters(any_portal)
    theirs, cookie = other.draft, other.browser.cookies["sid"]
    other.get(address)
    other.post()
    assert other.at == "verstuurd"
    assert other.browser.cookies["sid"] != cookie
    assert other.browser.get(f"/aanmelding/{theirs}/over-jou").status_code == 404
    old = any_portal.browser(Cookie=f"sid={cookie}")
    assert old.get("/interesse").headers["Location"] == LOG_IN


@pytest.mark.rule("IDN-7", "MIJ-4")
def test_who_is_logged_in_with_digid_logs_out_there_first(any_portal: Portal) -> None:
    sends(any_portal)
    address = link(any_portal)
    student = any_portal.student(ADULT)
    assert "Je bent nu ingelogd met DigiD. Log eerst uit." in student.get(address).text
    student.post(address)
    assert student.browser.get("/mijn").status_code == 200, "they stay who they are"
    student.get(address)
    assert "/digistub/logout" in student.post("/uitloggen").text
    student.get(address)
    student.post()
    assert student.at == "verstuurd"


@pytest.mark.rule("MIJ-4")
def test_a_link_of_who_came_by_digid_opens_nothing(any_portal: Portal) -> None:
    """What DigiD or DUO said opens with DigiD alone (checklist item 21)."""
    student = who_chose(any_portal, LOCKED, ADULT)
    student.post(f"/aanmelding/{student.draft}/interesse")
    student.send()
    do_everything(any_portal)
    (mail,) = mails(any_portal)
    assert "/interesse/" not in text(mail)
    (token,) = re.findall(r"/mail/(\S+)", text(mail))
    browser = any_portal.browser()
    page = browser.get(f"/interesse/{token}")
    assert (page.status_code, GONE in page.text) == (410, True)
    form = {"csrf_token": watch.token(browser.get("/login/loginWithoutDigiD").text)}
    assert browser.post(f"/interesse/{token}", data=form).status_code == 410
    assert browser.get("/interesse").headers["Location"] == "/sessie-verlopen"


@pytest.mark.rule("MIJ-4")
@pytest.mark.parametrize("what", ["removed", "made up", "half", "of one that was not sent"])
def test_a_link_to_nothing_says_so(any_portal: Portal, what: str) -> None:
    sends(any_portal)
    address = link(any_portal)
    if what == "removed":
        with db.transaction() as connection:
            connection.execute(delete(message))
            connection.execute(update(application).values(document=None, draft_id=None))
    elif what == "of one that was not sent":
        other = enters(any_portal)
        waiting = watch.row_of("draft", id=other.draft).student_id
        with db.transaction() as connection:
            connection.execute(update(email_link).values(student_id=waiting))
    else:
        address = "/interesse/" + "x" * 43 if what == "made up" else address[:-9]
    browser = any_portal.browser()
    page = browser.get(address)
    assert (page.status_code, GONE in page.text) == (410, True)
    form = {"csrf_token": watch.token(browser.get("/login/loginWithoutDigiD").text)}
    assert browser.post(address, data=form).status_code == 410


@pytest.mark.rule("MIJ-4")
def test_a_session_outlives_nothing_that_was_removed(any_portal: Portal) -> None:
    guest = sends(any_portal)
    with db.transaction() as connection:
        connection.execute(update(application).values(document=None, draft_id=None))
    page = guest.get("/interesse")
    assert (page.status_code, GONE in page.text) == (410, True)


@pytest.mark.rule("WIZ-5", "MIJ-4")
def test_the_mail_can_be_had_again(any_portal: Portal) -> None:
    guest = sends(any_portal)
    for number in (1, 2, 3, 4):
        guest.post(f"/aanmelding/{guest.draft}/verstuurd/mail")
        many = "al een paar keer gemaild" in guest.page.text
        assert many is (number == 4)
    do_everything(any_portal)
    texts = [text(mail) for mail in mails(any_portal)]
    assert len(texts) == 4
    found = {re.findall(rf"{any_portal.base}(/interesse/\S+)", text)[0] for text in texts}
    assert len(found) == 4
    assert {press(any_portal, address).at for address in found} == {"verstuurd"}


@pytest.mark.rule("RET-2", "MIJ-4")
def test_the_link_itself_is_kept_nowhere(any_portal: Portal) -> None:
    sends(any_portal)
    with watch.logged() as log:
        address = link(any_portal)
        press(any_portal, address)
    token = address.rsplit("/", 1)[-1]
    assert token not in repr(watch.rows())
    assert token not in log.text
