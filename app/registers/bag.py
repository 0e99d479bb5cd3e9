"""Addresses by postcode and house number, as PDOK's Locatieserver (v3_1) gives them."""

from __future__ import annotations

from typing import Any

from app.domain.person import Address, suffix
from app.registers.http import Client
from app.registers.reply import Reply

REGISTER = "bag"
ADDRESS = "adres"  # the type of hit that is one; a street or a place is found as well
MOST = 100  # hits in one answer: PDOK gives no more


class Bag:
    def __init__(self, client: Client) -> None:
        self._client = client

    def on_number(self, postcode: str, number: str) -> tuple[Address, ...]:
        """Raises a RegisterError. PDOK learns an address, never whose."""
        answer = Reply.of(
            REGISTER,
            self._client.get_json(
                "/free", {"q": f"{postcode} {number}", "fq": f"type:{ADDRESS}", "rows": MOST}
            ),
        )
        if "docs" not in (found := answer.child("response")).data:
            raise answer.malformed("docs")
        # The search is fuzzy: it would rather give another address than none.
        exact = [hit for hit in found.children("docs")[:MOST] if _on(hit, postcode, number)]
        return tuple(sorted({_address(hit) for hit in exact}, key=lambda a: _in_order(a.suffix)))


def _on(hit: Reply, postcode: str, number: str) -> bool:
    return (
        hit.text("type") == ADDRESS
        and hit.text("postcode") == postcode
        and str(hit.number("huisnummer")) == number
    )


def _address(hit: Reply) -> Address:
    return Address(
        street=hit.required("straatnaam", longest=200),
        number=str(hit.number("huisnummer")),
        suffix=suffix(
            hit.text("huisletter", longest=10), hit.text("huisnummertoevoeging", longest=10)
        ),
        postcode=hit.required("postcode"),
        place=hit.required("woonplaatsnaam", longest=200),
    )


def _in_order(addition: str) -> tuple[Any, ...]:
    """2 before 10, and none before any."""
    return (int(addition) if addition.isascii() and addition.isdecimal() else 0, addition)
