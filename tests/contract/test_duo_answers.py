"""What our adapter makes of DUO's answers, written out here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.domain import rules
from app.domain.draft import Known, Outcome
from app.domain.person import Address, Person
from app.domain.ports import MalformedReply
from app.registers.duo import DuoPersons
from digistub.people import PEOPLE
from tests.contract import described
from tests.contract.world import Says

CANARY = "Geheimestraat"
MINOR = PEOPLE[0].bsn
HOME: dict[str, Any] = {
    "type": "Adres",
    "verblijfadres": {
        "officieleStraatnaam": CANARY,
        "huisnummer": 7,
        "postcode": "7941ZZ",
        "woonplaats": "Meppel",
    },
}


def answering(body: Any, checked: bool = True, secrecy: tuple[int, ...] = ()) -> DuoPersons:
    """The adapter over a DUO that always says `body`."""
    client = Says(body).client(described.brp() if checked else None)
    return DuoPersons(client, frozenset(secrecy))


def about(data: dict[str, Any], **how: Any) -> Person:
    """Who the adapter makes of one person's data."""
    person = {"burgerservicenummer": MINOR, **data}
    answer = {"type": "RaadpleegMetBurgerservicenummer", "personen": [person]}
    found = answering(answer, **how).person(MINOR)
    assert found is not None
    return found


@pytest.mark.rule("DUO-3")
@pytest.mark.parametrize(
    ("marks", "secret"),
    [
        ({"indicatieGeheim": 7}, True),
        ({"indicatieGeheim": "7"}, True),
        ({"indicatieGeheim": 7, "geheimhoudingPersoonsgegevens": False}, True),
        ({"indicatieGeheim": 8}, True),
        ({"indicatieGeheim": -1}, True),
        ({"indicatieGeheim": "x"}, True),
        ({"indicatieGeheim": ""}, True),
        ({"indicatieGeheim": 3.0}, True),
        ({"indicatieGeheim": True}, True),
        ({"indicatieGeheim": False}, True),
        ({"indicatieGeheim": [0]}, True),
        ({"geheimhoudingPersoonsgegevens": True}, True),
        ({"geheimhoudingPersoonsgegevens": "ja"}, True),
        ({"indicatieGeheim": None, "geheimhoudingPersoonsgegevens": True}, True),
        ({"indicatieGeheim": 0, "geheimhoudingPersoonsgegevens": True}, True),
        ({"indicatieGeheim": 2, "geheimhoudingPersoonsgegevens": True}, True),
        ({"indicatieGeheim": 3, "geheimhoudingPersoonsgegevens": True}, False),
        ({"indicatieGeheim": "3"}, False),
        ({"indicatieGeheim": 0}, False),
        ({"indicatieGeheim": "0", "geheimhoudingPersoonsgegevens": False}, False),
        ({}, False),
    ],
    ids=repr,
)
def test_what_makes_an_address_secret(marks: dict[str, Any], secret: bool) -> None:
    """The setting adds 1 and 2 to 7."""
    person = about({**marks, "verblijfplaats": HOME}, checked=False, secrecy=(1, 2))
    assert person.address_secret is secret
    assert (person.address is None) is secret


@pytest.mark.rule("DUO-3")
@pytest.mark.parametrize("broken", [[CANARY], {"type": CANARY}, {**HOME, "verblijfadres": CANARY}])
def test_a_secret_address_is_not_even_read(broken: Any) -> None:
    person = about({"indicatieGeheim": 7, "verblijfplaats": broken}, checked=False)
    assert person.address_secret


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize(
    ("datum", "text"),
    [
        ({"type": "Datum", "datum": "2009-03-14", "langFormaat": "14 maart 2009"}, "20090314"),
        ({"type": "JaarMaandDatum", "jaar": 2009, "maand": 3, "langFormaat": "maart 2009"},
         "20090300"),
        ({"type": "JaarDatum", "jaar": 2009, "langFormaat": "2009"}, "20090000"),
        ({"type": "DatumOnbekend", "onbekend": True, "langFormaat": "onbekend"}, "00000000"),
        (None, "00000000"),
        ({"type": "Datum", "datum": "1849-12-31", "langFormaat": "31 december 1849"}, "00000000"),
        ({"type": "Datum", "datum": "1850-01-01", "langFormaat": "1 januari 1850"}, "18500101"),
        ({"type": "JaarDatum", "jaar": 1849, "langFormaat": "1849"}, "00000000"),
        ({"type": "Datum", "datum": "2999-01-01", "langFormaat": "1 januari 2999"}, "00000000"),
        ({"type": "JaarMaandDatum", "jaar": 2999, "maand": 1, "langFormaat": "januari 2999"},
         "00000000"),
    ],
)  # fmt: skip
def test_a_birth_date_keeps_what_is_known(datum: dict[str, Any] | None, text: str) -> None:
    birth = {"geboorte": {"datum": datum}} if datum else {}
    assert about(birth).birth_date == text


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize(
    ("more", "suffix", "note"),
    [
        ({"huisletter": "A", "huisnummertoevoeging": "2"}, "A-2", ""),
        ({"huisletter": "A"}, "A", ""),
        ({"huisnummertoevoeging": "bis"}, "bis", ""),
        ({"aanduidingBijHuisnummer": {"code": "to", "omschrijving": "tegenover"}}, "", "to"),
        ({"aanduidingBijHuisnummer": {"code": "by", "omschrijving": "bij"}}, "", "by"),
    ],
)
def test_a_dutch_address(more: dict[str, Any], suffix: str, note: str) -> None:
    lines = {
        "korteStraatnaam": "Oude Gracht",
        "huisnummer": 12,
        "postcode": "3511 ab",
        "woonplaats": "Utrecht",
        **more,
    }
    person = about({"verblijfplaats": {"type": "Adres", "verblijfadres": lines}})
    assert person.address == Address(
        street="Oude Gracht", number="12", suffix=suffix, note=note,
        postcode="3511AB", place="Utrecht",
    )  # fmt: skip


