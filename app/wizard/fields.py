"""Fields and validators of these forms. Their messages say what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from stdnum.nl import postcode
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation, ValidationError

from app import month_names
from app.domain.words import BLANK, visible
from app.i18n import Sentence
from app.i18n import mark as _
from app.phone_numbers import DUTCH_MOBILE

# What nearly everybody fills in: asking the library costs more than the rest of the form.
PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*"
    r"@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?:nl|com|net|org|eu|be)"
)
ENCODED = "=?"  # a mail header may say something else in it than it shows (RFC 2047)
PLAIN_LONGEST = 60  # characters: no part of it can be too long then
LONGEST_TYPED = 1000  # characters that are looked at; no field takes so many
INVISIBLE = frozenset("\u200c\u200d")  # joiners that some scripts need inside a name


def tidy(text: str | None) -> str:
    """One line, composed characters, no blanks around it, digits as they are in Latin script."""
    # To compose a hundred thousand accents takes half a minute: what is too long stays so.
    line = " ".join(unicodedata.normalize("NFC", (text or "")[:LONGEST_TYPED]).split())
    if line.isascii():
        return line
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in line)


class Text(StringField):  # type: ignore[misc]
    """One line of text, at most `longest` characters. `required` is what to say when empty.

    How it is drawn: a `hint`, what the browser may fill in (`autocomplete`), room for 2, 4, 6 or
    10 characters (`width`), the `kind` of keyboard: text, email, tel or numeric, and the id of a
    <datalist> with suggestions (`pick_from`).
    """

    def __init__(
        self,
        label: str,
        longest: int,
        required: str = "",
        hint: str = "",
        autocomplete: str = "",
        width: str = "",
        kind: str = "text",
        pick_from: str = "",
        **kwargs: Any,
    ) -> None:
        self.longest, self.required, self.hint = longest, required, hint
        self.autocomplete, self.width, self.kind = autocomplete, width, kind
        self.pick_from = pick_from
        super().__init__(label, filters=[tidy], **kwargs)

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            raise StopValidation(self.required) if self.required else StopValidation()
        if len(self.data) > self.longest:
            raise StopValidation(
                Sentence(_("Maak dit korter: hoogstens %(longest)d tekens"), longest=self.longest)
            )
        if not self.data.isprintable() and any(
            unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in self.data if c not in INVISIBLE
        ):
            raise StopValidation(_("Typ dit opnieuw: er staan tekens in die je niet kunt zien"))
        if not BLANK.isdisjoint(self.data) or not visible(self.data):
            raise StopValidation(_("Typ dit opnieuw: er staan tekens in die je niet kunt zien"))

    @property
    def shown(self) -> str:
        """As it was typed, also where the answer is kept in another notation."""
        return str(self.raw_data[0] if self.raw_data else self.data or "")


class Secret(Text):
    """What was typed stands there again only where it was wrong: no page holds the right one."""

    @property
    def shown(self) -> str:
        return super().shown if self.errors else ""


def one_of(
    kind: type[SelectField], label: str, wrong: str, choices: Iterable[SelectChoice]
) -> SelectField:
    """A required RadioField or SelectField. `wrong` is what to say to nothing, and to what isn't
    among the choices: WTForms' own words are English."""
    required = [InputRequired(wrong)]
    return kind(label, required, choices=list(choices), invalid_choice_message=wrong)


