"""Where a student goes back to, and with what: whose link wins, for each outcome (DEE-2)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count, product
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from sqlalchemy import update

from app import db
from app.domain.deeplink import Link, Outcome
from app.domain.ports import CohortRecord
from app.models import institution, programme
from app.services import institutions, links
from tests import watch
from tests.choosing import IDS, KOK, choose, in_our_copy, nobody_yet, offered
from tests.portal import Portal, Student
from tests.sent import says

pytestmark = pytest.mark.each_run_on("sqlite")

SITE = "https://www.school.example"
LEVELS = ("link", "programme", "school")
PRESENCE = tuple(product(("", "success", "failure", "both"), repeat=3))
OTHER = "sport-bol"  # of another school
KENMERKEN = (
    *(
        "folder 2026",
        "a&status=geslaagd&b=",
        "#?/\\",
        "%00%0a",
        "+ +",
        "é€😀",
        "👩\u200d🔧",
        "a\u00a0b",
    ),
    *("\u202eabc", "'\"<script>", "x" * 255, "é" * 255, "=", "&", "\ufeff", "e\u0301"),
)

numbers = count(100)


def set_links(presence: tuple[str, str, str]) -> tuple[str, str]:
    """Return links at these levels; those of a deeplink as its parameters."""
    given = {
        level: (
            f"{SITE}/{level}/ja" if there in ("success", "both") else "",
            f"{SITE}/{level}/nee" if there in ("failure", "both") else "",
        )
        for level, there in zip(LEVELS, presence, strict=True)
    }
    yes, no = given["programme"]
    institutions.set_programme(IDS[KOK], True, return_url=yes, return_url_failed=no)
    yes, no = given["school"]
    with db.transaction() as connection:
        connection.execute(
            update(institution)
            .where(institution.c.brin == "99XX")
            .values(return_url=yes, return_url_failed=no)
        )
    return given["link"]


def expected(presence: tuple[str, str, str], success: bool) -> str:
    """By the words of DEE-2: the first level that has one for this; returnUrl serves both."""
    for level, there in zip(LEVELS, presence, strict=True):
        if not success and there in ("failure", "both"):
            return f"{SITE}/{level}/nee"
        if there in ("success", "both"):
            return f"{SITE}/{level}/ja"
    return ""


@pytest.mark.rule("DEE-2")
def test_of_three_levels_the_nearest_wins(any_portal: Portal) -> None:
    choice = offered(KOK)[0].choice
    for presence in PRESENCE:
        yes, no = set_links(presence)
        link = Link("99XX", choice.programme_id, return_url=yes, return_url_failed=no, kenmerk="k")
        for outcome in Outcome:
            success = outcome in (Outcome.GESLAAGD, Outcome.INTERESSE)
            with db.reading() as connection:
                found = links.back(connection, link, outcome, True, choice if success else None)
                assert links.back(connection, None, outcome, True, choice) is None
            url = expected(presence, success)
            assert (found and found.url) == (f"{url}?status={outcome}&kenmerk=k" if url else None)
            assert found is None or found[1:] == ("www.school.example", "ROC De Horizon")


def deeplink(key: str = KOK, **more: str) -> str:
    query = {"opleiding": IDS[key], **{name: value for name, value in more.items() if value}}
    return "/aanmelden?" + "&".join(f"{n}={quote(v, safe='')}" for n, v in query.items())


def arriving(portal: Portal, address: str) -> Student:
    student = Student(portal.browser(), nobody_yet(next(numbers)))
    student.follow(address)
    return student


def only_way(html: str) -> str:
    """The one link to elsewhere that says «Terug naar» its school and host; empty: none."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>Terug naar ([^<]*)</a>', html)
    ways = [way for way in watch.outward(html) if way.startswith(SITE)]
    assert len(ways) == len(found) <= 1
    if found:
        assert found[0][1] == f"ROC De Horizon ({urlsplit(ways[0]).hostname})"
    return ways[0] if ways else ""


def told(way: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(way).query, keep_blank_values=True))


