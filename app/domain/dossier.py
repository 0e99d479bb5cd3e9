"""One dossier: shown on the check page, frozen by submitting, served to the SIS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain import journey, rules
from app.domain.by_duo import without_address
from app.domain.catalogue import Choice
from app.domain.draft import Contact, Draft, Guardian, Outcome
from app.domain.leerbedrijf import Leerbedrijf
from app.domain.person import Address, Person


class Incomplete(Exception):
    """A question is still open, so there is nothing to send."""


@dataclass(frozen=True)
class Dossier:
    """Only the answers that count, and all of them."""

    answers: Draft

    @classmethod
    def of(cls, draft: Draft, today: date) -> Dossier:
        """Raises Incomplete with the name of the first open question."""
        walk = journey.walk(draft, today)
        if walk.next is not None:
            raise Incomplete(walk.next)
        kept, known = walk.kept, walk.kept.person
        elsewhere = kept.address is not None or (known is not None and known.post_elsewhere)
        if elsewhere and known is not None:
            # DUO's address goes nowhere then, so it isn't kept either.
            kept = replace(kept, person=without_address(known))
        return cls(kept)

    @property
    def person(self) -> Person:
        """Who applies: what DUO knows, completed with what the student typed."""
        known = self.answers.person.person if self.answers.person else None
        typed = self.answers.personal
        person = known or Person()
        if typed is None:
            return person
        first_names, prefix, surname = self.answers.names
        return Person(
            first_names=first_names,
            prefix=prefix,
            surname=surname,
            birth_date=rules.birth_date(self.answers),
            sex=person.sex if known else typed.sex or "-",
            name_use=person.name_use,
            partner_prefix=person.partner_prefix,
            partner_surname=person.partner_surname,
            birth_place=person.birth_place,
            birth_country=person.birth_country,
        )

    @property
    def address(self) -> Address:
        """Where post goes: the address typed, else DUO's (DUO-3, DUO-4)."""
        address = self.address_known
        assert address, "whom DUO gives none is asked for one"
        return address

    @property
    def address_known(self) -> Address | None:
        """None: an interessemelding asks for none (INT-1)."""
        answer = self.answers
        if answer.address is not None:
            return answer.address
        return (answer.person and answer.person.person and answer.person.person.address) or None

    @property
    def contact(self) -> Contact:
        assert self.answers.contact is not None
        return self.answers.contact

    @property
    def choice(self) -> Choice:
        assert self.answers.choice is not None
        return self.answers.choice

    @property
    def guardians(self) -> tuple[Guardian, ...]:
        return self.answers.guardians or ()

    @property
    def leerbedrijf(self) -> Leerbedrijf | None:
        return next(iter(self.answers.leerbedrijf or ()), None)

    @property
    def verified_by_duo(self) -> bool:
        """False: «niet geverifieerd door DUO» (DUO-6)."""
        return self.answers.person is not None and self.answers.person.outcome is Outcome.FOUND
