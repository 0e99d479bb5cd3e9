"""Somebody of whom everything is known, and what is said of those of whom less is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.domain.draft import Contact, Draft, From, Guardian, Known, Outcome, Personal, Picked
from app.domain.education import Diploma, EducationLevel, PriorEducation, Subject
from app.domain.leerbedrijf import Accreditation, Leerbedrijf
from app.domain.person import Address, Person
from tests.unit.answers import open_choice
from tests.unit.complete import TODAY

HOME = Address(
    street="Lange Jan", number="41", suffix="A-2", note="to", postcode="3811ZX", place="Amersfoort"
)
PERSON = Person(
    first_names="Ravi Ana",
    prefix="van de",
    surname="Kersten",
    birth_date="20060314",
    sex="M",
    birth_place="Deventer",
    birth_country="6030",
    address=HOME,
)
LEARNT = PriorEducation(
    school="De Kastanje",
    programme="Vmbo kader",
    level=EducationLevel.VMBO_KB,
    brin="83XX",
    ilt_code="2831",
    started=date(2020, 8, 1),
    ended=date(2024, 7, 31),
    decided=date(2024, 6, 20),
    diploma=Diploma.YES,
    result="Geslaagd",
    subjects=(Subject("Nederlands", "7"), Subject("Stage", "")),
)
COMPANY = Leerbedrijf("100000001", "Bakkerij", HOME, "25180", Accreditation.EQUIVALENT)
WHOLE = Draft(
    person=Known(Outcome.FOUND, PERSON),
    contact=Contact("Ravi", "ravi@voorbeeld.nl", "+31612345678"),
    picked=Picked(From.DUO, LEARNT),
    choice=replace(
        open_choice(TODAY), leertraject="BBL", crebo="25180", start=TODAY + timedelta(30)
    ),
    guardians=(Guardian("Anna", "de", "Vries", "+31384567890", "anna@voorbeeld.nl"),),
    leerbedrijf=(COMPANY,),
)
TYPED = Personal("Ali", "el", "Yılmaz", "20000229", "M")
