"""People with a name, or a birth date, that not everybody has."""

from __future__ import annotations

from digistub.people_records import MAN, SEX_UNKNOWN, WOMAN, full_name, home, record
from digistub.people_schooling import Education
from digistub.people_types import Birth, TestPerson

LONG_FIRST_NAMES = "Ångström-Šárka Zoë Renée Łucja"
LONG_SURNAME = "D'Ó Brien-Çelik <b>&\"' Šimečková Wolfeschlegelsteinhausenberger"
VMBO = Education("Vmbo Het Kompas", "Vmbo theoretisch", 4, 0, "82XX", "0400", diploma=True)

WITH_A_NAME = (
    TestPerson(
        bsn="999601088",
        name="Saraswati",
        shows="18 jaar, heeft geen voornamen. Woont bij nummer 8.",
        persons_bsn="999662077",
        education_bsn="999672034",
        age=18,
        data=record(
            full_name("", "", "Saraswati"),
            WOMAN,
            "Den Haag",
            home("Laan van de Zon", 8, "2511ZX", "'s-Gravenhage", mark="by"),
            secrecy=2,
        ),
        educations=(VMBO,),
    ),
    TestPerson(
        bsn="999601179",
        name="Kofi",
        shows="24 jaar, als achternaam staat er een punt. Vult zelf een achternaam in.",
        persons_bsn="999662089",
        education_bsn="",
        age=24,
        data=record(
            full_name("Kofi", "", "."),
            MAN,
            "Tilburg",
            home("Spoorlaan", 77, "5011ZX", "Tilburg"),
            suspended="W",
        ),
    ),
    TestPerson(
        bsn="999601830",
        name="Zoë D'Ó Brien-Çelik",
        shows="21 jaar, een lange naam met accenten en tekens als < en &.",
        persons_bsn="999662090",
        education_bsn="999672046",
        age=21,
        data=record(
            full_name(LONG_FIRST_NAMES, "", LONG_SURNAME),
            WOMAN,
            "Nijmegen",
            home("Sint-Jansstraat", 5, "6511ZX", "Nijmegen"),
        ),
        educations=(VMBO,),
    ),
    TestPerson(
        bsn="999601921",
        name="Fleur van der Meer-Otten",
        shows="29 jaar, zet de naam van de partner vooraan. De geboortedag is onbekend.",
        persons_bsn="999662107",
        education_bsn="999672058",
        age=29,
        birth=Birth.MONTH,
        data=record(
            full_name("Fleur", "", "Otten", "V"),
            WOMAN,
            "Leiden",
            home("Rapenburg", 19, "2311ZX", "Leiden"),
            secrecy=4,
            partner=full_name("Teun", "van der", "Meer"),
        ),
        educations=(
            Education("ROC De Horizon", "Software developer", 3, 9, "99XX", level=4, diploma=True),
        ),
    ),
)
WITH_A_BIRTHDAY = (
    TestPerson(
        bsn="999600941",
        name="Daan de Wit-Bos",
        shows="Volwassen, alleen het geboortejaar is bekend. Zet de naam van de partner achteraan.",
        persons_bsn="999662119",
        education_bsn="",
        age=27,
        birth=Birth.YEAR,
        data=record(
            full_name("Daan", "de", "Wit", "N"),
            MAN,
            "Enschede",
            home("Boulevard", 100, "7511ZX", "Enschede"),
            secrecy=1,
            partner=full_name("Sanne", "", "Bos"),
        ),
    ),
    TestPerson(
        bsn="999600990",
        name="Amara Diallo",
        shows="17 of 18 jaar: alleen het geboortejaar is bekend. Telt als minderjarig.",
        persons_bsn="999662120",
        education_bsn="",
        age=18,
        birth=Birth.YEAR,
        data=record(
            full_name("Amara", "", "Diallo"),
            WOMAN,
            "Breda",
            home("Singel", 3, "4811ZX", "Breda"),
        ),
    ),
    TestPerson(
        bsn="999601039",
        name="Robin Onrust",
        shows="Geboortedatum en geslacht zijn onbekend. Vult zelf een geboortedatum in.",
        persons_bsn="999662132",
        education_bsn="",
        age=20,
        birth=Birth.NOTHING,
        data=record(
            full_name("Robin", "", "Onrust"),
            SEX_UNKNOWN,
            "Goes",
            home("Grote Kade", 15, "4461ZX", "Goes"),
        ),
    ),
    TestPerson(
        bsn="999603000",
        name="Jip Feenstra",
        shows="Wordt vandaag 18. Een ouder of verzorger hoeft niet.",
        persons_bsn="999662144",
        education_bsn="999672071",
        age=18,
        birthday_in=0,
        data=record(
            full_name("Jip", "", "Feenstra"),
            MAN,
            "Sneek",
            home("Waterpoort", 2, "8601ZX", "Sneek"),
        ),
        educations=(VMBO,),
    ),
    TestPerson(
        bsn="999603061",
        name="Janneke Morgenster",
        shows="Wordt morgen 18. Een ouder of verzorger moet nog.",
        persons_bsn="999662156",
        education_bsn="999672083",
        age=17,
        birthday_in=1,
        data=record(
            full_name("Janneke", "", "Morgenster"),
            WOMAN,
            "Assen",
            home("Brink", 30, "9401ZX", "Assen"),
        ),
        educations=(VMBO,),
    ),
)
