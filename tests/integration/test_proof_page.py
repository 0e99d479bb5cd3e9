"""The proof of an application that has ended, and the mail once more (WIZ-14, WIZ-5)."""

from __future__ import annotations

from itertools import count

import pytest
from sqlalchemy import delete

from app import clock, db, standing
from app.domain.status import CODES, Status
from app.models import email_link, store
from app.services import statuses
from tests import watch
from tests.applicants import adult, cohorts_open
from tests.portal import Portal, Student
from tests.sent import applies, says

numbers = count(500)
AGAIN, INVITED = "Stuur de mail nog een keer", "De school nodigt je uit"


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture(autouse=True)
def nobody_asked(portal: Portal) -> None:
    """For the mail once more, today."""
    with db.transaction() as connection:
        connection.execute(delete(store).where(store.c.key.startswith("mail:")))


class Applicant:
    """Somebody who sent an application, and looks at its proof."""

    def __init__(self, portal: Portal) -> None:
        bsn = adult(next(numbers))
        self.draft = applies(portal, bsn, cohorts_open()[0])
        self.student = Student(portal.browser(), bsn)
        self.student.log_in()
        self.proof = f"/aanmelding/{self.draft}/verstuurd"

    def asks_again(self, **fields: str) -> str:
        """For the mail; the page that follows."""
        return self.student.post(f"{self.proof}/mail", **fields).text


def mails() -> int:
    return len(watch.all_of("job", name="mail"))


@pytest.mark.rule("WIZ-14", "STA-1")
@pytest.mark.parametrize("code", ["LI", "LNI", "AI", ""])
def test_the_proof_of_what_has_ended_says_that_it_has(portal: Portal, code: str) -> None:
    applicant = Applicant(portal)
    open_still = applicant.student.get(applicant.proof).text
    assert AGAIN in open_still
    assert INVITED in open_still
    if code:
        says(applicant.draft, code)
    else:
        sent = watch.row_of("application", draft_id=applicant.draft)
        statuses.withdraw(sent.student_id, applicant.draft, "", clock.now())
    status = CODES.get(code, Status.WITHDRAWN)
    page = applicant.student.get(applicant.proof).text
    assert "Je aanmelding is verstuurd" in page
    assert standing.STATUS[status] in page
    assert f'href="/mijn/{applicant.draft}"' in page
    for over in (AGAIN, INVITED, "Wat gebeurt er nu?", "verstuurd/contact"):
        assert over not in page, over
    before = mails()
    assert standing.TOO_LATE[status] in applicant.asks_again()
    assert applicant.student.page.url.path == f"/mijn/{applicant.draft}"
    assert mails() == before


@pytest.mark.rule("WIZ-5")
@pytest.mark.parametrize("back", ["mijn", "gegevens"])
def test_who_asked_for_the_mail_on_a_page_of_their_own_stays_there(
    portal: Portal, back: str
) -> None:
    applicant = Applicant(portal)
    here = {"mijn": f"/mijn/{applicant.draft}", "gegevens": "/mijn/gegevens"}[back]
    page, before = applicant.student.get(here).text, mails()
    assert AGAIN in page
    assert f'name="terug" value="{back}"' in page
    for said in (*["mailed"] * 3, "mailed_enough"):
        assert standing.NEWS[said] in applicant.asks_again(terug=back)
        assert applicant.student.page.url.path == here
    assert mails() == before + 3
    assert 'role="alert">We hebben je vandaag al' in applicant.student.page.text
    assert standing.NEWS["mailed_enough"] not in applicant.student.get(here).text, "said once"
    applicant.student.get(applicant.proof)
    applicant.asks_again()
    assert applicant.student.page.url.path == applicant.proof


@pytest.mark.rule("WIZ-5")
def test_who_sent_something_and_was_not_asked_yet_can_be(portal: Portal) -> None:
    """As when too many mails had gone to the address that day."""
    applicant = Applicant(portal)
    sender = watch.row_of("application", draft_id=applicant.draft).student_id
    with db.transaction() as connection:
        connection.execute(delete(email_link).where(email_link.c.student_id == sender))
    page = applicant.student.get("/mijn/gegevens").text
    assert "Stuur de mail toch" in page
    for untrue in ("zodra je een aanmelding verstuurt", "Druk in de mail op de link"):
        assert untrue not in page
    page = applicant.asks_again(terug="gegevens")
    assert standing.NEWS["mailed"] in page
    assert AGAIN in page
