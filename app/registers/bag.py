"""Addresses by postcode and house number, as PDOK's Locatieserver gives them."""

from __future__ import annotations

from app.domain.person import Address
from app.domain.ports import Unavailable
from app.registers.http import Client

REGISTER = "bag"


class Bag:
    def __init__(self, client: Client) -> None:
        self._client = client

    def on_number(self, postcode: str, number: str) -> tuple[Address, ...]:
        raise Unavailable(REGISTER)
