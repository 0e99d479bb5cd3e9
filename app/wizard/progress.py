"""«Stap 2 van 6 · Hierna: …», and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.draft import Draft
from app.domain.journey import walk
from app.i18n import mark as _
from app.services.drafts import Opened
from app.wizard.step import Step
from app.wizard.steps import STEPS

OF_DRAFTS = "/aanmelding"  # where the addresses of drafts begin
CHECK_SLUG = "controleren"
CHECK = _("Controleren en versturen")


@dataclass(frozen=True)
class Progress:
    number: int
    total: int
    next: str | None  # what comes after, as a marked sentence
    back: str | None  # address of the step before
    check: str | None = None  # address of the check page, for who changes something

    @classmethod
    def at(cls, draft: Opened, step: Step, foreseen: Any = None) -> Progress:
        """`foreseen`: the answer that the student is sure to give here, if there is one."""
        ahead = draft.walk
        if foreseen is not None:
            ahead = walk(draft.answers.with_answer(step.question, foreseen), draft.today)
        path, after, before = ahead.path, ahead.after(step.question), ahead.before(step.question)
        return cls(
            path.index(step.question) + 1,
            len(path) + 1,
            ahead_of(STEPS[after], ahead.kept, draft.today) if after else CHECK,
            address(draft, before) if before else None,
            None if draft.walk.next else address(draft, None),
        )

    @classmethod
    def at_the_end(cls, draft: Opened) -> Progress:
        path = draft.walk.path
        return cls(len(path) + 1, len(path) + 1, None, address(draft, path[-1]))


def ahead_of(step: Step, kept: Draft, today: date) -> str:
    """What a student reads of a question that is still to come."""
    return step.optional(kept, today) or step.short


def address(draft: Opened, question: str | None) -> str:
    """Of the question's step; of the check page for None."""
    return f"{OF_DRAFTS}/{draft.id}/{STEPS[question].slug if question else CHECK_SLUG}"
