"""The proof of an application that has ended, and the mail once more (WIZ-14, WIZ-5)."""

from __future__ import annotations

from itertools import count

import pytest

from app import clock, standing
from app.domain.status import CODES, Status
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
def test_who_asked_for_the_mail_on_the_application_s_page_stays_there(portal: Portal) -> None:
    applicant = Applicant(portal)
    here = f"/mijn/{applicant.draft}"
    assert 'name="terug" value="mijn"' in applicant.student.get(here).text
    for said in (*["mailed"] * 3, "mailed_enough"):
        assert standing.NEWS[said] in applicant.asks_again(terug="mijn")
        assert applicant.student.page.url.path == here
    assert 'role="alert">We hebben je vandaag al' in applicant.student.page.text
    assert standing.NEWS["mailed_enough"] not in applicant.student.get(here).text, "said once"
    applicant.student.get(applicant.proof)
    applicant.asks_again()
    assert applicant.student.page.url.path == applicant.proof
