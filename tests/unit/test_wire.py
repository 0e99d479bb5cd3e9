"""Lengths and telephone numbers, as the existing coupling has them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.domain import wire
from app.domain.dossier import Dossier
from app.domain.draft import Contact, From, Guardian, Known, Outcome, Picked
from app.domain.education import Subject
from app.domain.leerbedrijf import Leerbedrijf
from app.domain.message import served
from app.domain.person import Address
from tests.contract.described import DATA, cambo
from tests.unit.complete import KEPT
from tests.unit.whole import LEARNT, PERSON, WHOLE


@pytest.mark.rule("SIS-4")
@pytest.mark.parametrize(
    ("number", "field", "written"),
    [
        ("+31612345678", "telefoonnummerMobiel", "0612345678"),
        ("+31384567890", "telefoonnummerVast", "0384567890"),
        ("+32470123456", "telefoonnummerMobiel", "+32470123456"),
        ("+4930901820", "telefoonnummerVast", "+4930901820"),
        ("+12025550123", "telefoonnummerMobiel", "+12025550123"),  # of either kind there
    ],
)
def test_a_telephone_is_mobile_or_fixed_by_its_number(
    number: str, field: str, written: str
) -> None:
    assert wire.phone(number) == {field: written}


@pytest.mark.rule("SIS-4")
def test_nothing_is_longer_than_a_sis_takes() -> None:
    long = "Lange naam " * 30
    person = replace(
        PERSON,
        **dict.fromkeys(("first_names", "prefix", "surname"), long),
        name_use="P",
        partner_prefix=long,
        partner_surname=f"De {long}",
    )
    texts = ("street", "number", "suffix", "note", "postcode", "place")
    address = Address(**dict.fromkeys(texts, long))
    learnt = replace(
        LEARNT, school=long, programme=long, result=long, subjects=(Subject(long, long),)
    )
    answers = replace(
        WHOLE,
        person=Known(Outcome.FOUND, person),
        address=address,
        contact=Contact(long, long, "+31612345678"),
        picked=Picked(From.DUO, learnt),
        guardians=(Guardian(long, long, long, "+31612345678", long),),
        leerbedrijf=(Leerbedrijf(long, long, Address(country="5010", lines=(long,) * 3), long),),
    )
    found = served(Dossier(answers), KEPT)
    cambo().check("vca_Aanmelding", found)
    assert len(found["voorkeursAchternaam"]) <= 200
    assert len(found["voorkeursVoorvoegsels"]) <= 20


def test_the_lengths_are_those_of_the_description() -> None:
    described = json.loads((DATA / "cambo_aanmelding.json").read_text())["components"]["schemas"]
    beyond = {"voorkeursVoorvoegsels", "voorkeursAchternaam"}
    for kind, longest in wire.LONGEST.items():
        (_linkable, own, *_required) = described[kind.replace(".", "_")]["allOf"]
        limits = {k: v["maxLength"] for k, v in own["properties"].items() if "maxLength" in v}
        for name in set(longest) - beyond:
            assert longest[name] == limits[name], (kind, name)
        assert set(limits) - set(longest) <= {"extraInformatie"}, "nobody writes that"
