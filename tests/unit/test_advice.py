"""What a student is told before sending: the level asked, and 1 April (WIZ-16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app import labels
from app.domain.advice import OPENS, Term, falls_short, term, this_april
from app.domain.draft import Draft, From, Picked, StartDay
from app.domain.education import Diploma, EducationLevel, PriorEducation, Where, level_of
from app.domain.rules import starts
from app.i18n import translate
from tests.days import on_a_page, read_in
from tests.unit.answers import open_choice

TODAY = date(2026, 11, 25)
L, YES, NO, EXAM = EducationLevel, Diploma.YES, Diploma.NO, Diploma.EXAM
KOK = open_choice(TODAY)


def learnt(level: EducationLevel, diploma: Diploma | None) -> PriorEducation:
    return PriorEducation("Het Voorbeeld", level=level, diploma=diploma)


# Of each diploma: the levels of mbo that ask for more.
HIGHER = {
    (L.PRO, YES): "234",
    (L.VMBO_BB, YES): "34",
    (L.VMBO_KB, YES): "",
    (L.VMBO_GL, YES): "",
    (L.VMBO_TL, YES): "",
    (L.HAVO, YES): "",
    (L.VWO, YES): "",
    (L.MBO_1, YES): "34",
    (L.MBO_2, YES): "",
    (L.MBO_3, YES): "",
    (L.MBO_4, YES): "",
    (L.HIGHER, YES): "",
    (L.OTHER, YES): "",
    # expected: still at school, or this year's exam
    (L.VMBO_BB, EXAM): "34",
    (L.VMBO_KB, EXAM): "",
    (L.VMBO_KB, None): "",
    (L.VMBO_BB, None): "34",
    # left without
    (L.PRO, NO): "234",
    (L.VMBO_BB, NO): "234",
    (L.VMBO_KB, NO): "234",
    (L.VMBO_TL, NO): "234",
    (L.HAVO, NO): "",
    (L.VWO, NO): "",
    (L.MBO_1, NO): "234",
    (L.MBO_2, NO): "34",
    (L.MBO_3, NO): "",
    (L.HIGHER, NO): "",
    **{(level, diploma): "" for level in (L.ISK, L.SPECIAL) for diploma in (YES, NO)},
    (L.OTHER, NO): "",
}


@pytest.mark.rule("WIZ-16")
@pytest.mark.parametrize(("had", "higher"), HIGHER.items(), ids=str)
def test_the_level_that_a_programme_asks(
    had: tuple[EducationLevel, Diploma | None], higher: str
) -> None:
    by_duo = Picked(From.DUO, learnt(*had))
    told = replace(learnt(*had), where=Where.NETHERLANDS)
    for level in (1, 2, 3, 4):
        choice = replace(KOK, level=level)
        short = str(level) in higher
        assert falls_short(Draft(choice=choice, picked=by_duo)) is short
        typed = Draft(choice=choice, picked=Picked(From.STUDENT), education=told)
        assert falls_short(typed) is short


@pytest.mark.rule("WIZ-16")
def test_without_prior_education_level_one_is_open() -> None:
    short = [
        level
        for level in (None, 1, 2, 3, 4)
        if falls_short(Draft(choice=replace(KOK, level=level), picked=Picked(From.NONE)))
    ]
    assert short == [2, 3, 4]


def test_every_level_is_thought_of() -> None:
    assert {level for level, diploma in HIGHER if diploma is YES} == set(L)
    assert set(L) - set(OPENS) == {L.ISK, L.SPECIAL, L.OTHER}


@pytest.mark.parametrize(
    ("code", "level"),
    [
        *(("0090", L.PRO), ("0400", L.VMBO_TL), ("2210", L.VMBO_TL), ("2711", L.VMBO_GL)),
        *(("2831", L.VMBO_KB), ("2952", L.VMBO_BB), ("3011", L.VMBO_BB), ("0370", L.HAVO)),
        *(("0170", L.VWO), ("0279", L.VWO), ("", L.OTHER), ("9999", L.OTHER)),
    ],
)
def test_a_level_by_its_ilt_code(code: str, level: EducationLevel) -> None:
    assert level_of(code) is level
    assert level_of(code, 3) is L.MBO_3


STARTS = {  # the last day on which one is in time, by the start
    date(2027, 8, 1): date(2027, 4, 1),
    date(2027, 9, 1): date(2027, 4, 1),
    date(2028, 7, 31): date(2027, 4, 1),
    date(2028, 8, 1): date(2028, 5, 1),  # moved
    date(2027, 2, 1): date(2026, 4, 1),
}
MOVED = {2028: date(2028, 5, 1)}


@pytest.mark.rule("WIZ-16")
@pytest.mark.parametrize(("start", "last"), STARTS.items(), ids=str)
def test_in_time_is_up_to_and_including_the_first_of_april(start: date, last: date) -> None:
    found = term(Draft(choice=replace(KOK, start=start)), MOVED)
    assert found.april == last
    assert found.in_time(last) is True
    assert found.in_time(date.fromordinal(last.toordinal() + 1)) is False


@pytest.mark.rule("WIZ-16", "CAT-3")
@pytest.mark.parametrize("leertraject", ["VAVO", "OVO", "EX"])
def test_april_is_not_for_everybody(leertraject: str) -> None:
    chosen = Draft(choice=replace(KOK, leertraject=leertraject, start=date(2027, 8, 1)))
    assert term(chosen, {}).in_time(TODAY) is None


@pytest.mark.rule("WIZ-16")
def test_the_start_is_the_day_that_the_student_picked() -> None:
    flexible = Draft(choice=replace(KOK, start_from=date(2027, 2, 1)))
    assert starts(flexible) == date(2027, 2, 1)
    picked = replace(flexible, start_day=StartDay("cohort", date(2027, 8, 15)))
    assert term(picked, {}).april == date(2027, 4, 1)
    assert term(Draft(choice=KOK), {}).april is None, "nobody knows when it begins"


@pytest.mark.rule("WIZ-16")
def test_the_window_of_the_cohort_is_the_other_term() -> None:
    assert term(Draft(choice=replace(KOK, apply_until=date(2027, 7, 1))), {}).closes == date(
        2027, 7, 1
    )
    assert term(Draft(choice=KOK), {}).closes is None


@pytest.mark.rule("WIZ-16")
@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 8, 1), date(2027, 4, 1)),
        (date(2027, 4, 1), date(2027, 4, 1)),
        (date(2027, 7, 31), date(2027, 4, 1)),
        (date(2027, 8, 1), date(2028, 5, 1)),  # moved
        (date(2028, 8, 1), date(2029, 4, 1)),
    ],
)
def test_the_day_that_counts_for_who_wants_to_begin_in_august(today: date, last: date) -> None:
    assert this_april(today, MOVED) == last


@pytest.mark.rule("WIZ-16")
def test_two_last_days_are_told_as_one_after_the_other() -> None:
    both = Term(date(2027, 4, 1), date(2027, 4, 29))
    with read_in("nl"):
        later = translate("nl", labels.closes(both, date(2027, 4, 1)))
        assert (
            later == f"Daarna mag het nog tot en met {on_a_page(date(2027, 4, 29))}, maar dan "
            "ben je niet meer op tijd."
        )
        assert "Nog 27 dagen" in translate("nl", labels.closes(both, date(2027, 4, 2)))
