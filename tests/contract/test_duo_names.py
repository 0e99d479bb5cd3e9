"""What DUO calls somebody, as it can be read, and an answer that says two things at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.wrappers import Response

from app.domain.person import Person
from app.domain.ports import MalformedReply
from app.registers.bounded import InProcess
from app.registers.duo import DuoPersons
from app.registers.duo_education import DuoEducation
from app.registers.http import Client
from digistub.people import PEOPLE
from tests.contract.test_duo_answers import about

MINOR = PEOPLE[0].bsn


@pytest.mark.rule("DUO-1")
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Jan\n\nsen", "Jan sen"),
        ("\tJan  sen ", "Jan sen"),
        ("\u200d", ""),
        ("\u3164", ""),
        ("\u0301\ufe0f", ""),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
    ids=ascii,
)
def test_a_name_stands_on_one_line_with_something_to_see(written: str, read: str) -> None:
    naam = {
        **{"voornamen": written, "geslachtsnaam": written, "voorvoegsel": written},
        "aanduidingNaamgebruik": {"code": "P"},
    }
    person = about(
        {
            "naam": naam,
            "geboorte": {"plaats": {"omschrijving": written}},
        },
        checked=False,
    )
    assert (person.first_names, person.prefix, person.surname) == (read, read, read)
    assert person.birth_place == read


@pytest.mark.rule("DUO-5")
def test_a_partner_whose_name_nobody_can_see_is_none() -> None:
    naam = {"geslachtsnaam": "Otten", "aanduidingNaamgebruik": {"code": "P"}}
    for written, use in (("\u200d", "E"), ("Bos\nmans", "P")):
        partners = [{"naam": {"geslachtsnaam": written}}]
        person = about({"naam": naam, "partners": partners}, checked=False)
        assert person.name_use == use
    assert person.partner_surname == "Bos mans"


def saying(text: str) -> Client:
    """A DUO that always says this, letter for letter."""

    def app(environ: Any, start_response: Any) -> Any:
        environ["wsgi.input"].read()
        return Response(text, mimetype="application/json")(environ, start_response)

    return Client("duo", "http://register.example", InProcess(app))


def said_twice(marks: str) -> Person | None:
    text = json.dumps({"personen": [{"burgerservicenummer": MINOR, "geslacht": {"code": "V"}}]})
    assert DuoPersons(saying(text)).person(MINOR) is not None
    return DuoPersons(saying(text.replace('"geslacht"', f'{marks},"geslacht"'))).person(MINOR)


@pytest.mark.rule("DUO-3")
@pytest.mark.parametrize("marks", ["7,0", "0,7", "0,0"])
def test_an_address_of_which_two_things_are_said_is_secret(marks: str) -> None:
    first, second = marks.split(",")
    found = said_twice(f'"indicatieGeheim":{first},"indicatieGeheim":{second}')
    assert found is not None
    assert found.address_secret


def test_a_person_of_whom_two_things_are_said_is_none() -> None:
    with pytest.raises(MalformedReply):
        said_twice('"naam":{},"naam":{}')


@pytest.mark.rule("DUO-3")
def test_of_two_who_are_both_asked_for_one_is_secret() -> None:
    person = {"burgerservicenummer": MINOR, "geslacht": {"code": "V"}}
    two = {"personen": [person, {**person, "indicatieGeheim": 7}]}
    with pytest.raises(MalformedReply) as caught:
        DuoPersons(saying(json.dumps(two))).person(MINOR)
    assert caught.value.hides


@pytest.mark.rule("DUO-3", "DUO-6")
@pytest.mark.parametrize(("code", "hides"), [(7, True), (8, True), ("x", True), (0, False)])
def test_what_can_not_be_read_still_says_whether_the_address_is_secret(
    code: Any, hides: bool
) -> None:
    with pytest.raises(MalformedReply) as caught:
        about({"indicatieGeheim": code, "geslacht": {"code": "X"}}, checked=False)
    assert caught.value.hides is hides


@pytest.mark.rule("DUO-7")
def test_nor_is_an_education() -> None:
    text = json.dumps({"burgerservicenummer": MINOR, "vooropleidingen": []})
    assert DuoEducation(saying(text)).educations(MINOR) == ()
    twice = text.replace('"vooropleidingen"', '"vooropleidingen": [], "vooropleidingen"')
    with pytest.raises(MalformedReply):
        DuoEducation(saying(twice)).educations(MINOR)
