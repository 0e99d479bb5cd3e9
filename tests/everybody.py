"""What each test person meets on the way, and why: written down, not computed by the portal."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from digistub.people import PEOPLE
from digistub.people_names import LONG_FIRST_NAMES, LONG_SURNAME
from tests.choosing import choose, look_at
from tests.leerbedrijven import BISTRO, IDS
from tests.portal import GUARDIAN, Student

PERSONS = {person.bsn: person for person in PEOPLE}
DECEASED, MISTAKEN = "999602068", "999603127"

# What a letter says only to whom it concerns: it may not be in anybody else's.
UNKNOWN = "DUO kent je nog niet."
DOWN = "Normaal halen we je gegevens op bij DUO. Dat lukt nu niet"
SECRET = "Het bij DUO gevonden adres is gemarkeerd als geheim."
NO_ADDRESS = "DUO weet je adres niet."
ONLY_COUNTRY = "DUO weet niet op welk adres."
NO_SURNAME = "DUO weet je achternaam niet."
NO_FIRST_NAMES = "DUO heeft geen voornaam van jou. Dat is niet erg."
NO_BIRTHDAY = "De precieze dag is niet bekend"
NO_BIRTH_DATE = "DUO weet niet wanneer je geboren bent."
NO_SEX = "Of je man of vrouw bent, staat er niet bij."
OTHER_NAME = "Je gebruikt de achternaam"
SAYINGS = (
    *(UNKNOWN, DOWN, SECRET, NO_ADDRESS, ONLY_COUNTRY, NO_SURNAME, NO_FIRST_NAMES),
    *(NO_BIRTHDAY, NO_BIRTH_DATE, NO_SEX, OTHER_NAME),
)
EVERYTHING = ("first_names", "prefix", "surname", "birth_date", "sex")


@dataclass(frozen=True)
class Meets:
    """One person, at any age. Empty: DUO doesn't know it, and the student types it."""

    name: str = ""  # in the letter
    street: str = ""  # with the number, of the address that the dossier gets
    letter: tuple[str, ...] = ()  # of SAYINGS
    typed: tuple[str, ...] = ()  # the fields of «Wie ben je?»
    schools: int = 0  # that DUO knows of
    opens: int | None = None  # the level of mbo that the newest of them opens; None: no telling


EVERYBODY = {
    # The first five.
    "999650002": Meets("Noor Elisabeth van de Weide", "Kastanjelaan 12 B", schools=1, opens=4),
    "999651018": Meets("Sem Bakhuis", "Havenkade 203"),
    "999652023": Meets("Yara Sophie Lindeboom", letter=(NO_ADDRESS,)),
    "999653027": Meets("Finn Overdijk", letter=(SECRET,)),
    "999654019": Meets(letter=(UNKNOWN,), typed=EVERYTHING),
    # Another address.
    "999600710": Meets("Lotte Schuilen", letter=(SECRET,), schools=1, opens=1),
    "999600801": Meets(
        "Ravi Kersten", "Lange Jan 41 A-2", letter=(OTHER_NAME,), schools=1, opens=4
    ),
    "999600850": Meets("Elise Marie Dubois", "Rue du Pont 3"),
    "999601970": Meets("Bo Waterman", letter=(NO_ADDRESS,), schools=1, opens=1),
    "999602019": Meets("Mick Zwerver", letter=(NO_ADDRESS,)),
    "999602159": Meets("Zofia Nowak", letter=(ONLY_COUNTRY,)),
    # Another name.
    "999601088": Meets(
        "Saraswati", "Laan van de Zon, bij nummer 8", letter=(NO_FIRST_NAMES,), schools=1, opens=4
    ),
    "999601179": Meets("Kofi", "Spoorlaan 77", letter=(NO_SURNAME,), typed=("prefix", "surname")),
    "999601830": Meets(
        f"{LONG_FIRST_NAMES} {LONG_SURNAME}", "Sint-Jansstraat 5", schools=1, opens=4
    ),
    "999601921": Meets(
        "Fleur Otten", "Rapenburg 19", letter=(OTHER_NAME, NO_BIRTHDAY), schools=1, opens=4
    ),
    # Another birth date.
    "999600941": Meets("Daan de Wit", "Boulevard 100", letter=(OTHER_NAME, NO_BIRTHDAY)),
    "999600990": Meets("Amara Diallo", "Singel 3", letter=(NO_BIRTHDAY,)),
    "999601039": Meets(
        "Robin Onrust", "Grote Kade 15", letter=(NO_BIRTH_DATE, NO_SEX), typed=("birth_date",)
    ),
    "999603000": Meets("Jip Feenstra", "Waterpoort 2", schools=1, opens=4),
    "999603061": Meets("Janneke Morgenster", "Brink 30", schools=1, opens=4),
    # Prior education.
    "999600059": Meets("Tess Johanna van de Brug", "Beukenlaan 14", schools=1, opens=4),
    "999600199": Meets("Bram Oosterhof", "Veenweg, tegenover nummer 61"),
    "999602950": Meets("Nadia el Amrani", "Maaskade 210", schools=4),
    # DUO fails, or doesn't know them.
    "999602299": Meets(letter=(UNKNOWN,), typed=EVERYTHING),
    "999602810": Meets(letter=(DOWN,), typed=EVERYTHING, schools=1, opens=4),
    "999602901": Meets("Vera Stilstra", "Roode Steen 6"),
}


