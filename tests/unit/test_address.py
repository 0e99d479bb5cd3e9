"""Which address post can go to, who is asked for one, and how it is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain import rules
from app.domain.draft import Draft, Known, Outcome
from app.domain.journey import path
from app.domain.person import Address, Person, suffix
from app.i18n import translate
from app.wizard.steps.address import address_lines

TODAY = date(2026, 11, 29)
DUTCH = Address(street="Lindelaan", number="12", postcode="1234AB", place="Ons Dorp")
BELGIAN = Address(country="5010", lines=("Rue du Pont 3",))


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize(
    ("address", "whole"),
    [
        (DUTCH, True),
        (replace(DUTCH, suffix="A", note="bij de brug"), True),
        (replace(DUTCH, street=""), False),
        (replace(DUTCH, number=""), False),
        (replace(DUTCH, postcode=""), False),
        (replace(DUTCH, place=""), False),
        (replace(DUTCH, lines=("Lindelaan 12",)), False),
        (BELGIAN, True),
        (replace(BELGIAN, lines=("a", "b", "c")), True),
        (replace(BELGIAN, lines=("a", "b", "c", "d")), False),
        (replace(BELGIAN, lines=()), False),
        (replace(BELGIAN, lines=("a", "")), False),
        *((replace(BELGIAN, **{field: "x"}), False)
          for field in ("street", "number", "suffix", "note", "postcode", "place")),
        (replace(BELGIAN, country="6029"), False),  # Duitsland, until 1991
        (replace(BELGIAN, country="9089"), True),
        (replace(BELGIAN, country="0000"), False),
        (replace(BELGIAN, country="1234"), False),
        (replace(BELGIAN, country="6030"), False),
        (replace(DUTCH, country="5010"), False),
    ],
)  # fmt: skip
def test_a_whole_address_is_of_one_kind(address: Address, whole: bool) -> None:
    """The same for DUO's address, which is asked when it isn't, and for a typed one."""
    assert rules.whole(address, TODAY) is whole
    known = Known(Outcome.FOUND, Person(address=address))
    assert ("address" in path(Draft(person=known), TODAY)) is not whole
    typed = Draft(person=Known(Outcome.UNKNOWN), address=address)
    assert rules.can_be_posted_to(typed, address, TODAY) is whole


@pytest.mark.rule("DUO-4")
def test_an_address_holds_as_long_as_its_country() -> None:
    east = replace(BELGIAN, country="6029")
    assert rules.whole(east, date(1991, 5, 31))
    assert not rules.whole(east, date(1991, 6, 1))


@pytest.mark.rule("DUO-1")
@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (Known(Outcome.FOUND, Person(address=DUTCH)), False),
        (Known(Outcome.FOUND, Person(address=DUTCH), post_elsewhere=True), True),
        (Known(Outcome.FOUND, Person(address=BELGIAN)), False),
        (Known(Outcome.FOUND, Person()), True),
        (Known(Outcome.FOUND, Person(address_secret=True)), True),
        (Known(Outcome.UNKNOWN), True),
        (Known(Outcome.UNAVAILABLE), True),
    ],
)
def test_who_is_asked_where_post_goes(known: Known, asked: bool) -> None:
    assert ("address" in path(Draft(person=known), TODAY)) is asked


@pytest.mark.rule("DUO-9")
def test_where_post_goes_is_no_part_of_what_duo_says() -> None:
    known = Known(Outcome.FOUND, Person(address=DUTCH))
    assert replace(known, post_elsewhere=True) == known


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize(
    ("parts", "joined"),
    [(("A", "2"), "A-2"), (("A", ""), "A"), (("", "bis"), "bis"), (("", ""), "")],
)
def test_letter_and_addition_are_one(parts: tuple[str, str], joined: str) -> None:
    assert suffix(*parts) == joined


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (DUTCH, ["Adres: Lindelaan 12", "Woonplaats: 1234 AB Ons Dorp"]),
        (replace(DUTCH, suffix="A-2", note="steiger 3"),
         ["Adres: Lindelaan 12 A-2", "Woonplaats: 1234 AB Ons Dorp", "Uitleg: steiger 3"]),
        (replace(DUTCH, note="to"),
         ["Adres: Lindelaan, tegenover nummer 12", "Woonplaats: 1234 AB Ons Dorp"]),
        (replace(DUTCH, note="by", suffix="A"),
         ["Adres: Lindelaan, bij nummer 12 A", "Woonplaats: 1234 AB Ons Dorp"]),
    ],
)  # fmt: skip
def test_a_dutch_address_as_it_is_shown(address: Address, lines: list[str]) -> None:
    shown = [f"{label}: {translate('nl', value)}" for label, value in address_lines(address)]
    assert shown == lines
