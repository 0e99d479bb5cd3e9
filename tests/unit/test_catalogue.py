"""When a cohort can be chosen, and how names are compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.catalogue import Availability, Choice, availability
from app.services.catalogue import folded

CHOICE = Choice(
    *("cohort", "programme", "KOK-1", "99XX", "ROC De Horizon", "Kok", "BOL", "Zwolle"),
    apply_from=date(2026, 10, 1),
    apply_until=date(2027, 4, 1),
)


@pytest.mark.rule("WIZ-8")
@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 9, 30), Availability.NOT_YET),
        (date(2026, 10, 1), Availability.OPEN),
        (date(2027, 4, 1), Availability.OPEN),
        (date(2027, 4, 2), Availability.OVER),
    ],
)
def test_a_window_is_whole_days_and_the_last_one_counts(
    today: date, expected: Availability
) -> None:
    assert availability(CHOICE, today) is expected


@pytest.mark.rule("WIZ-8")
def test_a_window_of_one_day() -> None:
    day = replace(CHOICE, apply_until=CHOICE.apply_from)
    assert availability(day, CHOICE.apply_from) is Availability.OPEN


@pytest.mark.rule("WIZ-8")
def test_a_window_without_an_end_stays_open() -> None:
    assert availability(replace(CHOICE, apply_until=None), date(2099, 1, 1)) is Availability.OPEN


@pytest.mark.rule("WIZ-8")
@pytest.mark.parametrize("today", [date(2026, 9, 30), date(2026, 10, 1), date(2027, 4, 2)])
def test_what_is_closed_is_closed_on_any_day(today: date) -> None:
    assert availability(replace(CHOICE, open=False), today) is Availability.CLOSED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Één   KOK ", "een kok"),
        ("Fotografïe", "fotografie"),
        ("Straße", "strasse"),
        ("ﬁnancieel", "financieel"),
        ("İstanbul", "istanbul"),
        ("", ""),
    ],
)
def test_search_forgives_case_accents_and_blanks(text: str, expected: str) -> None:
    assert folded(text) == expected
