"""Two ways to an application that meet every page between them, as a browser answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.choosing import choose
from tests.leerbedrijven import BISTRO, COOK, IDS
from tests.portal import GUARDIAN, Student

Way = Callable[[Student], dict[str, Any]]


def studies(student: Student) -> dict[str, Any]:
    """BOL, known to DUO, and wants post elsewhere: answers in place of the usual ones."""
    given = {"gegevens": {"post_elsewhere": "y"}, "ouders": GUARDIAN}
    return given.get(student.at, {})


def works(student: Student) -> dict[str, Any]:
    """BBL, unknown to DUO, lives abroad and went to school somewhere."""
    if student.at == "adres":
        student.post(switch="anders")
        return {"country": "België", "line1": "Rue du Pont 3"}
    given = {
        "vooropleiding": {"which": "anders"},
        "leerbedrijf": {"company": IDS[BISTRO]},
        "ouders": GUARDIAN,
    }
    return given.get(student.at, {})


WAYS = {studies: "9998", works: "9990"}  # with the beginning of a BSN
COMPANIES = ("", "?q=bistro", "?q=bistro&voorstel=1", f"?bedrijf={IDS[BISTRO]}")


def goes_on(student: Student, way: Way) -> None:
    if student.at == "opleiding" and way is works:
        choose(student, COOK)
    else:
        student.answer(**way(student))


def walk(student: Student, way: Way) -> Student:
    """To the check page."""
    while student.at != "controleren":
        goes_on(student, way)
    return student
