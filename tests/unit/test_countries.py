"""Table 34, and what its countries are called."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from babel import Locale

from app import country_names
from app.domain import countries
from app.domain.countries import COUNTRIES
from app.domain.words import folded
from app.i18n import LOCALES

TODAY = date(2026, 11, 29)
CLDR = Locale("nl").territories
# In force, and without a code of ISO 3166 of their own.
WITHOUT_ISO = {
    "0000": "Onbekend",
    "9999": "Internationaal gebied",
    "5056": "Azoren",
    "5080": "Johnston",
    "5106": "Bonaire",  # BQ is three islands
    "5108": "Saba",
    "5109": "Sint Eustatius",
    "7055": "Tibet",
    "7087": "Madeira-eilanden",
    "7095": "Brits Antarctisch Territorium",
    "8003": "Midway",  # UM is more islands
    "8005": "Wake",
    "8034": "Kanaaleilanden",  # GG and JE
    "8041": "Panamakanaalzone",
}
# Where the table and CLDR have another name for it, looked at one by one.
OTHER_NAME = {
    "5047": "MM", "5101": "TL", "5112": "PS", "5113": "MK", "6014": "US", "6039": "GB",
    "6065": "BA", "6069": "CD", "7001": "UG", "7002": "KE", "7092": "KY", "8009": "MP",
    "8035": "IM", "9008": "CG", "9089": "DE", "9095": "SJ",
}  # fmt: skip


def test_the_table_is_whole() -> None:
    assert len(COUNTRIES) == 390
    assert len(countries.everywhere(TODAY)) == 252
    assert all(len(code) == 4 and code.isdecimal() for code in COUNTRIES)


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize(
    ("code", "day", "holds"),
    [
        ("6030", TODAY, True),
        ("9089", TODAY, True),
        ("6029", TODAY, False),  # Duitsland, until 1 June 1991
        ("6029", date(1991, 5, 31), True),
        ("6029", date(1991, 6, 1), False),
        ("5111", date(2011, 7, 8), False),  # Zuid-Soedan, from 9 July 2011
        ("5111", date(2011, 7, 9), True),
        ("0000", TODAY, False),  # Onbekend
        ("1234", TODAY, False),
        ("", TODAY, False),
    ],
)
def test_a_code_holds_from_its_first_day_to_the_last(code: str, day: date, holds: bool) -> None:
    assert countries.in_force(code, day) is holds


def test_neither_the_netherlands_nor_what_is_unknown_lies_abroad() -> None:
    offered = {country.name for country in countries.abroad(TODAY)}
    assert {"België", "Suriname", "Bondsrepubliek Duitsland"} <= offered
    assert not offered & {"Nederland", "Onbekend", "Duitsland", "Sovjet-Unie"}


def test_every_country_in_force_has_an_iso_code_of_its_own() -> None:
    now = [country for country in COUNTRIES.values() if country.in_force(TODAY)]
    assert {c.code: c.name for c in now if not c.iso} == WITHOUT_ISO
    codes = [country.iso for country in now if country.iso]
    assert len(codes) == len(set(codes))
    assert set(codes) <= set(CLDR)
    assert not [c for c in COUNTRIES.values() if c.iso and not c.in_force(TODAY)]


def test_an_iso_code_is_of_the_same_country() -> None:
    other = {c.code: c.iso for c in COUNTRIES.values()
             if c.iso and folded(CLDR[c.iso]) != folded(c.name)}  # fmt: skip
    assert other == OTHER_NAME


@pytest.mark.parametrize("language", [locale.code for locale in LOCALES])
def test_no_two_countries_are_called_the_same(language: str) -> None:
    names = [country_names.name(c.code, language) for c in countries.everywhere(TODAY)]
    assert len(names) == len(set(names)) == 252
    script = {unicodedata.name(n[0]).split()[0] for n in names}
    assert script == ({"LATIN", "ARABIC"} if language == "ar" else {"LATIN"})


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("9089", "nl", "Duitsland"),
        ("9089", "en", "Germany"),
        ("9089", "sv", "Tyskland"),
        ("9089", "ar", "ألمانيا"),
        ("6029", "en", "Duitsland"),  # ended: as the table has it
        ("5106", "ar", "Bonaire"),
        ("1234", "nl", "1234"),
    ],
)
def test_what_a_country_is_called(code: str, language: str, name: str) -> None:
    assert country_names.name(code, language) == name


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("België", "5010"),
        ("belgie", "5010"),
        ("BELG", "5010"),
        ("  bélgië ", "5010"),
        ("Belgium", "5010"),
        ("بلجيكا", "5010"),
        ("المانيا", "9089"),
        ("ألمانيا", "9089"),
        ("Germany", "9089"),
        ("Tyskland", "9089"),
        ("Duitsland", "9089"),
        ("Bondsrepubliek Duitsland", "9089"),
        ("Guinee", "7040"),  # whole, though others begin with it
        ("Turkey", "6043"),
        ("VK", "6039"),
        ("Hongkong", "6022"),
        ("ned", "6030"),
    ],
)
def test_a_name_or_its_only_beginning_is_enough(typed: str, code: str) -> None:
    for language in (locale.code for locale in LOCALES):  # whatever the page is in
        found = country_names.meant(typed, language, TODAY)
        assert found is not None
        assert found.code == code


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize(
    ("typed", "alike"),
    [
        ("guin", ["Guinee", "Guinee-Bissau"]),
        ("Congo", ["Congo-Brazzaville", "Congo-Kinshasa"]),
        ("korea", ["Noord-Korea", "Zuid-Korea"]),
        ("Duitslant", ["Duitsland"]),
        ("Joegoslavië", []),
        ("Onbekend", []),
        ("xyz", []),
        ("", []),
        (" - ", []),
        ("\0", []),
        ("🇧🇪", []),
    ],
)
def test_what_may_be_more_or_none_is_asked(typed: str, alike: list[str]) -> None:
    assert country_names.meant(typed, "nl", TODAY) is None
    found = country_names.alike(typed, "nl", TODAY)
    assert [country_names.name(country.code, "nl") for country in found] == alike


def test_at_most_five_are_named() -> None:
    assert len(country_names.alike("s", "nl", TODAY)) == country_names.MOST


def test_the_list_to_pick_from_is_in_the_order_of_the_reader() -> None:
    names = country_names.abroad("nl", TODAY)
    assert names[:3] == ["Afghanistan", "Albanië", "Algerije"]
    assert "Nederland" not in names
    assert len(names) == 251
