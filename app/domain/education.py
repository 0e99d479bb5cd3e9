"""Prior education: what somebody learnt before, by DUO or by their own word (WIZ-6, DUO-7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class EducationLevel(StrEnum):
    """How far a school brings one, from low to high; of the last three
    nobody can tell."""

    PRO = "pro"
    VMBO_BB = "vmbo-bb"
    VMBO_KB = "vmbo-kb"
    VMBO_GL = "vmbo-gl"
    VMBO_TL = "vmbo-tl"
    HAVO = "havo"
    VWO = "vwo"
    MBO_1 = "mbo-1"
    MBO_2 = "mbo-2"
    MBO_3 = "mbo-3"
    MBO_4 = "mbo-4"
    HIGHER = "ho"  # hbo or university
    ISK = "isk"  # internationale schakelklas: those who are new here learn Dutch there
    SPECIAL = "vso"  # voortgezet speciaal onderwijs
    OTHER = "other"


class Diploma(StrEnum):
    YES = "yes"
    NO = "no"
    EXAM = "exam"  # «ik doe dit jaar examen»


class Where(StrEnum):
    """Where the school is that somebody tells of; the three kinds that a SIS knows."""

    NETHERLANDS = "nl"
    ABROAD = "abroad"
    OTHER = "other"  # at home, a state exam, an institution that is no school


NUMBER = re.compile(r"(\d{2}[A-Z]{2})(\d{2})?", re.ASCII)  # a BRIN, or one of a location


@dataclass(frozen=True)
class Subject:
    name: str  # at most 100 characters
    result: str  # at most 10


@dataclass(frozen=True)
class PriorEducation:
    """One school and what was learnt there. Empty text, None: nobody says."""

    school: str  # at most 100 characters; a BRIN where nobody knows the name
    programme: str = ""  # at most 200
    level: EducationLevel = EducationLevel.OTHER
    brin: str = ""
    ilt_code: str = ""  # of a secondary school's programme, for the koppelpunt VO (STA-4)
    started: date | None = None
    ended: date | None = None  # None at DUO: still running
    decided: date | None = None  # the day of the result
    diploma: Diploma | None = None
    result: str = ""  # at most 100
    subjects: tuple[Subject, ...] = ()
    where: Where | None = None  # None: DUO says it; else the student does
    year: int | None = None  # in which the student left, or will leave

    @property
    def by_duo(self) -> bool:
        return self.where is None

    @property
    def number(self) -> str:
        """The BRIN that stands in the place of the school's name; empty where a name does."""
        number = NUMBER.fullmatch(self.school)
        return number[1] if number else ""

    def same_as(self, other: PriorEducation) -> bool:
        """The same, but that the school may have been found by its number since (DUO-7)."""
        named = self.school == other.school or bool(self.number or other.number)
        return named and replace(self, school="") == replace(other, school="")


# The first digits of an ILT code (Regeling codetabellen), the longest that fits counts.
ILT = {
    "0090": EducationLevel.PRO,
    "01": EducationLevel.VWO,
    "02": EducationLevel.VWO,
    "03": EducationLevel.HAVO,
    "0400": EducationLevel.VMBO_TL,
    "2210": EducationLevel.VMBO_TL,
    "24": EducationLevel.VMBO_KB,
    "25": EducationLevel.VMBO_BB,
    "27": EducationLevel.VMBO_GL,
    "28": EducationLevel.VMBO_KB,
    "29": EducationLevel.VMBO_BB,
    "30": EducationLevel.VMBO_BB,
}


def level_of(ilt_code: str, mbo_level: int | None = None) -> EducationLevel:
    """By the ILT code of a secondary school, or the level (1-4) of an mbo programme."""
    if mbo_level is not None and 1 <= mbo_level <= 4:
        return EducationLevel(f"mbo-{mbo_level}")
    return next((ILT[ilt_code[:n]] for n in (4, 2) if ilt_code[:n] in ILT), EducationLevel.OTHER)
