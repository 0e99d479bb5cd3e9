"""What must not be found where it doesn't belong: all that is known of the five, and is typed."""

from __future__ import annotations

from app import clock
from digistub.people import FIRST_FIVE
from tests.portal import Student

STREET = "Geheimestraat"  # of person 4: never anywhere
SECRET_ADDRESS = (STREET, "7941ZZ", "7941 ZZ")
TYPED = ("Kanarieroep", "kanarie@voorbeeld.nl", "Kanarievoor", "Kanarieachter", "Kanarielaan")
MARK = "KANARIEKENMERK"
BORN = [person.born(clock.today()) for person in FIRST_FIVE]
KNOWN = (
    *(person.bsn for person in FIRST_FIVE),
    *("Weide", "Bakhuis", "Lindeboom", "Overdijk", "Terbeek", "Kastanjelaan", "Havenkade"),
    *("8019XK", "7411XN", "612345678", *SECRET_ADDRESS, *TYPED),
    *(day.strftime(form) for day in BORN for form in ("%Y%m%d", "%Y-%m-%d", "%d-%m-%Y")),
)
LINK = f"/aanmelden?instelling=99XX&kenmerk={MARK}&returnUrl=https://www.school.example/klaar"
# A row that no database takes, with a BSN in it.
HALF_A_STUDENT = {"id": "x", "bsn_hash": "x", "document": KNOWN[0].encode()}


def found(text: str, canaries: tuple[str, ...] = KNOWN) -> list[str]:
    return [canary for canary in canaries if canary in text]


def typed(student: Student) -> dict[str, str]:
    fields = {
        "over-jou": {"first_names": TYPED[2], "surname": TYPED[3]},
        "adres": {"street": TYPED[4]},
        "contact": {"roepnaam": TYPED[0], "email": TYPED[1], "phone": "0612345678"},
    }
    return {**student.usual(), **fields.get(student.at, {})}
