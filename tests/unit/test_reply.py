"""What any register may write in a field: it can be read, stored and sent, or it is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.ports import MalformedReply
from app.registers.reply import Reply

CANARY = "Geheim"


def reply(value: Any) -> Reply:
    return Reply.of("register", {"veld": value})


@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Jan \n", "Jan"),
        ("bel\x07 del\x7f esc\x1b[31m", "bel del esc[31m"),
        ("Jan\u202egeheim", "Jangeheim"),  # turns the reading around
        ("\u2066Jan\u2069", "Jan"),
        ("\ufeffJan\u00ad", "Jan"),
        ("een\u2028twee\u2029drie", "een twee drie"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # this joiner is spelling
        ("Łukasz Đặng 😀", "Łukasz Đặng 😀"),
        ("\u200b\u202e", ""),
    ],
    ids=ascii,
)
def test_a_text_without_what_is_not_seen(written: str, kept: str) -> None:
    assert reply(written).text("veld") == kept


@pytest.mark.parametrize("written", ["nul\0", "half \ud83d", 12, True, ["Jan"], {"naam": "Jan"}])
def test_a_text_that_is_none(written: Any) -> None:
    with pytest.raises(MalformedReply):
        reply(written).text("veld")


def test_a_text_is_as_long_as_it_may_be() -> None:
    assert reply("a" * 20_000).text("veld") == "a" * 20_000
    assert reply("a" * 10 + " ").text("veld", longest=10) == "a" * 10
    for text, limits in (("a" * 20_001, {}), (CANARY * 2, {"longest": 10})):
        with pytest.raises(MalformedReply) as caught:
            reply(text).text("veld", **limits)
        assert CANARY not in str(caught.value)


@pytest.mark.parametrize("code", ["٢٥١٨٠", "２５１８０", "25180\u0661", "2518", "25180 1"])
def test_a_code_has_our_own_digits(code: str) -> None:
    assert reply("25180").text("veld", r"\d{5}") == "25180"
    with pytest.raises(MalformedReply):
        reply(code).text("veld", r"\d{5}")


@pytest.mark.parametrize(
    "day", ["2027-02-29", "٢٠٢٧-٠٢-٠١", "2027-2-1", "20270201", "2027-02-01T00:00", "0000-01-01"]
)
def test_a_day_is_one_of_the_calendar(day: str) -> None:
    assert reply("2028-02-29").day("veld") == date(2028, 2, 29)
    assert reply("").day("veld") is None
    with pytest.raises(MalformedReply) as caught:
        reply(day).day("veld")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("number", [2**31, -(2**31), 10**4000, 12.0, "12", True])
def test_a_number_fits_in_a_column(number: Any) -> None:
    assert reply(2**31 - 1).number("veld") == 2**31 - 1
    with pytest.raises(MalformedReply):
        reply(number).number("veld")
