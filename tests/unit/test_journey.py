"""The walk over the draft: its law, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import journey, rules
from app.domain.dossier import Dossier, Incomplete
from app.domain.draft import QUESTIONS, Draft, From, Known, Outcome, Picked, Question
from app.domain.journey import path, relevant, walk
from app.domain.person import Address, Person, may_be_minor
from tests.length import examples
from tests.unit.answers import DAYS, DRAFTS, GIVEN, QUESTION_AND_ANSWER, open_choice, sensible

thorough = settings(max_examples=examples(150), deadline=None)
TODAY = date(2026, 11, 25)
HOME = Address(street="Havenkade", number="203", postcode="7411XN", place="Deventer")
ADULT = Person(first_names="Sem", surname="Bakhuis", birth_date="20070801", address=HOME)


def answered(person: Person | None = ADULT, today: date = TODAY) -> Draft:
    """Every question that this person meets, answered."""
    draft = Draft(person=Known(Outcome.FOUND, person) if person else Known(Outcome.UNKNOWN))
    while (question := walk(draft, today).next) is not None:
        draft = draft.with_answer(question, sensible(question, walk(draft, today).kept, today))
    return draft


def sent(draft: Draft) -> Draft:
    """Without DUO's address where post goes to another: that one goes nowhere."""
    if draft.address is None or draft.person is None or draft.person.person is None:
        return draft
    hidden = replace(draft.person, person=replace(draft.person.person, address=None))
    return replace(draft, person=hidden)


@pytest.mark.rule("WIZ-3")
@thorough
@given(DRAFTS, DAYS)
def test_what_does_not_count_changes_no_question(draft: Draft, today: date) -> None:
    counts = relevant(draft, today)
    assert path(counts, today) == path(draft, today)
    assert relevant(counts, today) == counts


@pytest.mark.rule("WIZ-3")
@thorough
@given(DRAFTS, DAYS, st.data())
def test_an_answer_on_a_closed_branch_opens_nothing(draft: Draft, today: date, data: Any) -> None:
    before = walk(draft, today)
    for question in set(QUESTIONS) - set(before.path):
        stale = draft.with_answer(question, data.draw(st.none() | GIVEN[question]))
        assert walk(stale, today) == before


DEEPER = {  # a branch on a branch, which today's questions don't have
    "person": Question(rules.everyone, rules.always),
    "personal": Question(
        lambda kept, _: kept.person.person is None if kept.person else False, rules.always
    ),
    "address": Question(lambda kept, _: kept.personal is not None, rules.always),
    "contact": Question(lambda kept, _: kept.address is not None, rules.always),
}


@pytest.mark.rule("WIZ-3")
@thorough
@given(DRAFTS)
def test_the_law_holds_for_branches_on_branches(draft: Draft) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journey, "QUESTIONS", DEEPER)
        counts = relevant(draft, TODAY)
        assert path(counts, TODAY) == path(draft, TODAY)
        known = draft.person is not None and draft.person.person is not None
        assert known <= (path(draft, TODAY) == ("person",))


@pytest.mark.rule("WIZ-1")
@thorough
@given(DRAFTS, DAYS)
def test_a_question_never_depends_on_a_later_one(draft: Draft, today: date) -> None:
    asked = list(QUESTIONS)
    assert [q for q in asked if q in path(draft, today)] == list(path(draft, today))
    for number, question in enumerate(asked):
        earlier = replace(draft, **dict.fromkeys(asked[number:]))
        assert (question in path(earlier, today)) == (question in path(draft, today))


@pytest.mark.rule("WIZ-2")
@thorough
@given(DRAFTS, DAYS)
def test_from_anywhere_the_way_leads_to_the_end(draft: Draft, today: date) -> None:
    met = []
    while (question := walk(draft, today).next) is not None:
        met.append(question)
        assert len(met) <= len(QUESTIONS), met
        draft = draft.with_answer(question, sensible(question, walk(draft, today).kept, today))
    assert sent(Dossier.of(draft, today).answers) == sent(relevant(draft, today))


@pytest.mark.rule("WIZ-3")
@thorough
@given(st.lists(QUESTION_AND_ANSWER, max_size=12), DAYS)
def test_in_whatever_order_answers_come_and_change(
    answers: list[tuple[str, Any]], today: date
) -> None:
    draft = Draft()
    for question, answer in answers:
        if not walk(draft, today).may_visit(question):
            continue
        draft = draft.with_answer(question, answer)
        now = walk(draft, today)
        assert path(now.kept, today) == now.path
        assert [q for q in QUESTIONS if now.kept.answer(q) is not None and q not in now.path] == []
        assert now.next is None or now.may_visit(now.next)


@pytest.mark.rule("WIZ-2")
@thorough
@given(DRAFTS, DAYS)
def test_one_may_go_back_to_what_is_answered_and_on_to_the_first_open_question(
    draft: Draft, today: date
) -> None:
    now = walk(draft, today)
    for question in QUESTIONS:
        answered = now.kept.answer(question) is not None
        assert now.may_visit(question) == (answered or question == now.next)


