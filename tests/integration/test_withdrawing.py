"""A student withdraws, or chooses one of several: the pages (MIJ-2)."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count

import httpx
import pytest
from markupsafe import escape

from app import clock, standing
from app.domain import advice
from app.domain.status import REASONS, Status
from app.models import application_status
from app.services import statuses
from tests import watch
from tests.applicants import adult, cohorts_open
from tests.portal import Portal, Student
from tests.sent import applies, says

pytestmark = pytest.mark.each_run_on("sqlite")

numbers = count(100)
BUTTON = "Trek je aanmelding in"
SURE = "Weet je zeker dat je je aanmelding wilt intrekken?"
DONE = standing.NEWS["withdrawn"]
LATE = "dan ben je te laat"


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


class Applicant:
    """Somebody with some applications. Each `tab` is a window with the same session."""

    def __init__(self, portal: Portal, often: int = 1) -> None:
        bsn = adult(next(numbers))
        self.drafts = [applies(portal, bsn, cohort) for cohort in cohorts_open()[:often]]
        self.student = Student(portal.browser(), bsn)
        self.student.log_in()

    def gets(self, page: str = "", which: int = 0) -> httpx.Response:
        return self.student.get(f"/mijn/{self.drafts[which]}{page}")

    def presses(self, page: httpx.Response, **fields: str) -> httpx.Response:
        """The button of the form on this page, which may be an old one."""
        form = watch.token(page.text)
        return self.student.browser.post(
            page.url, data={"csrf_token": form, **fields}, follow_redirects=False
        )

    def statuses(self) -> list[str]:
        return [str(watch.row_of("application", draft_id=draft).status) for draft in self.drafts]


@pytest.mark.rule("MIJ-2")
@pytest.mark.parametrize("codes", [(), ("AO",), ("AO", "OA")])
def test_a_student_withdraws_once_sure(portal: Portal, codes: tuple[str, ...]) -> None:
    applicant = Applicant(portal)
    for code in codes:
        says(applicant.drafts[0], code)
    assert BUTTON in applicant.gets().text
    sure = applicant.gets("/intrekken")
    sent = applicant.gets().text
    for named in re.findall(r"<h1[^>]*>(.*?)</h1>", sent):
        assert named in sure.text
    school = watch.answers("application", draft_id=applicant.drafts[0]).choice
    assert school is not None
    for said in (SURE, school.institution, "Je kunt het niet terugdraaien."):
        assert said in sure.text
    assert re.findall(r'type="radio"[^>]* checked', sure.text) == [], "nobody need give a reason"
    answer = applicant.presses(sure)
    assert answer.status_code == 303
    page = applicant.student.get(answer.headers["Location"])
    assert DONE in page.text
    assert standing.STATUS[Status.WITHDRAWN] in page.text
    assert BUTTON not in page.text
    assert standing.TAKEN_BACK not in page.text, "nobody took anything back"
    assert DONE not in applicant.gets().text, "said once"
    assert applicant.statuses() == ["WITHDRAWN"]


@pytest.mark.each_run(4)
@pytest.mark.rule("MIJ-2")
@pytest.mark.parametrize("given", [*REASONS, "", "zin in iets anders", None])
def test_a_reason_is_one_of_the_short_list_or_none(portal: Portal, given: str | None) -> None:
    applicant = Applicant(portal)
    sure = applicant.gets("/intrekken")
    offered = re.findall(r'name="reden" value="([^"]*)"', sure.text)
    assert offered == [*REASONS, ""]
    applicant.presses(sure, **({"reden": given} if given is not None else {}))
    sent = watch.row_of("application", draft_id=applicant.drafts[0])
    kept = watch.row_of(application_status.name, application_id=sent.id, status="WITHDRAWN")
    assert kept.reason == (given if given in REASONS else "")


@pytest.mark.rule("MIJ-2")
def test_in_a_second_tab_it_was_done_already(portal: Portal) -> None:
    applicant = Applicant(portal)
    tabs = [applicant.gets("/intrekken") for _ in range(2)]
    applicant.presses(tabs[0])
    applicant.gets()
    again = applicant.presses(tabs[1])
    page = applicant.student.get(again.headers["Location"])
    assert standing.NEWS["already"] in page.text
    assert applicant.gets("/intrekken").url.path == f"/mijn/{applicant.drafts[0]}"


@pytest.mark.rule("MIJ-2")
@pytest.mark.parametrize(("code", "status"), [("LI", Status.ENROLLED), ("LNI", Status.REJECTED)])
def test_whom_the_school_was_before_hears_what_it_said(
    portal: Portal, code: str, status: Status
) -> None:
    applicant = Applicant(portal)
    sure = applicant.gets("/intrekken")
    says(applicant.drafts[0], code)
    answer = applicant.presses(sure)
    assert answer.status_code == 409
    assert standing.TOO_LATE[status] in answer.text
    assert standing.MEANING[status] in answer.text
    assert "Vragen aan de school?" in answer.text
    assert applicant.statuses() == [status]
    late = applicant.gets("/intrekken")
    assert standing.TOO_LATE[status] in late.text, "nor is it asked"
    assert SURE not in late.text


@pytest.mark.rule("MIJ-2", "WIZ-16")
def test_after_the_first_of_april_a_new_one_is_late(any_portal: Portal) -> None:
    applicant = Applicant(any_portal)
    sent = watch.answers("application", draft_id=applicant.drafts[0])
    april = advice.term(sent, any_portal.settings.deadlines).april
    assert april is not None
    for day, late in ((april, False), (april + timedelta(days=1), True)):
        any_portal.move_clock(f"{day}T12:00:00+02:00")
        applicant.student.log_in()
        page = applicant.gets("/intrekken")
        assert SURE in page.text
        assert (LATE in page.text) is late, day


def chosen_from(portal: Portal, often: int, code: str = "OA") -> Applicant:
    applicant = Applicant(portal, often)
    says(applicant.drafts[0], code)
    return applicant


@pytest.mark.rule("MIJ-2")
def test_from_an_offer_on_one_is_chosen_and_the_others_named_and_withdrawn(portal: Portal) -> None:
    applicant = Applicant(portal, 3)
    assert "Ik kies deze" not in applicant.gets().text, "there is no offer"
    assert applicant.gets("/kiezen").url.path == f"/mijn/{applicant.drafts[0]}"
    says(applicant.drafts[0], "OA")
    assert "Ik kies deze" in applicant.gets().text
    assert "Ik kies deze" not in applicant.gets("", 1).text
    sure = applicant.gets("/kiezen")
    for draft in applicant.drafts:
        choice = watch.answers("application", draft_id=draft).choice
        assert choice is not None
        assert escape(choice.programme) in sure.text
    kept, gone = sure.text.split("Deze aanmeldingen trekken we in")
    assert (kept.count('class="panel named"'), gone.count('class="panel named"')) == (1, 2)
    page = applicant.student.post(andere=applicant.drafts[1:])
    assert standing.NEWS["chosen"] in page.text
    assert applicant.statuses() == ["OFFERED", "WITHDRAWN", "WITHDRAWN"]
    kept = applicant.gets().text
    assert "Ik kies deze" not in kept
    assert "Je koos deze opleiding op " in kept, "and it goes on saying so"
    overview = applicant.student.get("/mijn").text
    assert overview.count("Jouw keuze") == 1
    names = [overview.index(f'href="/mijn/{draft}"') for draft in applicant.drafts]
    assert names[0] == min(names), "what the school offers comes first, though sent first"
    for let_go in (1, 2):
        assert standing.LET_GO in applicant.gets("", let_go).text
        assert standing.CHOSE_OTHER in applicant.gets("", let_go).text
        assert "Je koos deze opleiding op " not in applicant.gets("", let_go).text
    again = applicant.presses(sure, andere=applicant.drafts[1])
    assert again.status_code == 303, "done before"


@pytest.mark.rule("MIJ-2")
def test_who_let_the_other_go_in_another_tab_has_nothing_left_to_choose(portal: Portal) -> None:
    applicant = chosen_from(portal, 2)
    sure = applicant.gets("/kiezen")
    other = watch.row_of("application", draft_id=applicant.drafts[1])
    statuses.withdraw(other.student_id, other.draft_id, "", clock.now())
    page = applicant.presses(sure, andere=applicant.drafts[1])
    assert page.status_code == 409
    assert standing.NEWS["none_left"] in page.text
    assert standing.NEWS["chosen"] not in page.text
    assert "Je koos deze opleiding op " not in applicant.gets().text, "withdrawn, not let go"


@pytest.mark.rule("MIJ-2")
@pytest.mark.parametrize(("often", "named"), [(2, "een andere aanmelding"), (3, "andere aanm")])
def test_one_other_is_called_one(portal: Portal, often: int, named: str) -> None:
    applicant = chosen_from(portal, often)
    assert f"Je hebt ook nog {named}" in applicant.gets().text


@pytest.mark.rule("MIJ-2")
def test_who_has_only_one_has_nothing_to_choose(portal: Portal) -> None:
    applicant = chosen_from(portal, 1)
    assert "Ik kies deze" not in applicant.gets().text


@pytest.mark.rule("MIJ-2")
def test_an_enrolled_student_may_still_let_the_others_go(portal: Portal) -> None:
    applicant = chosen_from(portal, 2, "LI")
    assert "Ik kies deze" in applicant.gets().text
    applicant.gets("/kiezen")
    applicant.student.post()
    assert applicant.statuses() == ["ENROLLED", "WITHDRAWN"]


@pytest.mark.rule("MIJ-2")
def test_only_what_was_on_the_page_is_withdrawn(portal: Portal) -> None:
    applicant = chosen_from(portal, 2)
    sure = applicant.gets("/kiezen")
    applicant.drafts.append(applies(portal, applicant.student.bsn, cohorts_open()[2]))
    answer = applicant.presses(sure, andere=applicant.drafts[1])
    assert answer.status_code == 409
    assert "Er is iets veranderd" in answer.text
    assert answer.text.count('name="andere"') == 2
    assert applicant.statuses() == ["OFFERED", "SUBMITTED", "SUBMITTED"]


@pytest.mark.rule("MIJ-2")
def test_an_offer_that_was_taken_back_meanwhile_is_not_chosen(portal: Portal) -> None:
    applicant = chosen_from(portal, 2)
    sure = applicant.gets("/kiezen")
    says(applicant.drafts[0], "AO", clock.now() + timedelta(minutes=1))
    page = applicant.presses(sure, andere=applicant.drafts[1])
    assert page.status_code == 409
    assert standing.NEWS["no_offer"] in page.text
    assert applicant.statuses() == ["RECEIVED", "SUBMITTED"]


@pytest.mark.rule("MIJ-2")
def test_what_was_refused_meanwhile_is_not_chosen(portal: Portal) -> None:
    applicant = chosen_from(portal, 2)
    sure = applicant.gets("/kiezen")
    says(applicant.drafts[0], "LNI", clock.now())
    answer = applicant.presses(sure, andere=applicant.drafts[1])
    assert answer.status_code == 409
    assert standing.TOO_LATE[Status.REJECTED] in answer.text
    assert applicant.statuses() == ["REJECTED", "SUBMITTED"]
