"""The command that gives a school its registratiecode (INT-1)."""

from __future__ import annotations

import pytest

from app import testdoor
from app.services.registratiecodes import ALPHABET, LENGTH
from tests import watch
from tests.guests import SCHOOL, tries
from tests.line import Line
from tests.portal import Portal

pytestmark = pytest.mark.each_run_on("sqlite")
OLD, OWN = testdoor.CODES[SCHOOL], "open-dag 2027"


@pytest.fixture
def line(any_portal: Portal) -> Line:
    return Line(any_portal)


@pytest.mark.rule("INT-1")
def test_it_makes_one_that_counts_from_then_on(any_portal: Portal, line: Line) -> None:
    made = line.says("institution", "code", SCHOOL).strip()
    assert len(made) == LENGTH
    assert set(made) <= set(ALPHABET)
    assert line.says("institution", "code", SCHOOL, "--show").strip() == made
    assert tries(any_portal.browser(), OLD).status_code == 422
    assert tries(any_portal.browser(), made).status_code == 303


@pytest.mark.rule("INT-1", "ADM-2")
def test_one_that_the_school_chose_is_asked_for_and_kept_out_of_the_trail(
    any_portal: Portal, line: Line
) -> None:
    words = ["institution", "code", SCHOOL, "--set"]
    result = line.runner.invoke(args=words, input=f"{OWN}\n")
    assert result.exit_code == 0, result.output
    assert tries(any_portal.browser(), OWN).status_code == 303
    trail = repr(watch.all_of("audit"))
    assert "institution code" in trail
    assert SCHOOL in trail
    for code in (OWN, "OPENDAG2027"):
        assert code not in trail
    assert line.says("institution", "code", SCHOOL, "--show").strip() == "OPENDAG2027"


@pytest.mark.rule("INT-1")
def test_it_is_switched_off(any_portal: Portal, line: Line) -> None:
    assert line.says("institution", "code", SCHOOL, "--off") == "none\n"
    assert line.says("institution", "code", SCHOOL, "--show") == "none\n"
    assert tries(any_portal.browser(), OLD).status_code == 422


@pytest.mark.parametrize("typed", ["kort", "99XX 99XX", "aaaa bbbb", "éééééééé"])
def test_one_that_is_guessed_changes_nothing(any_portal: Portal, line: Line, typed: str) -> None:
    result = line.runner.invoke(args=["institution", "code", SCHOOL, "--set"], input=f"{typed}\n")
    assert result.exit_code == 1
    assert "Error: " in result.output
    assert typed not in result.output
    assert tries(any_portal.browser(), OLD).status_code == 303


def test_what_makes_no_sense_is_refused_in_a_sentence(line: Line) -> None:
    assert "no such school" in line.refuses("institution", "code", "98XX")
    assert "no such school" in line.refuses("institution", "code", "98XX", "--show")
    assert "one of" in line.refuses("institution", "code", SCHOOL, "--off", "--show")
    assert "--set" in line.says("institution", "code", "--help")
