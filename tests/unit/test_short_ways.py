"""The short ways for Dutch mobile numbers and plain e-mail addresses say what the library says."""

from __future__ import annotations

import phonenumbers
import pytest
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from app.phone_numbers import DUTCH_MOBILE, readable_phone
from app.wizard.fields import PLAIN_EMAIL, PLAIN_LONGEST


@pytest.mark.rule("WIZ-5")
@given(st.from_regex(r"\+316[0-9]{8}", fullmatch=True))
def test_the_short_way_takes_only_what_is_valid_and_shows_it_alike(number: str) -> None:
    parsed = phonenumbers.parse(number)
    assert phonenumbers.is_valid_number(parsed) or not DUTCH_MOBILE.fullmatch(number)
    assert readable_phone(number) == phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)


@given(
    st.sampled_from(["+31", "0031", "0"]), st.from_regex(r"6[1-58][ -]?[0-9]{7}", fullmatch=True)
)
def test_the_library_reads_the_same_number(prefix: str, rest: str) -> None:
    typed = prefix + rest
    mobile = DUTCH_MOBILE.fullmatch(typed.replace(" ", "").replace("-", ""))
    assert mobile
    read = phonenumbers.format_number(phonenumbers.parse(typed, "NL"), PhoneNumberFormat.E164)
    assert read == f"+31{mobile[1]}"


WORD = st.text("abcxyz0189", min_size=1, max_size=9)
NAME = st.lists(WORD | WORD.map(str.upper), min_size=1, max_size=3)
LABEL = st.lists(WORD, min_size=1, max_size=2).map("-".join)
PLAIN = st.builds(
    lambda name, sign, labels, end: f"{sign.join(name)}@{'.'.join(labels)}.{end}",
    NAME,
    st.sampled_from("._+-"),
    st.lists(LABEL, min_size=1, max_size=2),
    st.sampled_from(["nl", "com", "net", "org", "eu", "be"]),
).filter(lambda typed: len(typed) <= PLAIN_LONGEST)


@pytest.mark.rule("WIZ-5")
@settings(deadline=None)
@given(PLAIN)
def test_the_library_keeps_a_plain_address_as_it_is(typed: str) -> None:
    assert PLAIN_EMAIL.fullmatch(typed)
    found = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    assert found.ascii_email == typed


@pytest.mark.parametrize(
    "typed",
    ["a@b.example", "a@münchen.nl", "a@xn--mnchen-3ya.nl", "a@Voorbeeld.nl", "a@b-.nl", ".a@b.nl"],
)
def test_what_is_not_plain_is_left_to_the_library(typed: str) -> None:
    assert not PLAIN_EMAIL.fullmatch(typed)
