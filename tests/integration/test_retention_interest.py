"""What is kept of interessemeldingen, with DigiD and without: warned, and gone (RET-1, INT-4)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from app.domain.retention import WARNING
from app.letters import LETTERS
from app.services import ledger
from app.services.notices import Kind
from app.services.retention import What
from app.standing import NOT_YET
from tests import watch
from tests.backups import commanded
from tests.choosing import LOCKED, choose
from tests.guests import press, sends
from tests.integration.test_retention import DAY, goes, night
from tests.kept import rows_of, totals
from tests.letters import do_everything, links, mails, text
from tests.portal import ADULT, Portal, Student

pytestmark = [pytest.mark.rule("RET-1"), pytest.mark.each_run_on("sqlite")]

GOES = LETTERS[Kind.INTEREST_REMOVAL].subject


def shows_interest(portal: Portal) -> Student:
    """After logging in, for what has an access code."""
    student = portal.student(ADULT).walk_to("opleiding")
    choose(student, LOCKED)
    student.post(f"/aanmelding/{student.draft}/interesse")
    student.send()
    return student


def the_warning(portal: Portal) -> str:
    do_everything(portal)
    (mail,) = (mail for mail in mails(portal) if mail["Subject"] == GOES)
    assert NOT_YET in text(mail)
    (address,) = links(mail)
    assert address.startswith(f"{portal.base}/")
    return urlsplit(address).path


@pytest.mark.rule("INT-4")
def test_who_only_showed_interest_is_warned_in_words_of_that(any_portal: Portal) -> None:
    student = shows_interest(any_portal)
    student_id, end = str(watch.row_of("student").id), goes(student.draft)
    before = totals()
    assert night(end - WARNING) == {What.WARNING: 1}
    assert the_warning(any_portal) == "/mijn/gegevens"
    assert night(end) == {What.ACCOUNT: 1}
    assert not any(rows_of(student_id).values())
    assert totals() == before


@pytest.mark.rule("INT-4", "MIJ-4")
def test_a_guest_is_warned_with_a_link_that_leads_back(any_portal: Portal) -> None:
    guest = sends(any_portal)
    student_id, end = str(watch.row_of("student").id), goes(guest.draft)
    assert night(end - WARNING) == {What.WARNING: 1}
    assert press(any_portal, the_warning(any_portal)).at == "verstuurd"
    assert night(end - DAY) == {}
    assert night(end) == {What.ACCOUNT: 1}
    assert not any(rows_of(student_id).values())


@pytest.mark.rule("RET-3")
def test_an_operator_removes_who_asks_and_cannot_do_so(any_portal: Portal) -> None:
    """Without DigiD, an address or the session there is no other way."""
    sends(any_portal)
    student_id = str(watch.row_of("student").id)
    reference = watch.row_of("application").keten_id
    url = any_portal.settings.database_url
    wrong = commanded(any_portal, url, "retention", "remove", f"{reference}9")
    assert wrong.returncode
    assert "nobody has" in wrong.stderr
    assert rows_of(student_id)["application"] == 1
    done = commanded(any_portal, url, "retention", "remove", reference)
    assert (done.returncode, done.stdout) == (0, "All of it is gone.\n"), done.stderr
    assert not any(rows_of(student_id).values())
    (entry,) = ledger.entries(any_portal.settings.deletion_ledger).entries
    assert (entry.kind, entry.id) == (ledger.Kind.STUDENT, student_id)
    assert commanded(any_portal, url, "retention", "remove", reference).returncode, "once"
