"""All that DUO said of somebody, and what of their answers it still bears out (DUO-9)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.draft import Draft, From, Known, Learnt, Outcome, Picked


@dataclass(frozen=True)
class ByDuo:
    """What DUO said last."""

    known: Known
    learnt: Learnt

    @property
    def gone(self) -> bool:
        """Somebody under whose name nobody can apply (DUO-5)."""
        return self.known.person is not None and self.known.person.gone

    def after(self, earlier: ByDuo) -> ByDuo:
        """What DUO said before outlives an outage of DUO's."""
        return ByDuo(
            earlier.known if self.known.outcome is Outcome.UNAVAILABLE else self.known,
            earlier.learnt
            if self.learnt.outcome is Outcome.UNAVAILABLE
            else self.learnt.named_as(earlier.learnt),
        )

    def marked(self, answers: Draft) -> Draft:
        """`answers`, marked where DUO says something else now: that is to be looked at anew, and
        what was answered stays, so that the student can be told what changed."""
        person, picked = answers.person, answers.picked
        if person is not None:
            answers = replace(answers, person=replace(person, current=person == self.known))
        if picked is not None and picked.education is not None:
            same = [e for e in self.learnt.educations if e.same_as(picked.education)]
            education = same[0] if same else picked.education
            found = Picked(From.DUO, education, current=bool(same))
            answers = replace(answers, picked=found)
        return answers
