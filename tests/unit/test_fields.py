"""What somebody types, and what is kept of it; in tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form

from app.phone_numbers import readable_phone
from app.wizard.fields import (
    LONGEST_TYPED,
    BirthDate,
    Text,
    dutch_postcode,
    email,
    phone,
    tidy,
)

MARCH = ("3", "03", "maart", "Maart", " maa ", "mrt", "mrt.", "March", "mar", "مارس", "٣")
NO_MONTHS = ("m", "ma", "ju", "x", "maartje", "march3", ".", "²", "-1", "13", "9" * 20, "maart" * 4)
INVISIBLE = "Typ dit opnieuw: er staan tekens in die je niet kunt zien"
NO_DAY = "Deze datum bestaat niet. Vul in zoals: 31 12 2009"


class Everything(Form):  # type: ignore[misc]
    text = Text("Tekst", 10, "Vul in")
    optional = Text("Tekst", 10)
    email = Text("E-mail", 100, validators=[email])
    phone = Text("Telefoon", 20, validators=[phone])
    postcode = Text("Postcode", 7, validators=[dutch_postcode])
    birth_date = BirthDate("Geboortedatum")
    today = date(2026, 11, 25)


def typed(name: str, value: str | tuple[str, str, str]) -> Field:
    """The field after somebody typed this in it."""
    if isinstance(value, str):
        data = {name: value}
    else:
        data = {f"{name}-{part}": text for part, text in zip(BirthDate.PARTS, value, strict=True)}
    form = Everything(MultiDict(data))
    form.validate()
    return form[name]


def kept(name: str, value: Any) -> str:
    field = typed(name, value)
    assert not field.errors, field.errors
    return str(field.data)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ali", "Ali"),
        ("  Ali  Y  ", "Ali Y"),
        ("Ali\tY\nZ", "Ali Y Z"),
        ("e\u0301e\u0301n", "één"),
        ("ÿ Ōé 'n -", "ÿ Ōé 'n -"),
        ("نور\u200cا", "نور\u200cا"),
        ("١٢ bis", "12 bis"),
        ("😀" * 10, "😀" * 10),
        ("<b>&\"'", "<b>&\"'"),
        ("x" * 10, "x" * 10),
    ],
)
def test_text_is_kept_on_one_line(value: str, expected: str) -> None:
    assert kept("text", value) == expected


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "Vul in"),
        (" \t\n\u00a0", "Vul in"),
        ("x" * 11, "Maak dit korter: hoogstens %(longest)d tekens"),
        *((f"a{c}b", INVISIBLE) for c in "\x00\x07\x1b\x7f\u200b\u200e\u202e\u2066\ufeff\ud800"),
        *(
            (blank, INVISIBLE)
            for blank in ("\u034f", "\ufe0f", "\U000e0100", "\u0301", "\u200d", "\u3164", "\ue000")
        ),
    ],
)
def test_text_that_does_not_fit_says_what_to_do(value: str, says: str) -> None:
    assert typed("text", value).errors == [says]


def test_an_optional_text_may_be_empty() -> None:
    assert kept("optional", " ") == ""


@pytest.mark.rule("WIZ-5")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("naam@voorbeeld.nl", "naam@voorbeeld.nl"),
        (" Naam.Achter+mbo@VOORBEELD.NL ", "Naam.Achter+mbo@voorbeeld.nl"),
        ("o'hara@voorbeeld.nl", "o'hara@voorbeeld.nl"),
        (f"{'a' * 64}@{'b' * 32}.nl", f"{'a' * 64}@{'b' * 32}.nl"),
        ("naam@bücher.nl", "naam@xn--bcher-kva.nl"),
        ("", ""),
    ],
)
def test_email_addresses(value: str, expected: str) -> None:
    assert kept("email", value) == expected


@pytest.mark.rule("WIZ-5")
@pytest.mark.parametrize(
    "value",
    [
        *("naam", "naam@", "@voorbeeld.nl", "naam@voorbeeld", "a@b@voorbeeld.nl", "a b@c.nl"),
        *("naam@voorbeeld..nl", ".naam@voorbeeld.nl", "naam.@voorbeeld.nl", "naam@-x.nl"),
        *("naam@[127.0.0.1]", '"a b"@voorbeeld.nl', "Naam <naam@voorbeeld.nl>", "naam@localhost"),
        *("naam@voorbeeld.nl,ander@voorbeeld.nl", "naam@voorbeeld.nl;x@y.nl", "mailto:a@b.nl"),
        *("jürgen@voorbeeld.nl", f"{'a' * 64}@{'b' * 60}.nl"),
    ],
)
def test_no_email_addresses(value: str) -> None:
    assert typed("email", value).errors


@pytest.mark.rule("WIZ-5")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *(
            (text, "+31612345678")
            for text in (
                *("0612345678", "06 12345678", "06-12345678", "06 12 34 56 78", "(06) 12345678"),
                *("+31612345678", "+31 6 12345678", "0031612345678", "0031 6 1234 5678"),
                *("+31 (0)6 12345678", "06.12.34.56.78", "06/12345678", "٠٦١٢٣٤٥٦٧٨"),
            )
        ),
        ("038 423 12 34", "+31384231234"),
        ("+32 470 12 34 56", "+32470123456"),
        ("0032 470 12 34 56", "+32470123456"),
        ("+49 1512 3456789", "+4915123456789"),
        ("+1 212-555-2368", "+12125552368"),
        ("", ""),
    ],
)
def test_telephone_numbers_in_any_notation(value: str, expected: str) -> None:
    assert kept("phone", value) == expected


@pytest.mark.rule("WIZ-5")
@pytest.mark.parametrize(
    "value", ["12345", "06 1234567", "06 123456789", "bel mij", "+31 6", "0000000000", "+999 12345"]
)
def test_no_telephone_numbers(value: str) -> None:
    assert typed("phone", value).errors


@pytest.mark.rule("WIZ-5")
@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+31612345678", "06 12345678"),
        ("+31384231234", "038 423 1234"),
        ("+32470123456", "+32 470 12 34 56"),
        ("", ""),
    ],
)
def test_a_number_is_shown_as_people_write_it_and_understood_again(
    number: str, expected: str
) -> None:
    assert readable_phone(number) == expected
    assert kept("phone", readable_phone(number)) == number


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize("value", ["1234AB", "1234 AB", "1234 ab", " 1234ab ", "١٢٣٤ ab"])
def test_postcodes(value: str) -> None:
    assert kept("postcode", value) == "1234AB"


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize("value", ["1234", "0123 AB", "1234 A", "12345AB", "AB 1234", "1234 SS"])
def test_no_postcodes(value: str) -> None:
    assert typed("postcode", value).errors


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("31", "12", "2009"), "20091231"),
        (("1", "2", "2009"), "20090201"),
        (("29", "2", "2008"), "20080229"),
        ((" 01 ", "01", "2000"), "20000101"),
        (("25", "11", "2026"), "20261125"),
        (("", "2", "2009"), "20090200"),
        (("", "", "2009"), "20090000"),
        (("0", "00", "2009"), "20090000"),
        *((("3", month, "2009"), "20090303") for month in MARCH),
        *((("", month, "2009"), "20090300") for month in MARCH),
        (("1", "mei", "2009"), "20090501"),
        (("1", "may", "2009"), "20090501"),
        (("1", "okt", "2009"), "20091001"),
        (("1", "Oct", "2009"), "20091001"),
        (("1", "sept.", "2009"), "20090901"),
        (("1", "augus", "2009"), "20090801"),
    ],
)
def test_birth_dates(parts: tuple[str, str, str], expected: str) -> None:
    assert kept("birth_date", parts) == expected


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (("", "", ""), "Vul je geboortedatum in, zoals 14 3 2009"),
        (("29", "2", "2009"), NO_DAY),
        (("31", "13", "2009"), NO_DAY),
        (("1", "", "2009"), NO_DAY),
        *((("1", month, "2009"), NO_DAY) for month in NO_MONTHS),
        *((("", month, "2009"), NO_DAY) for month in NO_MONTHS),
        (("31", "juni", "2009"), NO_DAY),
        (("een", "mei", "2009"), NO_DAY),
        (("1", "5", "09"), "Klopt het jaar? Vul je geboortejaar in, zoals 2009"),
        (("29", "2", "09"), "Klopt het jaar? Vul je geboortejaar in, zoals 2009"),
        (("31", "12", "0"), "Klopt het jaar? Vul je geboortejaar in, zoals 2009"),
        (("-1", "5", "2009"), NO_DAY),
        (("26", "11", "2026"), "Klopt het jaar? Vul je geboortejaar in, zoals 2009"),
        (("31", "12", "1899"), "Klopt het jaar? Vul je geboortejaar in, zoals 2009"),
    ],
)
def test_no_birth_dates(parts: tuple[str, str, str], says: str) -> None:
    field = typed("birth_date", parts)
    assert field.errors == [says]
    assert list(field.parts.values()) == [part.strip() for part in parts]


@pytest.mark.parametrize("blank", ["\u3164", "\u2800\u2800", "A\uffa0n"])
def test_a_name_that_nobody_can_see_is_none(blank: str) -> None:
    assert typed("text", blank).errors == [INVISIBLE]


def test_what_is_far_too_long_is_not_composed_first() -> None:
    """Ordering a hundred thousand accents takes half a minute."""
    assert len(tidy("a" + "\u0301" * 60_000 + "\u0316" * 60_000)) <= LONGEST_TYPED


@pytest.mark.rule("WIZ-5")
def test_an_address_that_grows_too_long_is_refused() -> None:
    field = typed("email", "naam@" + "字." * 26 + "nl")
    assert field.errors == ["Dit e-mailadres is te lang. Vul een korter adres in."]


@pytest.mark.rule("WIZ-5")
def test_an_address_that_a_mail_head_reads_as_two_is_none() -> None:
    field = typed("email", "=?us-ascii?q?iemand=40voorbeeld.nl=2C?=naam@voorbeeld.nl")
    assert field.errors == ["Dit e-mailadres klopt niet. Vul in zoals: naam@voorbeeld.nl"]
    assert not typed("email", "naam=is?dit@voorbeeld.nl").errors
