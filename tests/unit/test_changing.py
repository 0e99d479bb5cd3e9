"""Whatever is answered and changed, the way leads to an application that a SIS can read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.dossier import Dossier
from app.domain.draft import QUESTIONS, Draft
from app.domain.journey import path, relevant, walk
from app.domain.message import served
from tests.contract.described import cambo
from tests.length import examples
from tests.unit.answers import DRAFTS
from tests.unit.complete import KEPT, TODAY, answer, complete_drafts
from tests.unit.test_journey import sent

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
few = settings(max_examples=examples(60), deadline=None)


def holds_together(draft: Draft, today: date) -> None:
    counts = relevant(draft, today)
    assert path(counts, today) == path(draft, today)
    dossier = Dossier.of(draft, today)
    assert sent(dossier.answers) == sent(counts)
    cambo().check("vca_Aanmelding", served(dossier, KEPT))


@pytest.mark.rule("WIZ-3")
@pytest.mark.rule("SIS-4")
@few
@given(st.data(), DAYS)
def test_a_changed_draft_completed_again_makes_a_valid_message(data: Any, today: date) -> None:
    draft = data.draw(complete_drafts(today))
    holds_together(draft, today)
    for question in data.draw(st.lists(st.sampled_from(path(draft, today)), max_size=3)):
        if not walk(draft, today).may_visit(question):
            continue
        changed = data.draw(st.composite(answer)(question, walk(draft, today).kept, today))
        draft = draft.with_answer(question, changed)
        assert path(relevant(draft, today), today) == path(draft, today)
    holds_together(data.draw(complete_drafts(today, draft)), today)


@pytest.mark.rule("WIZ-2")
@pytest.mark.rule("SIS-4")
@few
@given(st.data(), DRAFTS, DAYS)
def test_whatever_was_left_behind_can_be_completed(data: Any, draft: Draft, today: date) -> None:
    of_texts = Draft()  # what a form would have refused isn't kept by it either
    for question in ("person", "picked", "choice", "key", "joining", "start_day"):
        of_texts = of_texts.with_answer(question, draft.answer(question))
    holds_together(data.draw(complete_drafts(today, of_texts)), today)


@pytest.mark.long
@pytest.mark.rule("WIZ-1")
def test_no_question_is_unreachable() -> None:
    met: set[str] = set()

    @settings(max_examples=150, deadline=None, database=None, derandomize=True)
    @given(complete_drafts(TODAY))
    def collect(draft: Draft) -> None:
        met.update(path(draft, TODAY))

    collect()
    assert met == set(QUESTIONS)
