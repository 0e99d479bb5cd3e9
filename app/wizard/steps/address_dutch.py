"""An address in the Netherlands: postcode and number fill in street and place (DUO-4)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from wtforms import HiddenField, RadioField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app import equipment
from app.domain.person import NETHERLANDS, Address
from app.domain.ports import RegisterError
from app.i18n import Sentence
from app.i18n import mark as _
from app.services.drafts import Opened
from app.services.patience import BAG
from app.wizard.fields import Text, dutch_postcode
from app.wizard.steps.address_form import HERE, AddressForm, Asked

SHOWN = 6  # of the other addresses on a number
NOT_LISTED = "anders"  # the student's addition is none of those in the register
NUMBER = re.compile(r"0*([1-9][0-9]{0,4})(?:[ -]*(\w.*))?")
FIELDS = ("postcode", "number", "suffix", "street", "place", "note")  # of Address

FOUND = _("Gevonden: %(street)s in %(place)s. Klopt dat?")
FOUND_MORE = _("Gevonden: %(street)s in %(place)s. Kies nog welk adres het is.")
FOUND_OTHERS = _(
    "Gevonden: %(street)s in %(place)s. Op dit nummer is ook: %(others)s. Woon je daar? Vul dan de "
    "toevoeging in."
)
NONE = _("We vinden dit adres niet. Vul je straat en woonplaats zelf in.")
OUT_OF_ORDER = _("Opzoeken lukt nu niet. Vul je straat en woonplaats zelf in.")


def house_number(form: Any, field: Any) -> None:
    """Digits. What is typed behind them («12 A») is the addition."""
    found = NUMBER.fullmatch(field.data)
    if found is None or (found[2] and form.suffix.data):
        raise ValidationError(_("Dit huisnummer klopt niet. Vul in zoals: 12"))
    fill(field, found[1])
    if found[2]:
        fill(form.suffix, found[2])


def fill(field: Any, text: str) -> None:
    """As if the student had typed it."""
    field.data, field.raw_data = text, [text]


class DutchForm(AddressForm):
    is_of = HERE
    unasked = ("line1", "line2", "line3", "country", "country_code")

    look_up = SubmitField(_("Zoek straat en woonplaats op"))  # without saving
    filled = HiddenField()  # for which postcode and number street and place were filled in

    postcode = Text(
        _("Postcode"),
        7,
        _("Vul je postcode in, zoals 1234 AB"),
        autocomplete="postal-code",
        width="6",
        validators=[dutch_postcode],
    )
    number = Text(
        _("Huisnummer"),
        10,
        _("Vul je huisnummer in, zoals 12"),
        width="4",
        kind="numeric",
        validators=[house_number],
    )
    suffix = Text(_("Toevoeging"), 10, width="4")
    addition = RadioField(_("Welk adres is het?"), validate_choice=False)
    street = Text(_("Straat"), 200, _("Vul je straat in"))
    place = Text(_("Woonplaats"), 200, _("Vul je woonplaats in"), autocomplete="address-level2")
    note = Text(_("Uitleg"), 100, hint=_("Bijvoorbeeld: woonboot bij steiger 3"))

    said = ""  # what came of looking up, a marked sentence

    @classmethod
    def shown(cls, answer: Address | None) -> dict[str, Any]:
        if answer is None or answer.country != NETHERLANDS:
            return {}
        dutch = {name: getattr(answer, name) for name in FIELDS}
        return {**dutch, "filled": f"{answer.postcode} {answer.number}"}

    def prepare(self, opened: Opened, offered: Asked) -> None:
        super().prepare(opened, offered)
        self.opened, self.before = opened, opened.answers.address
        person = opened.walk.kept.person
        # What is secret is asked of nobody, also not without a name (DUO-3).
        said = person and person.person
        self.secret = bool(person and (person.hides or (said and said.address_secret)))
        self.addition.choices = []

    def validate(self, extra_validators: Any = None) -> bool:
        if not (self.switch.data or self.home_again):
            placed = [f.validate(self) for f in (self.postcode, self.number, self.suffix)]
            look = all(placed) and not self.secret and self._to_look_up()
            if (look and self._looked_up()) or self.look_up.data:
                return False
        return super().validate(extra_validators)

    def _to_look_up(self) -> bool:
        """Not what was typed by hand, nor what was saved so before."""
        by_hand = self.street.data and self.place.data and not self.filled.data
        typed, before = self.answer(), self.before
        saved = before is not None and replace(typed, note=before.note) == before
        return bool(self.look_up.data or not (by_hand or saved))

    def _looked_up(self) -> bool:
        """Whether street and place were filled in just now, for the student to see first."""
        pair = f"{self.postcode.data} {self.number.data}"
        changed = pair != self.filled.data
        try:
            found = _on_number(self.opened, self.postcode.data, self.number.data)
        except RegisterError:
            found, self.said = (), OUT_OF_ORDER
        streets = {(address.street, address.place) for address in found}
        street, place = streets.pop() if len(streets) == 1 else ("", "")
        if changed and (street or self.filled.data):  # never a street of another postcode
            fill(self.street, street)
            fill(self.place, place)
            fill(self.filled, pair if street else "")
        self._offer([address.suffix for address in found], changed)
        if not street:
            self.said = self.said or NONE
        elif (street, place) == (self.street.data, self.place.data):
            where = {"street": street, "place": place}
            others = [f"{a.number} {a.suffix}" for a in found if a.suffix]
            if self.addition.choices:
                self.said = Sentence(FOUND_MORE, **where)
            elif others and not self.suffix.data:
                self.said = Sentence(FOUND_OTHERS, **where, others=", ".join(others[:SHOWN]))
            else:
                self.said = Sentence(FOUND, **where)
        return changed and bool(street)

    def _offer(self, suffixes: list[str], changed: bool) -> None:
        """The additions on this number, where what was typed is none of them."""
        typed = _plain(self.suffix.data)
        if same := [suffix for suffix in suffixes if _plain(suffix) == typed]:
            fill(self.suffix, same[0])
        elif suffixes and suffixes != [""]:
            by_label = {f"{self.number.data} {suffix}".strip(): suffix for suffix in suffixes}
            choices = [SelectChoice(label, label) for label in by_label]
            self.addition.choices = [*choices, SelectChoice(NOT_LISTED, _("Staat er niet bij"))]
            if changed:
                self.addition.data = None
            elif self.addition.data in by_label and not self.look_up.data:
                fill(self.suffix, by_label[self.addition.data])

    def validate_addition(self, field: Any) -> None:
        if field.choices and field.data not in [choice.value for choice in field.choices]:
            raise ValidationError(_("Kies welk adres het is"))

    def answer(self) -> Address:
        return Address(**{name: self[name].data for name in FIELDS})


def _on_number(opened: Opened, postcode: str, number: str) -> tuple[Address, ...]:
    """Raises a RegisterError."""
    register = equipment.registers().addresses
    return BAG.ask(
        equipment.store(), opened.student_id, lambda: register.on_number(postcode, number)
    )


def _plain(suffix: str) -> str:
    """a2 is A-2."""
    return "".join(c for c in suffix if c.isalnum()).casefold()
