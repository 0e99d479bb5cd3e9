"""The test people. All of it is invented: names, addresses and numbers belong to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from stdnum.nl import bsn as elfproef

NETHERLANDS = {"code": "6030", "omschrijving": "Nederland"}
WOMAN = {"code": "V", "omschrijving": "vrouw"}
MAN = {"code": "M", "omschrijving": "man"}
UNKNOWN_RESIDENCE = {"type": "VerblijfplaatsOnbekend"}


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

    def born(self, today: date) -> date:
        """Turned `age` a hundred days ago."""
        birthday = today - timedelta(days=100)
        if (birthday.month, birthday.day) == (2, 29):
            birthday += timedelta(days=1)
        return birthday.replace(year=birthday.year - self.age)


def _name(first: str, prefix: str, surname: str) -> dict[str, Any]:
    naam = {
        "voornamen": first,
        "voorletters": "".join(f"{part[0]}." for part in first.split()),
        "voorvoegsel": prefix,
        "geslachtsnaam": surname,
        "volledigeNaam": " ".join(part for part in (first, prefix, surname) if part),
        "aanduidingNaamgebruik": {"code": "E", "omschrijving": "eigen geslachtsnaam"},
    }
    return {key: value for key, value in naam.items() if value}


def _home(street: str, number: int, postcode: str, place: str, letter: str = "") -> dict[str, Any]:
    address: dict[str, Any] = {
        "officieleStraatnaam": street,
        "korteStraatnaam": street[:24],
        "huisnummer": number,
        "postcode": postcode,
        "woonplaats": place,
    }
    if letter:
        address["huisletter"] = letter
    return {
        "type": "Adres",
        "functieAdres": {"code": "W", "omschrijving": "woonadres"},
        "verblijfadres": address,
    }


def _data(
    naam: dict[str, Any],
    geslacht: dict[str, str],
    place: str,
    verblijfplaats: dict[str, Any],
    secrecy: int = 0,
) -> Mapping[str, Any]:
    data: dict[str, Any] = {
        "naam": naam,
        "geslacht": geslacht,
        "geboorte": {"plaats": {"omschrijving": place}, "land": NETHERLANDS},
        "verblijfplaats": verblijfplaats,
        "indicatieGeheim": secrecy,
    }
    if secrecy:
        data["geheimhoudingPersoonsgegevens"] = True
    return MappingProxyType(data)


PEOPLE: tuple[TestPerson, ...] = (
    TestPerson(
        bsn="999650002",
        name="Noor van de Weide",
        shows="16 jaar, met adres en vooropleiding bij DUO. Zo hoort het te gaan.",
        persons_bsn="999661000",
        education_bsn="999671005",
        age=16,
        data=_data(
            _name("Noor Elisabeth", "van de", "Weide"),
            WOMAN,
            "Zwolle",
            _home("Kastanjelaan", 12, "8019XK", "Zwolle", "B"),
        ),
    ),
    TestPerson(
        bsn="999651018",
        name="Sem Bakhuis",
        shows="19 jaar, met adres. Heeft geen vertegenwoordiger nodig.",
        persons_bsn="999661012",
        education_bsn="",
        age=19,
        data=_data(
            _name("Sem", "", "Bakhuis"),
            MAN,
            "Deventer",
            _home("Havenkade", 203, "7411XN", "Deventer"),
        ),
    ),
    TestPerson(
        bsn="999652023",
        name="Yara Lindeboom",
        shows="22 jaar, DUO weet geen adres. Vult zelf een adres in.",
        persons_bsn="999661024",
        education_bsn="",
        age=22,
        data=_data(_name("Yara Sophie", "", "Lindeboom"), WOMAN, "Almelo", UNKNOWN_RESIDENCE),
    ),
    TestPerson(
        bsn="999653027",
        name="Finn Overdijk",
        shows="16 jaar, geheim adres. Dat adres mag je nergens zien.",
        persons_bsn="999661036",
        education_bsn="",
        age=16,
        data=_data(
            _name("Finn", "", "Overdijk"),
            MAN,
            "Meppel",
            _home("Geheimestraat", 7, "7941ZZ", "Meppel"),
            secrecy=7,
        ),
    ),
    TestPerson(
        bsn="999654019",
        name="Isa Terbeek",
        shows="Volwassen, onbekend bij DUO. Vult alles zelf in.",
        persons_bsn="",
        education_bsn="",
        age=20,
    ),
)

# For tests that need somebody nobody logged in as before: any valid BSN that begins so is
# known to DUO as the person whom it points to.
FRESH: Mapping[str, TestPerson] = MappingProxyType({"9997": PEOPLE[1], "9998": PEOPLE[0]})


def valid_bsn(bsn: str) -> bool:
    """Nine digits that pass the elfproef."""
    return len(bsn) == 9 and bsn.isascii() and bsn.isdigit() and bool(elfproef.is_valid(bsn))


def fresh_bsn(prefix: str, number: int) -> str:
    """A valid BSN that begins with `prefix` (four digits), another for each number 0 to 4999."""
    start = int(prefix) * 100_000 + number * 20
    return next(str(n) for n in range(start, start + 20) if valid_bsn(str(n)))


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
    born = person.born(today).isoformat()
    answer["geboorte"] = {**answer["geboorte"], "datum": {"type": "Datum", "datum": born}}
    return answer
