"""Mail that we send by ourselves: about a change of status, a withdrawal, a draft that waits."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from app import clock, db
from app.domain.advice import this_april
from app.domain.status import Source, Status
from app.i18n import LOCALES, translate
from app.letters import LETTERS, OVERVIEW, OWN_DATA, written
from app.models import application
from app.services import mailings, statuses
from app.services.notices import Kind
from app.services.statuses import Said
from tests import watch
from tests.letters import do_everything, links, mails, part, subjects, text
from tests.portal import ADULT, MINOR, Portal, Student

pytestmark = pytest.mark.each_run_on("sqlite")

OPEN_TO_WHO_HAS_IT = ("/mail/t0ken", "/interesse/t0ken")
CONFIRMATION, NEWS, GONE = (
    LETTERS[kind].subject for kind in (Kind.CONFIRMATION, Kind.STATUS, Kind.WITHDRAWN)
)
WAITS = LETTERS[Kind.CLOSES].subject


def confirm(portal: Portal) -> None:
    """Press the link in each mail that has one."""
    for mail in mails(portal):
        for address in links(mail):
            if "/mail/" in address:
                somebody = Student(portal.browser(), "")
                somebody.get(urlsplit(address).path)
                somebody.post()


def said(what: Status, number: int = 1) -> None:
    """The school's koppelpunt says so, as it does over HTTP."""
    now = clock.now() + timedelta(seconds=number)
    with db.transaction() as connection:
        found = connection.execute(statuses.locked().order_by(application.c.id)).first()
        message = Said(what, Source.KOPPELPUNT, now, f"b{number}")
        change = statuses.record(connection, found, message)  # type: ignore[arg-type]
        statuses.free(connection, [change])
        statuses.tell(connection, [change], now)


def sent(portal: Portal, bsn: str = ADULT) -> Student:
    student = portal.student(bsn)
    student.send()
    do_everything(portal)
    return student


@pytest.mark.rule("MIJ-4")
def test_news_of_a_status_goes_to_an_address_that_was_confirmed(any_portal: Portal) -> None:
    sent(any_portal)
    said(Status.RECEIVED)
    do_everything(any_portal)
    assert subjects(any_portal) == [CONFIRMATION], "nobody pressed the link yet"
    confirm(any_portal)
    said(Status.OFFERED, 2)
    do_everything(any_portal)
    assert subjects(any_portal) == [NEWS, CONFIRMATION]
    said(Status.OFFERED, 3)
    do_everything(any_portal)
    assert subjects(any_portal) == [NEWS, CONFIRMATION], "it is no other status"


@pytest.mark.rule("MIJ-4")
def test_who_wants_none_gets_none_and_still_hears_of_withdrawing(portal: Portal) -> None:
    student = sent(portal)
    confirm(portal)
    watch.set_everywhere("student", wants_mail=False)
    said(Status.OFFERED)
    do_everything(portal)
    assert subjects(portal) == [CONFIRMATION]
    student.get(f"/mijn/{student.draft}/intrekken")
    student.post()
    do_everything(portal)
    assert subjects(portal) == [GONE, CONFIRMATION]


@pytest.mark.rule("MIJ-2")
def test_a_withdrawal_is_told_once_however_often_it_is_pressed(any_portal: Portal) -> None:
    student = sent(any_portal)
    draft_id = student.draft
    for _ in range(2):
        student.get(f"/mijn/{draft_id}/intrekken")
        student.post(f"/mijn/{draft_id}/intrekken")
    do_everything(any_portal)
    assert subjects(any_portal) == [GONE, CONFIRMATION]


@pytest.mark.rule("MIJ-4", "RET-2")
@pytest.mark.parametrize("kind", Kind)
def test_no_letter_says_who_it_is_for_and_every_link_leads_to_logging_in(
    portal: Portal, kind: Kind
) -> None:
    """What it is made of holds nothing else than this."""
    about = {"to": "a@voorbeeld.nl", "language": "nl", "kind": kind, "token": "t0ken"}
    mail = written({**about, "day": "2027-04-01"}, "sleutel", portal.base)
    addresses = set(re.findall(r"https?://\S+", mail.text))
    assert addresses <= {f"{portal.base}{to}" for to in (OVERVIEW, OWN_DATA, *OPEN_TO_WHO_HAS_IT)}
    assert "a@voorbeeld.nl" not in mail.text + mail.html + mail.subject
    for path in (OVERVIEW, OWN_DATA):
        answer = portal.browser().get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sessie-verlopen")


