"""People whose address isn't an ordinary one."""

from __future__ import annotations

from digistub.people_records import (
    MAN,
    UNKNOWN_RESIDENCE,
    WOMAN,
    abroad,
    full_name,
    home,
    moored,
    record,
)
from digistub.people_schooling import Education
from digistub.people_types import TestPerson

WITH_AN_ADDRESS = (
    TestPerson(
        bsn="999600710",
        name="Lotte Schuilen",
        shows="17 jaar, geheim adres (7). Vult een ander adres in. School zonder diploma.",
        persons_bsn="999662004",
        education_bsn="999672009",
        age=17,
        data=record(
            full_name("Lotte", "", "Schuilen"),
            WOMAN,
            "Hengelo",
            home("Geheimestraat", 9, "7551ZZ", "Hengelo"),
            secrecy=7,
        ),
        educations=(
            Education(
                "Scholengemeenschap De Waterlelie",
                "Vmbo basisberoepsgericht",
                3,
                0,
                "81XX",
                "2931",
                diploma=False,
            ),
        ),
    ),
    TestPerson(
        bsn="999600801",
        name="Ravi Kersten",
        shows="26 jaar, geheimhouding 3: het adres is te zien. Gebruikt de naam van de partner.",
        persons_bsn="999662016",
        education_bsn="999672010",
        age=26,
        data=record(
            full_name("Ravi", "", "Kersten", "P"),
            MAN,
            "Amersfoort",
            home("Lange Jan", 41, "3811ZX", "Amersfoort", "A", "2"),
            secrecy=3,
            partner=full_name("Mila", "", "Groenewoud"),
        ),
        educations=(Education("Havo De Heuvel", "Havo", 5, 8, "84XX", "0371", diploma=True),),
    ),
    TestPerson(
        bsn="999600850",
        name="Elise Dubois",
        shows="19 jaar, woont in België. Twee adresregels en een land.",
        persons_bsn="999662028",
        education_bsn="",
        age=19,
        data=record(
            full_name("Elise Marie", "", "Dubois"),
            WOMAN,
            "Maastricht",
            abroad("5010", "België", "Rue du Pont 3", "1000 Bruxelles"),
            suspended="E",
        ),
    ),
    TestPerson(
        bsn="999601970",
        name="Bo Waterman",
        shows="20 jaar, woont op een boot zonder adres. DUO weet van de school alleen een nummer.",
        persons_bsn="999662041",
        education_bsn="999672022",
        age=20,
        data=record(
            full_name("Bo", "", "Waterman"),
            MAN,
            "Lelystad",
            moored("Woonboot bij de Zuiderbrug"),
        ),
        educations=(Education("89XX", "Praktijkonderwijs", 5, 2, "89XX", "0090", diploma=True),),
    ),
    TestPerson(
        bsn="999602019",
        name="Mick Zwerver",
        shows="23 jaar, DUO weet niet waar hij woont. Vult een adres in.",
        persons_bsn="999662053",
        education_bsn="",
        age=23,
        data=record(
            full_name("Mick", "", "Zwerver"), MAN, "Venlo", UNKNOWN_RESIDENCE, suspended="M"
        ),
    ),
    TestPerson(
        bsn="999602159",
        name="Zofia Nowak",
        shows="25 jaar, woonde nooit in Nederland (RNI). Alleen het land is bekend.",
        persons_bsn="999662065",
        education_bsn="",
        age=25,
        data=record(
            full_name("Zofia", "", "Nowak"),
            WOMAN,
            "Gdańsk",
            abroad("7028", "Polen"),
            suspended="R",
        ),
    ),
)
