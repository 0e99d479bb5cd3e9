"""Anybody: whatever DUO says is a person or a malformed reply, and a secret address stays out."""

from __future__ import annotations

import re
import traceback
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.person import NETHERLANDS, Person, ages
from app.domain.ports import MalformedReply
from app.registers.duo import DuoPersons
from digistub.people import FIRST_FIVE
from tests.contract.persons import EVERYBODY, RESIDENCES
from tests.contract.world import Says
from tests.length import at_length

BSN = FIRST_FIVE[0].bsn
CANARY = "Geheimestraat"
TODAY = date(2026, 11, 29)
SHORT = 100
KEYS = re.compile(r"MalformedReply duo [A-Za-z0-9 ]{1,40}")
EXAMPLES = [SHORT, *at_length(600)]
SOMETHING = EVERYBODY.filter(bool)
JUNK = st.sampled_from([None, True, 0, -1, 2**40, 1.5, "", CANARY, CANARY * 3000, [], [CANARY], {}])


duo = Says()
persons = DuoPersons(duo.client(), frozenset({1, 2}), lambda: TODAY)


def asked(person: dict[str, Any]) -> Person | MalformedReply:
    duo.answer = {"personen": [{**person, "burgerservicenummer": BSN}]}
    try:
        found = persons.person(BSN)
    except MalformedReply as error:
        return error
    assert found is not None
    return found


def checking(examples: int) -> settings:
    """The short run is the same one each time, so that it may say what came by."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=examples == SHORT,
        suppress_health_check=slow,
    )


def fits(found: Person) -> None:
    """What the rest of the portal counts on."""
    assert re.fullmatch(r"\d{8}", found.birth_date)
    assert ages(found.birth_date, TODAY) is None or found.birth_date >= "18500000"
    assert found.birth_date <= "20261129"
    assert found.sex in ("M", "V", "-")
    assert found.name_use == "E" or (found.name_use in "PVN" and found.partner_surname)
    assert max(len(found.first_names), len(found.surname), len(found.partner_surname)) <= 200
    assert max(len(found.prefix), len(found.partner_prefix)) <= 20
    assert found.birth_country == "" or re.fullmatch(r"\d{4}", found.birth_country)
    address = found.address
    if address is None:
        return
    assert not found.address_secret
    if address.country == NETHERLANDS:
        assert all((address.street, address.number, address.place))
        assert address.street != "."
        assert re.fullmatch(r"[1-9]\d{3}[A-Z]{2}", address.postcode)
        assert not address.lines
    else:
        assert re.fullmatch(r"\d{4}", address.country)
        assert address.country != "0000"
        assert len(address.lines) <= 3
        assert not address.street + address.number + address.postcode + address.place


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize("examples", EXAMPLES)
def test_anybody_is_a_person_or_a_malformed_reply(examples: int) -> None:
    came: set[type] = set()

    @checking(examples)
    @given(EVERYBODY)
    def check(person: dict[str, Any]) -> None:
        found = asked(person)
        came.add(type(found))
        if isinstance(found, Person):
            fits(found)
        else:
            assert KEYS.fullmatch(str(found))

    check()
    assert came == {Person, MalformedReply}


@pytest.mark.rule("DUO-4", "DUO-5")
@pytest.mark.parametrize("examples", EXAMPLES)
def test_an_address_is_whole_or_there_is_none(examples: int) -> None:
    came: set[str] = set()

    @checking(examples)
    @given(RESIDENCES)
    def check(residence: dict[str, Any]) -> None:
        found = asked({"verblijfplaats": residence})
        if isinstance(found, Person):
            fits(found)
            came.add(found.address.country if found.address else "nowhere")

    check()
    assert came > {NETHERLANDS, "nowhere"}, "and abroad"


@st.composite
def broken(draw: st.DrawFn) -> dict[str, Any]:
    """A person with something else where a group, or a part of one, should be."""
    person = draw(SOMETHING)
    place, key = person, draw(st.sampled_from(sorted(person)))
    while isinstance(place[key], dict) and place[key] and draw(st.booleans()):
        place = place[key]
        key = draw(st.sampled_from(sorted(place)))
    place[key] = draw(JUNK)
    return person


@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize("examples", EXAMPLES)
def test_an_error_says_nothing_of_the_answer(examples: int) -> None:
    refused: list[str] = []

    @checking(examples)
    @given(broken())
    def check(person: dict[str, Any]) -> None:
        found = asked(person)
        if isinstance(found, Person):
            fits(found)
            return
        refused.append(str(found))
        assert KEYS.fullmatch(str(found))
        told = "".join(traceback.format_exception(found))
        assert not [word for word in (CANARY, BSN) if word in told]

    check()
    assert len(set(refused)) > 1


@st.composite
def hidden(draw: st.DrawFn) -> dict[str, Any]:
    """Somebody whose address nobody may see, whatever it looks like."""
    residence = draw(RESIDENCES)
    for key in ("officieleStraatnaam", "regel1", "locatiebeschrijving", "woonplaats", "land"):
        if draw(st.booleans()):
            residence.setdefault("verblijfadres", {})[key] = CANARY
    secrecy = draw(st.sampled_from([1, 2, 7, "7", 8, "", [CANARY], True]))
    whole = draw(st.sampled_from([residence, [residence], CANARY, {"type": CANARY}]))
    return {**draw(EVERYBODY), "verblijfplaats": whole, "indicatieGeheim": secrecy}


@pytest.mark.rule("DUO-3")
@pytest.mark.parametrize("examples", EXAMPLES)
def test_a_secret_address_never_shows(examples: int) -> None:
    kept: list[Person] = []

    @checking(examples)
    @given(hidden())
    def check(person: dict[str, Any]) -> None:
        found = asked(person)
        if isinstance(found, Person):
            kept.append(found)
            assert found.address is None
            assert found.address_secret
        shown = f"{found!r}{vars(found)}{found}"
        assert CANARY not in shown
        assert isinstance(found, Person) or CANARY not in "".join(traceback.format_exception(found))

    check()
    assert kept
