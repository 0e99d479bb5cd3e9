"""Addresses by postcode and house number, as PDOK's Locatieserver (v3_1) gives them."""

from __future__ import annotations

from typing import Any

from app.domain.person import Address, suffix
from app.registers.http import Client
from app.registers.reply import Reply

REGISTER = "bag"
ADDRESS = "adres"  # the type of hit that is one; a street or a place is found as well
LONGEST_SUFFIX = 10  # characters that a SIS takes
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
        exact = found.each("docs", lambda hit: _exactly(hit, postcode, number))
        return tuple(sorted({*exact[:MOST]}, key=lambda address: _in_order(address.suffix)))


def _exactly(hit: Reply, postcode: str, number: str) -> Address | None:
    """None for what is another address, or none."""
    about = hit.text("type"), hit.text("postcode"), str(hit.number("huisnummer"))
    return _address(hit) if about == (ADDRESS, postcode, number) else None


def _address(hit: Reply) -> Address:
    addition = suffix(hit.text("huisletter"), hit.text("huisnummertoevoeging"))
    if len(addition) > LONGEST_SUFFIX:
        raise hit.malformed("huisnummertoevoeging")
    return Address(
        street=hit.required("straatnaam", longest=200),
        number=str(hit.number("huisnummer")),
        suffix=addition,
        postcode=hit.required("postcode"),
        place=hit.required("woonplaatsnaam", longest=200),
    )


def _in_order(addition: str) -> tuple[Any, ...]:
    """2 before 10, and none before any."""
    return (int(addition) if addition.isascii() and addition.isdecimal() else 0, addition)
