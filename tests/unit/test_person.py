"""Ages, to the day, also of who was born on 29 February or on a day that nobody knows."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import clock
from app.domain.person import ages, may_be_minor
from tests.length import examples


@pytest.mark.rule("DUO-8")
@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        ("20081124", "2026-11-24", (18, 18)),
        ("20081125", "2026-11-24", (17, 17)),
        ("20080229", "2026-02-28", (17, 17)),
        ("20080229", "2026-03-01", (18, 18)),
        ("20080229", "2028-02-28", (19, 19)),
        ("20080229", "2028-02-29", (20, 20)),
        ("20080000", "2026-06-01", (17, 18)),
        ("20080000", "2026-12-31", (18, 18)),
        ("20070000", "2026-01-01", (18, 19)),
        ("20080600", "2026-05-31", (17, 17)),
        ("20080600", "2026-06-15", (17, 18)),
        ("20080600", "2026-07-01", (18, 18)),
        ("20080400", "2026-04-30", (18, 18)),
        ("20070200", "2025-02-28", (18, 18)),
        ("20270101", "2026-11-24", (0, 0)),
        ("00000000", "2026-11-24", None),
        ("00000512", "2026-11-24", None),
    ],
)
def test_ages(born: str, on: str, expected: tuple[int, int] | None) -> None:
    assert ages(born, date.fromisoformat(on)) == expected


@pytest.mark.rule("WIZ-10")
@pytest.mark.parametrize(
    ("born", "on", "asked"),
    [
        # The day before the eighteenth birthday, the day itself, the day after.
        ("20081124", "2026-11-23", True),
        ("20081124", "2026-11-24", False),
        ("20081124", "2026-11-25", False),
        ("20090101", "2026-12-31", True),
        ("20090101", "2027-01-01", False),
        # 29 February: eighteen years later there is none.
        ("20080229", "2026-02-28", True),
        ("20080229", "2026-03-01", False),
        ("20120229", "2030-02-28", True),
        ("20120229", "2030-03-01", False),
        ("20080229", "2028-02-28", False),
        ("20100228", "2028-02-27", True),
        ("20100228", "2028-02-28", False),
        ("20100301", "2028-02-29", True),
        ("20100301", "2028-03-01", False),
        # The day unknown: until the last of the month.
        ("20080600", "2026-05-31", True),
        ("20080600", "2026-06-29", True),
        ("20080600", "2026-06-30", False),
        ("20080600", "2026-07-01", False),
        ("20080200", "2026-02-28", True),
        ("20080200", "2026-03-01", False),
        ("20100200", "2028-02-27", True),
        ("20100200", "2028-02-28", False),
        # The month unknown: until the last of the year.
        ("20080000", "2026-06-01", True),
        ("20080000", "2026-12-30", True),
        ("20080000", "2026-12-31", False),
        ("20070000", "2026-01-01", False),
        # Nothing is known, or no year.
        ("00000000", "2026-06-01", True),
        ("00000512", "2026-06-01", True),
    ],
)
def test_who_may_be_a_minor_needs_a_guardian(born: str, on: str, asked: bool) -> None:
    assert may_be_minor(born, date.fromisoformat(on)) is asked


def age(born: date, on: date) -> int:
    """Birthdays counted one by one; who has none this year has it a day later."""

    def birthday(year: int) -> date:
        if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
            return date(year, 3, 1)
        return born.replace(year=year)

    return sum(1 for year in range(born.year + 1, on.year + 1) if birthday(year) <= on)


def possible(born: str) -> list[date]:
    year, month, day = int(born[:4]), int(born[4:6]), int(born[6:])
    first = date(year, 1, 1)
    days = (first + timedelta(n) for n in range(366))
    return [d for d in days if d.year == year and month in (0, d.month) and day in (0, d.day)]


@pytest.mark.rule("DUO-8")
@settings(max_examples=examples(200), deadline=None)
@given(
    st.dates(date(1990, 1, 1), date(2024, 12, 31)),
    st.dates(date(2025, 1, 1), date(2033, 12, 31)),
    st.sampled_from([8, 6, 4]),
)
def test_the_lowest_and_the_highest_of_all_possible_ages(born: date, on: date, known: int) -> None:
    text = born.strftime("%Y%m%d")[:known].ljust(8, "0")
    all_of_them = [age(day, on) for day in possible(text)]
    assert ages(text, on) == (min(all_of_them), max(all_of_them))


@pytest.mark.rule("DUO-8")
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 23, 0, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 4, 1, 21, 59, 59, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 4, 1, 22, 0, 0, tzinfo=UTC), date(2026, 4, 2)),
        (datetime(2026, 12, 31, 23, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 9, 30, 22, 0, 0, tzinfo=UTC), date(2026, 10, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_amsterdam(moment: datetime, day: date) -> None:
    assert clock.local_date(moment) == day
