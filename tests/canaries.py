"""What must not be found where it doesn't belong: what is known and typed of WALKERS."""

from __future__ import annotations

from app import clock
from digistub.people import FIRST_FIVE, PEOPLE
from tests.days import in_words
from tests.leerbedrijven import IDS
from tests.portal import Student

WALKERS = (*FIRST_FIVE, *(p for p in PEOPLE[5:] if p.data.get("indicatieGeheim") == 7))
STREET = "Geheimestraat"  # of whom DUO keeps the address secret: never anywhere
SECRET_ADDRESS = (STREET, "7941ZZ", "7941 ZZ", "7551ZZ", "7551 ZZ")
TYPED = (
    *("Kanarieroep", "kanarie@voorbeeld.nl", "Kanarievoor", "Kanarieachter", "Kanarielaan"),
    *("Kanarieschool", "Kanarievak", "Kanarieouder", "Kanariemoeder", "ouder@kanarie.nl"),
    *("Kanariesteiger", "Kanariedorp"),
)
COMPANY = "Bistro Op de Brink"
MARK = "KANARIEKENMERK"
BORN = [person.born(clock.today()) for person in WALKERS]
KNOWN = (
    *(person.bsn for person in WALKERS),
    *("Weide", "Bakhuis", "Lindeboom", "Overdijk", "Terbeek", "Kastanjelaan", "Havenkade"),
    *("8019XK", "7411XN", "612345678", *SECRET_ADDRESS, *TYPED),
    *("De Kastanje", "zorg en welzijn", COMPANY),
    *(day.strftime(form) for day in BORN for form in ("%Y%m%d", "%Y-%m-%d", "%d-%m-%Y")),
    *(in_words(day) for day in BORN),
)
LINK = f"/aanmelden?instelling=99XX&kenmerk={MARK}&returnUrl=https://www.school.example/klaar"
# A row that no database takes, with a BSN in it.
HALF_A_STUDENT = {"id": "x", "bsn_hash": "x", "document": KNOWN[0].encode()}


def found(text: str, canaries: tuple[str, ...] = KNOWN) -> list[str]:
    return [canary for canary in canaries if canary in text]


def typed(student: Student) -> dict[str, str]:
    """Answers with canaries wherever somebody can type."""
    fields = {
        "over-jou": {"first_names": TYPED[2], "surname": TYPED[3]},
        "adres": {"street": TYPED[4], "note": TYPED[10], "place": TYPED[11]},
        "contact": {"roepnaam": TYPED[0], "email": TYPED[1], "phone": "0612345678"},
        "vooropleiding": {"which": "anders"} if student.usual() else {},
        "school": {"school": TYPED[5], "programme": TYPED[6]},
        "leerbedrijf": {"company": IDS[COMPANY]},
        "ouders": {
            **{"first-first_names": TYPED[7], "first-surname": TYPED[8]},
            **{"first-email": TYPED[9], "first-phone": "0612345678"},
        },
    }
    return {**student.usual(), **fields.get(student.at, {})}
