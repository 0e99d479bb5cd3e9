"""SBB's leerbedrijven, as docs/registers/sbb-leerbedrijven.yaml describes them."""

from __future__ import annotations

import re
from datetime import date

from app.domain.countries import COUNTRIES, UNKNOWN
from app.domain.leerbedrijf import Accreditation, Companies, Leerbedrijf
from app.domain.person import NETHERLANDS, POSTCODE, Address
from app.domain.ports import MalformedReply
from app.registers.http import Client
from app.registers.reply import Reply

REGISTER = "sbb"
ID, CREBO = r"[1-9][0-9]{8}", r"[0-9]{5}"
LONGEST_NAME, LONGEST_LINE = 200, 80  # characters
LONGEST_NUMBER = 10  # characters of a house number or an addition that a SIS takes
NOT_NOW = {
    "NIET_ERKEND": Accreditation.NOT_ACCREDITED,
    "VERLOPEN": Accreditation.EXPIRED,
    "NOG_NIET_ERKEND": Accreditation.NOT_YET,
}


class Sbb:
    def __init__(self, client: Client) -> None:
        self._client = client

    def search(self, crebo: str, query: str, on: date, page: int = 1, size: int = 10) -> Companies:
        """Raises a RegisterError."""
        about = {"crebo": crebo, "peildatum": on.isoformat(), "zoekterm": query}
        paging = {"pagina": page, "aantal": size}
        reply = Reply.of(REGISTER, self._client.get_json("/leerbedrijven", {**about, **paging}))
        found = reply.each("leerbedrijven", lambda item: _found(item, crebo))
        if len(found) > size:
            raise reply.malformed("leerbedrijven")
        return Companies(tuple(found), reply.flag("meer"))

    def find(self, company_id: str) -> Leerbedrijf | None:
        """Raises a RegisterError."""
        if not re.fullmatch(ID, company_id):
            return None
        answer = self._client.get_json(f"/leerbedrijven/{company_id}", absent=True)
        if answer is None:
            return None
        found = _company(Reply.of(REGISTER, answer))
        if found.id != company_id:
            raise MalformedReply(REGISTER, "another company")
        return found

    def accreditation(self, company_id: str, crebo: str, on: date) -> Accreditation:
        """Raises a RegisterError."""
        if not re.fullmatch(ID, company_id):
            return Accreditation.UNKNOWN_COMPANY
        asked = {"crebo": crebo, "peildatum": on.isoformat()}
        answer = self._client.get_json(f"/leerbedrijven/{company_id}/erkenning", asked, absent=True)
        if answer is None:
            return Accreditation.UNKNOWN_COMPANY
        reply = Reply.of(REGISTER, answer)
        about = (reply.text("leerbedrijfId"), reply.text("crebo"), reply.day("peildatum"))
        if about != (company_id, crebo, on):
            raise MalformedReply(REGISTER, "the answer to another question")
        status = reply.required("status")
        if status == "ERKEND":
            return _accredited_for(reply, crebo)
        if status not in NOT_NOW:
            raise reply.malformed("status")
        return NOT_NOW[status]


def _accredited_for(reply: Reply, crebo: str) -> Accreditation:
    own = reply.required("erkendVoor", CREBO) == crebo
    return Accreditation.VALID if own else Accreditation.EQUIVALENT


def _found(reply: Reply, crebo: str) -> Leerbedrijf:
    return _company(reply, crebo, _accredited_for(reply, crebo))


def _company(
    reply: Reply, crebo: str = "", accreditation: Accreditation = Accreditation.VALID
) -> Leerbedrijf:
    address = _address(reply.child("vestigingsadres"))
    name = _line(reply, "naam", LONGEST_NAME)
    return Leerbedrijf(reply.required("leerbedrijfId", ID), name, address, crebo, accreditation)


def _address(reply: Reply) -> Address:
    """DUO-4: the Dutch fields, or abroad lines with the country's name as the last. What doesn't
    fit in a field of that isn't there."""
    land = reply.child("land")
    country, place = land.required("code", r"[0-9]{4}"), _line(reply, "plaats")
    if country not in COUNTRIES or country == UNKNOWN:
        raise land.malformed("code")
    street, number, suffix, postcode = (
        reply.line(key, LONGEST_LINE) for key in ("straat", "huisnummer", "toevoeging", "postcode")
    )
    if country == NETHERLANDS:
        plain = postcode.replace(" ", "").upper()
        fits = max(len(number), len(suffix)) <= LONGEST_NUMBER and POSTCODE.fullmatch(plain)
        number, suffix, plain = (number, suffix, plain) if fits else ("", "", "")
        return Address(country, street, number, suffix, postcode=plain, place=place)
    parts = ((street, number, suffix), (postcode, place))
    lines = (" ".join(part for part in line if part) for line in parts)
    return Address(country, lines=tuple(filter(None, (*lines, _line(land, "naam")))))


def _line(reply: Reply, key: str, longest: int = LONGEST_LINE) -> str:
    """Required."""
    if line := reply.line(key, longest):
        return line
    raise reply.malformed(key)
