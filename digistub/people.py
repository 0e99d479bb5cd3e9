"""The test people. All of it is invented: names, addresses and numbers belong to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from types import MappingProxyType
from typing import Any

from stdnum.nl import bsn as elfproef

from digistub.people_addresses import WITH_AN_ADDRESS
from digistub.people_five import FIRST_FIVE
from digistub.people_history import WITH_A_HISTORY, WITHOUT_AN_ANSWER
from digistub.people_names import WITH_A_BIRTHDAY, WITH_A_NAME
from digistub.people_types import TestPerson

# Under the heading that the tester reads.
GROUPS: Mapping[str, tuple[TestPerson, ...]] = MappingProxyType(
    {
        "De eerste vijf": FIRST_FIVE,
        "Een ander adres": WITH_AN_ADDRESS,
        "Een andere naam": WITH_A_NAME,
        "Een andere geboortedatum": WITH_A_BIRTHDAY,
        "Vooropleiding": WITH_A_HISTORY,
        "Storing, of DUO kent je niet": WITHOUT_AN_ANSWER,
    }
)
PEOPLE = tuple(person for group in GROUPS.values() for person in group)
ADULT, MINOR = 30, 16  # years, of the variants


def prefixes(person: TestPerson) -> tuple[str, str]:
    """The first four digits of every BSN that stands for this person as an adult, as a minor."""
    number = PEOPLE.index(person) + 1
    return f"97{number:02}", f"98{number:02}"


# For tests that need somebody nobody logged in as before: any valid BSN that begins so is
# known to DUO as the person whom it points to. 9997 and 9998 are any adult and any minor.
FRESH: Mapping[str, TestPerson] = MappingProxyType(
    {
        "9997": FIRST_FIVE[1].aged(ADULT),
        "9998": FIRST_FIVE[0].aged(MINOR),
        **{prefixes(person)[0]: person.aged(ADULT) for person in PEOPLE},
        **{prefixes(person)[1]: person.aged(MINOR) for person in PEOPLE},
    }
)


def valid_bsn(bsn: str) -> bool:
    """Nine digits that pass the elfproef."""
    return len(bsn) == 9 and bsn.isascii() and bsn.isdigit() and bool(elfproef.is_valid(bsn))


def fresh_bsn(prefix: str, number: int) -> str:
    """A valid BSN that begins with `prefix` (four digits), another for each number 0 to 4999."""
    start = int(prefix) * 100_000 + number * 20
    return next(str(n) for n in range(start, start + 20) if valid_bsn(str(n)))


def at_any_age(person: TestPerson) -> tuple[str, str]:
    """A BSN of this person as an adult, and one as a minor: for a tester to type."""
    adult, minor = (fresh_bsn(prefix, 0) for prefix in prefixes(person))
    return adult, minor


def person_at(bsn: str) -> TestPerson | None:
    """The test person who logs in with this BSN."""
    known = next((person for person in PEOPLE if person.bsn == bsn), None)
    return known or (FRESH.get(bsn[:4]) if valid_bsn(bsn) else None)


def person_for(bsn: str, today: date) -> dict[str, Any] | None:
    """What DUO's persons answer on a day about a BSN; None when they don't know it."""
    person = person_at(bsn)
    if person is None or not person.persons_bsn:
        return None
    answer = deepcopy(dict(person.data))
    answer["burgerservicenummer"] = bsn
    answer["geboorte"] = {**answer["geboorte"], "datum": person.birth_date(today)}
    return answer


def educations_for(bsn: str, today: date) -> list[dict[str, Any]]:
    """What DUO's prior education answers on a day about a BSN."""
    person = person_at(bsn)
    if person is None or not person.education_bsn:
        return []
    return [education.body(today) for education in person.educations]
