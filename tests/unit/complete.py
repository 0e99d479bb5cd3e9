"""Complete drafts of every kind: what the forms and the registers let through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from app.domain import rules
from app.domain.draft import (
    Contact,
    Draft,
    From,
    Guardian,
    Known,
    Outcome,
    Personal,
    Picked,
)
from app.domain.education import Diploma, EducationLevel, PriorEducation, Subject, Where
from app.domain.journey import walk
from app.domain.leerbedrijf import Accreditation, Leerbedrijf
from app.domain.message import Kept
from app.domain.person import Address, Person
from tests.unit.answers import DAYS, birth_dates, open_choice, sensible

TODAY = date(2026, 11, 29)
NOTHING = Draft()
TEXTS = st.text(st.characters(categories=("L", "M", "N", "P", "S")), min_size=1, max_size=8).filter(
    lambda text: text != "."
)
MAYBE = st.just("") | TEXTS
MOBILE, FIXED = ("+31612345678", "+32470123456"), ("+31384567890", "+4930901820")
PHONES = st.sampled_from([*MOBILE, *FIXED])
EMAIL = st.just("iemand@voorbeeld.nl")
DUTCH = st.builds(
    Address,
    street=TEXTS,
    number=st.just("12"),
    suffix=MAYBE,
    note=st.sampled_from(["", "to", "by", "bij de brug"]),
    postcode=st.just("8011ZX"),
    place=TEXTS,
)
ABROAD = st.builds(
    Address,
    country=st.sampled_from(["5010", "6029", "7028"]),  # 6029 has ended
    lines=st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
)
ADDRESSES = DUTCH | ABROAD


def told(person: Person) -> Person:
    """A secret address gets no further than DUO (DUO-3)."""
    return replace(person, address=None) if person.address_secret else person


PEOPLE = st.builds(
    Person,
    first_names=MAYBE,
    prefix=MAYBE,
    surname=st.sampled_from(["", "."]) | TEXTS,
    birth_date=birth_dates(),
    sex=st.sampled_from("MV-"),
    name_use=st.sampled_from("EPVN"),
    partner_prefix=MAYBE,
    partner_surname=MAYBE,
    birth_place=MAYBE,
    birth_country=st.sampled_from(["", "6030", "5010"]),
    address=st.none() | ADDRESSES,
    address_secret=st.sampled_from([False, False, True]),
    suspended=st.sampled_from(["", "", "", "E", "R", "O", "F"]),
).map(told)
CURRENT = st.sampled_from([True, True, True, False])
KNOWN = st.sampled_from([Known(Outcome.UNKNOWN), Known(Outcome.UNAVAILABLE)]) | st.builds(
    Known, st.just(Outcome.FOUND), PEOPLE, CURRENT, st.booleans()
)
BY_DUO = st.builds(
    PriorEducation,
    school=TEXTS,
    programme=MAYBE,
    level=st.sampled_from(EducationLevel),
    brin=st.sampled_from(["", "83XX"]),
    ilt_code=st.sampled_from(["", "2831"]),
    started=st.none() | DAYS,
    ended=st.none() | DAYS,
    decided=st.none() | DAYS,
    diploma=st.sampled_from([None, Diploma.YES, Diploma.NO]),
    result=MAYBE,
    subjects=st.lists(st.builds(Subject, TEXTS, MAYBE), max_size=2).map(tuple),
)
TOLD = st.builds(
    PriorEducation,
    school=TEXTS,
    programme=MAYBE,
    level=st.sampled_from(EducationLevel),
    diploma=st.sampled_from(Diploma),
    where=st.sampled_from(Where),
    year=st.integers(1950, 2033),
)
GUARDIANS = st.lists(
    st.builds(Guardian, TEXTS, MAYBE, TEXTS, PHONES, st.just("") | EMAIL), max_size=2
).map(tuple)
COMPANIES = st.lists(
    st.builds(
        Leerbedrijf,
        id=st.just("100000001"),
        name=TEXTS,
        address=ADDRESSES,
        accreditation=st.sampled_from([Accreditation.VALID, Accreditation.EQUIVALENT]),
    ),
    max_size=1,
).map(tuple)


@st.composite
def choices(draw: st.DrawFn, today: date) -> Any:
    """A cohort that is open today, with or without a code, begun or to begin, or flexible."""
    starts: list[dict[str, Any]] = [
        {},
        {"start": today + timedelta(days=90)},
        {"start": today.replace(day=1, month=8, year=today.year - 2)},
        {"start_from": today + timedelta(days=9), "start_until": today + timedelta(days=99)},
    ]
    return replace(
        open_choice(today),
        leertraject=draw(st.sampled_from(["BOL", "BBL", "EX", "OVO", "VAVO"])),
        crebo=draw(st.sampled_from(["", "25180"])),
        level=draw(st.none() | st.integers(1, 4)),
        lock=draw(st.sampled_from(["", "slot"])),
        **draw(st.sampled_from(starts)),
    )


def typed(draw: st.DrawFn, kept: Draft) -> Personal:
    whole = Personal(
        draw(MAYBE), draw(MAYBE), draw(TEXTS), "20000229", draw(st.sampled_from("MV-"))
    )
    asked = rules.missing(kept)
    return replace(whole, **{name: "" for name in vars(whole) if name not in asked})


def answer(draw: st.DrawFn, question: str, kept: Draft, today: date) -> Any:
    """What somebody may answer; who is asked decides whether it holds."""
    given: dict[str, st.SearchStrategy[Any]] = {
        "person": KNOWN,
        "address": ADDRESSES,
        "contact": st.builds(Contact, TEXTS, EMAIL, st.just("") | PHONES),
        "picked": st.builds(Picked, st.sampled_from([From.STUDENT, From.NONE]))
        | st.builds(Picked, st.just(From.DUO), BY_DUO, CURRENT),
        "education": TOLD,
        "choice": choices(today),
        "guardians": GUARDIANS,
        "leerbedrijf": COMPANIES,
    }
    if question == "personal":
        return typed(draw, kept)
    if question == "leerbedrijf" and kept.choice is not None:
        return tuple(replace(c, crebo=kept.choice.crebo) for c in draw(COMPANIES))
    return draw(given[question]) if question in given else sensible(question, kept, today)


@st.composite
def complete_drafts(draw: st.DrawFn, today: date, begun: Draft = NOTHING) -> Draft:
    """Answered question after question, from what was begun, until none is open."""
    draft = begun
    while (question := walk(draft, today).next) is not None:
        kept = walk(draft, today).kept
        draft = draft.with_answer(question, answer(draw, question, kept, today))
        if walk(draft, today).kept.answer(question) is None:
            draft = draft.with_answer(question, sensible(question, kept, today))
    return draft


def as_it_was(draft: Draft) -> Draft:
    return draft


def duo_says_otherwise(draft: Draft) -> Draft:
    return replace(draft, person=draft.person and replace(draft.person, current=False))


def duo_forgets_a_school(draft: Draft) -> Draft:
    return replace(draft, picked=draft.picked and replace(draft.picked, current=False))


def the_school_closes(draft: Draft) -> Draft:
    return replace(draft, choice=draft.choice and replace(draft.choice, open=False))


def another_code_is_set(draft: Draft) -> Draft:
    return replace(draft, choice=draft.choice and replace(draft.choice, lock="ander slot"))


MEANWHILE = st.sampled_from(
    [
        *[as_it_was] * 4,
        *(duo_says_otherwise, duo_forgets_a_school, the_school_closes, another_code_is_set),
    ]
)


BRANCHES = ("person", "picked", "choice")  # whose answer decides what else is asked


@st.composite
def changed_drafts(draw: st.DrawFn, today: date) -> Draft:
    """Complete, changed and completed again, while DUO and the school change their minds."""
    draft = draw(complete_drafts(today))
    for _ in range(draw(st.integers(1, 3))):
        asked, kept = walk(draft, today)
        question = draw(st.sampled_from(BRANCHES) | st.sampled_from(asked))
        draft = draft.with_answer(question, answer(draw, question, kept, today))
        draft = draw(complete_drafts(today, draw(MEANWHILE)(draft)))
    return draft


AT = datetime(2026, 11, 29, 11, 30, 0, 71640, tzinfo=UTC)
KEPT = Kept(
    ca_keten_id="123e4567-e89b-42d3-a456-426655440000",
    keten_id="99XX:90001119",
    bsn="999650002",
    requested_at=AT,
    level="20",
    identified_at=AT - timedelta(minutes=9),
    in_time=True,
)
