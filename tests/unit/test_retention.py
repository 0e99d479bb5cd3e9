"""How long what is kept (RET-1): days in, days out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.retention import (
    WARNING,
    Account,
    AgeBand,
    Fate,
    age_band,
    dossier_goes,
    months_after,
)
from tests.length import examples

DAY = timedelta(days=1)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
maybe = st.none() | days


@pytest.mark.rule("RET-1")
@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2027-04-01", 12, "2028-04-01"),
        ("2028-02-29", 12, "2029-03-01"),
        ("2027-11-30", 3, "2028-03-01"),  # no 30 February
        ("2026-11-30", 3, "2027-03-01"),
        ("2027-12-31", 2, "2028-03-01"),
        ("2027-01-31", 1, "2027-03-01"),
        ("2027-10-15", 3, "2028-01-15"),
        ("2027-03-15", -24, "2025-03-15"),
        ("2028-02-29", -24, "2026-03-01"),
    ],
)
def test_months_are_those_of_the_calendar(day: str, months: int, then: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(then)


@pytest.mark.rule("RET-1")
def test_a_dossier_goes_after_a_year_but_never_before_its_start() -> None:
    sent = date(2027, 3, 1)
    assert dossier_goes(sent, None) == date(2028, 3, 1)
    assert dossier_goes(sent, date(2027, 8, 1)) == date(2028, 3, 1)
    assert dossier_goes(sent, date(2028, 8, 1)) == date(2028, 8, 1)


SENT, GOES = date(2027, 3, 1), date(2028, 3, 1)
WARN = GOES - WARNING


def account(**otherwise: object) -> Account:
    return Account(**{"dossiers": (GOES,), "worked_on": None, "seen": SENT, **otherwise})  # type: ignore[arg-type]


@pytest.mark.rule("RET-1")
@pytest.mark.parametrize(
    ("warned", "today", "fate"),
    [
        (None, WARN - DAY, Fate.KEPT),
        (None, WARN, Fate.WARNED),
        (WARN, WARN, Fate.KEPT),
        (WARN, GOES - DAY, Fate.KEPT),
        (WARN, GOES, Fate.REMOVED),
        (WARN + 9 * DAY, GOES, Fate.KEPT),  # the worker was down: the days to save things stay
        (WARN + 9 * DAY, GOES + 9 * DAY, Fate.REMOVED),
        (None, GOES + 400 * DAY, Fate.WARNED),
        (WARN - DAY, GOES, Fate.WARNED),  # about an earlier application
    ],
)
def test_an_account_goes_with_the_last_dossier_a_month_after_its_warning(
    warned: date | None, today: date, fate: Fate
) -> None:
    assert account(warned=warned).fate(today) is fate


@pytest.mark.rule("RET-1")
def test_an_empty_profile_goes_after_three_months_without_a_mail() -> None:
    empty = account(dossiers=(), seen=date(2027, 1, 15))
    assert empty.fate(date(2027, 4, 14)) is Fate.KEPT
    assert empty.fate(date(2027, 4, 15)) is Fate.REMOVED
    busy = account(dossiers=(), seen=date(2027, 1, 15), worked_on=date(2027, 2, 1))
    assert busy.fate(date(2027, 4, 15)) is Fate.KEPT
    assert busy.fate(date(2027, 5, 1)) is Fate.REMOVED


@pytest.mark.rule("RET-1")
def test_a_draft_that_can_still_be_sent_is_no_empty_profile() -> None:
    last = date(2027, 6, 30)
    waits = account(dossiers=(), seen=date(2027, 1, 15), worked_on=date(2027, 2, 1), waits=last)
    assert waits.fate(last) is Fate.KEPT
    assert waits.fate(last + DAY) is Fate.REMOVED
    sooner = replace(waits, waits=date(2027, 2, 2))
    assert sooner.goes == date(2027, 5, 1)
    assert replace(waits, dossiers=(GOES,)).goes == GOES


@pytest.mark.rule("RET-1")
def test_a_draft_keeps_no_account_that_has_dossiers() -> None:
    """Who is busy with another application is warned too, and sends it or doesn't."""
    busy = account(worked_on=GOES - DAY)
    assert busy.goes == GOES
    assert busy.fate(WARN) is Fate.WARNED


accounts = st.builds(
    Account,
    dossiers=st.lists(days, max_size=3).map(tuple),
    worked_on=maybe,
    seen=days,
    warned=maybe,
    waits=maybe,
)


@pytest.mark.rule("RET-1")
@settings(max_examples=examples(300))
@given(accounts, days)
def test_nobody_goes_early_or_unwarned(one: Account, today: date) -> None:
    fate = one.fate(today)
    if fate is Fate.REMOVED:
        assert today >= one.ends(today) >= max([*one.dossiers, one.goes])
        if one.dossiers:
            assert one.warned is not None
            assert today >= one.warned + WARNING
    if fate is Fate.WARNED:
        assert one.ends(today) >= today + WARNING
        warned = replace(one, warned=today)
        assert warned.fate(today) is not Fate.WARNED, "once"
        assert warned.fate(one.ends(today)) is Fate.REMOVED, "on the day that the mail says"
        assert warned.fate(one.ends(today) - DAY) is Fate.KEPT


@pytest.mark.rule("RET-1")
@settings(max_examples=examples(100))
@given(accounts, days)
def test_everybody_goes_some_day(one: Account, today: date) -> None:
    """The worker comes each day, whatever it missed before."""
    for _ in range(20):
        fate = one.fate(today)
        if fate is Fate.REMOVED:
            return
        if fate is Fate.WARNED:
            one = replace(one, warned=today)
        matters = (one.goes - WARNING, one.goes, one.ends(today))
        today = min((day for day in matters if day > today), default=today + DAY)
    pytest.fail("still there")


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (None, AgeBand.UNKNOWN),
        (15, AgeBand.UNDER_16),
        (16, AgeBand.FROM_16),
        (17, AgeBand.FROM_16),
        (18, AgeBand.FROM_18),
        (22, AgeBand.FROM_18),
        (23, AgeBand.FROM_23),
        (60, AgeBand.FROM_23),
    ],
)
def test_an_age_becomes_a_band(age: int | None, band: AgeBand) -> None:
    assert age_band(age) is band
