"""The test people: invented, and every day as old as they promise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.person import ages
from digistub.faults import AT_FIRST
from digistub.people import (
    FIRST_FIVE,
    FRESH,
    PEOPLE,
    educations_for,
    fresh_bsn,
    person_for,
    prefixes,
    valid_bsn,
)
from digistub.people_types import Birth, TestPerson
from digistub.rio_schools import SCHOOLS

TODAY = date(2026, 11, 25)
ROWS = {
    *("999600059", "999600199", "999600710", "999600801", "999600850", "999600941", "999600990"),
    *("999601039", "999601088", "999601179", "999601830", "999601921", "999601970", "999602019"),
    *("999602068", "999602159", "999602299", "999602810", "999602901", "999602950"),
}


def by_bsn(bsn: str) -> TestPerson:
    return next(person for person in PEOPLE if person.bsn == bsn)


def born(person: TestPerson, today: date) -> str:
    """YYYYMMDD, with zeros for what is unknown."""
    match person.birth_date(today):
        case {"type": "Datum", "datum": day}:
            return str(day).replace("-", "")
        case {"type": "JaarMaandDatum", "jaar": year, "maand": month}:
            return f"{year}{month:02}00"
        case {"type": "JaarDatum", "jaar": year}:
            return f"{year}0000"
    return "00000000"


@pytest.mark.rule("IDN-3")
def test_the_five_people_are_what_they_promise() -> None:
    today = date(2028, 2, 29)
    minor, adult, homeless, secret, unknown = [person_for(p.bsn, today) for p in FIRST_FIVE]
    assert minor is not None
    assert adult is not None
    assert homeless is not None
    assert secret is not None
    assert unknown is None
    assert minor["naam"]["voorvoegsel"] == "van de"
    assert minor["verblijfplaats"]["type"] == adult["verblijfplaats"]["type"] == "Adres"
    assert homeless["verblijfplaats"]["type"] == "VerblijfplaatsOnbekend"
    assert secret["indicatieGeheim"] == 7
    assert [bool(p.education_bsn) for p in FIRST_FIVE] == [True, False, False, False, False]


@pytest.mark.rule("IDN-3")
def test_only_the_first_of_the_five_has_prior_education_and_no_mbo() -> None:
    first, *others = [educations_for(p.bsn, TODAY) for p in FIRST_FIVE]
    assert others == [[], [], [], []]
    (vmbo,) = first
    assert vmbo["brin"] not in {school.brin for school in SCHOOLS}
    assert (vmbo["diplomaBehaald"], vmbo["totEnMet"]) == (True, "2026-07-31")


@pytest.mark.rule("IDN-2")
def test_there_is_somebody_for_every_branch() -> None:
    assert PEOPLE[:5] == FIRST_FIVE
    assert {person.bsn for person in PEOPLE} >= ROWS
    assert len({person.name for person in PEOPLE}) == len({p.shows for p in PEOPLE}) == len(PEOPLE)


@pytest.mark.rule("IDN-3")
def test_the_numbers_are_invented_and_the_answer_has_the_one_asked() -> None:
    numbers = [n for p in PEOPLE for n in (p.bsn, p.persons_bsn, p.education_bsn) if n]
    assert len(set(numbers)) == len(numbers)
    assert all(valid_bsn(n) and not n.startswith("99999") for n in numbers)
    for person in PEOPLE:
        answer = person_for(person.bsn, TODAY)
        assert (answer is None) is (person.persons_bsn == "")
        assert answer is None or answer["burgerservicenummer"] == person.bsn


@pytest.mark.rule("IDN-3")
def test_nobody_grows_older() -> None:
    for days in range(0, 1500):
        today = TODAY + timedelta(days=days)
        for person in PEOPLE:
            low_high = ages(born(person, today), today)
            if person.birth in (Birth.DAY, Birth.MONTH):
                assert low_high == (person.age, person.age), (person.name, today)
            elif person.birth is Birth.YEAR and (today.month, today.day) != (12, 31):
                assert low_high == (person.age - 1, person.age)


@pytest.mark.rule("DUO-8")
def test_two_come_of_age_today_and_tomorrow() -> None:
    today, tomorrow = by_bsn("999603000"), by_bsn("999603061")
    for days in range(0, 1500):
        day = TODAY + timedelta(days=days)
        assert ages(born(today, day), day) == (18, 18)
        assert ages(born(tomorrow, day), day) == (17, 17)
        if (day.month, day.day) not in ((2, 28), (2, 29)):
            assert ages(born(today, day), day - timedelta(days=1)) == (17, 17)
            assert ages(born(tomorrow, day), day + timedelta(days=1)) == (18, 18)


def shape(person: dict[str, Any] | None) -> Any:
    """All but the number and the age."""
    if person is None:
        return None
    kind = person["geboorte"]["datum"]["type"]
    return {**person, "burgerservicenummer": "", "geboorte": {**person["geboorte"], "datum": kind}}


@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_everybody_is_there_as_an_adult_and_as_a_minor(person: TestPerson) -> None:
    for prefix, years in zip(prefixes(person), ((29, 30), (15, 16)), strict=True):
        bsn, variant = fresh_bsn(prefix, 7), FRESH[prefix]
        assert shape(person_for(bsn, TODAY)) == shape(person_for(person.bsn, TODAY))
        assert educations_for(bsn, TODAY) == educations_for(person.bsn, TODAY)
        age = ages(born(variant, TODAY), TODAY)
        assert age in (None, years, years[1:] * 2)
        assert bool(variant.persons_fault) == bool(person.persons_fault)
        assert bool(variant.education_fault) == bool(person.education_fault)
        assert not {variant.persons_fault, variant.education_fault} & {"timeout", AT_FIRST}


def test_fresh_people_are_each_somebody_else() -> None:
    assert len(FRESH) == 2 + 2 * len(PEOPLE)
    for prefix, like in FRESH.items():
        numbers = [fresh_bsn(prefix, n) for n in range(0, 5000, 97)]
        assert len(set(numbers)) == len(numbers)
        answer = person_for(numbers[7], TODAY)
        assert (answer or {}).get("naam") == like.data.get("naam")
