"""The mail that says that an application is there: once, in the student's language, bare."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from app import db, jobs
from app.i18n import LOCALES, translate
from app.letters import LETTERS
from app.models import application, job
from app.services.notices import Kind
from tests.letters import acts, do_everything, links, mails, part, text
from tests.portal import ADULT, MINOR, Portal, Student

pytestmark = pytest.mark.each_run_on("sqlite")


def due_again() -> None:
    with db.transaction() as connection:
        connection.execute(update(job).values(due_at=0, leased_until=0))


def count_jobs() -> int:
    with db.reading() as connection:
        return len(connection.execute(select(job)).all())


@pytest.mark.rule("WIZ-14")
def test_the_mail_goes_to_the_address_given(any_portal: Portal) -> None:
    any_portal.student(ADULT).send()
    assert mails(any_portal) == [], "nothing waits for a mail server"
    do_everything(any_portal)
    (mail,) = mails(any_portal)
    assert mail["To"] == "student@voorbeeld.nl"
    assert mail["Subject"] == "We hebben je aanmelding"
    assert f"{any_portal.base}/mijn" in links(mail)
    assert count_jobs() == 0


@pytest.mark.rule("WIZ-14")
@pytest.mark.rule("LAN-1")
@pytest.mark.parametrize("code", [locale.code for locale in LOCALES])
def test_the_mail_is_in_the_students_language(portal: Portal, code: str) -> None:
    student = portal.student(ADULT)
    student.get(f"/taal/{code}?terug=/mijn")
    while student.at != "verstuurd":
        student.get(f"/aanmelding/{draft_of(student)}")
        student.answer()
    do_everything(portal)
    (mail,) = mails(portal)
    assert mail["Subject"] == translate(code, LETTERS[Kind.CONFIRMATION].subject)
    assert mail["Content-Language"] == code


def draft_of(student: Student) -> str:
    if student.at == "mijn":
        student.get("/mijn")
        return student.page.text.split("/aanmelding/")[1][:36]
    return student.draft


@pytest.mark.rule("MIJ-4")
@pytest.mark.rule("RET-2")
def test_a_stranger_who_reads_it_learns_nothing(portal: Portal) -> None:
    student = portal.student(MINOR)
    student.follow("/aanmelden?instelling=99XX&kenmerk=KENMERK-42")
    student.send()
    do_everything(portal)
    with db.reading() as connection:
        sent = connection.execute(select(application)).one()
    (mail,) = mails(portal)
    everything = mail.as_string() + text(mail) + part(mail, "html")
    for secret in (
        *(MINOR, "Noor", "Weide", "Kastanjelaan", "8019", "Zwolle", "Jansen", "12345678"),
        *("99XX", "De Horizon", "Kok", "KENMERK-42", sent.keten_id, sent.ca_keten_id),
        *(sent.draft_id, sent.student_id),
    ):
        assert secret not in everything, secret
    assert "@" not in text(mail), "nor at which address the student reads mail"


@pytest.mark.rule("WIZ-13")
def test_however_often_it_is_tried_it_is_one_mail(any_portal: Portal) -> None:
    """A folder that can't be written, then one that can; then a worker that dies after sending."""
    any_portal.student(ADULT).send()
    folder = Path(any_portal.settings.mail_url)
    folder.write_text("in the way")
    do_everything(any_portal)
    assert count_jobs() == 1
    with db.reading() as connection:
        row = connection.execute(select(job)).one()
    assert (row.last_error, row.failed_at) == ("Unavailable", None)
    folder.unlink()
    due_again()
    claimed = jobs.work.claim(jobs.clock.real_seconds())
    assert claimed is not None
    acts(any_portal)["mail"](claimed)  # and before it could say so, the worker was killed
    (first,) = mails(any_portal)
    due_again()
    do_everything(any_portal)
    (second,) = mails(any_portal)
    assert second["Message-ID"] == first["Message-ID"] == f"<{claimed.key}@127.0.0.1>"
    assert count_jobs() == 0


@pytest.mark.rule("WIZ-14")
def test_two_applications_are_two_mails(portal: Portal) -> None:
    portal.student(ADULT).send()
    portal.student(MINOR).send()
    do_everything(portal)
    assert len({mail["Message-ID"] for mail in mails(portal)}) == 2


@pytest.mark.rule("WIZ-13")
def test_an_address_that_nobody_can_mail_to_is_given_up_and_the_application_stands(
    any_portal: Portal,
) -> None:
    any_portal.student(ADULT).send()
    with db.transaction() as connection:
        sealed = jobs.work.keys.seal
        row = connection.execute(select(job)).one()
        about = {"to": "a\r\nBcc: b@c.nl", "language": "nl", "kind": "confirmation"}
        document = sealed(f"job.document.{row.document_id}", about)
        connection.execute(update(job).values(document=document))
    do_everything(any_portal)
    with db.reading() as connection:
        assert connection.execute(select(job.c.last_error)).scalar_one() == "RequestRejected"
        assert connection.execute(select(job.c.failed_at)).scalar_one() is not None
        assert connection.execute(select(application)).one()
    assert mails(any_portal) == []