SAMPLES = [
    ("both", "both", "both"),
    ("success", "both", "both"),
    ("failure", "success", "both"),
    ("", "both", "both"),
    ("", "failure", "success"),
    ("", "", "both"),
    ("", "", "failure"),
    ("", "", ""),
]


@pytest.mark.each_run(4)
@pytest.mark.rule("DEE-2", "DEE-4")
@pytest.mark.parametrize("presence", SAMPLES, ids=lambda p: "-".join(x or "none" for x in p))
def test_every_page_that_ends_a_way_leads_back(any_portal: Portal, presence: Any) -> None:
    yes, no = set_links(presence)
    address = deeplink(returnUrl=yes, returnUrlNietGeslaagd=no, kenmerk="folder")
    student = arriving(any_portal, address)
    failed = f"{url}?status=afgebroken&kenmerk=folder" if (url := expected(presence, False)) else ""
    assert student.log_in(fault="access_denied").status_code == 400
    assert only_way(student.page.text) == failed
    student.log_in()
    draft = student.draft
    assert only_way(student.page.text) == ""
    assert only_way(student.get("/mijn").text) == failed
    student.post(f"/mijn/{draft}/weg")
    assert student.at == "mijn"
    assert only_way(student.page.text) == failed
    assert "Wat je nog niet had verstuurd, is weggegooid." in student.page.text
    assert only_way(student.get("/mijn").text) == "", "once"
    student.follow(address)
    choose(student.walk_to("opleiding"), KOK)
    way = only_way(student.send().text)
    url = expected(presence, True)
    assert way.partition("?")[0] == url
    if url:
        answer = told(way)
        assert answer.pop("caKetenId") == watch.row_of("application").ca_keten_id
        assert answer == {"status": "geslaagd", "kenmerk": "folder"}
    plain = any_portal.student(nobody_yet(next(numbers)))
    choose(plain.walk_to("opleiding"), KOK)
    assert only_way(plain.get("/mijn").text) == ""
    plain.get(f"/aanmelding/{watch.all_of('draft')[-1].id}/")
    assert only_way(plain.send().text) == "", "came by no link"


@pytest.mark.rule("DEE-2", "DEE-5")
@pytest.mark.parametrize("presence", SAMPLES, ids=lambda p: "-".join(x or "none" for x in p))
def test_a_link_to_what_can_not_be_leads_back_too(portal: Portal, presence: Any) -> None:
    yes, no = set_links(presence)
    in_our_copy(portal, KOK, cohorts=closed)
    student = arriving(portal, deeplink(returnUrl=yes, returnUrlNietGeslaagd=no, kenmerk="folder"))
    url = expected(presence, False)
    assert "Aanmelden kan nu niet" in student.page.text
    assert only_way(student.page.text) == (
        f"{url}?status=nietMogelijk&kenmerk=folder" if url else ""
    )


def closed(cohort: CohortRecord) -> CohortRecord:
    return replace(cohort, open=False)


@pytest.mark.rule("DEE-2")
def test_a_kenmerk_comes_back_as_it_was_given(portal: Portal) -> None:
    for kenmerk in KENMERKEN:
        student = arriving(portal, deeplink(returnUrl=f"{SITE}/a?b=c", kenmerk=kenmerk))
        student.log_in(fault="access_denied")
        assert told(only_way(student.page.text)) == {
            "b": "c",
            "status": "afgebroken",
            "kenmerk": kenmerk,
        }
    for kenmerk in ("a\r\nb", "a\x00", "\x85", "a\u2028b", "x" * 256):
        student = arriving(portal, deeplink(returnUrl=f"{SITE}/", kenmerk=kenmerk))
        student.log_in(fault="access_denied")
        assert told(only_way(student.page.text)) == {"status": "afgebroken"}


@pytest.mark.rule("DEE-2")
@pytest.mark.parametrize("raw", ["Ren%E9", "Ren%C3", "%FF", "%EF%BF%BD", "Ren%E9&kenmerk=goed"])
def test_a_kenmerk_that_would_come_back_as_another_does_not_count(portal: Portal, raw: str) -> None:
    student = arriving(portal, f"{deeplink(returnUrl=f'{SITE}/')}&kenmerk={raw}")
    student.log_in(fault="access_denied")
    assert told(only_way(student.page.text)) == {"status": "afgebroken"}