@pytest.mark.rule("LAN-1")
@pytest.mark.parametrize("kind", Kind)
def test_a_letter_is_whole_in_every_language(kind: Kind) -> None:
    for locale in LOCALES:
        about = {
            "to": "a@b.nl",
            "language": locale.code,
            "kind": kind,
            "token": "t",
            "day": "2027-04-01",
        }
        mail = written(about, "k", "https://portaal.test")
        letter = LETTERS[kind]
        assert mail.subject == translate(locale.code, letter.subject)
        assert "%(" not in mail.text + mail.html + mail.subject
        assert f'<html lang="{locale.code}" dir="{locale.dir}">' in mail.html
        assert "color-scheme: light dark" in mail.html
        for line in filter(None, mail.text.split("\n")):
            assert line.removesuffix(":") in re.sub("<[^>]*>", "\n", mail.html) or "://" in line
        assert mail.message_id == "<k@portaal.test>"


# --- a draft that waits --------------------------------------------------------------------------


def closing(day: date | None) -> None:
    """Every cohort begins in August, and can be applied for until this day."""
    start = date(this_april(clock.today(), {}).year, 8, 23)
    watch.set_everywhere("cohort_facts", apply_until=day, start=start)
    watch.set_everywhere("catalogue", changes=10**6)


def begun(portal: Portal) -> Student:
    """A draft with an address and a programme."""
    closing(None)
    return portal.student(MINOR).walk_to("ouders")


def at(day: date, portal: Portal) -> datetime:
    """Four in the afternoon of that day, for the portal."""
    moment = datetime.combine(day, datetime.min.time(), clock.AMSTERDAM).replace(hour=16)
    portal.move_clock(moment.isoformat())
    return moment


@pytest.mark.rule("WIZ-16")
def test_who_left_a_draft_is_reminded_once_in_the_week_before_1_april(any_portal: Portal) -> None:
    begun(any_portal)
    april = this_april(clock.today(), {})
    assert mailings.remind({}, at(april - timedelta(days=8), any_portal)) == 0
    assert mailings.remind({}, at(april - timedelta(days=7), any_portal)) == 1
    assert mailings.remind({}, at(april, any_portal)) == 0
    do_everything(any_portal)
    (mail,) = mails(any_portal)
    assert mail["Subject"] == WAITS
    assert f"Verstuur hem uiterlijk op 1 april {april.year}." in text(mail)
    assert "Kok" not in text(mail) + part(mail, "html")


def test_who_was_at_it_today_is_left_in_peace(portal: Portal) -> None:
    begun(portal)
    tomorrow = clock.today() + timedelta(days=1)
    moved = {this_april(clock.today(), {}).year: tomorrow}
    assert mailings.remind(moved, clock.now()) == 0
    assert mailings.remind(moved, clock.now() + timedelta(hours=24, seconds=1)) == 1


def test_a_draft_without_an_address_or_a_programme_reminds_nobody(portal: Portal) -> None:
    portal.student(MINOR).walk_to("opleiding")
    portal.student(ADULT).walk_to("contact")
    april = this_april(clock.today(), {})
    assert mailings.remind({}, at(april - timedelta(days=1), portal)) == 0


@pytest.mark.rule("WIZ-8")
def test_what_closes_in_a_week_is_reminded_of_and_what_has_closed_is_not(
    any_portal: Portal,
) -> None:
    begun(any_portal)
    day = clock.today() + timedelta(days=3)
    closing(day)
    assert mailings.remind({}, at(day + timedelta(days=1), any_portal)) == 0
    assert mailings.remind({}, at(day, any_portal)) == 1
    do_everything(any_portal)
    (mail,) = mails(any_portal)
    assert "Aanmelden kan nog tot en met" in text(mail)


def test_a_draft_that_was_sent_meanwhile_reminds_nobody(portal: Portal) -> None:
    begun(portal).send()
    do_everything(portal)
    april = this_april(clock.today(), {})
    assert mailings.remind({}, at(april - timedelta(days=1), portal)) == 0
