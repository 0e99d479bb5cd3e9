"""All that DUO said of somebody, and what of their answers it still bears out (DUO-9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain import rules
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

    @property
    def secret(self) -> bool:
        """Whether the address is (DUO-3)."""
        person = self.known.person
        return self.known.hides or (person is not None and person.address_secret)

    def hidden(self) -> ByDuo:
        """The same with an address that is secret."""
        person = self.known.person
        if person is None:
            return replace(self, known=replace(self.known, hides=True))
        return replace(self, known=with_secret_address(self.known))

    def after(self, earlier: ByDuo) -> ByDuo:
        """What DUO said before outlives an outage of DUO's, but for an address that it calls
        secret now."""
        found = ByDuo(
            earlier.known if self.known.outcome is Outcome.UNAVAILABLE else self.known,
            earlier.learnt
            if self.learnt.outcome is Outcome.UNAVAILABLE
            else self.learnt.named_as(earlier.learnt),
        )
        return found.hidden() if self.secret else found

    def marked(self, answers: Draft) -> Draft:
        """`answers`, marked where DUO says something else now: that is to be looked at anew, and
        what was answered stays, so that the student can be told what changed."""
        person, picked = answers.person, answers.picked
        if person is not None:
            answers = replace(answers, person=replace(person, current=person == self.known))
        if picked is not None:
            answers = replace(answers, picked=self._again(picked))
        return answers

    def _again(self, picked: Picked) -> Picked:
        if picked.education is None:
            # Chosen while DUO was silent, or knew none: now there is something to choose from.
            unseen = picked.against is not Outcome.FOUND and self.learnt.outcome is Outcome.FOUND
            return replace(picked, current=not unseen)
        same = [e for e in self.learnt.educations if e.same_as(picked.education)]
        return Picked(From.DUO, same[0] if same else picked.education, current=bool(same))

    def renewed(self, sent: Draft, today: date) -> Draft:
        """The answers of an application, marked too. Of what DUO said then no address is kept: it
        may have become secret since."""
        told, seen = self.marked(sent), sent.person
        if seen is None:
            return told
        now = self.known
        if seen.post_elsewhere or rules.address_at_duo(now, today) is None:
            now = without_address(now)  # as in an application, where it counted for nothing
        if seen == now and seen.current:
            person = replace(self.known, post_elsewhere=seen.post_elsewhere)
        else:
            person = replace(without_address(seen), current=False)
        return replace(told, person=person)


def with_secret_address(known: Known) -> Known:
    """The same, had DUO said then that the address is secret."""
    if known.person is None:
        return known
    hidden = replace(known.person, address=None, address_secret=True)
    return replace(known, person=hidden)


def without_address(known: Known) -> Known:
    if known.person is None:
        return known
    return replace(known, person=replace(known.person, address=None))
