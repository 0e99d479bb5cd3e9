"""Which questions a student meets, in what order. Pure: no web, no clock, no database.

Everything here follows from one walk over the draft. Its law: `path(relevant(d)) == path(d)`.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from app.domain.draft import FACTS, QUESTIONS, Draft


class Walk(NamedTuple):
    path: tuple[str, ...]  # the questions this student is asked
    kept: Draft  # with only the answers that count

    @property
    def next(self) -> str | None:
        """The first open question; None once the draft is complete."""
        return next((q for q in self.path if self.kept.answer(q) is None), None)

    def may_visit(self, question: str) -> bool:
        """Back to any answered question, on to the first open one, no further."""
        return question in self.path and (
            self.kept.answer(question) is not None or question == self.next
        )

    def before(self, question: str) -> str | None:
        at = self.path.index(question)
        return self.path[at - 1] if at else None

    def after(self, question: str) -> str | None:
        at = self.path.index(question) + 1
        return self.path[at] if at < len(self.path) else None


def walk(draft: Draft, today: date, trusted: str | None = None) -> Walk:
    """Each rule sees only the answers kept so far: one left behind on a branch that has closed
    can never open another. The answer to `trusted` counts whether it holds or not: so the draft
    stood before that one fell."""
    kept, asked = Draft(**{fact: draft.answer(fact) for fact in FACTS}), []
    for question, (applies, holds) in QUESTIONS.items():
        if not applies(kept, today):
            continue
        asked.append(question)
        answer = draft.answer(question)
        if answer is not None and (question == trusted or holds(kept, answer, today)):
            vars(kept)[question] = answer  # ours alone until it is returned
    return Walk(tuple(asked), kept)


def dropped(before: Walk, after: Walk) -> tuple[str, ...]:
    """The questions whose answer said something and counted, and that are asked no longer."""
    return tuple(
        question
        for question in before.path
        if before.kept.answer(question) and question not in after.path
    )


def path(draft: Draft, today: date) -> tuple[str, ...]:
    return walk(draft, today).path


def relevant(draft: Draft, today: date) -> Draft:
    return walk(draft, today).kept
