"""«Stap 2 van 6 · Hierna: …», the way back, and the way to every step that is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from app.domain.draft import Draft
from app.domain.journey import walk
from app.i18n import mark as _
from app.services.drafts import Opened
from app.wizard.step import Step
from app.wizard.steps import STEPS

OF_DRAFTS = "/aanmelding"  # where the addresses of drafts begin
CHECK_SLUG = "controleren"
CHECK = _("Controleren en versturen")


class Stop(NamedTuple):
    name: str  # a marked sentence
    address: str | None  # None while one may not go there yet


@dataclass(frozen=True)
class Progress:
    number: int  # of the step that is shown, from 1
    stops: tuple[Stop, ...]  # every step of this student, and the check page
    next: str | None  # what comes after, as a marked sentence
    back: str | None  # address of the step before
    check: str | None = None  # address of the check page, for who changes something

    @classmethod
    def none(cls, back: str) -> Progress:
        """Of a question by itself, with the way back."""
        return cls(0, (), None, back)

    @property
    def total(self) -> int:
        return len(self.stops)

    @classmethod
    def at(cls, draft: Opened, step: Step, foreseen: Any = None) -> Progress:
        """`foreseen`: the answer that the student is sure to give here, if there is one."""
        ahead = draft.walk
        if foreseen is not None:
            ahead = walk(draft.answers.with_answer(step.question, foreseen), draft.today)
        number, stops = ahead.path.index(step.question) + 1, along(draft, ahead.path)
        back = stops[number - 2].address if number > 1 else None
        check = None if draft.walk.next else stops[-1].address
        # Who changes something goes back to the check page, unless that opens a question.
        after = ahead.next if check else ahead.after(step.question)
        following = announced(STEPS[after], ahead.kept, draft.today) if after else CHECK
        return cls(number, stops, following, back, check)

    @classmethod
    def at_the_end(cls, draft: Opened) -> Progress:
        stops = along(draft, draft.walk.path)
        return cls(len(stops), stops, None, stops[-2].address)


def along(draft: Opened, path: tuple[str, ...]) -> tuple[Stop, ...]:
    """The stops on `path`, the check page last."""
    may_visit = draft.walk.may_visit
    stops = [
        Stop(STEPS[asked].short, address(draft, asked) if may_visit(asked) else None)
        for asked in path
    ]
    return (*stops, Stop(CHECK, None if draft.walk.next else address(draft, None)))


def announced(step: Step, kept: Draft, today: date) -> str:
    """What a student reads of a question that is still to come."""
    return step.announced(kept, today) or step.short


def address(draft: Opened, question: str | None) -> str:
    """Of the question's step; of the check page for None."""
    return f"{OF_DRAFTS}/{draft.id}/{STEPS[question].slug if question else CHECK_SLUG}"
