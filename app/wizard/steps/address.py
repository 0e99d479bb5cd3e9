"""Where post goes: to a Dutch address, looked up by postcode and number, or one abroad (DUO-4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from flask import current_app
from wtforms import HiddenField, RadioField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app import country_names, labels
from app.domain.countries import Country
from app.domain.person import NETHERLANDS, Address
from app.domain.ports import RegisterError
from app.i18n import Sentence
from app.i18n import mark as _
from app.pages import locale
from app.services.drafts import Opened
from app.services.patience import BAG
from app.wizard.fields import Text, dutch_postcode
from app.wizard.step import AnswerForm, Line, Step, typed

HERE, ABROAD = "nl", "anders"
NOT_LISTED = "anders"  # the student's addition is none of those in the register
NUMBER = re.compile(r"0*([1-9][0-9]{0,4})(?:[ -]*(\w.*))?")
DUTCH = ("postcode", "number", "suffix", "addition", "street", "place", "note")
FOREIGN = ("line1", "line2", "line3", "country", "country_code")
CHOICES = ("addition", "country_code")  # drawn anew each time

FOUND = _("Gevonden: %(street)s in %(place)s. Klopt dat?")
FOUND_MORE = _("Gevonden: %(street)s in %(place)s. Kies nog welk adres het is.")
NONE = _("We vinden dit adres niet. Vul je straat en woonplaats zelf in.")
OUT_OF_ORDER = _("Opzoeken lukt nu niet. Vul je straat en woonplaats zelf in.")


def abroad(opened: Opened, query: Mapping[str, str]) -> bool:
    """Which of the two is on the page: as was just asked for, was posted, or was answered."""
    if kind := query.get("switch") or query.get("kind") or query.get("land"):
        return kind == ABROAD
    answer = opened.answers.address
    return answer is not None and answer.country != NETHERLANDS


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


class AddressForm(AnswerForm):
    """Of both kinds; the fields of the one that isn't asked are carried along unseen, so that
    nobody who goes back has to type them again."""

    kind = HiddenField()
    switch = HiddenField()  # to the other kind
    look_up = SubmitField(_("Zoek straat en woonplaats op"))  # without saving
    filled = HiddenField()  # for which postcode and number street and place were filled in

    postcode = Text(
        _("Postcode"),
        7,
        _("Vul je postcode in"),
        autocomplete="postal-code",
        width="6",
        validators=[dutch_postcode],
    )
    number = Text(
        _("Huisnummer"),
        10,
        _("Vul je huisnummer in"),
        width="4",
        kind="numeric",
        validators=[house_number],
    )
    suffix = Text(_("Toevoeging"), 10, width="4")
    addition = RadioField(_("Welk adres is het?"), validate_choice=False)
    street = Text(_("Straat"), 200, _("Vul je straat in"))
    place = Text(_("Woonplaats"), 200, _("Vul je woonplaats in"), autocomplete="address-level2")
    note = Text(_("Toelichting"), 100, hint=_("Bijvoorbeeld: woonboot bij steiger 3"))

    line1 = Text(
        _("Straat en nummer"),
        200,
        _("Vul je straat en nummer in"),
        hint=_("Schrijf je adres zoals op een envelop."),
        autocomplete="address-line1",
    )
    line2 = Text(_("Postcode en plaats"), 200, autocomplete="address-line2")
    line3 = Text(_("Streek of provincie"), 200, autocomplete="address-line3")
    country = Text(
        _("Land"), 100, _("Vul je land in"), autocomplete="country-name", pick_from="landen"
    )
    country_code = RadioField(_("Welk land bedoel je?"), validate_choice=False)

    said = ""  # what came of looking up, a marked sentence
    home_again = False  # who lives in «Nederland» fills in the Dutch fields

    @classmethod
    def shown(cls, answer: Address | None) -> dict[str, Any]:
        if answer is None:
            return {}
        if answer.country != NETHERLANDS:
            lines = {f"line{n}": line for n, line in enumerate(answer.lines, 1)}
            return {**lines, "country": country_names.name(answer.country, locale().code)}
        dutch = {name: getattr(answer, name) for name in DUTCH if name != "addition"}
        return {**dutch, "filled": f"{answer.postcode} {answer.number}"}

    def prepare(self, opened: Opened, abroad: bool) -> None:
        person = opened.walk.kept.person
        self.today, self.before = opened.today, opened.answers.address
        self.opened = opened
        self.instead = person is not None and person.post_elsewhere
        # What is secret is asked of nobody, also not without a name (DUO-3).
        self.secret = bool(person and person.person and person.person.address_secret)
        self.lives_in, self.alike = self._country() if abroad else (None, [])
        dutch = self.lives_in is not None and self.lives_in.code == NETHERLANDS
        self.home_again = dutch and not self.switch.data
        self.abroad = abroad and not self.home_again
        unasked = DUTCH if self.abroad else FOREIGN
        self.carried = [self[name] for name in unasked if name not in CHOICES]
        for name in unasked:
            del self[name]
        if self.abroad:
            self.countries = country_names.abroad(locale().code, self.today)
        else:
            self.addition.choices = []

    def validate(self, extra_validators: Any = None) -> bool:
        """False without a mistake where the student has something to look at first."""
        if self.switch.data or self.home_again:
            return False
        if self.abroad:
            return bool(super().validate(extra_validators))
        placed = [f.validate(self) for f in (self.postcode, self.number, self.suffix)]
        filled_in = all(placed) and not self.secret and self._to_look_up() and self._looked_up()
        if filled_in or self.look_up.data:
            return False
        return bool(super().validate(extra_validators))

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
            told = FOUND_MORE if self.addition.choices else FOUND
            self.said = Sentence(told, street=street, place=place)
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

    def _country(self) -> tuple[Country | None, list[Country]]:
        """Which was typed, or picked among those that look like it; and which do."""
        asked = (self.country.data[: self.country.longest], locale().code, self.today)
        if found := country_names.meant(*asked):
            return found, []
        alike = country_names.alike(*asked)
        self.country_code.choices = [
            SelectChoice(country.code, country_names.name(country.code, locale().code))
            for country in alike
        ]
        return next((c for c in alike if c.code == self.country_code.data), None), alike

    def validate_country(self, field: Any) -> None:
        if self.lives_in is None:
            raise ValidationError(
                _("Kies het land dat je bedoelt")
                if self.alike
                else _("Dit land kennen we niet. Schrijf de hele naam.")
            )

    def answer(self) -> Address:
        if self.abroad:
            assert self.lives_in is not None, "validated"
            typed = (self.line1.data, self.line2.data, self.line3.data)
            return Address(self.lives_in.code, lines=tuple(line for line in typed if line))
        return Address(**{name: self[name].data for name in DUTCH if name != "addition"})


def _on_number(opened: Opened, postcode: str, number: str) -> tuple[Address, ...]:
    """Raises a RegisterError."""
    registers, store = (current_app.extensions[name] for name in ("registers", "store"))
    asked = BAG.ask(
        store,
        opened.student_id,
        opened.now,
        lambda: registers.addresses.on_number(postcode, number),
    )
    return cast(tuple[Address, ...], asked)


def _plain(suffix: str) -> str:
    """a2 is A-2."""
    return "".join(c for c in suffix if c.isalnum()).casefold()


def address_lines(address: Address) -> Iterable[Line]:
    if address.country != NETHERLANDS:
        yield _("Adres"), ", ".join(address.lines)
        yield _("Land"), country_names.name(address.country, locale().code)
        return
    number = " ".join(part for part in (address.number, address.suffix) if part)
    if address.note in labels.BY_NUMBER:
        by_number = labels.BY_NUMBER[address.note]
        yield _("Adres"), Sentence(by_number, street=address.street, number=number)
    else:
        yield _("Adres"), f"{address.street} {number}"
    yield _("Woonplaats"), f"{address.postcode[:4]} {address.postcode[4:]} {address.place}"
    if address.note and address.note not in labels.BY_NUMBER:
        yield _("Toelichting"), address.note


STEP = Step(
    "address",
    slug="adres",
    title=_("Wat is je adres?"),
    short=_("Adres"),
    form=AddressForm,
    lines=address_lines,
    template="wizard/address.html",
    origin=typed,
    intro=_("Hier stuurt de school post naartoe."),
    offer=abroad,
)
