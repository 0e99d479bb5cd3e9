"""What the two forms for an address have in common: one can change to the other, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from wtforms import HiddenField

from app.domain import rules
from app.domain.countries import Country
from app.domain.person import NETHERLANDS, Address
from app.services.drafts import Opened
from app.wizard.step import AnswerForm

HERE, ABROAD = "nl", "anders"


class Asked(NamedTuple):
    """What is asked, of what was typed so far."""

    form: type[AddressForm]
    typed: Mapping[str, str]
    country: Country | None = None  # that was meant
    alike: tuple[Country, ...] = ()  # that may have been
    home_again: bool = False  # who typed «Nederland» fills in the Dutch fields


def country_at_duo(opened: Opened) -> Address | None:
    """Of somebody abroad whose address DUO doesn't know, or that post can't go to (DUO-5)."""
    known = opened.answers.person
    address = known.person.address if known and known.person else None
    usable = rules.address_at_duo(known, opened.today)
    return address if address and address.country != NETHERLANDS and not usable else None


class AddressForm(AnswerForm):
    kind = HiddenField()  # of the page that was filled in
    switch = HiddenField()  # the kind that was asked for instead

    is_of: str  # this kind
    unasked: tuple[str, ...]  # fields of the other kind

    @classmethod
    def of(cls, offered: Asked) -> type[AddressForm]:
        return offered.form

    def prepare(self, opened: Opened, offered: Asked) -> None:
        """What was typed of the other kind is carried along unseen, so that nobody who goes back
        has to type it again."""
        self.carried = {name: offered.typed.get(name, "") for name in self.unasked}
        self.home_again = offered.home_again
        person = opened.walk.kept.person
        self.instead = person is not None and person.post_elsewhere

    def validate(self, extra_validators: Any = None) -> bool:
        """False without a mistake where the student has something to look at first."""
        if self.switch.data or self.home_again:
            return False
        return bool(super().validate(extra_validators))
