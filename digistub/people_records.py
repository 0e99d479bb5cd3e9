"""How a test person's data is written: the groups of Haal Centraal BRP Personen 2."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

NETHERLANDS = {"code": "6030", "omschrijving": "Nederland"}
WOMAN = {"code": "V", "omschrijving": "vrouw"}
MAN = {"code": "M", "omschrijving": "man"}
SEX_UNKNOWN = {"code": "O", "omschrijving": "onbekend"}
UNKNOWN_RESIDENCE = {"type": "VerblijfplaatsOnbekend"}
NAME_USES = {
    "E": "eigen geslachtsnaam",
    "P": "geslachtsnaam partner",
    "V": "geslachtsnaam partner voor eigen geslachtsnaam",
    "N": "geslachtsnaam partner na eigen geslachtsnaam",
}
SUSPENSIONS = {
    "O": "overlijden",
    "E": "emigratie",
    "M": "ministerieel besluit",
    "R": "pl is aangelegd in de rni",
    "W": "afgevoerd",
    "F": "fout",
}
NUMBER_MARKS = {"to": "tegenover", "by": "bij"}
Group = dict[str, Any]


def full_name(first: str, prefix: str, surname: str, use: str = "E") -> Group:
    name = {
        "voornamen": first,
        "voorletters": "".join(f"{part[0]}." for part in first.split()),
        "voorvoegsel": prefix,
        "geslachtsnaam": surname,
        "volledigeNaam": " ".join(part for part in (first, prefix, surname) if part),
        "aanduidingNaamgebruik": {"code": use, "omschrijving": NAME_USES[use]},
    }
    return {key: value for key, value in name.items() if value}


def home(
    street: str,
    number: int,
    postcode: str,
    place: str,
    letter: str = "",
    addition: str = "",
    mark: str = "",
) -> Group:
    """`mark`: «to» for opposite the number, «by» for near it."""
    address: Group = {
        "officieleStraatnaam": street,
        "korteStraatnaam": street[:24],
        "huisnummer": number,
        "postcode": postcode,
        "woonplaats": place,
    }
    if letter:
        address["huisletter"] = letter
    if addition:
        address["huisnummertoevoeging"] = addition
    if mark:
        address["aanduidingBijHuisnummer"] = {"code": mark, "omschrijving": NUMBER_MARKS[mark]}
    return {
        "type": "Adres",
        "functieAdres": {"code": "W", "omschrijving": "woonadres"},
        "verblijfadres": address,
    }


def abroad(country: str, name: str, *lines: str) -> Group:
    """`country` by BRP table 34."""
    address: Group = {f"regel{n}": line for n, line in enumerate(lines, 1)}
    address["land"] = {"code": country, "omschrijving": name}
    return {"type": "VerblijfplaatsBuitenland", "verblijfadres": address}


def moored(description: str) -> Group:
    """Where there is no address: a houseboat, a caravan."""
    return {"type": "Locatie", "verblijfadres": {"locatiebeschrijving": description}}


def record(
    naam: Group,
    geslacht: Group,
    place: str,
    verblijfplaats: Group,
    secrecy: int = 0,
    suspended: str = "",
    partner: Group | None = None,
) -> Mapping[str, Any]:
    """`secrecy` is BRP element 70.10, `suspended` a key of SUSPENSIONS."""
    data: Group = {
        "naam": naam,
        "geslacht": geslacht,
        "geboorte": {"plaats": {"omschrijving": place}, "land": NETHERLANDS},
        "verblijfplaats": verblijfplaats,
        "indicatieGeheim": secrecy,
    }
    if secrecy:
        data["geheimhoudingPersoonsgegevens"] = True
    if suspended:
        reason = {"code": suspended, "omschrijving": SUSPENSIONS[suspended]}
        data["opschortingBijhouding"] = {"reden": reason}
    if partner:
        data["partners"] = [{"naam": partner}]
    return MappingProxyType(data)
