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
        if person.address_secret:
            return self
        hidden = replace(person, address=None, address_secret=True)
        return replace(self, known=replace(self.known, person=hidden))

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

    def renewed(self, sent: Draft) -> Draft:
        """The answers of an application, with what DUO says now in place of what it said then:
        that may have become secret since."""
        told, now = self.marked(sent), self.known
        if sent.person is None:
            return told
        if sent.address is not None and now.person is not None:  # DUO's wasn't kept beside it
            now = replace(now, person=replace(now.person, address=None))
        same, elsewhere = sent.person == now, sent.person.post_elsewhere
        return replace(told, person=replace(self.known, current=same, post_elsewhere=elsewhere))