@pytest.mark.rule("DUO-4")
def test_an_address_abroad_has_lines_and_a_country() -> None:
    lines = {
        "regel1": "Rue du Pont 3",
        "regel2": "1000 Bruxelles",
        "land": {"code": "5010", "omschrijving": "België"},
    }
    person = about({"verblijfplaats": {"type": "VerblijfplaatsBuitenland", "verblijfadres": lines}})
    assert person.address == Address(country="5010", lines=("Rue du Pont 3", "1000 Bruxelles"))


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize(
    "residence",
    [
        {"type": "Locatie", "verblijfadres": {"locatiebeschrijving": "Woonboot bij de brug"}},
        {"type": "VerblijfplaatsOnbekend"},
        {"type": "Adres"},
        {"type": "Adres", "verblijfadres": {"officieleStraatnaam": "Dam", "huisnummer": 1}},
        {"type": "VerblijfplaatsBuitenland",
         "verblijfadres": {"regel1": "Ergens", "land": {"code": "0000"}}},
        {**HOME, "verblijfadres": {**HOME["verblijfadres"], "officieleStraatnaam": "."}},
        {**HOME, "verblijfadres": {**HOME["verblijfadres"], "woonplaats": "."}},
    ],
)  # fmt: skip
def test_no_whole_address_is_no_address(residence: dict[str, Any]) -> None:
    assert about({"verblijfplaats": residence}).address is None


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize("lines", [{}, {"regel1": "."}, {"regel2": " "}])
def test_of_somebody_abroad_the_country_is_worth_knowing(lines: dict[str, str]) -> None:
    there = {"verblijfadres": {**lines, "land": {"code": "5010"}}}
    person = about({"verblijfplaats": {"type": "VerblijfplaatsBuitenland", **there}})
    assert person.address == Address(country="5010")
    assert rules.address_at_duo(Known(Outcome.FOUND, person), date(2026, 11, 29)) is None


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize(
    "wrong", [{"huisnummer": 0}, {"huisnummer": 100_000}, {"postcode": "0123AB"}], ids=repr
)
def test_an_address_that_cant_be_is_no_address(wrong: dict[str, Any]) -> None:
    lines = {**HOME["verblijfadres"], **wrong}
    residence = {"type": "Adres", "verblijfadres": lines}
    assert about({"verblijfplaats": residence}, checked=False).address is None


@pytest.mark.rule("DUO-5")
def test_a_name_fits_a_sis_or_is_refused() -> None:
    """Cut, it would be a wrong name that goes out as verified."""
    limits = {"voornamen": 200, "voorvoegsel": 20, "geslachtsnaam": 200}
    for key, most in limits.items():
        for naam in ({"naam": {key: "a" * most}}, {"partners": [{"naam": {key: "a" * most}}]}):
            assert about(naam, checked=False)
    for key, most in limits.items():
        with pytest.raises(MalformedReply):
            about({"naam": {key: "a" * (most + 1)}}, checked=False)


