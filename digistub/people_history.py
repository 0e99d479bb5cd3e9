"""People with one kind of prior education or another, and those for whom DUO fails."""

from __future__ import annotations

from digistub.faults import AT_FIRST
from digistub.people_records import MAN, WOMAN, full_name, home, record
from digistub.people_schooling import Education
from digistub.people_types import TestPerson

WITH_A_HISTORY = (
    TestPerson(
        bsn="999600059",
        name="Tess van de Brug",
        shows="17 jaar, vmbo-diploma met zes vakken.",
        persons_bsn="999662168",
        education_bsn="999672095",
        age=17,
        data=record(
            full_name("Tess Johanna", "van de", "Brug"),
            WOMAN,
            "Apeldoorn",
            home("Beukenlaan", 14, "7311ZX", "Apeldoorn"),
        ),
        educations=(
            Education(
                "Vmbo Het Kompas",
                "Vmbo kaderberoepsgericht, zorg en welzijn",
                4,
                0,
                "82XX",
                "2831",
                diploma=True,
                result="Geslaagd",
                grades=True,
            ),
        ),
    ),
    TestPerson(
        bsn="999600199",
        name="Bram Oosterhof",
        shows="34 jaar, DUO weet van geen vooropleiding. Woont tegenover nummer 61.",
        persons_bsn="999662181",
        education_bsn="",
        age=34,
        data=record(
            full_name("Bram", "", "Oosterhof"),
            MAN,
            "Emmen",
            home("Veenweg", 61, "7811ZX", "Emmen", mark="to"),
        ),
    ),
    TestPerson(
        bsn="999602950",
        name="Nadia el Amrani",
        shows="24 jaar, vier scholen: een met alleen een nummer, een vavo, een die nog loopt, "
        "een zonder diploma.",
        persons_bsn="999662193",
        education_bsn="999672101",
        age=24,
        data=record(
            full_name("Nadia", "el", "Amrani"),
            WOMAN,
            "Rotterdam",
            home("Maaskade", 210, "3011ZX", "Rotterdam"),
            secrecy=6,
        ),
        educations=(
            Education("81XX", "Vmbo theoretisch", 4, 6, "81XX", "0400", diploma=True),
            Education("Vavo Rijnmond", "Havo (vavo)", 2, 3, "86XX", "0371", diploma=True),
            Education("ROC De Maas", "Doktersassistent", 2, 1, "87XX", level=4, diploma=False),
            Education("Hogeschool De Brink", "Verpleegkunde", 1, None, "88XX"),
        ),
    ),
)
WITHOUT_AN_ANSWER = (
    TestPerson(
        bsn="999602299",
        name="Olivier Nergens",
        shows="Onbekend bij DUO. Vult alles zelf in.",
        persons_bsn="",
        education_bsn="",
        age=28,
    ),
    TestPerson(
        bsn="999602810",
        name="Wim Wachters",
        shows="DUO geeft zijn gegevens niet op tijd. Probeert hij het na vijf seconden opnieuw, "
        "dan wel.",
        persons_bsn="999662211",
        education_bsn="999672113",
        age=18,
        data=record(
            full_name("Wim", "", "Wachters"),
            MAN,
            "Gouda",
            home("Turfmarkt", 4, "2801ZX", "Gouda"),
        ),
        educations=(
            Education("Vmbo Het Kompas", "Vmbo gemengd", 4, 1, "82XX", "2731", diploma=True),
        ),
        persons_fault=AT_FIRST,
    ),
    TestPerson(
        bsn="999602901",
        name="Vera Stilstra",
        shows="22 jaar, DUO geeft haar vooropleiding nooit op tijd.",
        persons_bsn="999662223",
        education_bsn="999672125",
        age=22,
        data=record(
            full_name("Vera", "", "Stilstra"),
            WOMAN,
            "Hoorn",
            home("Roode Steen", 6, "1621ZX", "Hoorn"),
            secrecy=5,
        ),
        education_fault="timeout",
    ),
    TestPerson(
        bsn="999602068",
        name="Hendrik Avondrood",
        shows="Staat als overleden geregistreerd. Kan niet verder.",
        persons_bsn="999662235",
        education_bsn="",
        age=40,
        data=record(
            full_name("Hendrik", "", "Avondrood"),
            MAN,
            "Delft",
            home("Oude Delft", 11, "2611ZX", "Delft"),
            suspended="O",
        ),
    ),
    TestPerson(
        bsn="999603127",
        name="Fenna Foutema",
        shows="Staat per ongeluk geregistreerd. Kan niet verder.",
        persons_bsn="999662247",
        education_bsn="",
        age=33,
        data=record(
            full_name("Fenna", "", "Foutema"),
            WOMAN,
            "Joure",
            home("Midstraat", 50, "8501ZX", "Joure"),
            suspended="F",
        ),
    ),
)