@dataclass(frozen=True)
class Offered:
    """A programme of one leertraject that is open, and what its choice leads to."""

    key: str  # in the test service
    level: int  # 0: none, so nobody falls short
    more: tuple[str, ...]  # steps after the choice
    april: bool  # whether 1 April makes a difference


OFFERED = {
    "BOL": Offered("media-bol", 4, ("ouders",), april=True),
    "BBL": Offered("kok-bbl-zwolle", 2, ("startdatum", "ouders", "leerbedrijf"), april=True),
    "VAVO": Offered("havo-vavo", 0, ("ouders",), april=False),
    "EX": Offered("helpende-ex", 2, ("startdatum", "ouders", "leerbedrijf"), april=False),
}
BORN = {"adult": "1995", "minor": "2012"}  # where the student types it
TYPED_LEVEL, TYPED_OPENS, NOTHING_OPENS = "vmbo-bb", 2, 0


def way(meets: Meets, age: str, offered: Offered) -> list[str]:
    """The steps that this person meets, in order."""
    return [
        "gegevens",
        *(["over-jou"] if meets.typed else []),
        *([] if meets.street else ["adres"]),
        "contact",
        "vooropleiding",
        *(["school"] if tells_of_school(meets, age) else []),
        "opleiding",
        *offered.more,
        "controleren",
    ]


def tells_of_school(meets: Meets, age: str) -> bool:
    """Of whom DUO knows no school, adults tell of one here and minors have none."""
    return not meets.schools and age == "adult"


def marks(meets: Meets, age: str) -> dict[str, str]:
    """Who said it, by the heading on the check page; where it needs no saying there is none."""
    by_duo, by_student = "Van DUO", "Zelf ingevuld"
    found = {
        "Je gegevens": by_duo if meets.name else "",
        "Over jou": by_student if meets.typed else "",
        "Adres": "" if meets.street else by_student,
        "Vooropleiding": by_duo if meets.schools else "",
        "Je school": by_student if tells_of_school(meets, age) else "",
    }
    return {heading: mark for heading, mark in found.items() if mark}


def falls_short(meets: Meets, age: str, offered: Offered) -> bool:
    opens = meets.opens
    if not meets.schools:
        opens = TYPED_OPENS if tells_of_school(meets, age) else NOTHING_OPENS
    return opens is not None and opens < offered.level


@dataclass
class Walk:
    """Somebody who goes all the way, and what they saw at each step."""

    student: Student
    meets: Meets
    age: str
    leertraject: str
    pages: dict[str, str] = field(default_factory=dict)  # as it is read, by the step's slug
    html: dict[str, str] = field(default_factory=dict)

    def walk(self) -> Walk:
        for _ in range(12):
            slug = self.student.at
            self.html[slug] = self.student.page.text
            self.pages[slug] = read(self.student.page.text)
            if slug == "verstuurd":
                break
            self.answer(slug)
        return self

    def answer(self, slug: str) -> None:
        student = self.student
        if slug == "over-jou":
            student.answer(**{"birth_date-year": BORN[self.age]})
        elif slug == "contact" and NO_FIRST_NAMES in self.meets.letter:
            student.answer(roepnaam="Sas")
        elif slug == "vooropleiding":
            student.post(which=self.schooling())
        elif slug == "school":
            student.answer(level=TYPED_LEVEL)
        elif slug == "opleiding":
            programme = look_at(student, OFFERED[self.leertraject].key)
            self.pages[slug] = read(programme.text)
            choose(student, OFFERED[self.leertraject].key)
        elif slug == "ouders":
            student.post(**(GUARDIAN if self.age == "minor" else {}))
        elif slug == "leerbedrijf" and self.leertraject == "BBL":
            student.post(company=IDS[BISTRO])
        else:
            student.answer()

    def schooling(self) -> str:
        """The first that DUO knows."""
        if self.meets.schools:
            return re.findall(r'name="which" value="([^"]+)"', self.student.page.text)[0]
        return "anders" if tells_of_school(self.meets, self.age) else "geen"

    def marked(self) -> dict[str, str]:
        """The headings of the check page that say who told it."""
        sections = re.findall(
            r'<section class="summary">(.*?)</section>', self.html["controleren"], re.S
        )
        found = {}
        for section in sections:
            badge = re.search(r"<[^>]*badge[^>]*>([^<]+)", section)
            if badge:
                found[re.findall(r"<h2[^>]*>([^<]+)", section)[0]] = badge[1]
        return found


def read(html: str) -> str:
    """What is to read on the page itself, on one line."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", "", main.replace("<br>", " "))).split())
