"""DUO's prior education, as `docs/registers/duo-vooropleidingen.yaml` describes it.

A text that is longer than a SIS takes is cut at a word rather than refused: what somebody
learnt is known all the same. A value of another type or shape is a MalformedReply.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from app.domain.education import Diploma, PriorEducation, Subject, level_of
from app.registers.http import Client
from app.registers.reply import Reply

REGISTER = "duo"
SCHOOL, PROGRAMME, RESULT = 100, 200, 100  # characters that a SIS takes
SUBJECT, GRADE = 100, 10
FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST = 50  # educations, and subjects of one: the first of a longer list
BRIN = r"\d{2}[A-Z]{2}(\d{2})?"
DIPLOMAS = {True: Diploma.YES, False: Diploma.NO, None: None}


class DuoEducation:
    def __init__(self, client: Client) -> None:
        self._client = client

    def educations(self, bsn: str) -> tuple[PriorEducation, ...]:
        """Raises a RegisterError; MalformedReply when the answer is about somebody else."""
        question = {"burgerservicenummer": bsn}
        reply = Reply.of(REGISTER, self._client.post_json("/vooropleidingen", question))
        if reply.text("burgerservicenummer") != bsn:
            raise reply.malformed("another person")
        if "vooropleidingen" not in reply.data:
            raise reply.malformed("vooropleidingen")
        found = reply.each("vooropleidingen", _education)
        return tuple(sorted(found, key=_newest_first, reverse=True)[:MOST])


def _education(data: Reply) -> PriorEducation:
    brin = data.text("brin", BRIN)
    school = _cut(data.text("instelling"), SCHOOL) or brin
    if not school:
        raise data.malformed("instelling")
    ilt_code = data.text("iltCode", r"\d{4}")
    return PriorEducation(
        school=school,
        programme=_cut(data.text("opleiding"), PROGRAMME),
        level=level_of(ilt_code, data.number("niveau")),
        brin=brin,
        ilt_code=ilt_code,
        started=_day(data, "vanaf"),
        ended=_day(data, "totEnMet"),
        decided=_day(data, "datumUitslag"),
        diploma=_diploma(data),
        result=_cut(data.text("eindresultaat"), RESULT),
        subjects=tuple(map(_subject, data.children("vakken")[:MOST])),
    )


def _subject(data: Reply) -> Subject:
    return Subject(_cut(data.required("naam"), SUBJECT), _cut(data.text("resultaat"), GRADE))


def _diploma(data: Reply) -> Diploma | None:
    got: Any = data.data.get("diplomaBehaald")
    if not isinstance(got, bool | None):
        raise data.malformed("diplomaBehaald")
    return DIPLOMAS[got]


def _newest_first(education: PriorEducation) -> tuple[date, date]:
    """One that still runs is the newest; one without any date the oldest."""
    started = education.started or date.min
    running = date.max if education.started else date.min
    return education.ended or education.decided or running, started


def _cut(text: str, longest: int) -> str:
    """At the last word that fits, with a mark that more stood there."""
    if len(text) <= longest:
        return text
    begin = text[: longest - 1]
    words = begin.rpartition(" ")[0] if text[longest - 1] != " " else begin
    return f"{(words or begin).rstrip()}…"


def _day(data: Reply, key: str) -> date | None:
    """None where it can't be: nobody learnt then, or will for long (0001-01-01, 9999-12-31)."""
    day = data.day(key)
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None
