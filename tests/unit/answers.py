"""Drafts as students could leave them: every question answered or not, sensibly or no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from app.domain import rules
from app.domain.catalogue import Choice, first_start, joins_in_year
from app.domain.draft import (
    QUESTIONS,
    Contact,
    Draft,
    From,
    Guardian,
    Interest,
    Joining,
    Key,
    Known,
    Outcome,
    Personal,
    Picked,
    StartDay,
)
from app.domain.education import Diploma, EducationLevel, PriorEducation, Where
from app.domain.leerbedrijf import Accreditation, Leerbedrijf
from app.domain.person import Address, Person

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


@st.composite
def birth_dates(draw: st.DrawFn) -> str:
    """YYYYMMDD, often of somebody about to come of age, sometimes known in part."""
    born = draw(st.dates(date(2004, 1, 1), date(2016, 12, 31))).strftime("%Y%m%d")
    return draw(st.sampled_from([born, born, f"{born[:6]}00", f"{born[:4]}0000", "00000000"]))


ADDRESSES = st.builds(
    Address, street=WORDS, number=st.just("12"), postcode=st.just("8011ZX"), place=WORDS
) | st.builds(
    Address,
    country=st.sampled_from(["5010", "6029"]),
    lines=st.lists(WORDS, min_size=1, max_size=3).map(tuple),
)
PEOPLE = st.builds(
    Person,
    first_names=WORDS,
    prefix=WORDS,
    surname=st.sampled_from(["", ".", "Jansen", "Ōé"]),
    birth_date=birth_dates(),
    sex=st.sampled_from("MV-"),
    address=st.none() | ADDRESSES,
    address_secret=st.booleans(),
    suspended=st.sampled_from(["", "", "", "E", "R", "O", "F"]),
)
KNOWN = st.sampled_from([Known(Outcome.UNKNOWN), Known(Outcome.UNAVAILABLE)]) | st.builds(
    Known,
    st.just(Outcome.FOUND),
    PEOPLE,
    **{
        "current": st.sampled_from([True, True, False]),
        "post_elsewhere": st.booleans(),
    },
)
EDUCATIONS = st.builds(
    PriorEducation,
    school=WORDS,
    programme=WORDS,
    level=st.sampled_from(EducationLevel),
    diploma=st.none() | st.sampled_from(Diploma),
    ended=st.none() | DAYS,
    where=st.none() | st.sampled_from(Where),
)
UNKNOWN_TO_DUO = st.sampled_from([From.STUDENT, From.NONE, From.UNTOLD])
PICKED = st.builds(Picked, UNKNOWN_TO_DUO) | st.builds(
    Picked, st.just(From.DUO), EDUCATIONS, st.booleans()
)
PERSONAL = st.builds(
    Personal,
    first_names=WORDS,
    surname=st.sampled_from(["", "Yılmaz"]),
    birth_date=birth_dates().filter(lambda text: "00" not in (text[4:6], text[6:])) | st.just(""),
    sex=st.sampled_from(["", "M", "V", "-"]),
)
GUARDIANS = st.lists(
    st.builds(
        Guardian, first_names=WORDS, prefix=WORDS, surname=WORDS, phone=st.just("+31612345678")
    ),
    max_size=2,
).map(tuple)
CREBOS = st.sampled_from(["", "25180", "25829"])
COMPANIES = st.lists(
    st.builds(
        Leerbedrijf,
        id=st.just("100000001"),
        name=WORDS,
        address=ADDRESSES,
        crebo=CREBOS,
        accreditation=st.sampled_from(Accreditation),
    ),
    max_size=1,
).map(tuple)
TEXTS = ("cohort_id", "programme_id", "cohort_code", "institution", "programme")
CHOICES = st.builds(
    Choice,
    **dict.fromkeys((*TEXTS, "place"), WORDS),
    brin=st.sampled_from(["83XX", "99XX"]),  # of an institution of ours: never empty
    leertraject=st.sampled_from(["BOL", "BBL", "EX", "OVO", "VAVO"]),
    crebo=CREBOS,
    apply_from=DAYS,
    apply_until=st.none() | DAYS,
    level=st.none() | st.integers(1, 4),
    start=st.none() | DAYS,
    start_from=st.none() | DAYS,
    start_until=st.none() | DAYS,
    open=st.booleans(),
    active=st.booleans(),
    ends=st.none() | DAYS,
    ticked=st.booleans(),
    receives=st.booleans(),
    receives_from=st.none() | DAYS,
    places_left=st.none() | st.integers(0, 2),
    lock=st.sampled_from(["", "slot", "ander slot"]),
    version=st.integers(0, 9),
)
GIVEN: dict[str, st.SearchStrategy[Any]] = {
    "person": KNOWN,
    "personal": PERSONAL,
    "address": ADDRESSES,
    "contact": st.builds(Contact, roepnaam=WORDS, email=WORDS, phone=WORDS),
    "picked": PICKED,
    "education": EDUCATIONS,
    "choice": CHOICES,
    "key": st.builds(Key, cohort_id=WORDS, lock=st.sampled_from(["slot", "ander slot"])),
    "joining": st.builds(Joining, cohort_id=WORDS, year=st.integers(1, 4)),
    "start_day": st.builds(StartDay, cohort_id=WORDS, day=DAYS),
    "guardians": GUARDIANS,
    "leerbedrijf": COMPANIES,
}
INTERESTS = st.none() | st.sampled_from(Interest)
DRAFTS = st.builds(
    Draft, **{name: st.none() | given for name, given in GIVEN.items()}, interest=INTERESTS
)
QUESTION_AND_ANSWER = st.sampled_from(list(QUESTIONS)).flatmap(
    lambda question: st.tuples(st.just(question), GIVEN[question])
)


def open_choice(today: date) -> Choice:
    return Choice(
        *("cohort", "programme", "KOK-1", "99XX", "ROC De Horizon", "Kok", "BOL", "Zwolle"),
        apply_from=today - timedelta(days=1),
    )


def sensible(question: str, kept: Draft, today: date) -> Any:
    """The answer of somebody who reads the question."""
    guardian = Guardian("Anna", "", "Jansen", "+31612345678")
    whole = Personal("Ali", "", "Yılmaz", "20000229", "M")
    asked = rules.missing(kept)
    if kept.choice is not None:
        cohort_id, start = kept.choice.cohort_id, first_start(kept.choice, today)
        year = joins_in_year(kept.choice, today)
        of_it: dict[str, Any] = {
            "key": Key(cohort_id, kept.choice.lock),
            "joining": Joining(cohort_id, year),
            "start_day": StartDay(cohort_id, start or today),
        }
        if question in of_it:
            return of_it[question]
    return {
        "person": Known(Outcome.UNKNOWN),
        "personal": replace(whole, **{f: "" for f in vars(whole) if f not in asked}),
        "address": Address(street="Lindelaan", number="12", postcode="1234AB", place="Ons Dorp"),
        "contact": Contact("Ali", "ali@voorbeeld.nl"),
        "picked": Picked(From.NONE),
        "education": PriorEducation("Het Voorbeeld", where=Where.NETHERLANDS, year=2026),
        "choice": open_choice(today),
        "guardians": (guardian,) if rules.minor(kept, today) else (),
        "leerbedrijf": (),
    }[question]
