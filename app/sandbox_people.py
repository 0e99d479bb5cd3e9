"""Invented students for suppliers of SISs: what each kind answers (SIS-8). Outside production only.

Who a number stands for follows from the seed. BSNs begin with 95 or 96: no other test person's
do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from types import MappingProxyType

from app.domain import catalogue, journey
from app.domain.catalogue import Choice
from app.domain.dossier import Dossier
from app.domain.draft import (
    Contact,
    Draft,
    From,
    Guardian,
    Interest,
    Joining,
    Key,
    Known,
    Outcome,
    Personal,
    Picked,
    StartDay,
)
from app.domain.education import Diploma, EducationLevel, PriorEducation, Subject, Where
from app.domain.leerbedrijf import Leerbedrijf
from app.domain.person import Address, Person

FIRST_BSN = 95_000_000  # its first eight digits
MOST = 1_000_000  # students who have a BSN of their own


class Kind(StrEnum):
    """In the order in which a mix takes them."""

    MINOR = "minor"
    ADULT = "adult"
    ABROAD = "abroad"
    UNKNOWN = "unknown"
    LEERBEDRIJF = "bbl"
    NO_LEERBEDRIJF = "bbl-without"
    INTEREST = "interest"
    INTEREST_BSN = "interest-bsn"
    WITHDRAWN = "withdrawn"
    PARTNER = "partner"
    SECRET = "secret"
    CHANGED = "changed"
    BIRTH_DATE = "birth-date"
    START_DAY = "start-day"
    BY_HAND = "by-hand"
    LONG_NAME = "long-name"


K = Kind
MEANS: Mapping[Kind, str] = MappingProxyType(
    {
        K.MINOR: "16 jaar, met twee vertegenwoordigers en cijfers bij DUO",
        K.ADULT: "volwassen, met een adres in Nederland",
        K.ABROAD: "woont in het buitenland en leerde daar",
        K.UNKNOWN: "onbekend bij DUO: alles zelf ingevuld",
        K.LEERBEDRIJF: "BBL met leerbedrijf",
        K.NO_LEERBEDRIJF: "BBL, nog zonder leerbedrijf",
        K.INTEREST: "interessemelding zonder DigiD, met registratiecode",
        K.INTEREST_BSN: "interessemelding na DigiD, met BSN",
        K.WITHDRAWN: "ingetrokken door de student",
        K.PARTNER: "naam van de partner, en geboortedag onbekend",
        K.SECRET: "geheim adres: een ander adres ingevuld",
        K.CHANGED: "lange namen; veranderd na het versturen, dus een hoger wijzigingsvolgnummer",
        K.BIRTH_DATE: "alleen het geboortejaar is bekend",
        K.START_DAY: "flexibele start: zelf een eerste dag gekozen",
        K.BY_HAND: "vooropleiding zelf ingevuld",
        K.LONG_NAME: "lange namen met accenten",
    }
)
INTERESTS = frozenset({K.INTEREST, K.INTEREST_BSN})
FIRST = ("Noa", "Milan", "Sara", "Daan", "Lina", "Yusuf", "Eva", "Jesse", "Mila", "Omar", "Zoë")
LAST = ("Lindeboom", "Kastelein", "Yıldız", "Waterman", "Bakhuis", "Haddou", "Zandstra", "Őry")
PREFIXES = ("", "", "", "van", "de", "van der", "el")
STREETS = ("Kastanjelaan", "Havenkade", "Stationsweg", "Lange Nieuwstraat", "Brink")
PLACES = ("Zwolle", "Deventer", "Kampen", "'s-Hertogenbosch", "Súdwest-Fryslân")
LONG = ("Ångström-Šárka Zoë Renée Łucja Þórunn", "D'Ó Brien-Çelik Šimečková Wolfeschlegelstein")


class NoneOffered(Exception):
    """There is nothing to make it of; says why, in Dutch."""


@dataclass(frozen=True)
class Made:
    """An application before it has ids. `bsn` is empty for who came without DigiD."""

    kind: Kind
    bsn: str
    dossier: Dossier
    changed: Dossier | None = None  # what it became later
    registratiecode: str | None = None


def bsn(number: int) -> str:
    """A valid one for each number below MOST: of two that follow each other, one passes the
    elfproef."""
    if not 0 <= number < MOST:
        raise NoneOffered("Er zijn geen verzonnen studenten meer: begin opnieuw.")
    for eight in (FIRST_BSN + 2 * number, FIRST_BSN + 2 * number + 1):
        check = sum(int(d) * w for d, w in zip(str(eight), range(9, 1, -1), strict=True)) % 11
        if check < 10:
            return f"{eight}{check}"
    raise AssertionError(number)


def make(kind: Kind, number: int, seed: int, offered: Sequence[Choice], today: date) -> Made:
    """The student of this number, who chooses among what is `offered`, all of it open. Raises
    NoneOffered."""
    random = Random(f"{seed} {number}")
    choice = random.choice(_fitting(kind, offered, today))
    if kind is K.INTEREST:
        code = f"R{random.randrange(10**6):06}"
        return Made(kind, "", Dossier(_interest(random, choice, today)), registratiecode=code)
    if kind is K.INTEREST_BSN:
        person = Known(Outcome.FOUND, _person(random, kind, today))
        contact = _contact(random, "Sam")
        draft = Draft(person=person, contact=contact, choice=choice, interest=Interest.LOCK)
        return Made(kind, bsn(number), Dossier(draft))
    draft = _draft(kind, random, choice, today)
    changed = None
    if kind is K.CHANGED and draft.contact:
        later = replace(draft.contact, phone="+31612340000")
        changed = Dossier.of(replace(draft, contact=later), today)
    return Made(kind, bsn(number), Dossier.of(draft, today), changed)


def possible(offered: Sequence[Choice], today: date) -> list[Kind]:
    """The kinds for which there is something on offer."""
    return [kind for kind in Kind if _fit(kind, offered, today)]


def _fit(kind: Kind, offered: Sequence[Choice], today: date) -> list[Choice]:
    if kind in (K.LEERBEDRIJF, K.NO_LEERBEDRIJF):
        return [choice for choice in offered if choice.leertraject == "BBL" and choice.crebo]
    if kind is K.START_DAY:
        return [choice for choice in offered if catalogue.is_flexible(choice)]
    if kind in INTERESTS:  # which doesn't ask for a leerjaar
        return [choice for choice in offered if catalogue.joins_in_year(choice, today) == 1]
    return list(offered)


def _fitting(kind: Kind, offered: Sequence[Choice], today: date) -> list[Choice]:
    fit = _fit(kind, offered, today)
    if not fit:
        raise NoneOffered(f"Deze instelling heeft nu geen open opleiding voor «{MEANS[kind]}».")
    return fit


def _draft(kind: Kind, random: Random, choice: Choice, today: date) -> Draft:
    """Every question answered that this student is asked, and no other."""
    person = None if kind is K.UNKNOWN else _person(random, kind, today)
    first = person.first_names.split()[0] if person else random.choice(FIRST)
    draft = Draft(
        person=Known(Outcome.FOUND, person) if person else Known(Outcome.UNKNOWN),
        personal=None if person else _typed(random, first, today),
        address=_home(random) if person is None or person.address is None else None,
        contact=_contact(random, first),
        **_learnt(kind, random, today),  # type: ignore[arg-type]
        choice=choice,
        key=Key(choice.cohort_id, choice.lock) if choice.lock else None,
        joining=Joining(choice.cohort_id, catalogue.joins_in_year(choice, today)),
        start_day=_first_day(random, choice, today),
        guardians=_guardians(random, 2) if kind is K.MINOR else (),
        leerbedrijf=(_company(choice),) if kind is K.LEERBEDRIJF else (),
    )
    walk = journey.walk(draft, today)
    if walk.next == "guardians":  # of whom only the year is known, and who may be a minor
        draft = replace(draft, guardians=_guardians(random, 1))
    return draft


def _person(random: Random, kind: Kind, today: date) -> Person:
    first, last = " ".join(random.sample(FIRST, 2)), random.choice(LAST)
    prefix = random.choice(PREFIXES)
    age = 16 if kind is K.MINOR else random.randrange(18, 30)
    born = date(today.year - age - 1, random.randrange(1, 13), random.randrange(1, 29))
    if kind is K.MINOR:  # whatever the day: 16, or 17
        born = born.replace(year=today.year - 17)
    birth_date = f"{born:%Y%m%d}"
    person = Person(
        *(first, prefix, last, birth_date, random.choice("MV")),
        birth_place=random.choice(PLACES),
        birth_country="6030",
        address=_home(random),
    )
    if kind in (K.LONG_NAME, K.CHANGED):
        return replace(person, first_names=LONG[0], prefix="", surname=LONG[1])
    if kind is K.BIRTH_DATE:
        return replace(person, birth_date=f"{born.year}0000")
    if kind is K.PARTNER:
        own = {"name_use": "V", "partner_prefix": "van der", "partner_surname": "Meer"}
        return replace(person, birth_date=f"{born:%Y%m}00", **own)  # type: ignore[arg-type]
    if kind is K.SECRET:
        return replace(person, address=None, address_secret=True)
    if kind is K.ABROAD:
        lines = (f"Rue du Pont {random.randrange(1, 90)}", "1000 Bruxelles")
        return replace(person, birth_country="5010", address=Address("5010", lines=lines))
    return person


def _typed(random: Random, first: str, today: date) -> Personal:
    born = date(today.year - random.randrange(20, 40), random.randrange(1, 13), 14)
    return Personal(first, random.choice(PREFIXES), random.choice(LAST), f"{born:%Y%m%d}", "-")


def _interest(random: Random, choice: Choice, today: date) -> Draft:
    """As few answers as an interessemelding asks (INT-1): no address, one way of contact."""
    first = random.choice(FIRST)
    contact = _contact(random, first, phone="")
    who = replace(_typed(random, first, today), sex="")
    return Draft(personal=who, contact=contact, choice=choice, interest=Interest.CODE)


def _contact(random: Random, first: str, phone: str | None = None) -> Contact:
    number = random.randrange(10_000)
    own = f"+3161234{number:04}" if phone is None else phone
    return Contact(first, f"student{number}@voorbeeld.example", own)


def _home(random: Random) -> Address:
    return Address(
        street=random.choice(STREETS),
        number=str(random.randrange(1, 300)),
        suffix=random.choice(("", "", "A", "B-2")),
        postcode=f"{random.randrange(1000, 9999)}ZX",
        place=random.choice(PLACES),
    )


def _learnt(kind: Kind, random: Random, today: date) -> dict[str, Picked | PriorEducation]:
    summer = today.year - 1
    if kind in (K.ABROAD, K.UNKNOWN, K.BY_HAND):
        abroad = kind is K.ABROAD
        told = PriorEducation(
            school="Lycée du Parc" if abroad else "Scholengemeenschap De Waterlelie",
            level=EducationLevel.HAVO if abroad else EducationLevel.VMBO_TL,
            diploma=Diploma.YES if abroad else Diploma.EXAM,
            where=Where.ABROAD if abroad else Where.NETHERLANDS,
            year=summer,
        )
        return {"picked": Picked(From.STUDENT), "education": told}
    if kind is K.ADULT:
        return {"picked": Picked(From.NONE)}
    by_duo = PriorEducation(
        school="Vmbo-school De Kastanje",
        programme="Vmbo kaderberoepsgericht, zorg en welzijn",
        level=EducationLevel.VMBO_KB,
        brin="83XX",
        ilt_code="2831",
        started=date(summer - 4, 8, 1),
        ended=date(summer, 7, 31),
        decided=date(summer, 6, 14),
        diploma=Diploma.YES,
        result="Geslaagd",
        subjects=tuple(
            Subject(name, str(random.randrange(6, 10)))
            for name in ("Nederlands", "Engels", "Wiskunde", "Zorg en welzijn")
        ),
    )
    return {"picked": Picked(From.DUO, by_duo)}


def _first_day(random: Random, choice: Choice, today: date) -> StartDay | None:
    first = catalogue.first_start(choice, today)
    if first is None:
        return None
    last = catalogue.last_start(choice) or first + timedelta(days=60)
    day = first + timedelta(days=random.randrange((last - first).days + 1))
    return StartDay(choice.cohort_id, day)


def _guardians(random: Random, number: int) -> tuple[Guardian, ...]:
    return tuple(
        Guardian("Anna Maria", "van", random.choice(LAST), f"+3138456789{n}", "ouder@thuis.example")
        for n in range(number)
    )


def _company(choice: Choice) -> Leerbedrijf:
    home = Address(street="Ambachtsweg", number="9", postcode="8021ZX", place="Zwolle")
    return Leerbedrijf("100000001", "Bakkerij De Zonnebloem", home, choice.crebo)
