"""An address abroad, changing between the two kinds, and what nobody should type."""

from __future__ import annotations

import html
import re
from itertools import count

import pytest

from digistub.people import PEOPLE, fresh_bsn, prefixes
from tests import watch
from tests.integration.test_input import TEXTS, kept, value_of
from tests.portal import HOMELESS, Portal, Student

RUE = {"line1": "Rue du Pont 3", "line2": "1000 Bruxelles"}
DUTCH = {"postcode": "1234ab", "number": "12", "street": "Lindelaan", "place": "Ons Dorp"}
numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture
def student(portal: Portal) -> Student:
    """Somebody new whom DUO doesn't know, at the address."""
    return portal.student(fresh_bsn("9990", next(numbers))).walk_to("adres")


@pytest.fixture
def abroad(student: Student) -> Student:
    student.post(switch="anders")
    return student


def offered(student: Student) -> list[str]:
    return re.findall(r'name="country_code" value="([^"]*)"', student.page.text)


def tells(student: Student) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", student.page.text))


def sections(student: Student) -> str:
    """The address as the check page shows it, and no other part."""
    student.walk_to("controleren")
    part = student.page.text[student.page.text.index("Adres</h2>") :]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part[: part.index("</dl>")])))


@pytest.mark.rule("DUO-4")
def test_an_address_abroad_has_lines_and_a_country(abroad: Student) -> None:
    visible = re.findall(r'<input class[^>]* name="([^"]*)"', abroad.page.text)
    assert visible == ["country", "line1", "line2", "line3"]
    assert "<option>België<" in abroad.page.text
    assert "<option>Nederland<" not in abroad.page.text
    abroad.post(country="België", **RUE, line3="")
    assert abroad.at == "contact"
    assert "Adres Rue du Pont 3, 1000 Bruxelles Land België" in sections(abroad)
    abroad.get(abroad.page.url.path.replace("controleren", "adres"))
    assert {**abroad.fields(), **RUE, "country": "België"} == abroad.fields()


@pytest.mark.rule("DUO-4")
def test_what_is_missing_is_said(abroad: Student) -> None:
    abroad.post()
    assert abroad.page.status_code == 422
    assert "Vul je land in" in abroad.page.text
    assert "Vul je straat en nummer in" in abroad.page.text
    assert "Vul je postcode in, zoals 1234 AB" not in abroad.page.text


@pytest.mark.rule("LAN-1")
def test_a_country_in_the_language_of_the_reader(portal: Portal) -> None:
    student = portal.student(HOMELESS, **{"Accept-Language": "ar"}).walk_to("adres")
    student.post(switch="anders")
    assert "<option>بلجيكا<" in student.page.text
    student.post(country="بلجيكا", **RUE)
    assert "بلجيكا" in student.walk_to("controleren").page.text


@pytest.mark.rule("DUO-4")
def test_one_of_the_countries_that_may_be_meant(abroad: Student) -> None:
    abroad.post(country="guin", **RUE)
    assert abroad.page.status_code == 422
    assert "Kies het land dat je bedoelt" in abroad.page.text
    assert offered(abroad) == ["7040", "5072"]
    assert "Kies het land" in abroad.post(country_code="5010").text, "that one isn't offered"
    abroad.post(country_code="5072")
    assert "Land Guinee-Bissau" in sections(abroad)


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize("text", ["Joegoslavië", "xyz", "Onbekend", "6029", "🇧🇪", "%(x)s"])
def test_a_country_that_is_none(abroad: Student, text: str) -> None:
    abroad.post(country=text, **RUE)
    assert abroad.page.status_code == 422
    assert "Dit land kennen we niet" in abroad.page.text
    assert abroad.fields()["country"] == text


@pytest.mark.rule("DUO-4")
def test_who_lives_in_the_netherlands_comes_back(abroad: Student) -> None:
    for country in ("Nederland", "holland", "ned"):
        abroad.post(country=country, **RUE)
        assert "Dit adres is in Nederland. Vul het hier in." in tells(abroad)
        assert abroad.fields()["kind"] == "nl"
        assert abroad.fields()["line1"] == RUE["line1"]
        abroad.post(switch="anders")
        assert (abroad.fields()["kind"], abroad.fields()["country"]) == ("anders", country)


