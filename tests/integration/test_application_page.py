"""How an application stands, for the student who sent it (MIJ-1, STA-1). What each status
says is in test_standing."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count

import html5lib
import pytest
from sqlalchemy import delete, update

from app import clock, db, standing
from app.domain.status import Status
from app.i18n import LOCALES
from app.models import application, application_status
from tests import watch
from tests.applicants import adult, cohorts_open
from tests.portal import Portal, Student
from tests.sent import applies, says

numbers = count(1)
PAGES = ("", "/intrekken", "/kiezen")


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


class Applicant:
    """Somebody who sent applications, and looks at them."""

    def __init__(self, portal: Portal, often: int = 1) -> None:
        bsn = adult(next(numbers))
        self.drafts = [applies(portal, bsn, cohort) for cohort in cohorts_open()[:often]]
        self.student = Student(portal.browser(), bsn)
        self.student.log_in()

    @property
    def first(self) -> str:
        return f"/mijn/{self.drafts[0]}"

    def reads(self, address: str = "") -> str:
        page = self.student.get(address or self.first)
        assert page.status_code == 200
        return said(page.text)


def said(html: str) -> str:
    """What stands in the main part and beside it, on one line."""
    body = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def steps(html: str) -> list[str]:
    (found,) = re.findall(r'<ol class="timeline".*?</ol>', html, re.S)
    return re.findall(r"<li.*?</li>", found, re.S)


@pytest.mark.rule("MIJ-1")
def test_the_way_to_a_status_is_told_in_order_with_who_and_when(portal: Portal) -> None:
    applicant = Applicant(portal)
    begun = clock.now()
    for day, code in ((3, "OA"), (1, "AO")):  # what is newer arrives first
        says(applicant.drafts[0], code, begun + timedelta(days=day))
    applicant.reads()
    told = steps(applicant.student.page.text)
    for step, status in zip(told, ("SUBMITTED", "RECEIVED", "OFFERED"), strict=True):
        assert standing.STATUS[Status(status)] in step
    assert ["Door jou" in step for step in told] == [True, False, False]
    assert ["Door de school" in step for step in told] == [False, True, True]
    assert ['aria-current="step"' in step for step in told] == [False, False, True]
    moments = [re.search(r"\d+ \w+ \d{4}, \d\d:\d\d", step) for step in told]
    assert len({moment[0] for moment in moments if moment}) == 3
    assert moments[2] is not None
    assert f"Sinds {moments[2][0]}" in applicant.reads("/mijn"), "when it changed"


@pytest.mark.rule("MIJ-1", "MIJ-2")
@pytest.mark.parametrize("code", ["LI", "LNI", "AI"])
def test_after_an_end_the_school_is_who_to_call(portal: Portal, code: str) -> None:
    applicant = Applicant(portal)
    says(applicant.drafts[0], code)
    text = applicant.reads()
    assert "Dat kan hier niet meer. Bel of mail de school." in text
    assert "Vragen aan de school?" in applicant.student.page.text
    assert "tel:" in applicant.student.page.text
    for link in ("intrekken", "kiezen", "verstuurd/contact", "verstuurd/leerbedrijf"):
        assert link not in applicant.student.page.text


@pytest.mark.rule("MIJ-1", "WIZ-14")
def test_the_overview_leads_to_it_and_it_to_the_proof(portal: Portal) -> None:
    applicant = Applicant(portal, 2)
    page = applicant.student.get("/mijn").text
    for draft in applicant.drafts:
        assert f'href="/mijn/{draft}"' in page
        assert f"/aanmelding/{draft}/verstuurd" in applicant.student.get(f"/mijn/{draft}").text
    row = watch.row_of("application", draft_id=applicant.drafts[0])
    assert row.keten_id in applicant.reads()


@pytest.mark.rule("INT-4")
def test_an_interest_is_no_application_yet(portal: Portal) -> None:
    applicant = Applicant(portal)
    sent = watch.row_of("application", draft_id=applicant.drafts[0])
    with db.transaction() as connection:
        connection.execute(update(application).filter_by(id=sent.id).values(kind="I"))
        connection.execute(delete(application_status).filter_by(application_id=sent.id))
    for address in (applicant.first, "/mijn"):
        text = applicant.reads(address)
        assert "Dit is nog geen aanmelding." in text
        assert "Ingediend" not in text
    assert "Trek je aanmelding in" not in applicant.reads()


@pytest.mark.each_run(2)
@pytest.mark.rule("LAN-1")
@pytest.mark.parametrize("code", [locale.code for locale in LOCALES])
def test_every_page_is_sound_in_every_language(portal: Portal, code: str) -> None:
    applicant = Applicant(portal, 2)
    applicant.student.get(f"/taal/{code}")  # what a browser prefers comes after what is kept
    says(applicant.drafts[0], "OA")
    for page in (*PAGES, "", "/mijn"):
        address = page if page == "/mijn" else applicant.first + page
        answer = applicant.student.get(address)
        assert answer.status_code == 200
        assert str(answer.url).endswith(address), "or another page was looked at"
        html5lib.HTMLParser(strict=True).parse(answer.text)
        assert f'<html lang="{code}"' in answer.text
    answer = applicant.student.get(f"/aanmelding/{applicant.drafts[0]}/verstuurd/contact")
    html5lib.HTMLParser(strict=True).parse(answer.text)
    wrong = applicant.student.post(email="nee")
    assert wrong.status_code == 422
    html5lib.HTMLParser(strict=True).parse(wrong.text)


def test_with_htmx_it_is_the_same_page(portal: Portal) -> None:
    applicant = Applicant(portal, 2)
    says(applicant.drafts[0], "OA")
    headers = {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "main"}
    for page in PAGES:
        whole = applicant.student.browser.get(applicant.first + page)
        part = applicant.student.browser.get(applicant.first + page, headers=headers)
        assert watch.masked(watch.main(part.text)) == watch.masked(watch.main(whole.text))
        assert watch.title(part.text) == watch.title(whole.text)
