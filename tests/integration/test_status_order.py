"""The mbo-koppelpunt: what becomes of statuses that come late, early, or after an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.services import statuses
from tests import watch
from tests.portal import Portal
from tests.sis import Sis, sis
from tests.status_items import item, kinds, result, results, sent, warned

pytestmark = pytest.mark.each_run_on("sqlite")


@pytest.mark.rule("STA-2", "STA-3")
def test_older_after_newer(school: Sis, mine: Any) -> None:
    found = results(
        school, item(mine, "LI", after=20), item(mine, "AO", after=30), item(mine, "OA", after=10)
    )
    assert [one["resultaat"] for one in found] == ["verwerkt", "gelogd", "verwerkt"]
    assert {one["status"] for one in found} == {"ENROLLED"}
    assert found[1]["code"] == "geen-overgang"
    with db.reading() as connection:
        steps = statuses.history(connection, mine.id)
    assert [step.status for step in steps] == ["SUBMITTED", "OFFERED", "ENROLLED"]


@pytest.mark.rule("STA-2")
def test_a_clock_that_is_ahead(school: Sis, mine: Any) -> None:
    (near, far) = results(school, item(mine, "AO", after=290), item(mine, "OA", after=400))
    assert warned(near) == []
    assert warned(far) == ["klok", "aanbod-teruggenomen"], "it counts as of now, and AO came later"
    # It counts as of now, and so before the one that is a little ahead.
    assert far["status"] == "RECEIVED"
    kept = watch.row_of("application_status", status="OFFERED")
    assert abs(kept.since - clock.now()) < timedelta(minutes=1)


@pytest.mark.rule("STA-3")
@pytest.mark.parametrize("late", [False, True])
def test_an_enrolment_undone(portal: Portal, late: bool) -> None:
    mine = sent(portal)
    school, before = sis(portal), clock.now()
    assert result(school, item(mine, "LI"))["status"] == "ENROLLED"
    if late:
        portal.move_clock((before + timedelta(days=3 * 366)).isoformat())
        school = sis(portal)
    found = result(school, item(mine, "AI", after=1))
    assert found["status"] == ("ENROLLED" if late else "WITHDRAWN")
    assert found["resultaat"] == ("gelogd" if late else "verwerkt")
    assert kinds(mine) == (["new"] if late else ["new", "withdrawn"])


@pytest.mark.rule("STA-2")
def test_an_offer_that_is_taken_back_is_warned_of(school: Sis, mine: Any) -> None:
    result(school, item(mine, "OA", after=100))
    assert warned(result(school, item(mine, "AO"))) == [], "older, so it takes nothing back"
    assert warned(result(school, item(mine, "AO", after=250))) == ["aanbod-teruggenomen"]
    assert warned(result(school, item(mine, "OA", after=175))) == [], "it had been offered already"


@pytest.mark.rule("STA-2")
def test_an_offer_that_comes_late_turns_out_to_be_taken_back(school: Sis, mine: Any) -> None:
    assert warned(result(school, item(mine, "AO", after=200))) == []
    late = result(school, item(mine, "OA", after=100))
    assert (late["status"], warned(late)) == ("RECEIVED", ["aanbod-teruggenomen"])


@pytest.mark.rule("STA-2")
@pytest.mark.parametrize(
    ("first", "late", "ends"),
    [
        (("LI",), "AI", "WITHDRAWN"),
        (("OA", "AO"), "AI", "WITHDRAWN"),
        (("OA",), "LI", "ENROLLED"),
        (("AO",), "LNI", "REJECTED"),
    ],
)
def test_an_end_that_comes_late_is_said_to_undo_what_came_after(
    school: Sis, mine: Any, first: tuple[str, ...], late: str, ends: str
) -> None:
    """In the order of their moments nothing could have followed it."""
    for n, code in enumerate(first):
        result(school, item(mine, code, after=100 + n))
    found = result(school, item(mine, late, after=50))
    assert (found["resultaat"], found["status"]) == ("verwerkt", ends)
    assert warned(found) == ["latere-vervallen"]
    assert warned(result(school, item(mine, "AO", after=40))) == [], "nothing changes by it"


@pytest.mark.rule("MIJ-2")
def test_the_student_was_first(school: Sis, mine: Any) -> None:
    statuses.withdraw(mine.student_id, mine.draft_id, "work", clock.now())
    for code, after in (("LI", -3600), ("AO", 0), ("LI", 60), ("AI", 60)):
        found = result(school, item(mine, code, after=after))
        assert (found["resultaat"], found["code"]) == ("gelogd", "ingetrokken-door-student")
        assert found["status"] == "WITHDRAWN"
    assert kinds(mine) == ["new", "withdrawn"]
