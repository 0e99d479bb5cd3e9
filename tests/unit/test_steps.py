"""Questions, their steps, and words for every code."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from enum import StrEnum

import pytest
from markupsafe import Markup

import app.domain
from app import labels, standing
from app.domain import deeplink, retention, routing
from app.domain.catalogue import HIDING, Choice, Reason
from app.domain.deeplink import Refusal
from app.domain.draft import QUESTIONS, From, Interest, Outcome
from app.domain.ports import Level
from app.domain.status import Status
from app.i18n import translate
from app.wizard.steps import BY_SLUG, STEPS
from app.wizard.views import bp
from tests.days import read_in

NOT_SHOWN = {From, Interest, Level, Outcome, Refusal, deeplink.Outcome}
NOT_SHOWN |= {routing.Receiver, routing.Reason, retention.Fate, retention.AgeBand}
NOT_OFFERED = {"ODT"}  # CAT-3


@pytest.mark.rule("WIZ-1")
def test_every_question_has_exactly_one_step() -> None:
    assert list(STEPS) == list(QUESTIONS)
    assert len(BY_SLUG) == len(STEPS)


def test_every_step_says_what_it_asks_and_at_an_address_of_its_own() -> None:
    taken = {"controleren", "verstuurd", "duo", "interesse"}
    assert bp.url_prefix == "/aanmelding/<uuid:draft_id>"
    for step in STEPS.values():
        assert step.title.endswith("?")
        assert step.short
        assert step.slug.islower()
        assert step.slug not in taken


def test_a_form_asks_what_its_answer_holds() -> None:
    for step in STEPS.values():
        answer = getattr(step.form, "answer_type", None)
        if answer is not None and step.question != "address":  # a Dutch one is asked
            assert {f.name for f in fields(answer)} <= set(vars(step.form)) | {"note"}


def enums() -> Iterator[type[StrEnum]]:
    for module in pkgutil.iter_modules(app.domain.__path__):
        for found in vars(importlib.import_module(f"app.domain.{module.name}")).values():
            if isinstance(found, type) and issubclass(found, StrEnum) and found is not StrEnum:
                yield found


def test_every_code_has_words_or_is_never_shown() -> None:
    said = {
        type(next(iter(table))): table
        for table in (
            *(standing.STATUS, standing.WHO, labels.WHY),
            *(labels.LEVEL, labels.DIPLOMA, labels.WHERE, labels.ACCREDITATION),
        )
    }
    assert set(enums()) == set(said) | NOT_SHOWN
    with_a_day = {Reason.OVER, Reason.NOT_YET}  # in a sentence of their own
    for kind, table in said.items():
        assert set(table) == set(kind) - (HIDING | with_a_day if kind is Reason else set())
    for table in (standing.TOLD, standing.MEANING, standing.NEXT):
        assert set(table) == set(Status)


@pytest.mark.rule("CAT-3")
def test_every_leertraject_has_words() -> None:
    assert set(labels.LEERTRAJECT) == set(labels.IN_SHORT) == {"BOL", "BBL", "OVO", "EX", "VAVO"}
    assert not NOT_OFFERED & set(labels.LEERTRAJECT)
    assert set(labels.SEX) == {"M", "V", "-"}


@pytest.mark.rule("WIZ-8")
@pytest.mark.parametrize(
    ("began", "says"),
    [
        (date(2026, 11, 29), ""),
        (date(2026, 11, 28), "Begonnen op 28 november 2026"),
        (date(2026, 8, 1), "Begonnen op 1 augustus 2026"),
        (date(2026, 7, 31), "Begonnen op 31 juli 2026 (2e leerjaar)"),
        (date(2024, 9, 1), "Begonnen op 1 september 2024 (3e leerjaar)"),
        (None, ""),
    ],
)
def test_a_cohort_that_has_begun_says_so(began: date | None, says: str) -> None:
    facts = ("cohort", "programme", "KOK-1", "99XX", "ROC De Horizon", "Kok", "BOL", "Zwolle")
    choice = Choice(*facts, apply_from=date(2026, 10, 1), start=began)
    with read_in("nl"):
        said = labels.begun(choice, date(2026, 11, 29))
    assert Markup(translate("nl", said)).striptags() == says
