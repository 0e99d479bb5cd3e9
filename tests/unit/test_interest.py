"""The ways that an interessemelding goes, and what a SIS is served of it (INT-1, INT-3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.dossier import Dossier
from app.domain.draft import Choice, Contact, Draft, From, Interest, Known, Outcome, Picked
from app.domain.journey import path, relevant, walk
from app.domain.message import Kept, served
from app.domain.status import INTEREST
from tests.contract.described import cambo
from tests.length import examples
from tests.unit.answers import DAYS, DRAFTS, open_choice
from tests.unit.complete import KEPT, TODAY, complete_drafts
from tests.unit.whole import PERSON, WHOLE

CODE, LOCK = Interest.CODE, Interest.LOCK
thorough = settings(max_examples=examples(100), deadline=None)
FEWEST = {
    CODE: {"personal", "contact", "picked", "education", "choice"},
    LOCK: {"person", "personal", "contact", "choice"},
}


def locked() -> Choice:
    return replace(open_choice(TODAY), lock="slot")


@pytest.mark.rule("INT-1", "WIZ-3")
@thorough
@given(DRAFTS, DAYS, st.sampled_from(Interest))
def test_it_asks_the_fewest_whatever_was_answered(draft: Draft, day: date, why: Interest) -> None:
    draft = replace(draft, interest=why)
    assert set(path(draft, day)) <= FEWEST[why]
    counts = relevant(draft, day)
    assert counts.interest is why
    assert path(counts, day) == path(draft, day)


@pytest.mark.rule("INT-1", "INT-3")
@thorough
@given(st.data(), st.sampled_from(Interest))
def test_of_every_kind_a_sis_gets_what_is_described(data: Any, why: Interest) -> None:
    by_code = why is CODE
    draft = data.draw(complete_drafts(TODAY, Draft(interest=CODE if by_code else None)))
    draft = replace(draft, interest=why)
    dossier = Dossier.of(draft, TODAY)
    kept: Kept = replace(
        KEPT,
        kind=INTEREST,
        in_time=None,
        **({"bsn": None, "level": None, "identified_at": None} if by_code else {}),
        registratiecode="HORIZON2026" if by_code else None,
    )
    found = served(dossier, kept)
    cambo().check("vca_Aanmelding", found)
    assert found["type"] == "I"
    assert ("bsn" in found) is not by_code
    assert found["wettelijkVertegenwoordigers"] == []
    assert {"leerbedrijf", "aanmeldingVoorEersteLeerjaar"}.isdisjoint(found)
    assert "correspondentieadres" not in found or why is LOCK
    told = found["additionalObjects"]["centraalAanmelden"]
    assert ("registratiecode" in told) is by_code
    assert dossier.verified_by_duo <= (why is LOCK)


@pytest.mark.rule("INT-1")
@pytest.mark.parametrize(
    ("contact", "why", "counts"),
    [
        (Contact("Ali", "", "+31612345678"), CODE, True),
        (Contact("Ali", "", "+31612345678"), LOCK, True),
        (Contact("Ali", "", "+31612345678"), None, False),
        (Contact("Ali", "ali@voorbeeld.nl"), CODE, True),
        (Contact("Ali", ""), CODE, False),
    ],
)
def test_one_way_of_contact_will_do(contact: Contact, why: Interest | None, counts: bool) -> None:
    draft = replace(WHOLE, contact=contact, interest=why)
    assert (walk(draft, TODAY).kept.contact is not None) is counts


@pytest.mark.rule("INT-1", "WIZ-6")
def test_only_there_may_one_skip_ones_school() -> None:
    skipped = Picked(From.UNTOLD)
    assert walk(Draft(picked=skipped, interest=CODE), TODAY).kept.picked == skipped
    assert walk(replace(WHOLE, picked=skipped), TODAY).kept.picked is None


@pytest.mark.rule("DUO-1", "INT-1")
def test_an_address_where_no_post_was_wanted_is_sent_nowhere() -> None:
    known = Known(Outcome.FOUND, PERSON, post_elsewhere=True)
    draft = replace(WHOLE, person=known, address=None, choice=locked(), interest=LOCK)
    assert Dossier.of(draft, TODAY).address_known is None
    here = replace(draft, person=replace(known, post_elsewhere=False))
    assert Dossier.of(here, TODAY).address_known == PERSON.address


@pytest.mark.rule("WIZ-9")
def test_it_is_about_one_cohort_and_as_long_as_that_asks_for_a_code() -> None:
    draft = replace(WHOLE, choice=locked(), interest=LOCK)
    same = replace(locked(), version=2, lock="ander slot")
    assert draft.with_answer("choice", same).interest is LOCK
    assert draft.with_answer("choice", replace(locked(), active=False)).interest is LOCK
    for other in (open_choice(TODAY), replace(locked(), cohort_id="ander"), None):
        assert draft.with_answer("choice", other).interest is None
    by_code = replace(draft, interest=CODE)
    assert by_code.with_answer("choice", open_choice(TODAY)).interest is CODE