@thorough
@given(DRAFTS, DAYS)
def test_before_and_after_are_each_others_way_back(draft: Draft, today: date) -> None:
    now = walk(draft, today)
    assert now.before(now.path[0]) is None
    assert now.after(now.path[-1]) is None
    for question in now.path[1:]:
        assert now.after(now.before(question) or "") == question


@pytest.mark.rule("WIZ-1")
def test_every_question_is_met_by_somebody_and_not_by_everybody() -> None:
    usual = {"person", "contact", "picked", "choice", "guardians"}
    assert set(path(answered(ADULT), TODAY)) == usual
    assert set(path(answered(replace(ADULT, address=None)), TODAY)) == usual | {"address"}
    assert set(path(answered(replace(ADULT, surname=".")), TODAY)) == usual | {"personal"}
    everything = usual | {"personal", "address", "education"}
    told = replace(answered(None), picked=Picked(From.STUDENT))
    assert set(path(told, TODAY)) == everything
    of_cohorts = {"key", "joining", "start_day", "leerbedrijf"}
    assert set(QUESTIONS) == everything | of_cohorts
    for question, facts in {
        "key": {"lock": "slot"},
        "joining": {"start": date(TODAY.year - 2, 8, 1)},
        "start_day": {"start_from": TODAY},
    }.items():
        chosen = replace(answered(ADULT), choice=replace(open_choice(TODAY), **facts))
        assert set(path(chosen, TODAY)) == usual | {question}


@pytest.mark.rule("DUO-5")
@pytest.mark.parametrize(
    ("person", "asked"),
    [
        (replace(ADULT, first_names=""), False),
        (replace(ADULT, birth_date="20070800"), False),
        (replace(ADULT, birth_date="20070000"), False),
        (replace(ADULT, birth_date="00000000"), True),
        (replace(ADULT, surname="."), True),
        (replace(ADULT, surname=""), True),
    ],
)
def test_only_what_is_missing_is_asked(person: Person, asked: bool) -> None:
    draft = Draft(person=Known(Outcome.FOUND, person))
    assert ("personal" in path(draft, TODAY)) is asked


@pytest.mark.rule("DUO-5")
def test_what_was_typed_before_duo_missed_more_is_asked_again() -> None:
    draft = answered(replace(ADULT, surname="."))
    worse = draft.with_answer(
        "person", Known(Outcome.FOUND, replace(ADULT, surname=".", birth_date="00000000"))
    )
    assert walk(worse, TODAY).next == "personal"


@pytest.mark.rule("WIZ-10")
@pytest.mark.parametrize(
    ("birth_date", "minor"), [("20081125", False), ("20081126", True), ("20080000", True)]
)
def test_without_guardian_holds_for_adults_only(birth_date: str, minor: bool) -> None:
    alone = replace(answered(), guardians=())
    someone = alone.with_answer(
        "person", Known(Outcome.FOUND, replace(ADULT, birth_date=birth_date))
    )
    assert walk(someone, TODAY).next == ("guardians" if minor else None)


@pytest.mark.rule("WIZ-10")
def test_an_open_question_about_guardians_is_no_answer() -> None:
    assert walk(replace(answered(), guardians=None), TODAY).next == "guardians"


@pytest.mark.rule("WIZ-8")
def test_a_choice_that_closes_is_asked_again_and_comes_back() -> None:
    draft = answered()
    shut = draft.with_answer("choice", replace(open_choice(TODAY), open=False))
    assert walk(shut, TODAY).next == "choice"
    assert relevant(shut, TODAY).choice is None
    assert walk(draft, TODAY).next is None


@thorough
@given(DRAFTS, DAYS)
def test_a_dossier_is_complete_or_not_there(draft: Draft, today: date) -> None:
    question = walk(draft, today).next
    if question is not None:
        with pytest.raises(Incomplete, match=f"^{question}$"):
            Dossier.of(draft, today)
        return
    dossier = Dossier.of(draft, today)
    assert dossier.contact
    assert dossier.choice
    if draft.interest is None:  # an interessemelding asks for neither (INT-1)
        assert dossier.address
        assert dossier.guardians or not may_be_minor(dossier.person.birth_date, today)


@pytest.mark.rule("DUO-6")
def test_who_was_typed_is_not_verified_by_duo() -> None:
    typed = Dossier.of(answered(None), TODAY)
    assert not typed.verified_by_duo
    assert (typed.person.name, typed.person.birth_date) == ("Ali Yılmaz", "20000229")
    assert typed.address.street == "Lindelaan"
    assert Dossier.of(answered(), TODAY).verified_by_duo


@pytest.mark.rule("DUO-5")
def test_what_duo_knows_is_completed_and_not_replaced() -> None:
    partly = replace(ADULT, surname=".", birth_date="00000000", birth_place="Deventer")
    person = Dossier.of(answered(partly), TODAY).person
    assert person.name == "Sem Yılmaz"
    assert (person.birth_date, person.birth_place) == ("20000229", "Deventer")


@pytest.mark.rule("DUO-3")
def test_a_secret_address_is_replaced_by_the_one_typed() -> None:
    hidden = replace(ADULT, address=None, address_secret=True)
    assert Dossier.of(answered(hidden), TODAY).address.place == "Ons Dorp"
