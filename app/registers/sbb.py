"""SBB's leerbedrijven."""

from __future__ import annotations

from datetime import date

from app.domain.leerbedrijf import Accreditation, Companies, Leerbedrijf
from app.domain.ports import Unavailable
from app.registers.http import Client

REGISTER = "sbb"


class Sbb:
    def __init__(self, client: Client) -> None:
        self._client = client

    def search(self, crebo: str, query: str, on: date, page: int = 1, size: int = 10) -> Companies:
        raise Unavailable(REGISTER)

    def find(self, company_id: str) -> Leerbedrijf | None:
        raise Unavailable(REGISTER)

    def accreditation(self, company_id: str, crebo: str, on: date) -> Accreditation:
        raise Unavailable(REGISTER)
