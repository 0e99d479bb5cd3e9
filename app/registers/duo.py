"""DUO's persons, in the shape of Haal Centraal BRP Personen bevragen 2, with the raw number of
the secrecy (BRP element 70.10) beside it in `indicatieGeheim`.

Whatever comes is a Person or a MalformedReply. Nonsense that a student can put right counts as
nothing there, and so is asked: half an address, a birth date that can't be anybody's. A name
longer than a SIS takes is refused rather than cut: it would go out as verified, and be wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from app import clock
from app.domain.countries import UNKNOWN
from app.domain.person import (
    NETHERLANDS,
    NO_NAME,
    POSTCODE,
    UNKNOWN_DATE,
    Address,
    Person,
    suffix,
)
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
TEXT, PREFIX = 200, 20  # characters of a name or a line, and of a voorvoegsel
HIGHEST_NUMBER = 99_999
FIRST_YEAR = 1850  # nobody who lives was born before


def _today() -> date:
    return clock.local_date(clock.real_now())


class DuoPersons:
    """`secrecy`: the numbers from 1 to 6 that hide an address just as 7 does (DUO-3). Nobody is
    born after `today`."""

    def __init__(
        self,
        client: Client,
        secrecy: frozenset[int] = frozenset(),
        today: Callable[[], date] = _today,
    ) -> None:
        self._client = client
        self._today = today
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
        try:
            if len(found) > 1 or found[0].text("burgerservicenummer") != bsn:
                raise reply.malformed("another person")
            return self._person(found[0])
        except MalformedReply as error:
            mine = (one for one in found if one.data.get("burgerservicenummer") == bsn)
            error.hides = any(map(self._secret, mine))
            raise

    def _person(self, data: Reply) -> Person:
        name = data.child("naam")
        birth = data.child("geboorte")
        partner = next(iter(data.children("partners")), Reply(REGISTER, {})).child("naam")
        partner_surname = _known(partner, "geslachtsnaam")
        use = name.child("aanduidingNaamgebruik").text("code", "[EPVN]")
        secret = self._secret(data)
        found = Person(
            first_names=name.line("voornamen", TEXT),
            prefix=name.line("voorvoegsel", PREFIX),
            surname=name.line("geslachtsnaam", TEXT),
            birth_date=self._born(_date(birth.child("datum"))),
            sex=_sex(data.child("geslacht")),
            name_use=use if use and partner_surname else "E",
            partner_prefix=partner.line("voorvoegsel", PREFIX),
            partner_surname=partner_surname,
            birth_place=birth.child("plaats").line("omschrijving", TEXT),
            birth_country=birth.child("land").text("code", COUNTRY),
            # A secret address isn't even read: a fault in it can't end up in an error either.
            address=None if secret else _address(data.child("verblijfplaats")),
            address_secret=secret,
            suspended=data.child("opschortingBijhouding").child("reden").text("code"),
        )
        # Two long names in one are too long for a SIS: then their own counts.
        return found if len(found.preferred[1]) <= TEXT else replace(found, name_use="E")

    def _born(self, day: str) -> str:
        """Unknown where nobody who lives can be born then, so that it is asked (DUO-5)."""
        possible = f"{FIRST_YEAR}0000" <= day <= f"{self._today():%Y%m%d}"
        return day if possible else UNKNOWN_DATE

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
        return UNKNOWN_DATE
    raise data.malformed("datum")


def _part(data: Reply, key: str, most: int) -> int:
    number = data.number(key)
    if number is None or not 1 <= number <= most:
        raise data.malformed(key)
    return number


def _address(data: Reply) -> Address | None:
    """None where there is nothing to go by: a houseboat, an unknown residence (DUO-5). Of somebody
    abroad the country alone is worth knowing."""
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
    number = data.number("huisnummer") or 0
    address = Address(
        country=NETHERLANDS,
        street=_known(data, "officieleStraatnaam") or _known(data, "korteStraatnaam"),
        number=str(number) if 1 <= number <= HIGHEST_NUMBER else "",
        suffix=suffix(_known(data, "huisletter"), _known(data, "huisnummertoevoeging")),
        note=data.child("aanduidingBijHuisnummer").text("code", "to|by"),
        postcode=data.text("postcode").replace(" ", "").upper(),
        place=_known(data, "woonplaats"),
    )
    whole = address.street and address.number and address.place and len(address.suffix) <= 10
    return address if whole and POSTCODE.fullmatch(address.postcode) else None


def _abroad(data: Reply) -> Address | None:
    lines = tuple(line for n in (1, 2, 3) if (line := _known(data, f"regel{n}")))
    country = data.child("land").text("code", COUNTRY)
    if country == NETHERLANDS:
        raise MalformedReply(REGISTER, "land")
    return None if country in ("", UNKNOWN) else Address(country=country, lines=lines)


def _known(data: Reply, key: str) -> str:
    text = data.line(key, TEXT)
    return "" if text == NO_NAME else text
