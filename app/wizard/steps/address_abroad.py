"""An address abroad: lines as on an envelope, and a country by its name in any notation (DUO-4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app import country_names
from app.domain.countries import Country
from app.domain.person import Address
from app.i18n import mark as _
from app.pages import locale
from app.services.drafts import Opened
from app.wizard.fields import Text
from app.wizard.steps.address_form import ABROAD, AddressForm, Asked, country_at_duo

LONGEST = 100  # characters of a country's name


def meant(typed: Mapping[str, str], today: date) -> tuple[Country | None, tuple[Country, ...]]:
    """The country that was typed, or picked among those that look like it; and which do."""
    asked = (typed.get("country", "")[:LONGEST], locale().code, today)
    if found := country_names.meant(*asked):
        return found, ()
    alike = tuple(country_names.alike(*asked))
    picked = typed.get("country_code")
    return next((country for country in alike if country.code == picked), None), alike


class ForeignForm(AddressForm):
    is_of = ABROAD
    unasked = ("postcode", "number", "suffix", "street", "place", "note", "filled")

    country = Text(
        _("Land"), LONGEST, _("Vul je land in"), autocomplete="country-name", pick_from="landen"
    )
    country_code = RadioField(_("Welk land bedoel je?"), validate_choice=False)
    line1 = Text(
        _("Straat en nummer"),
        200,
        _("Vul je straat en nummer in"),
        hint=_("Schrijf je adres zoals op een envelop."),
        autocomplete="address-line1",
    )
    line2 = Text(_("Postcode en plaats"), 200, autocomplete="address-line2")
    line3 = Text(_("Streek of provincie"), 200, autocomplete="address-line3")

    @classmethod
    def shown(cls, answer: Address | None) -> dict[str, Any]:
        if answer is None or not answer.lines:
            return {}
        lines = {f"line{n}": line for n, line in enumerate(answer.lines, 1)}
        return {**lines, "country": country_names.name(answer.country, locale().code)}

    def prepare(self, opened: Opened, offered: Asked) -> None:
        super().prepare(opened, offered)
        self.lives_in, self.alike = offered.country, offered.alike
        at_duo = country_at_duo(opened)
        if at_duo and not self.is_submitted() and not self.country.data:
            self.country.data = country_names.name(at_duo.country, locale().code)
        self.countries = country_names.abroad(locale().code, opened.today)
        self.country_code.choices = [
            SelectChoice(country.code, country_names.name(country.code, locale().code))
            for country in self.alike
        ]

    def validate_country(self, field: Any) -> None:
        if self.lives_in is None:
            raise ValidationError(
                _("Kies het land dat je bedoelt")
                if self.alike
                else _("Dit land kennen we niet. Schrijf de hele naam.")
            )

    def answer(self) -> Address:
        assert self.lives_in is not None, "validated"
        typed = (self.line1.data, self.line2.data, self.line3.data)
        return Address(self.lives_in.code, lines=tuple(line for line in typed if line))
