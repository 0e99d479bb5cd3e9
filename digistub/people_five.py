"""The first five: what most students meet."""

from __future__ import annotations

from digistub.people_records import MAN, UNKNOWN_RESIDENCE, WOMAN, full_name, home, record
from digistub.people_schooling import Education
from digistub.people_types import TestPerson

FIRST_FIVE = (
    TestPerson(
        bsn="999650002",
        name="Noor van de Weide",
        shows="16 jaar, met adres en vooropleiding bij DUO. Zo hoort het te gaan.",
        persons_bsn="999661000",
        education_bsn="999671005",
        age=16,
        data=record(
            full_name("Noor Elisabeth", "van de", "Weide"),
            WOMAN,
            "Zwolle",
            home("Kastanjelaan", 12, "8019XK", "Zwolle", "B"),
        ),
        educations=(
            Education(
                "Vmbo-school De Kastanje",
                "Vmbo kaderberoepsgericht, zorg en welzijn",
                4,
                0,
                "83XX",
                "2831",
                diploma=True,
                result="Geslaagd",
                grades=True,
            ),
        ),
    ),
    TestPerson(
        bsn="999651018",
        name="Sem Bakhuis",
        shows="19 jaar, met adres. Heeft geen vertegenwoordiger nodig.",
        persons_bsn="999661012",
        education_bsn="",
        age=19,
        data=record(
            full_name("Sem", "", "Bakhuis"),
            MAN,
            "Deventer",
            home("Havenkade", 203, "7411XN", "Deventer"),
        ),
    ),
    TestPerson(
        bsn="999652023",
        name="Yara Lindeboom",
        shows="22 jaar, DUO weet geen adres. Vult zelf een adres in.",
        persons_bsn="999661024",
        education_bsn="",
        age=22,
        data=record(full_name("Yara Sophie", "", "Lindeboom"), WOMAN, "Almelo", UNKNOWN_RESIDENCE),
    ),
    TestPerson(
        bsn="999653027",
        name="Finn Overdijk",
        shows="16 jaar, geheim adres. Dat adres mag je nergens zien.",
        persons_bsn="999661036",
        education_bsn="",
        age=16,
        data=record(
            full_name("Finn", "", "Overdijk"),
            MAN,
            "Meppel",
            home("Geheimestraat", 7, "7941ZZ", "Meppel"),
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