class BirthDate(Field):  # type: ignore[misc]
    """Day, month and year in three inputs; the data is YYYYMMDD, or empty. Who doesn't know the
    day, or the month either, leaves that out: zeros (DUO-5). A month may be typed as a word."""

    PARTS = ("day", "month", "year")
    LONGEST = {"day": 4, "month": 20, "year": 4}  # characters that are looked at

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        if formdata and f"{self.name}-day" in formdata:
            self.parts = {
                p: formdata.get(f"{self.name}-{p}", "").strip()[: self.LONGEST[p]]
                for p in self.PARTS
            }
            self.data = self._joined()
            self.raw_data = list(self.parts.values())
        else:
            given = data if isinstance(data, str) else ""
            parts = {"day": given[6:], "month": given[4:6], "year": given[:4]}
            self.parts = {name: "" if part == "00" else part for name, part in parts.items()}
            self.data = given
            self.raw_data = []

    def _joined(self) -> str:
        try:
            day, year = (int(self.parts[p] or "0") for p in ("day", "year"))
            typed = self.parts["month"].strip("0")
            month = month_names.number(self.parts["month"]) if typed else 0
            date(year, month or 1, day or 1)
        except ValueError:
            return ""
        known = year >= 1000 and min(day, month) >= 0 and (month > 0 or day == 0)
        return f"{year:04}{month:02}{day:02}" if known else ""

    def pre_validate(self, form: Any) -> None:
        if not any(self.parts.values()):
            raise StopValidation(_("Vul je geboortedatum in, zoals 14 3 2009"))
        short = self.parts["year"].isdecimal() and len(self.parts["year"]) < 4
        if not self.data and not short:
            raise StopValidation(_("Deze datum bestaat niet. Vul in zoals: 31 12 2009"))
        if not "19000000" <= self.data <= form.today.strftime("%Y%m%d"):
            raise StopValidation(_("Klopt het jaar? Vul je geboortejaar in, zoals 2009"))


class Day(Field):  # type: ignore[misc]
    """A day in the browser's own calendar, from `first` to `last` where there is one."""

    first: date | None = None
    last: date | None = None

    def __init__(self, label: str, required: str, **kwargs: Any) -> None:
        self.required = required
        super().__init__(label, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """As calendars send it, or as people here type it."""
        self.data = None
        parts = re.findall(r"[0-9]+|[^\W\d_]+", tidy(valuelist[0])[:30]) if valuelist else []
        if len(parts) == 3:
            year, month, day = parts if len(parts[0]) == 4 else reversed(parts)
            with suppress(ValueError, OverflowError):
                found = date(int(year), month_names.number(month), int(day))
                self.data = found if found.year >= 1000 else None

    def pre_validate(self, form: Any) -> None:
        if not any(self.raw_data or ()):
            raise StopValidation(self.required)
        if self.data is None:
            raise StopValidation(_("Deze datum bestaat niet. Vul in zoals: 31 12 2027"))

    @property
    def shown(self) -> str:
        if self.data is not None:
            return str(self.data.isoformat())
        return str(self.raw_data[0]) if self.raw_data else ""


def email(form: Any, field: Any) -> None:
    """A plausible address that any mail server can deliver to, kept as typed but for its domain:
    that in lower case and ASCII."""
    if not field.data:
        return
    if len(field.data) <= PLAIN_LONGEST and PLAIN_EMAIL.fullmatch(field.data):
        return
    try:
        if ENCODED in field.data:
            raise EmailNotValidError
        found = validate_email(field.data, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValidationError(
            _("Dit e-mailadres klopt niet. Vul in zoals: naam@voorbeeld.nl")
        ) from None
    plain = str(found.ascii_email)
    if len(plain) > field.longest:  # a domain in another script grows
        raise ValidationError(_("Dit e-mailadres is te lang. Vul een korter adres in."))
    field.data = plain


def phone(form: Any, field: Any) -> None:
    """A number in any notation, Dutch unless it says otherwise; kept as E.164."""
    if not field.data:
        return
    if mobile := DUTCH_MOBILE.fullmatch(field.data.replace(" ", "").replace("-", "")):
        field.data = f"+31{mobile[1]}"
        return
    wrong = _("Dit telefoonnummer klopt niet. Vul in zoals: 06 12345678")
    try:
        number = phonenumbers.parse(field.data, "NL")
    except phonenumbers.NumberParseException:
        raise ValidationError(wrong) from None
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(wrong)
    field.data = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def dutch_postcode(form: Any, field: Any) -> None:
    """Four digits and two letters, with or without a blank; kept as 1234AB."""
    if not field.data:
        return
    if not postcode.is_valid(field.data):
        raise ValidationError(_("Deze postcode klopt niet. Vul in zoals: 1234 AB"))
    field.data = postcode.validate(field.data).replace(" ", "")
