"""«Stap 2 van 6 · Hierna: …», and the way back."""

from __future__ import annotations

from dataclasses import dataclass

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

    @classmethod
    def at(cls, draft: Opened, step: Step) -> Progress:
        path = draft.walk.path
        after, before = draft.walk.after(step.question), draft.walk.before(step.question)
        return cls(
            path.index(step.question) + 1,
            len(path) + 1,
            STEPS[after].short if after else CHECK,
            address(draft, before) if before else None,
        )

    @classmethod
    def at_the_end(cls, draft: Opened) -> Progress:
        path = draft.walk.path
        return cls(len(path) + 1, len(path) + 1, None, address(draft, path[-1]))


def address(draft: Opened, question: str | None) -> str:
    """Of the question's step; of the check page for None."""
    return f"{OF_DRAFTS}/{draft.id}/{STEPS[question].slug if question else CHECK_SLUG}"
