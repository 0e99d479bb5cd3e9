"""The draft is the questionnaire: one field a question, in the order asked.

Beside each field stand two rules: who is asked, and whether an answer still counts. None means
not answered; an optional answer has a value of its own for «none», such as an empty tuple. A
field without rules is a fact that the draft was begun with, or that a button sets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from app.domain import rules
from app.domain.catalogue import Choice
from app.domain.education import PriorEducation
from app.domain.leerbedrijf import Leerbedrijf
from app.domain.person import Address, Person, spoken


class Outcome(StrEnum):
    """What came of asking DUO about somebody."""

    FOUND = "found"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Known:
    """What DUO said, as the student saw it. `person` is None unless found."""

    outcome: Outcome
    person: Person | None = None
    current: bool = field(default=True, compare=False)  # DUO says the same now
    # DUO said that the address is secret, and otherwise nothing that could be read (DUO-3).
    hides: bool = False
    # The student's word (DUO-1), no part of what DUO said.
    post_elsewhere: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Learnt:
    """What DUO said of somebody's prior education, newest first."""

    outcome: Outcome
    educations: tuple[PriorEducation, ...] = ()

    def named_as(self, earlier: Learnt) -> Learnt:
        """With the school's name that was found earlier, where now only its number is (DUO-7)."""
        return replace(self, educations=tuple(map(earlier.names, self.educations)))

    def names(self, education: PriorEducation) -> PriorEducation:
        """The same with its school's name, where this has it."""
        same = (e for e in self.educations if e.same_as(education) and not e.number)
        return next(same, education) if education.number else education


class Interest(StrEnum):
    """Why a draft becomes an interessemelding, and no application (INT-1)."""

    CODE = "code"  # without DigiD, with the registratiecode of a school
    LOCK = "lock"  # after DigiD, for a cohort behind an access code, without that code (WIZ-9)


class From(StrEnum):
    """Where the prior education that counts comes from."""

    DUO = "duo"
    STUDENT = "student"  # «staat er niet bij»: asked next
    NONE = "none"  # «geen vooropleiding»
    UNTOLD = "untold"  # «dit sla ik over», in an interessemelding


@dataclass(frozen=True)
class Picked:
    """Which prior education counts: one that DUO knows, another one, or none (WIZ-6)."""

    source: From
    education: PriorEducation | None = None  # of DUO
    current: bool = field(default=True, compare=False)  # DUO still says so
    against: Outcome = field(default=Outcome.FOUND, compare=False)  # what DUO said then


@dataclass(frozen=True)
class Personal:
    """What DUO didn't know and the student typed (DUO-5, DUO-6). Empty: not asked."""

    first_names: str = ""
    prefix: str = ""
    surname: str = ""
    birth_date: str = ""  # YYYYMMDD
    sex: str = ""  # M, V or -


@dataclass(frozen=True)
class Contact:
    roepnaam: str  # at most 75 characters
    email: str  # at most 100; an interessemelding may have a telephone number in its place
    phone: str = ""  # E.164, or empty


@dataclass(frozen=True)
class Guardian:
    """A wettelijk vertegenwoordiger; no distinction between father, mother and voogd."""

    first_names: str  # at most 100
    prefix: str  # at most 20
    surname: str
    phone: str  # E.164
    email: str = ""


@dataclass(frozen=True)
class Key:
    """The right access code was given for this cohort (WIZ-9). The code itself isn't kept."""

    cohort_id: str
    lock: str = field(repr=False)  # as Choice.lock was then


@dataclass(frozen=True)
class Joining:
    """«Je stapt in het 2e leerjaar in», confirmed (WIZ-8)."""

    cohort_id: str
    year: int


@dataclass(frozen=True)
class StartDay:
    """The day that the student wants to begin in a flexible cohort."""

    cohort_id: str
    day: date


class Question(NamedTuple):
    asked: Callable[[Any, date], bool]
    holds: Callable[[Any, Any, date], bool]


def ask(asked: Callable[[Any, date], bool], holds: Callable[..., bool] = rules.always) -> Any:
    return field(default=None, metadata={"question": Question(asked, holds)})


@dataclass(frozen=True)
class Draft:
    person: Known | None = ask(rules.came_by_digid, rules.says_who_lives)
    personal: Personal | None = ask(rules.whom_duo_knows_in_part, rules.fills_what_is_missing)
    address: Address | None = ask(rules.has_no_address_for_post, rules.can_be_posted_to)
    contact: Contact | None = ask(rules.everyone, rules.reaches)
    picked: Picked | None = ask(rules.may_tell_of_school, rules.still_known)
    education: PriorEducation | None = ask(rules.educated_elsewhere)
    choice: Choice | None = ask(rules.everyone, rules.can_be_chosen)
    key: Key | None = ask(rules.behind_a_code, rules.opens)
    joining: Joining | None = ask(rules.joins_later, rules.joins_then)
    start_day: StartDay | None = ask(rules.flexible, rules.within_its_period)
    guardians: tuple[Guardian, ...] | None = ask(rules.applies, rules.guarded)
    leerbedrijf: tuple[Leerbedrijf, ...] | None = ask(rules.works_while_learning, rules.accredited)
    interest: Interest | None = None  # a fact that no page asks, and that rules look at

    @property
    def names(self) -> tuple[str, str, str]:
        """First names, prefix and surname, by DUO or as typed; empty what nobody knows."""
        known = (self.person and self.person.person) or Person()
        typed = self.personal or Personal()
        last = typed if typed.surname else known
        return known.first_names or typed.first_names, last.prefix, last.surname

    @property
    def learnt(self) -> PriorEducation | None:
        """The prior education that counts: the one picked of DUO's, or told by the student."""
        return (self.picked and self.picked.education) or self.education

    @property
    def name(self) -> str:
        """As the student goes by; empty when nobody has said."""
        known = self.person and self.person.person
        return spoken(*self.names) if self.personal or not known else known.called

    def answer(self, question: str) -> Any:
        return getattr(self, question)

    def with_answer(self, question: str, answer: Any) -> Draft:
        """Or with another fact. That the code of one cohort isn't known says nothing of another,
        nor of one that asks for none any more."""
        given = {**vars(self), question: answer}
        if question == "choice" and self.interest is Interest.LOCK and answer != self.choice:
            same = answer and self.choice and answer.cohort_id == self.choice.cohort_id
            given["interest"] = Interest.LOCK if same and answer.lock else None
        return Draft(**given)


# What is asked of one programme, and of the next one again.
OF_PROGRAMME = ("choice", "key", "joining", "start_day", "leerbedrijf")
QUESTIONS: dict[str, Question] = {
    f.name: f.metadata["question"] for f in fields(Draft) if f.metadata
}
FACTS = tuple(f.name for f in fields(Draft) if not f.metadata)