@pytest.mark.rule("WIZ-4")
def test_what_was_typed_stays_when_one_changes_one_s_mind(student: Student) -> None:
    student.post(**DUTCH, switch="anders")
    assert 'id="fouten"' not in student.page.text
    student.post(country="belg", **RUE, switch="nl")
    assert {**student.fields(), **DUTCH} == student.fields()
    student.post(switch="anders")
    assert {**student.fields(), **RUE, "country": "belg"} == student.fields()
    student.post(switch="nl")
    student.post()
    assert "Lindelaan 12" in sections(student)
    assert "België" not in sections(student)


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize(
    ("kind", "shows", "hides"),
    [
        ("nl", "Lindelaan", "Rue"),
        ("anders", "Rue", "Lindelaan"),
        ("", "Lindelaan", "Rue"),
        ("onzin", "Lindelaan", "Rue"),
    ],
)
def test_a_form_of_both_kinds_gives_one(
    student: Student, kind: str, shows: str, hides: str
) -> None:
    student.post(**DUTCH, **RUE, country="België", kind=kind)
    assert student.at == "contact"
    assert shows in sections(student)
    assert hides not in sections(student)


# test_hostile_values has every form; here they go through the route.
@pytest.mark.long
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("field", ["street", "place", "note", "suffix", "postcode", "number"])
def test_whatever_is_typed_of_a_dutch_address(student: Student, field: str, text: str) -> None:
    typed, storable = TEXTS[text]
    page = student.post(**{**DUTCH, field: typed})
    if page.status_code == 413:
        assert len(typed) > 100_000
        return
    longest = {"street": 200, "place": 200, "note": 100, "suffix": 10, "postcode": 7, "number": 10}
    free = field not in ("postcode", "number")
    if free and storable and len(kept(typed)) <= longest[field]:
        assert student.at == "contact"
        assert kept(typed) in sections(student)
    else:
        assert page.status_code == 422
        assert f'id="{field}-fout"' in page.text
        assert "onerror=1>" not in html.unescape(watch.main(page.text)).replace(typed, "")


@pytest.mark.long
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("field", ["line1", "line2", "line3"])
def test_whatever_is_typed_of_one_abroad(abroad: Student, field: str, text: str) -> None:
    typed, storable = TEXTS[text]
    page = abroad.post(**{**RUE, "country": "België", field: typed})
    if page.status_code == 413:
        assert len(typed) > 100_000
    elif storable:
        assert kept(typed) in sections(abroad)
    else:
        assert page.status_code == 422
        assert f'id="{field}-fout"' in page.text


@pytest.mark.long
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "field", ["kind", "switch", "filled", "addition", "look_up", "country_code"]
)
def test_whatever_stands_in_what_nobody_types(student: Student, field: str, text: str) -> None:
    for form in (DUTCH, {**RUE, "country": "guin", "kind": "anders"}):
        page = student.browser.post(
            student.page.url, data={**student.fields(), **form, field: TEXTS[text][0]}
        )
        assert page.status_code in (303, 413, 422)


def test_an_impossible_query_is_a_page(student: Student) -> None:
    for query in ("kind=", "kind=%00", "kind=anders&kind=nl", "switch=%ff", "switch=anders"):
        page = student.browser.get(f"{student.page.url.path}?{query}")
        assert page.status_code == 200, query
    assert value_of(page, "kind") in ("nl", "anders")


@pytest.mark.rule("DUO-5")
def test_the_country_that_duo_knows_needs_no_typing(portal: Portal) -> None:
    zofia = fresh_bsn(prefixes(next(p for p in PEOPLE if p.name == "Zofia Nowak"))[0], 1)
    student = portal.student(zofia)
    assert "Je woont in Polen. DUO weet niet op welk adres." in tells(student)
    student.walk_to("adres")
    assert (student.fields()["kind"], student.fields()["country"]) == ("anders", "Polen")
    student.post(line1="ul. Długa 3")
    assert "Adres ul. Długa 3 Land Polen" in sections(student)
    student.get(student.page.url.path.replace("controleren", "adres"))
    student.post(switch="nl")
    student.post(**DUTCH)
    assert "Lindelaan 12" in sections(student)
    student.get(student.page.url.path.replace("controleren", "adres"))
    assert student.fields()["kind"] == "nl", "what was answered counts before what DUO knows"
