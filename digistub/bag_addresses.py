"""The addresses that the test BAG knows, all invented: those of the test people and some more."""

from __future__ import annotations

from typing import Any

from digistub.people import PEOPLE

# Postcode, street, place, number, and the additions on it: a letter and what follows it.
STREETS: tuple[tuple[str, str, str, int, tuple[str, ...]], ...] = (
    ("1234AB", "Lindelaan", "Ons Dorp", 12, ("",)),
    ("1234AB", "Lindelaan", "Ons Dorp", 14, ("",)),
    ("1234AB", "Lindelaan", "Ons Dorp", 16, ("", "A", "B")),
    ("1234CD", "Beukenlaan", "Ons Dorp", 12, ("",)),
    ("1099XZ", "Prinsenwal", "Amsterdam", 301, ("1", "2", "3", "H")),
    ("3099XZ", "Pakhuiskade", "Rotterdam", 18, ("A", "A-2", "B", "B-2")),
    ("3599XZ", "Wilgenhof", "Utrecht", 5, ("bis",)),
    ("6299XZ", "Sint-Annapad", "Maastricht", 77, ("",)),
    ("9799XZ", "Turfsingel-Oost", "Groningen", 40, tuple(str(n) for n in range(1, 31))),
    ("8799XZ", "Burgemeester van der Meulen-Terpstralaan", "Sint Anna ter Muiden", 9, ("",)),
)  # fmt: skip


def _hit(postcode: str, street: str, place: str, number: int, extra: str = "") -> dict[str, Any]:
    letter, _, addition = extra.partition("-")
    if not (len(letter) == 1 and letter.isalpha()):
        letter, addition = "", extra
    whole = f"{number}{letter}{'-' if addition else ''}{addition}"
    hit = {
        "type": "adres",
        "id": f"adr-{postcode}-{whole}".lower(),
        "bron": "BAG",
        "weergavenaam": f"{street} {whole}, {postcode} {place}",
        "straatnaam": street,
        "huisnummer": number,
        "huis_nlt": whole,
        "huisletter": letter,
        "huisnummertoevoeging": addition,
        "postcode": postcode,
        "woonplaatsnaam": place,
        "centroide_ll": "POINT(5.1 52.07)",
        "score": 10.0,
    }
    return {key: value for key, value in hit.items() if value != ""}


def _of_people() -> dict[str, dict[str, Any]]:
    """Where the test people live, but for those whose address is secret: it is nowhere else."""
    hits = {}
    for person in PEOPLE:
        home = person.data.get("verblijfplaats", {}).get("verblijfadres", {})
        if "officieleStraatnaam" not in home or person.data.get("indicatieGeheim"):
            continue
        extra = home.get("huisletter", ""), home.get("huisnummertoevoeging", "")
        hit = _hit(
            home["postcode"],
            home["officieleStraatnaam"],
            home["woonplaats"],
            home["huisnummer"],
            "-".join(part for part in extra if part),
        )
        hits[hit["id"]] = hit
    return hits


def _street(postcode: str, street: str, place: str) -> dict[str, Any]:
    name = f"{street}, {place}"
    return {"type": "weg", "id": f"weg-{postcode.lower()}", "bron": "BAG", "weergavenaam": name,
            "straatnaam": street, "woonplaatsnaam": place, "score": 9.0}  # fmt: skip


HITS: tuple[dict[str, Any], ...] = (
    *_of_people().values(),
    *(_hit(p, street, place, n, x) for p, street, place, n, extra in STREETS for x in extra),
    *(_street(p, street, place) for p, street, place, _number, _extra in STREETS),
)
