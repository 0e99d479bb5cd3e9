"""What a SIS is served of one kind of student or another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.dossier import Dossier
from app.domain.draft import (
    Contact,
    From,
    Joining,
    Known,
    Outcome,
    Picked,
    StartDay,
)
from app.domain.education import Diploma, EducationLevel, PriorEducation, Where
from app.domain.message import LEVELS, WHERE, served
from app.domain.person import Address
from tests.contract.described import cambo
from tests.unit.answers import open_choice
from tests.unit.complete import KEPT, TODAY
from tests.unit.whole import HOME, PERSON, TYPED, WHOLE


def message(**answers: Any) -> dict[str, Any]:
    """Of somebody with these answers in place of the usual ones, held against the description."""
    found = served(Dossier(replace(WHOLE, **answers)), KEPT)
    cambo().check("vca_Aanmelding", found)
    return found


def of(**facts: Any) -> dict[str, Any]:
    """Of somebody of whom DUO says this."""
    return message(person=Known(Outcome.FOUND, replace(PERSON, **facts)))


def ours(found: dict[str, Any]) -> dict[str, Any]:
    return dict(found["additionalObjects"]["centraalAanmelden"])


@pytest.mark.rule("SIS-4")
@pytest.mark.rule("DUO-2")
@pytest.mark.rule("IDN-9")
@pytest.mark.rule("WIZ-17")
def test_the_whole_of_it() -> None:
    adres = {
        **{"$type": "vca.Adres", "straat": "Lange Jan", "huisnummer": "41"},
        **{"huisnummerToevoeging": "A-2", "huisnummerToelichting": "to"},
        **{"postcode": "3811ZX", "plaats": "Amersfoort", "land": "6030"},
    }
    assert message() == {
        "$type": "vca.Aanmelding",
        "caKetenId": "123e4567-e89b-42d3-a456-426655440000",
        "ketenId": "99XX:90001119",
        "type": "A",
        "ingetrokken": False,
        "datumTijdIndienen": "2026-11-29T11:30:00.071640Z",
        "bsn": "999650002",
        "roepnaam": "Ravi",
        "voornamen": "Ravi Ana",
        "voorvoegsels": "van de",
        "achternaam": "Kersten",
        "geboortedatum": "2006-03-14",
        "geslacht": "M",
        "emailAdres": "ravi@voorbeeld.nl",
        "telefoonnummerMobiel": "0612345678",
        "correspondentieadres": adres,
        "wettelijkVertegenwoordigers": [
            {
                "$type": "vca.WettelijkVertegenwoordiger",
                "voornamen": "Anna",
                "voorvoegsel": "de",
                "achternaam": "Vries",
                "telefoonnummerVast": "0384567890",
                "emailadres": "anna@voorbeeld.nl",
            }
        ],
        "vooropleidingen": [
            {
                "$type": "vca.Vooropleiding",
                "vanaf": "2020-08-01",
                "totEnMet": "2024-07-31",
                "instelling": "De Kastanje",
                "opleiding": "Vmbo kader",
                "datumUitslag": "2024-06-20",
                "diplomaBehaald": True,
                "eindresultaat": "Geslaagd",
                "vakken": [
                    {"$type": "vca.Vak", "naam": "Nederlands", "resultaat": "7"},
                    {"$type": "vca.Vak", "naam": "Stage", "resultaat": ""},
                ],
            }
        ],
        "instelling": "99XX",
        "opleiding": "programme",
        "opleidingCohort": "KOK-1",
        "gewensteStartdatum": "2026-12-29",
        "aanmeldingVoorEersteLeerjaar": True,
        "leerbedrijf": {
            "$type": "vca.Leerbedrijf",
            "naam": "Bakkerij",
            "leerbedrijfId": "100000001",
            "adres": adres,
            "erkenning": "25180",
        },
        "extraOndersteuning": False,
        "additionalObjects": {
            "centraalAanmelden": {
                "geboorteplaats": "Deventer",
                "geboorteland": "6030",
                "geverifieerdDoorDuo": True,
                "zelfOpgegeven": [],
                "opTijd": True,
                "identificatieniveau": "20",
                "identificatiemoment": "2026-11-29T11:21:00.071640Z",
                "gelijkwaardigeErkenning": True,
            }
        },
    }


@pytest.mark.rule("SIS-4")
def test_the_least_of_it_has_nothing_empty() -> None:
    bare = served(
        Dossier(
            replace(
                WHOLE,
                person=Known(Outcome.UNKNOWN),
                personal=replace(TYPED, first_names="", prefix=""),
                address=Address(country="5010", lines=("Rue du Pont 3",)),
                contact=Contact("Ali", "ali@voorbeeld.nl"),
                picked=Picked(From.NONE),
                choice=open_choice(TODAY),
                guardians=(),
                leerbedrijf=None,
            )
        ),
        replace(KEPT, in_time=None),
    )
    cambo().check("vca_Aanmelding", bare)
    assert [name for name, value in walked(bare) if value in ("", None)] == []
    assert bare["vooropleidingen"] == bare["wettelijkVertegenwoordigers"] == []
    absent = {"leerbedrijf", "voornamen", "voorvoegsels", "gewensteStartdatum"}
    assert not absent & bare.keys()
    assert not [name for name in bare if name.startswith(("telefoon", "voorkeur"))]
    assert set(ours(bare)) == {
        *("geverifieerdDoorDuo", "zelfOpgegeven", "identificatieniveau", "identificatiemoment")
    }


def walked(found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in found.items():
        yield name, value
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from walked(item)


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize(
    ("use", "prefix", "surname"),
    [
        ("E", None, None),
        ("P", "", "Groenewoud"),
        ("V", "", "Groenewoud-van de Kersten"),
        ("N", "van de", "Kersten-Groenewoud"),
    ],
)
def test_the_name_that_somebody_goes_by(use: str, prefix: str | None, surname: str | None) -> None:
    found = of(name_use=use, partner_surname="Groenewoud")
    assert (found["voorvoegsels"], found["achternaam"]) == ("van de", "Kersten")
    assert found.get("voorkeursVoorvoegsels") == prefix, "empty is another than the own one"
    assert found.get("voorkeursAchternaam") == surname


@pytest.mark.rule("DUO-4")
def test_an_address_abroad_has_no_dutch_field() -> None:
    found = message(address=Address(country="5010", lines=("Rue du Pont 3", "1000 Bruxelles")))
    assert found["correspondentieadres"] == {
        **{"$type": "vca.Adres", "land": "5010"},
        **{"regel1": "Rue du Pont 3", "regel2": "1000 Bruxelles"},
    }


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize("born", ["20060300", "20060000"])
def test_a_birth_date_known_in_part_is_no_date(born: str) -> None:
    found = of(birth_date=born)
    assert "geboortedatum" not in found
    assert ours(found)["onvolledigeGeboortedatum"] == born
    assert ours(found)["zelfOpgegeven"] == []


@pytest.mark.rule("DUO-3")
@pytest.mark.rule("DUO-5")
@pytest.mark.rule("DUO-6")
def test_what_the_student_gave_in_place_of_duo_is_named() -> None:
    assert ours(message())["zelfOpgegeven"] == []
    nobody = message(person=Known(Outcome.UNAVAILABLE), personal=TYPED, address=HOME)
    assert ours(nobody)["geverifieerdDoorDuo"] is False
    assert ours(nobody)["zelfOpgegeven"] == [
        *("voornamen", "voorvoegsels", "achternaam", "geboortedatum", "geslacht"),
        "correspondentieadres",
    ]
    partly = replace(PERSON, surname=".", birth_date="00000000", address=None)
    mixed = message(
        person=Known(Outcome.FOUND, partly),
        personal=replace(TYPED, first_names="", prefix="", sex=""),
        address=HOME,
        picked=Picked(From.STUDENT),
        education=PriorEducation("Thuis", where=Where.OTHER, year=2025, diploma=Diploma.EXAM),
    )
    assert ours(mixed)["geverifieerdDoorDuo"] is True
    assert ours(mixed)["zelfOpgegeven"] == [
        *("achternaam", "geboortedatum", "correspondentieadres", "vooropleidingen")
    ]
    assert (mixed["voornamen"], mixed["achternaam"]) == ("Ravi Ana", "Yılmaz")
    assert mixed["geboortedatum"] == "2000-02-29"
    assert ours(mixed)["geboorteplaats"] == "Deventer"


@pytest.mark.rule("WIZ-6")
def test_what_the_student_told_of_a_school() -> None:
    told = PriorEducation("Het Voorbeeld", level=EducationLevel.HAVO, where=Where.ABROAD, year=2026)
    exam = {"doetDitJaarExamen": True}
    of_diploma: dict[Diploma, tuple[bool | None, dict[str, bool]]] = {
        Diploma.YES: (True, {}),
        Diploma.NO: (False, {}),
        Diploma.EXAM: (None, exam),
    }
    for diploma, (completed, more) in of_diploma.items():
        learnt = replace(told, diploma=diploma)
        found = message(picked=Picked(From.STUDENT), education=learnt)
        (education,) = found["vooropleidingen"]
        assert education["opleiding"] == "Havo", "required, where nobody named a programme"
        assert education.get("diplomaBehaald") is completed
        said = {"waar": "buitenland", "niveau": "Havo", "jaar": 2026}
        assert ours(found)["vooropleiding"] == {**said, **more}
    assert set(LEVELS) == set(EducationLevel)
    assert set(WHERE) == set(Where)


@pytest.mark.rule("WIZ-8")
def test_when_and_in_which_year_the_student_begins() -> None:
    choice = open_choice(TODAY)
    assert "gewensteStartdatum" not in message(choice=choice)
    flexible = message(start_day=StartDay(choice.cohort_id, date(2027, 2, 1)))
    assert flexible["gewensteStartdatum"] == "2027-02-01"
    later = message(joining=Joining(choice.cohort_id, 3))
    assert later["aanmeldingVoorEersteLeerjaar"] is False
    assert ours(later)["leerjaar"] == 3
