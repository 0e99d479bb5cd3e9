"""What a test person is, and on which day one is born."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from digistub.faults import AT_FIRST
from digistub.people_schooling import Education

# The variants fail as well, but at once, and always: a test doesn't wait.
QUICK: Mapping[str, str] = MappingProxyType({"timeout": "500", AT_FIRST: "refused"})


class Birth(StrEnum):
    """How much of a birth date is known, by the names of BRP Personen."""

    DAY = "Datum"
    MONTH = "JaarMaandDatum"
    YEAR = "JaarDatum"
    NOTHING = "DatumOnbekend"


@dataclass(frozen=True)
class TestPerson:
    """`data` is the person as Haal Centraal BRP Personen 2 gives it, without BSN and birth date.

    The birth date follows from `age` (years) on the day asked, so that nobody grows older.
    """

    __test__ = False

    bsn: str
    name: str
    shows: str  # one line for the tester: which way through the portal this person takes
    persons_bsn: str  # the number that DUO's persons know; empty: DUO doesn't know them
    education_bsn: str  # the number that DUO's prior education knows; empty: nothing known
    age: int
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    birth: Birth = Birth.DAY
    birthday_in: int = -100  # days from the day asked
    educations: tuple[Education, ...] = ()
    persons_fault: str = ""  # how DUO's persons fail for this person: see digistub.faults
    education_fault: str = ""

    def born(self, today: date) -> date:
        """The birthday in a year that makes them `age` today. Never 29 February: then the day
        beside it, on the same side of today."""
        birthday = today + timedelta(days=self.birthday_in)
        if (birthday.month, birthday.day) == (2, 29):
            birthday += timedelta(days=1 if self.birthday_in else -1)
        return birthday.replace(year=birthday.year - self.age - (self.birthday_in > 0))

    def birth_date(self, today: date) -> dict[str, Any]:
        """As BRP Personen gives it. Of whom only the year is known, it is `age` years ago."""
        born = self.born(today)
        known: dict[Birth, dict[str, Any]] = {
            Birth.DAY: {"datum": born.isoformat()},
            Birth.MONTH: {"jaar": born.year, "maand": born.month},
            Birth.YEAR: {"jaar": today.year - self.age},
            Birth.NOTHING: {"onbekend": True},
        }
        return {"type": self.birth.value, **known[self.birth]}

    def aged(self, age: int) -> TestPerson:
        """A variant: the same data at another age, failing at once where this person is slow."""
        return replace(
            self,
            age=age,
            persons_fault=QUICK.get(self.persons_fault, self.persons_fault),
            education_fault=QUICK.get(self.education_fault, self.education_fault),
        )
