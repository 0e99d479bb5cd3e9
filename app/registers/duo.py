"""DUO's persons, in the shape of Haal Centraal BRP Personen bevragen 2, with the raw number of
the secrecy (BRP element 70.10) beside it in `indicatieGeheim`."""

from __future__ import annotations

from typing import Any

from app.domain.countries import UNKNOWN
from app.domain.person import NETHERLANDS, Address, Person, suffix
from app.domain.ports import MalformedReply
from app.registers.http import Client
from app.registers.reply import Reply

REGISTER = "duo"
# Only what is shown or sent. Never the nationality (DUO-2).
FIELDS = (
    "burgerservicenummer",
    "naam.voornamen",
    "naam.voorvoegsel",
    "naam.geslachtsnaam",
    "naam.aanduidingNaamgebruik",
    "geslacht",
    "geboorte.datum",
    "geboorte.plaats",
    "geboorte.land",
    "verblijfplaats.verblijfadres",
    "partners.naam.voorvoegsel",
    "partners.naam.geslachtsnaam",
)
SECRET = 7
SEXES = {"M": "M", "V": "V", "O": "-", "": "-"}
COUNTRY = r"\d{4}"


class DuoPersons:
    """`secrecy`: the numbers from 1 to 6 that hide an address just as 7 does (DUO-3)."""

    def __init__(self, client: Client, secrecy: frozenset[int] = frozenset()) -> None:
        self._client = client
        self._secrecy = secrecy | {SECRET}

    def person(self, bsn: str) -> Person | None:
        """Raises a RegisterError; MalformedReply when the answer is about somebody else."""
        question = {
            "type": "RaadpleegMetBurgerservicenummer",
            "burgerservicenummer": [bsn],
            "fields": FIELDS,
        }
        reply = Reply.of(REGISTER, self._client.post_json("/personen", question))
        if "personen" not in reply.data:
            raise reply.malformed("personen")
        found = reply.children("personen")
        if not found:
            return None
        if len(found) > 1 or found[0].text("burgerservicenummer") != bsn:
            raise reply.malformed("another person")
        return self._person(found[0])

    def _person(self, data: Reply) -> Person:
        name = data.child("naam")
        birth = data.child("geboorte")
        partner = next(iter(data.children("partners")), Reply(REGISTER, {})).child("naam")
        secret = self._secret(data)
        return Person(
            first_names=name.text("voornamen"),
            prefix=name.text("voorvoegsel"),
            surname=name.text("geslachtsnaam"),
            birth_date=_date(birth.child("datum")),
            sex=_sex(data.child("geslacht")),
            name_use=name.child("aanduidingNaamgebruik").text("code", "[EPVN]") or "E",
            partner_prefix=partner.text("voorvoegsel"),
            partner_surname=partner.text("geslachtsnaam"),
            birth_place=birth.child("plaats").text("omschrijving"),
            birth_country=birth.child("land").text("code", COUNTRY),
            # A secret address isn't even read: a fault in it can't end up in an error either.
            address=None if secret else _address(data.child("verblijfplaats")),
            address_secret=secret,
            suspended=data.child("opschortingBijhouding").child("reden").text("code"),
        )

    def _secret(self, data: Reply) -> bool:
        """DUO-3: 7, a number of the setting, what we don't know, or only «true»."""
        raw: Any = data.data.get("indicatieGeheim")
        kept_from_others = data.data.get("geheimhoudingPersoonsgegevens")
        if raw is None:
            return kept_from_others not in (None, False)
        if isinstance(raw, str) and raw in tuple("01234567"):
            raw = int(raw)
        if type(raw) is not int or not 0 <= raw <= SECRET:
            return True
        # 0 beside «true» contradict each other: the careful one counts.
        return raw in self._secrecy or (raw == 0 and kept_from_others not in (None, False))


def _sex(data: Reply) -> str:
    code = data.text("code")
    if code not in SEXES:
        raise data.malformed("geslacht")
    return SEXES[code]


def _date(data: Reply) -> str:
    """YYYYMMDD, with zeros for what is unknown (DUO-5)."""
    kind = data.text("type")
    if kind == "Datum":
        day = data.day("datum")
        if day is None:
            raise data.malformed("datum")
        return day.isoformat().replace("-", "")
    if kind == "JaarMaandDatum":
        return f"{_part(data, 'jaar', 9999):04}{_part(data, 'maand', 12):02}00"
    if kind == "JaarDatum":
        return f"{_part(data, 'jaar', 9999):04}0000"
    if kind == "DatumOnbekend" or not data.data:
        return "00000000"
    raise data.malformed("datum")


def _part(data: Reply, key: str, most: int) -> int:
    number = data.number(key)
    if number is None or not 1 <= number <= most:
        raise data.malformed(key)
    return number


def _address(data: Reply) -> Address | None:
    """None where there is no whole address: a houseboat, an unknown residence (DUO-5)."""
    kind = data.text("type")
    lines = data.child("verblijfadres")
    if kind == "Adres":
        return _dutch(lines)
    if kind == "VerblijfplaatsBuitenland":
        return _abroad(lines)
    if kind in ("Locatie", "VerblijfplaatsOnbekend") or not data.data:
        return None
    raise data.malformed("verblijfplaats")


def _dutch(data: Reply) -> Address | None:
    number = data.number("huisnummer")
    address = Address(
        country=NETHERLANDS,
        street=data.text("officieleStraatnaam") or data.text("korteStraatnaam"),
        number="" if number is None else str(number),
        suffix=suffix(data.text("huisletter"), data.text("huisnummertoevoeging")),
        note=data.child("aanduidingBijHuisnummer").text("code", "to|by"),
        postcode=data.text("postcode").replace(" ", "").upper(),
        place=data.text("woonplaats"),
    )
    whole = address.street and address.number and address.postcode and address.place
    return address if whole else None


def _abroad(data: Reply) -> Address | None:
    lines = tuple(line for n in (1, 2, 3) if (line := data.text(f"regel{n}")))
    country = data.child("land").text("code", COUNTRY)
    if country == NETHERLANDS:
        raise MalformedReply(REGISTER, "land")
    if not lines or country in ("", UNKNOWN):
        return None
    return Address(country=country, lines=lines)
