"""The websites of the invented schools lead into the portal, and it leads back to them."""

from __future__ import annotations

import re
from html import unescape
from itertools import count
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app import testdoor
from digistub.people import fresh_bsn
from digistub.schools import SCHOOLS
from tests import watch
from tests.portal import Portal, Student, cohorts

GOOD = (
    *("Alleen de school", "En daarna terug naar deze site", "Een opleiding", "Een crebo"),
    *("Een opleiding met een cohort", "Met een toegangscode"),
)

numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


def groups(portal: Portal, brin: str) -> dict[str, list[str]]:
    """By heading: the deeplinks below it, as paths of the portal."""
    site = portal.world.test_client().get(f"/school/{brin}").text
    found = {}
    for part in site.split("<h3>")[1:]:
        heading, _, rest = part.partition("</h3>")
        links = [urlsplit(unescape(link)) for link in re.findall(r'href="([^"]*)"', rest)]
        found[unescape(heading)] = [
            f"{link.path}?{link.query}" for link in links if link.path == "/aanmelden"
        ]
    return found


@pytest.mark.rule("DEE-1")
@pytest.mark.parametrize("brin", SCHOOLS)
def test_every_good_link_names_the_school(portal: Portal, brin: str) -> None:
    found = {heading: links for heading, links in groups(portal, brin).items() if heading in GOOD}
    assert set(GOOD[:3]) <= set(found)
    for link in (link for links in found.values() for link in links):
        page = portal.browser().get(link)
        assert page.status_code == 200, link
        assert SCHOOLS[brin].name in page.text
        assert "/login/digid" in page.text


@pytest.mark.rule("DEE-5")
@pytest.mark.parametrize("brin", SCHOOLS)
def test_hidden_and_unknown_look_the_same(portal: Portal, brin: str) -> None:
    answers = [portal.browser().get(link) for link in groups(portal, brin)["Verborgen of onbekend"]]
    assert len(answers) >= 5
    assert {answer.status_code for answer in answers} == {404}
    assert len({watch.main(answer.text) for answer in answers}) == 1
    assert watch.outward(answers[0].text) == []


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize("brin", SCHOOLS)
def test_a_link_that_may_not_be_leaves_no_trace(portal: Portal, brin: str) -> None:
    links = groups(portal, brin)["Terug naar een plek die niet van de school is"]
    assert len(links) >= 15
    plain = watch.masked(portal.browser().get(f"/aanmelden?instelling={brin}").text)
    for link in links:
        assert watch.masked(portal.browser().get(link).text) == plain, link


def apply(student: Student) -> httpx.Response:
    """For the first programme of those that the school's link led to."""
    student.walk_to("opleiding")
    if not cohorts(student.page.text):
        first = re.findall(r'href="(\?programma=[^"]+)"', student.page.text)[0]
        student.get(student.page.url.path + unescape(first))
    student.post(cohort=cohorts(student.page.text)[0])
    return student.send()


@pytest.mark.rule("DEE-1", "DEE-2", "DEE-3")
@pytest.mark.parametrize("brin", SCHOOLS)
def test_a_school_gets_its_student_back_with_what_it_gave(portal: Portal, brin: str) -> None:
    ways = groups(portal, brin)["En daarna terug naar deze site"]
    assert len(ways) >= 5
    for way in ways:
        student = Student(portal.browser(), fresh_bsn("9998", next(numbers)))
        student.get(way)
        student.log_in()
        page = apply(student)
        assert student.at == "verstuurd"
        if "returnUrl" not in parse_qs(urlsplit(way).query):
            assert watch.outward(page.text) == []
            continue
        (back,) = watch.outward(page.text)
        assert back.startswith(f"{portal.base}/digistub/school/{brin}/terug?")
        site = portal.browser().get(back)
        assert "Alles wat het portaal meestuurde klopt." in site.text, back


# --- what schools will set on screens: from here on the portal has it -----------------------------


@pytest.fixture(scope="module")
def managed(portal: Portal) -> Portal:
    with portal.app.app_context():
        testdoor.set_screens()
        testdoor.set_screens()
    return portal


@pytest.mark.rule("DEE-2")
def test_a_school_without_a_link_of_its_own_gets_its_student_where_it_set(managed: Portal) -> None:
    of_programme, of_school, link_wins = groups(managed, "91XX")[
        "Terug zoals de school het zelf instelde"
    ]
    for way, own in (
        (of_programme, "bron=opleiding"),
        (of_school, "bron=school"),
        (link_wins, "bron=site&keuze=a%20b"),
    ):
        student = Student(managed.browser(), fresh_bsn("9998", next(numbers)))
        student.get(way)
        student.log_in()
        (back,) = watch.outward(apply(student).text)
        assert urlsplit(back).query.startswith(f"{own}&status=geslaagd&caKetenId=")
        assert "Alles wat het portaal meestuurde klopt." in managed.browser().get(back).text


@pytest.mark.rule("WIZ-8", "DEE-5")
def test_a_tester_sees_what_a_school_did_not_tick(managed: Portal) -> None:
    site = managed.world.test_client().get("/school/92XX").text
    assert site.count("niet aangevinkt door de school") == 1
    answers = [managed.browser().get(k) for k in groups(managed, "92XX")["Verborgen of onbekend"]]
    assert {answer.status_code for answer in answers} == {404}


@pytest.mark.rule("CAT-5")
def test_a_tester_finds_cohorts_with_few_places(managed: Portal) -> None:
    counted = {row.cohort_id: row.maximum for row in watch.all_of("place")}
    proposed = {row.cohort_id: row.places for row in watch.all_of("cohort_facts") if row.places}
    assert counted == {key: number for key, number in proposed.items() if number <= 5}
    assert counted
