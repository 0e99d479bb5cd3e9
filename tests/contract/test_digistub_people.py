"""The test people: invented, and every day as old as they promise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.person import ages
from digistub.people import FRESH, PEOPLE, fresh_bsn, person_for, valid_bsn


@pytest.mark.rule("IDN-3")
def test_the_five_people_are_what_they_promise() -> None:
    today = date(2028, 2, 29)
    minor, adult, homeless, secret, unknown = [person_for(p.bsn, today) for p in PEOPLE]
    assert None not in (minor, adult, homeless, secret)
    assert unknown is None
    assert minor["naam"]["voorvoegsel"] == "van de"
    assert minor["verblijfplaats"]["type"] == adult["verblijfplaats"]["type"] == "Adres"
    assert homeless["verblijfplaats"]["type"] == "VerblijfplaatsOnbekend"
    assert secret["indicatieGeheim"] == 7
    assert [bool(p.education_bsn) for p in PEOPLE] == [True, False, False, False, False]


@pytest.mark.rule("IDN-3")
def test_the_numbers_are_invented_and_the_answer_has_the_one_asked() -> None:
    numbers = [n for p in PEOPLE for n in (p.bsn, p.persons_bsn, p.education_bsn) if n]
    assert len(set(numbers)) == len(numbers)
    assert all(valid_bsn(n) and not n.startswith("99999") for n in numbers)
    for person in PEOPLE[:4]:
        answer = person_for(person.bsn, date(2026, 11, 25))
        assert answer is not None
        assert answer["burgerservicenummer"] == person.bsn


@pytest.mark.rule("IDN-3")
def test_nobody_grows_older() -> None:
    for days in range(0, 1500):
        today = date(2026, 11, 25) + timedelta(days=days)
        for person in PEOPLE:
            born = person.born(today).strftime("%Y%m%d")
            assert ages(born, today) == (person.age, person.age)


def test_fresh_people_are_each_somebody_else() -> None:
    today = date(2026, 11, 25)
    for prefix, like in FRESH.items():
        numbers = [fresh_bsn(prefix, n) for n in range(0, 5000, 7)]
        assert len(set(numbers)) == len(numbers)
        answer = person_for(numbers[77], today)
        assert answer is not None
        assert answer["naam"]["geslachtsnaam"] == like.data["naam"]["geslachtsnaam"]
