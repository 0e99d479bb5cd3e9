"""The invented schools' websites: what their links are, and how they judge what comes back."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import html5lib
import pytest
from flask import Flask

from app.domain.deeplink import Refusal, checked, with_outcome
from digistub import school_links
from digistub.school_links import ASKED, FAILED, FOLDER, ODD, PLAIN, SAME_NAMES, Asked
from digistub.school_programmes import FEW, Programme, State, intake
from digistub.school_return import STATUSES, rows
from digistub.school_tricks import tricks
from digistub.schools import SCHOOLS
from tests.worlds import new_world

PORTAL = "http://127.0.0.1:8000"
ID = "3b241101-e2bb-4255-8caf-4136c566a962"
HEADINGS = ("Goede links", "Een opleiding die nu niet kan", "Links die niet mogen")
TODAY = date(2026, 11, 25)


@pytest.fixture
def world(tmp_path: Path) -> Flask:
    return new_world(f"{PORTAL}/digistub", tmp_path)


def sections(page: str) -> dict[str, list[dict[str, str]]]:
    """By heading: the query of each deeplink below it."""
    found = {}
    for section in page.split("<section>")[1:]:
        heading = re.search(r"<h2>(.*?)</h2>", section)
        assert heading
        links = [
            unescape(link) for link in re.findall(r'href="([^"]*)"', section.split("</sec")[0])
        ]
        assert all(link.startswith(f"{PORTAL}/aanmelden?") for link in links)
        queries = [parse_qs(urlsplit(link).query, keep_blank_values=True) for link in links]
        found[unescape(heading[1])] = [{name: v for name, (v,) in q.items()} for q in queries]
    return found


@pytest.mark.rule("DEE-1", "DEE-3")
@pytest.mark.parametrize("brin", SCHOOLS)
def test_a_website_has_links_good_and_bad(world: Flask, brin: str) -> None:
    page = world.test_client().get(f"/school/{brin}").text
    html5lib.HTMLParser(strict=True).parse(page)
    found = sections(page)
    assert tuple(found) == HEADINGS
    good, shut, bad = found.values()
    site = SCHOOLS[brin].website
    for form in ({"instelling"}, {"opleiding"}, {"opleiding", "cohort"}):
        assert any(set(query) == form for query in good), form
    if brin != "92XX":  # has vavo, which has no crebo
        assert any(set(query) == {"instelling", "crebo"} for query in good)
    for query in good + shut:
        for name in {"returnUrl", "returnUrlNietGeslaagd"} & set(query):
            assert query[name].startswith(
                f"{PORTAL}/digistub/school/{brin}/terug?bron=site&keuze=a%20b"
            )
            assert checked(query[name], (site,), True) == query[name]
    refused = [q["returnUrl"] for q in bad if "returnUrlNietGeslaagd" not in q and len(q) == 2]
    assert len(set(refused)) >= 15
    assert [url for url in refused if not isinstance(checked(url, (site,), True), Refusal)] == []


@pytest.mark.rule("DEE-3")
def test_the_bad_links_show_every_reason_that_there_is() -> None:
    reasons = {
        checked(url, ("www.school.example",), True) for _, url in tricks("www.school.example")
    }
    assert reasons == set(Refusal)


@pytest.mark.rule("DEE-5")
def test_the_schools_together_have_every_state(world: Flask) -> None:
    page = "".join(world.test_client().get(f"/school/{brin}").text for brin in SCHOOLS)
    for heading in ("Nog niet open", "Voorbij", "Door de school gesloten", "Verborgen of onbekend"):
        assert f"<h3>{heading}</h3>" in page


@pytest.mark.rule("DEE-5")
@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"beginAanmeldperiode": "2026-11-25", "eindeAanmeldperiode": "2026-11-25"}, State.OPEN),
        ({"beginAanmeldperiode": "2026-11-25"}, State.OPEN),
        ({"beginAanmeldperiode": "2026-11-26"}, State.LATER),
        ({"beginAanmeldperiode": "2026-11-01", "eindeAanmeldperiode": "2026-11-24"}, State.OVER),
        ({"beginAanmeldperiode": "2026-11-26", "status": "G"}, State.CLOSED),
    ],
)
def test_a_cohort_is_what_its_window_and_status_say(body: dict[str, str], state: State) -> None:
    assert intake({"status": "O", "code": "X"} | body, TODAY).state is state


def test_a_cohort_with_a_code_or_few_places_is_known_by_them() -> None:
    body = {"status": "O", "code": "X", "beginAanmeldperiode": "2026-11-25"}
    known = intake(body | {"toegangscodeCohort": "ab c", "deelnemersplaatsen": 2}, TODAY)
    assert (known.access_code, known.places) == ("ab c", 2)
    assert known.begins == "2026-11-25"
    programme = Programme("id", "Kok", "BOL in Zwolle", "25180", "", (known,))
    school = SCHOOLS["99XX"]
    good = {group.heading: group for group in school_links.good(school, [programme], "")}
    assert "ab c" in good["Met een toegangscode"].links[0].detail
    assert "Een opleiding met een cohort" not in good
    shut = [group.heading for group in school_links.shut(school.brin, [programme], "")]
    assert shut == ["Snel vol", "Verborgen of onbekend"]
    for places in (0, FEW + 1):
        others = programme._replace(intakes=(known._replace(places=places),))
        shut = [group.heading for group in school_links.shut(school.brin, [others], "")]
        assert shut == ["Verborgen of onbekend"]


# --- what came back ------------------------------------------------------------------------------


def came(asked: Asked, **outcome: str) -> str:
    kenmerk = {"kenmerk": asked.kenmerk} if asked.kenmerk else {}
    return urlsplit(with_outcome(f"{PORTAL}/?{asked.own}#x", outcome | kenmerk)).query


@pytest.mark.rule("DEE-2")
@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("status", STATUSES)
def test_what_the_portal_promises_is_right(asked: Asked, status: str) -> None:
    chain = {"caKetenId": ID} if status == "geslaagd" else {}
    found = rows(came(asked, status=status, **chain))
    wrong = [row.name for row in found if not row.right]
    success = status in ("geslaagd", "interesse")
    assert wrong == (["status"] if asked.failed and success else [])
    assert [(row.name, row.value) for row in found if row.why == "ongewijzigd"] == (
        [("kenmerk", asked.kenmerk)] if asked.kenmerk else []
    )


@pytest.mark.rule("DEE-2")
@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        ("", ["eigen gegevens", "status"]),
        (PLAIN.own, ["status"]),
        ("bron=site&keuze=a+b&status=afgebroken", ["eigen gegevens", "bron", "keuze"]),
        ("keuze=a%20b&bron=site&status=afgebroken", ["eigen gegevens", "keuze", "bron"]),
        (came(PLAIN, status="gelukt"), ["status"]),
        (came(PLAIN, status="geslaagd"), ["caKetenId"]),
        (came(PLAIN, status="geslaagd", caKetenId="1"), ["caKetenId"]),
        (came(PLAIN, status="geslaagd", caKetenId=ID.upper()), ["caKetenId"]),
        (came(PLAIN, status="interesse", caKetenId=ID), ["caKetenId"]),
        (came(PLAIN, status="afgebroken", bsn="1"), ["bsn"]),
        (came(PLAIN, status="afgebroken") + "&status=afgebroken", ["status", "status"]),
        (came(PLAIN, status="afgebroken", kenmerk="folder-2026"), ["kenmerk"]),
        (came(FOLDER, status="afgebroken", anders=FOLDER.kenmerk), ["anders"]),
        (f"{FOLDER.own}&status=afgebroken", ["kenmerk"]),
        (f"{FOLDER.own}&status=afgebroken&kenmerk=Folder-2026", ["kenmerk"]),
        (f"{ODD.own}&status=afgebroken&kenmerk=50", ["kenmerk"]),
        (f"{SAME_NAMES.own}&kenmerk=een,%20twee", ["status"]),
        (came(FAILED, status="geslaagd", caKetenId=ID), ["status"]),
    ],
)
def test_what_the_portal_doesnt_promise_is_pointed_out(raw: str, wrong: list[str]) -> None:
    assert [row.name for row in rows(raw) if not row.right] == wrong


@pytest.mark.rule("DEE-2")
def test_the_page_says_whether_it_is_right(world: Flask) -> None:
    client = world.test_client()
    for query, said in (
        (came(ODD, status="geslaagd", caKetenId=ID), "Alles wat het portaal meestuurde klopt."),
        (came(ODD, status="gelukt"), "Er klopt iets niet."),
        (f"{PLAIN.own}&" + urlencode({"<b>": "<script>\x00\u202e"}), "Er klopt iets niet."),
    ):
        page = client.get(f"/school/99XX/terug?{query}").text
        html5lib.HTMLParser(strict=True).parse(page.replace("\x00", ""))
        assert said in page
        assert "<script>" not in page
    assert client.get("/school/00AA/terug").status_code == 404
