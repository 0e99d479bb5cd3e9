"""What a student is told of a choice that is gone: which start it was, where that has a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.catalogue import Choice
from app.i18n import translate
from app.wizard.told import lost_start
from tests.days import on_a_page, read_in

TODAY, STARTS = date(2027, 3, 2), date(2027, 9, 1)
FACTS = ("cohort", "programme", "KOK-1", "99XX", "ROC De Horizon", "Kok", "BOL", "Zwolle")
CHOICE = Choice(*FACTS, apply_from=date(2026, 10, 1), apply_until=date(2027, 3, 1), start=STARTS)
OPEN = replace(CHOICE, apply_until=None)
ANY_DAY = replace(CHOICE, start=None, start_from=STARTS, start_until=date(2027, 12, 1))


@pytest.mark.rule("WIZ-3", "WIZ-8")
@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (CHOICE, f"Voor de start op {on_a_page(STARTS)} kun je je nu niet meer aanmelden."),
        (
            replace(OPEN, places_left=0),
            f"De start op {on_a_page(STARTS)} is vol.",
        ),
        (ANY_DAY, "Voor de start die je koos, kun je je nu niet meer aanmelden."),
        (replace(CHOICE, receives=False), "Deze school kan nu geen aanmeldingen ontvangen."),
    ],
)
def test_a_start_that_is_gone_is_named(choice: Choice, says: str) -> None:
    with read_in("nl"):
        assert translate("nl", lost_start(choice, TODAY)).startswith(says)
