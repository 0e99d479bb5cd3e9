"""When a cohort can be chosen, why not, and from when that changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.catalogue import (
    HIDING,
    Choice,
    Hindrance,
    Reason,
    Visibility,
    availability,
    first_start,
    joins_in_year,
    plain_code,
    study_year,
    visibility,
    windows,
)
from tests.length import examples
from tests.unit.answers import CHOICES, DAYS

OPENS, CLOSES = date(2026, 10, 1), date(2027, 4, 1)
CHOICE = Choice(
    *("cohort", "programme", "KOK-1", "99XX", "ROC De Horizon", "Kok", "BOL", "Zwolle"),
    apply_from=OPENS,
    apply_until=CLOSES,
)
DURING, DAY = date(2026, 11, 25), timedelta(days=1)


@pytest.mark.rule("WIZ-8")
@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (OPENS - DAY, Reason.NOT_YET),
        (OPENS, None),
        (CLOSES, None),
        (CLOSES + DAY, Reason.OVER),
    ],
)
def test_a_window_is_whole_days_and_the_last_one_counts(
    today: date, expected: Reason | None
) -> None:
    assert availability(CHOICE, today) is expected


@pytest.mark.rule("WIZ-8")
def test_a_window_of_one_day() -> None:
    day = replace(CHOICE, apply_until=OPENS)
    assert [availability(day, OPENS + n * DAY) for n in (-1, 0, 1)] == [
        Reason.NOT_YET,
        None,
        Reason.OVER,
    ]


@pytest.mark.rule("WIZ-8")
def test_a_window_without_an_end_stays_open() -> None:
    endless = replace(CHOICE, apply_until=None)
    assert visibility(endless, date(2099, 1, 1)) == ((), None)


@pytest.mark.rule("CAT-6")
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"active": False}, Reason.INACTIVE),
        ({"leertraject": "ODT"}, Reason.NOT_OFFERED),
        ({"ticked": False}, Reason.NOT_TICKED),
        ({"receives": False}, Reason.NO_KOPPELPUNT),
        ({"open": False}, Reason.CLOSED),
        ({"apply_until": DURING - DAY}, Reason.OVER),
        ({"apply_from": DURING + DAY}, Reason.NOT_YET),
        ({"places_left": 0}, Reason.FULL),
    ],
)
def test_each_reason_by_itself(facts: dict[str, object], reason: Reason) -> None:
    seen = visibility(replace(CHOICE, **facts), DURING)  # type: ignore[arg-type]
    assert seen.why is reason is availability(replace(CHOICE, **facts), DURING)  # type: ignore[arg-type]
    assert [h.reason for h in seen.hindrances] == [reason]
    assert not seen.open
    assert seen.hidden is (reason in HIDING)


@pytest.mark.rule("CAT-6")
def test_all_reasons_are_given_at_once_the_weightiest_first() -> None:
    worst = replace(
        CHOICE,
        active=False,
        ends=DURING - DAY,
        leertraject="ODT",
        ticked=False,
        receives=False,
        open=False,
        places_left=0,
        apply_until=DURING - DAY,
        apply_from=DURING + DAY,
        start_from=OPENS,
        start_until=OPENS,
    )
    assert [h.reason for h in visibility(worst, DURING).hindrances] == list(Reason)


@pytest.mark.rule("CAT-6")
def test_it_says_from_when_that_changes() -> None:
    later = DURING + 9 * DAY
    assert visibility(CHOICE, DURING).changes == CLOSES + DAY
    assert visibility(CHOICE, OPENS - DAY) == ((Hindrance(Reason.NOT_YET, OPENS),), OPENS)
    waiting = replace(CHOICE, receives=False, receives_from=later)
    assert visibility(waiting, DURING) == ((Hindrance(Reason.NO_KOPPELPUNT, later),), later)
    both = replace(waiting, apply_from=later + DAY)
    assert visibility(both, DURING).changes == later + DAY
    for never in ({"open": False}, {"places_left": 0}, {"receives_from": None}):
        assert visibility(replace(waiting, **never), DURING).changes is None  # type: ignore[arg-type]
    too_late = replace(waiting, receives_from=CLOSES + DAY)
    assert visibility(too_late, DURING).changes is None
    assert visibility(CHOICE, CLOSES + DAY).changes is None


@pytest.mark.rule("CAT-6")
@settings(deadline=None)
@given(CHOICES, DAYS)
def test_the_day_that_it_changes_is_the_first_other_day(choice: Choice, today: date) -> None:
    """By itself: as the days pass and nobody changes anything."""

    def open_on(day: date) -> bool:
        ready = choice.receives_from is not None and choice.receives_from <= day
        return visibility(replace(choice, receives=choice.receives or ready), day).open

    seen = visibility(choice, today)
    assert seen.open is (availability(choice, today) is None)
    if choice.receives and choice.receives_from is not None:
        return  # says two things
    if not choice.receives and choice.receives_from is not None and choice.receives_from <= today:
        return
    days = [today + n * DAY for n in range(1, 3400)]
    other = next((day for day in days if open_on(day) is not seen.open), None)
    if seen.changes is None or seen.changes <= days[-1]:
        assert seen.changes == other


@pytest.mark.rule("WIZ-8")
@pytest.mark.parametrize(
    ("start", "today", "year"),
    [
        (date(2026, 8, 1), date(2026, 11, 25), 1),
        (date(2026, 7, 31), date(2026, 11, 25), 2),
        (date(2025, 8, 1), date(2026, 11, 25), 2),
        (date(2025, 8, 1), date(2026, 7, 31), 1),
        (date(2025, 8, 1), date(2026, 8, 1), 2),
        (date(2024, 9, 1), date(2026, 11, 25), 3),
        (date(2027, 8, 1), date(2026, 11, 25), 1),
        (date(2029, 8, 1), date(2026, 11, 25), 1),
    ],
)
def test_a_cohort_that_began_before_this_study_year(start: date, today: date, year: int) -> None:
    assert joins_in_year(replace(CHOICE, start=start), today) == year


def test_a_study_year_begins_on_the_first_of_august() -> None:
    assert [study_year(date(2027, *day)) for day in ((7, 31), (8, 1), (12, 31))] == [
        2026,
        2027,
        2027,
    ]


@pytest.mark.rule("WIZ-8")
def test_the_first_day_of_a_flexible_cohort() -> None:
    flexible = replace(CHOICE, start_from=date(2026, 9, 1), start_until=date(2027, 1, 31))
    assert first_start(flexible, date(2026, 8, 1)) == date(2026, 9, 1)
    assert first_start(flexible, DURING) == DURING
    assert first_start(CHOICE, DURING) is None
    assert first_start(replace(flexible, start=DURING), DURING) is None


@pytest.mark.rule("WIZ-8")
def test_nobody_begins_after_the_last_day_of_a_flexible_cohort() -> None:
    flexible = replace(CHOICE, start_from=OPENS, start_until=DURING)
    assert visibility(flexible, DURING) == Visibility((), DURING + DAY)
    after = visibility(flexible, DURING + DAY)
    assert after == Visibility((Hindrance(Reason.NO_START),), None)
    assert visibility(replace(flexible, start=DURING), DURING + DAY).open, "it isn't flexible"
    backwards = replace(flexible, start_until=OPENS - DAY)
    assert visibility(backwards, DURING + DAY).open, "an end before its beginning is none"


@pytest.mark.rule("WIZ-9")
@pytest.mark.parametrize(
    "typed", ["Kok\u200b2027", "Kok 2027", " kok2027", "KOK\t20 27\n", "ＫＯＫ２０２７"]
)
def test_a_code_is_compared_without_blanks_and_case(typed: str) -> None:
    assert plain_code(typed) == "kok2027"
    assert plain_code(typed + "x") != "kok2027"


@pytest.mark.rule("WIZ-8", "CAT-5")
@settings(deadline=None, max_examples=examples(200))
@given(st.lists(CHOICES, max_size=4), st.none() | DAYS, DAYS)
def test_a_day_lies_in_a_window_when_a_cohort_takes_applications_then(
    cohorts: list[Choice], ends: date | None, day: date
) -> None:
    found = windows(cohorts, ends)
    no = {Reason.CLOSED, Reason.OVER, Reason.NO_START, Reason.NOT_YET, Reason.ENDED}
    takes = [
        not no & {h.reason for h in visibility(replace(cohort, ends=ends), day).hindrances}
        for cohort in cohorts
    ]
    assert any(first <= day <= last for first, last in found) == any(takes)
    assert found == sorted(found)
    assert all(before[1] + DAY < after[0] for before, after in pairwise(found))
