"""Never one application too many, also while the school changes how many there may be (CAT-5)."""

from __future__ import annotations

from typing import Any

import pytest

from app import clock, db
from app.services import applications, catalogue, institutions
from app.services.institutions import Unknown
from tests import watch
from tests.applicants import a_cohort, adult, out_of_balance, ready
from tests.length import at_length
from tests.portal import Portal
from tests.race import Raised, at_once, own_act

MANY = 30


def the_cohort() -> tuple[str, str, str]:
    """Its id, its programme's, and its code."""
    cohort_id = a_cohort()
    with db.reading() as connection:
        choice = catalogue.find(connection, cohort_id, clock.now())
    assert choice is not None
    return cohort_id, choice.programme_id, choice.cohort_code


def balance() -> list[str]:
    with db.reading() as connection:
        return out_of_balance(connection)


def counts_and_stops(programme_id: str, code: str, maximum: int, times: int) -> int:
    """Switches counting on and off; how often there were too many to switch it on."""
    refused = 0
    for _ in range(times):
        institutions.set_places(programme_id, code, None)
        try:
            institutions.set_places(programme_id, code, maximum)
        except ValueError:
            refused += 1
    return refused


@pytest.mark.long
@pytest.mark.rule("CAT-5")
@pytest.mark.parametrize("maximum", [7, *at_length(MANY)])
@pytest.mark.each_run_on("postgresql")
def test_counting_that_begins_while_many_are_sending(any_portal: Portal, maximum: int) -> None:
    cohort_id, programme_id, code = the_cohort()
    everybody = [ready(any_portal, adult(n), cohort_id) for n in range(MANY)]
    calls: list[tuple[Any, ...]] = [(applications.submit, *a.sends()) for a in everybody]
    calls.insert(MANY // 2, (counts_and_stops, programme_id, code, maximum, 12))
    answers = at_once(any_portal.settings.database_url, own_act, calls)
    sent = [a for a in answers if isinstance(a, applications.Receipt)]
    late = [a for a in answers if a in (Raised("Full"), Raised("Incomplete"))]
    busy = [a for a in answers if isinstance(a, Raised) and a not in late]
    assert set(busy) <= {Raised("Busy")}, "who waited too long for the others"
    assert len(sent) + len(late) + len(busy) == MANY
    assert len(watch.all_of("application")) == len(sent)
    assert balance() == []
    if maximum == MANY:
        assert late == []


@pytest.mark.long
@pytest.mark.rule("CAT-5")
def test_counting_switched_on_at_the_same_moment(any_portal: Portal) -> None:
    """Whoever counts first: there are never more than that over all."""
    cohort_id, programme_id, code = the_cohort()
    everybody = [ready(any_portal, adult(n), cohort_id) for n in range(MANY)]
    calls: list[tuple[Any, ...]] = [(applications.submit, *a.sends()) for a in everybody]
    calls.insert(3, (institutions.set_places, programme_id, code, 5))
    answers = at_once(any_portal.settings.database_url, own_act, calls)
    sent = len(watch.all_of("application"))
    assert sent <= 5 or Raised("ValueError") in answers
    assert balance() == []


@pytest.mark.rule("CAT-5")
def test_fewer_places_than_are_taken_can_not_be(any_portal: Portal) -> None:
    cohort_id, programme_id, code = the_cohort()
    for number in range(3):
        applications.submit(*ready(any_portal, adult(number), cohort_id).sends())
    with pytest.raises(ValueError, match="3 places are taken already"):
        institutions.set_places(programme_id, code, 2)
    assert watch.all_of("place") == []
    assert institutions.set_places(programme_id.upper(), code, 3) == 3
    with pytest.raises(ValueError, match="3 places"):
        institutions.set_places(programme_id, code, 0)
    assert watch.row_of("place").maximum == 3
    assert institutions.set_places(programme_id, code, None) == 0
    assert watch.all_of("place") == []
    for wrong in (("x", code), (programme_id, "x"), (programme_id, "")):
        with pytest.raises(Unknown):
            institutions.set_places(*wrong, 3)