@pytest.mark.rule("DEE-2", "DEE-3")
def test_another_school_s_application_is_none_of_theirs(any_portal: Portal) -> None:
    for outcome in (Outcome.GESLAAGD, Outcome.INTERESSE):
        link = Link("99XX", IDS[KOK], return_url=f"{SITE}/", kenmerk="k")
        with db.reading() as connection:
            choice = offered(OTHER)[0].choice
            found = links.back(connection, link, outcome, True, choice, "the id")
        assert found is not None
        assert found.url == f"{SITE}/?status=afgebroken&kenmerk=k"
    student = arriving(any_portal, deeplink(returnUrl=f"{SITE}/", kenmerk="k"))
    student.log_in()
    choose(student.walk_to("opleiding"), OTHER)
    assert told(only_way(student.get("/mijn").text)) == {"status": "afgebroken", "kenmerk": "k"}
    student.get(f"/aanmelding/{watch.row_of('draft').id}/")
    student.send()
    assert student.at == "verstuurd"
    assert watch.row_of("application").brin == "92XX"
    assert told(only_way(student.page.text)) == {"status": "afgebroken", "kenmerk": "k"}
    assert watch.row_of("application").ca_keten_id not in student.page.text


@pytest.mark.rule("DEE-2")
def test_links_of_the_programme_that_was_chosen_in_the_end(any_portal: Portal) -> None:
    """By a link to the school alone, or to another programme of it."""
    institutions.set_programme(IDS[KOK], True, return_url=f"{SITE}/kok")
    for address in ("/aanmelden?instelling=99XX", deeplink("software-bol")):
        student = arriving(any_portal, address)
        student.log_in()
        choose(student.walk_to("opleiding"), KOK)
        draft = student.draft
        overview = student.get("/mijn")
        assert only_way(overview.text) == f"{SITE}/kok?status=afgebroken"
        student.post(f"/mijn/{draft}/weg")
        assert "Wat je nog niet had verstuurd, is weggegooid." in student.page.text
        assert only_way(student.page.text) == f"{SITE}/kok?status=afgebroken"
        student.follow(address)
        choose(student.walk_to("opleiding"), KOK)
        assert only_way(student.send().text).startswith(f"{SITE}/kok?status=geslaagd")


@pytest.mark.rule("DEE-3")
def test_domains_that_changed_meanwhile_count(any_portal: Portal) -> None:
    student = arriving(any_portal, deeplink(returnUrl=f"{SITE}/"))
    student.log_in()
    draft = student.draft
    assert only_way(student.get("/mijn").text)
    with db.transaction() as connection:
        connection.execute(update(institution).values(domains=["www.nieuw.example"]))
    assert watch.outward(student.get("/mijn").text) == []
    student.get(f"/aanmelding/{draft}/")
    choose(student.walk_to("opleiding"), KOK)
    assert watch.outward(student.send().text) == []
    with db.transaction() as connection:
        connection.execute(
            update(programme).where(programme.c.id == IDS[KOK]).values(return_url="javascript:1")
        )
    assert watch.outward(student.get(str(student.page.url)).text) == []


@pytest.mark.rule("DEE-2", "WIZ-14")
@pytest.mark.parametrize(("code", "leads"), [("LI", True), ("LNI", False), ("AI", False)])
def test_the_proof_of_what_has_ended_tells_the_school_of_no_success(
    portal: Portal, code: str, leads: bool
) -> None:
    student = arriving(portal, deeplink(returnUrl=f"{SITE}/"))
    student.log_in()
    choose(student.walk_to("opleiding"), KOK)
    assert told(only_way(student.send().text))["status"] == "geslaagd"
    sent = watch.row_of("application")
    says(sent.draft_id, code)
    way = only_way(student.get(f"/aanmelding/{sent.draft_id}/verstuurd").text)
    assert bool(way) is leads
