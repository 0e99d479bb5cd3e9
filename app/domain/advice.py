"""What a student should know before sending, and what never stops them (WIZ-16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain import rules
from app.domain.catalogue import Choice, study_year
from app.domain.catalogue import last_day as closing_day
from app.domain.draft import Draft, From
from app.domain.education import Diploma, EducationLevel

WITHOUT_APRIL = frozenset({"VAVO", "OVO", "EX"})
FREE = 1  # the level that asks for no diploma

L = EducationLevel
# The highest level of mbo that a diploma opens; the levels at which nobody can tell are missing.
OPENS = {
    L.PRO: 1,
    L.VMBO_BB: 2,
    L.VMBO_KB: 4,
    L.VMBO_GL: 4,
    L.VMBO_TL: 4,
    L.HAVO: 4,
    L.VWO: 4,
    L.MBO_1: 2,
    L.MBO_2: 4,
    L.MBO_3: 4,
    L.MBO_4: 4,
    L.HIGHER: 4,
}
# The same without the diploma. Who was let in there had what that asks; who goes over to havo or
# vwo 4 needs none.
OPENS_WITHOUT = {L.HAVO: 4, L.VWO: 4, L.MBO_2: 2, L.MBO_3: 4, L.MBO_4: 4, L.HIGHER: 4}


def falls_short(answers: Draft) -> bool:
    """Whether the student is likely not to be admitted: the last or expected diploma is below
    what the programme's level asks. Unknown levels never fall short."""
    choice, picked = answers.choice, answers.picked
    if choice is None or choice.level is None or choice.level <= FREE or picked is None:
        return False
    if picked.source is From.NONE:
        return True
    learnt = answers.learnt
    if learnt is None or learnt.level not in OPENS:
        return False
    if learnt.diploma is Diploma.NO:
        return OPENS_WITHOUT.get(learnt.level, FREE) < choice.level
    return OPENS[learnt.level] < choice.level


@dataclass(frozen=True)
class Term:
    """Until when one can apply, and with what right."""

    april: date | None  # the last day on which one is in time; None: it makes no difference
    closes: date | None  # the last day of the cohort's own window

    def in_time(self, day: date) -> bool | None:
        return None if self.april is None else day <= self.april


def term(answers: Draft, moved: Mapping[int, date]) -> Term:
    """1 April before the study year of the start, or the day set in its place for that year."""
    choice, start = answers.choice, rules.starts(answers)
    if choice is None:
        return Term(None, None)
    if start is None or choice.leertraject in WITHOUT_APRIL:
        return Term(None, closing_day(choice))
    return Term(april(study_year(start), moved), closing_day(choice))


def last_day(choice: Choice, moved: Mapping[int, date], today: date) -> date | None:
    """The day that matters next to who has chosen this: the last that is in time, else the last on
    which it can be sent; None where there is none ahead."""
    until = term(Draft(choice=choice), moved)
    days = [day for day in (until.april, until.closes) if day is not None and day >= today]
    return min(days, default=None)


def april(year: int, moved: Mapping[int, date]) -> date:
    """The last day on which one is in time for the study year that begins in `year`."""
    return moved.get(year, date(year, 4, 1))


def this_april(today: date, moved: Mapping[int, date]) -> date:
    """The one that counts for who wants to begin in August: from April on it has gone."""
    return april(study_year(today) + 1, moved)
