"""The page of one programme, and the search that leads there."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from uuid import uuid4

import pytest

from tests.choosing import IDS, KOK, look_at, record_of
from tests.portal import ADULT, Portal, Student
from tests.source import as_it_is, synchronise


@pytest.fixture
def student(portal: Portal) -> Student:
    return portal.student(ADULT).walk_to("opleiding")


def beside(portal: Portal, **other: object) -> None:
    """RIO gets another programme of the same name, place and start."""
    kok = record_of(portal, KOK)
    source = as_it_is(portal)
    twin = replace(kok, id=str(uuid4()), **other)  # type: ignore[arg-type]
    synchronise(source.having((*source.every_programme, twin)))


@pytest.mark.rule("WIZ-7")
def test_another_level_is_another_programme(portal: Portal, student: Student) -> None:
    beside(portal, level=4, crebo="25999", duration="48 M")
    page = look_at(student, KOK).text
    assert "25180" in page
    assert "25999" not in page
    found = student.get(f"{student.page.url.path}?q=kok").text
    assert ("Niveau 2 ·" in found, "Niveau 4 ·" in found) == (True, True)


@pytest.mark.rule("WIZ-7")
def test_what_differs_within_a_name_stands_with_each(portal: Portal, student: Student) -> None:
    beside(portal, crebo="25999", duration="48 M", language="ENG", requirements=True)
    page = look_at(student, KOK).text
    facts, _, radios = page.partition('class="choices"')
    assert not {"25180", "25999", "2 jaar", "4 jaar", "extra eisen"} & set(re.split(r"[<>]", facts))
    for told in (
        "(crebo): 25180",
        "(crebo): 25999",
        "Duur: 2 jaar",
        "Duur: 4 jaar",
        "Taal: Engels",
    ):
        assert told in radios
    assert radios.count("De school heeft extra eisen.") == 1


@pytest.mark.rule("WIZ-7")
def test_who_reads_english_reads_the_english_name_to_the_end(student: Student) -> None:
    student.get(f"/taal/en?terug=/aanmelding/{student.draft}/opleiding")
    look_at(student, KOK)
    student.post(cohort=re.findall(r'name="cohort" value="([^"]+)"', student.page.text)[0])
    student.walk_to("controleren")
    assert '<bdi lang="en">Cook</bdi>' in student.page.text
    assert "Kok in het restaurant" not in student.page.text
    assert '<bdi lang="en">Cook</bdi>' in student.post().text


@pytest.mark.rule("LAN-1")
@pytest.mark.parametrize(
    "query", ["?q=kok+zwolle&plaats=Zwolle", f"?programma={IDS[KOK]}&q=k%26k&pagina=2"]
)
def test_another_language_shows_the_same(student: Student, query: str) -> None:
    page = student.get(student.page.url.path + query)
    link = unescape(re.findall(r'href="(/taal/en[^"]+)"', page.text)[0])
    student.get(link)
    assert str(student.page.url).endswith(query)
    assert 'lang="en"' in student.page.text


@pytest.mark.rule("WIZ-7")
def test_what_a_filter_leaves_out_is_seen_and_taken_away(student: Student) -> None:
    step = student.page.url.path
    page = student.get(f"{step}?q=zwolle&niveau=2&school=99XX").text
    chips = dict(re.findall(r'class="chip" href="([^"]+)".*?<bdi lang="nl">([^<]+)</bdi>', page))
    assert list(chips.values()) == ["ROC De Horizon", "Niveau 2"]
    (school, _level) = chips
    page = student.get(step + unescape(school)).text
    assert "ROC De Horizon ×" not in page
    assert 'name="niveau" value="2"' in page, "a new search keeps it"
    assert 'name="school"' not in page


@pytest.mark.rule("WIZ-7")
def test_nobody_reads_a_number_for_a_school(student: Student) -> None:
    page = student.get(f"{student.page.url.path}?q=havo&school=99XX&verfijnen=1").text
    assert "ROC De Horizon (0)" in page
    assert ">99XX" not in page


@pytest.mark.each_run(1)
@pytest.mark.rule("WIZ-8", "CAT-5")
@pytest.mark.parametrize("language", ["en", "sv", "ar"])
def test_why_not_is_said_in_every_language(portal: Portal, student: Student, language: str) -> None:
    synchronise(as_it_is(portal).each_cohort(lambda cohort: replace(cohort, open=False)))
    dutch = "De school heeft de aanmelding gesloten."
    assert dutch in look_at(student, KOK).text
    student.get(f"/taal/{language}?terug={student.page.url.path}")
    page = look_at(student, KOK).text
    assert dutch not in page
    assert "2 jaar" not in page