@pytest.mark.rule("DUO-5")
def test_who_uses_the_name_of_nobody_uses_their_own() -> None:
    naam = {"geslachtsnaam": "Otten", "aanduidingNaamgebruik": {"code": "P"}}
    assert about({"naam": naam}).name_use == "E"
    assert about({"naam": naam, "partners": [{"naam": {"voorvoegsel": "van"}}]}).name_use == "E"
    assert about({"naam": naam, "partners": [{"naam": {"geslachtsnaam": "."}}]}).name_use == "E"
    assert about({"naam": naam, "partners": [{"naam": {"geslachtsnaam": "Bos"}}]}).name_use == "P"


@pytest.mark.rule("DUO-5")
def test_two_names_of_more_than_200_characters_in_one_give_way_to_their_own() -> None:
    for use, length, counts in (("V", 99, "V"), ("V", 100, "E"), ("N", 99, "N"), ("N", 100, "E")):
        naam = {"geslachtsnaam": "a" * 100, "aanduidingNaamgebruik": {"code": use}}
        partner = {"naam": {"geslachtsnaam": "b" * length}}
        assert about({"naam": naam, "partners": [partner]}, checked=False).name_use == counts


@pytest.mark.rule("DUO-5")
def test_names_come_as_they_are() -> None:
    nameless = about({"naam": {"geslachtsnaam": "."}, "geslacht": {"code": "O"}})
    assert (nameless.first_names, nameless.surname, nameless.sex) == ("", ".", "-")
    partner = about(
        {
            "naam": {
                "voornamen": "Zoë Ançelotte",
                "geslachtsnaam": "Šimečková-Ó Brien",
                "aanduidingNaamgebruik": {"code": "V"},
            },
            "partners": [{"naam": {"voorvoegsel": "van der", "geslachtsnaam": "Meer"}}],
        }
    )
    assert partner.name == "Zoë Ançelotte Šimečková-Ó Brien"
    assert (partner.name_use, partner.partner_prefix, partner.partner_surname) == (
        "V",
        "van der",
        "Meer",
    )


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize(("reason", "gone"), [(r, r in "OF") for r in "OFEMRW"])
def test_who_died_is_marked(reason: str, gone: bool) -> None:
    assert about({"opschortingBijhouding": {"reden": {"code": reason}}}).gone is gone


WRONG: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a list": lambda _: [],
    "nothing": lambda _: None,
    "no persons": lambda answer: {"type": answer["type"]},
    "persons is an object": lambda answer: {**answer, "personen": {}},
    "a person is a text": lambda answer: {**answer, "personen": ["Jan"]},
    "two persons": lambda answer: {**answer, "personen": answer["personen"] * 2},
}


@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize("how", WRONG)
def test_an_answer_of_another_shape(how: str) -> None:
    person = {"burgerservicenummer": MINOR}
    answer = {"type": "RaadpleegMetBurgerservicenummer", "personen": [person]}
    with pytest.raises(MalformedReply):
        answering(WRONG[how](answer), checked=False).person(MINOR)


@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize(
    "data",
    [
        {"burgerservicenummer": None},
        {"burgerservicenummer": int(MINOR)},
        {"naam": {"geslachtsnaam": 3}},
        {"naam": "Jan"},
        {"naam": {"geslachtsnaam": "half \ud83d"}},
        {"naam": {"geslachtsnaam": "nul\0"}},
        {"naam": {"aanduidingNaamgebruik": {"code": "X"}}},
        {"geslacht": {"code": "W"}},
        {"geboorte": {"datum": "2009-03-14"}},
        {"geboorte": {"datum": {"type": "Datum", "datum": "2009-02-30"}}},
        {"geboorte": {"datum": {"type": "Datum", "datum": "20090314"}}},
        {"geboorte": {"datum": {"type": "Datum"}}},
        {"geboorte": {"datum": {"type": "JaarDatum", "jaar": True}}},
        {"geboorte": {"datum": {"type": "JaarMaandDatum", "jaar": 2009, "maand": 13}}},
        {"geboorte": {"datum": {"type": "Kwartaal"}}},
        {"geboorte": {"land": {"code": "Nederland"}}},
        {"partners": {"naam": {}}},
        {"verblijfplaats": "Meppel"},
        {"verblijfplaats": {"type": "Maan"}},
        {"verblijfplaats": {**HOME, "verblijfadres": {"huisnummer": "7"}}},
        {"opschortingBijhouding": True},
    ],
    ids=repr,
)
def test_a_field_of_another_type(data: dict[str, Any]) -> None:
    with pytest.raises(MalformedReply) as caught:
        about(data, checked=False)
    assert caught.value.__context__ is None


def test_the_check_against_the_description_can_fail() -> None:
    for wrong in ({"naam": {"achternaam": "Jansen"}}, {"geboorte": {"datum": {"type": "Datum"}}}):
        with pytest.raises(AssertionError):
            about(wrong)
