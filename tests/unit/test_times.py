"""When a nightly job is due: by the clocks in Amsterdam, also when those are moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clock import AMSTERDAM
from app.services.work import next_at
from tests.length import examples


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-25T05:14:59+00:00", "2026-11-25T05:15:00+00:00"),
        ("2026-11-25T05:15:00+00:00", "2026-11-26T05:15:00+00:00"),
        ("2026-07-01T04:14:00+00:00", "2026-07-01T04:15:00+00:00"),
        ("2026-03-28T12:00:00+00:00", "2026-03-29T04:15:00+00:00"),  # an hour less to sleep
        ("2026-03-29T00:59:59+00:00", "2026-03-29T04:15:00+00:00"),
        ("2026-10-24T12:00:00+00:00", "2026-10-25T05:15:00+00:00"),  # an hour more
        ("2026-10-25T00:30:00+00:00", "2026-10-25T05:15:00+00:00"),
        ("2026-10-25T01:30:00+00:00", "2026-10-25T05:15:00+00:00"),  # the second 02:30
        ("2026-12-31T23:30:00+00:00", "2027-01-01T05:15:00+00:00"),
        ("2028-02-28T23:30:00+00:00", "2028-02-29T05:15:00+00:00"),
    ],
)
def test_quarter_past_six_in_amsterdam(now: str, due: str) -> None:
    assert next_at(6, 15, datetime.fromisoformat(now)) == datetime.fromisoformat(due)


@settings(max_examples=examples(300), deadline=None)
@given(st.integers(1704067200, 1956528000))  # 2024 to 2031
def test_it_is_the_first_time_from_now(seconds: int) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    due = next_at(6, 15, now)
    assert (due.astimezone(AMSTERDAM).hour, due.astimezone(AMSTERDAM).minute) == (6, 15)
    assert timedelta() < due.astimezone(UTC) - now <= timedelta(hours=25)
