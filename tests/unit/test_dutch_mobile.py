"""The short way for Dutch mobile numbers says what the library says."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from app.wizard.fields import DUTCH_MOBILE, readable_phone


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
