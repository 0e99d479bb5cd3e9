"""What a SIS asks most reads the few messages that wait, however many there are (SIS-1)."""

from __future__ import annotations

import pytest

from app import db
from app.prepared import Prepared
from app.services import delivery
from tests.applicants import send
from tests.copies import driver
from tests.portal import Portal

NEARLY_ALL_WAIT = (
    "ANALYZE",
    "UPDATE sqlite_stat1 SET stat = replace(stat, '3', '1000000') WHERE tbl = 'message'",
    "ANALYZE sqlite_schema",
)


@pytest.mark.rule("SIS-1")
@pytest.mark.parametrize("asked", [delivery._POINT, delivery._WAITING], ids=["any", "which"])
def test_sqlite_reads_what_waits_also_when_it_was_counted_while_all_did(
    portal: Portal, asked: Prepared
) -> None:
    """It once read a million, for every question: what it counted held for nothing any more."""
    send(portal, 1, 2, 3)
    statement = asked.statement.compile(db.engine())  # type: ignore[attr-defined]
    with driver(db.engine()) as run:
        for prepared in NEARLY_ALL_WAIT:
            run(prepared)
        values = dict.fromkeys(statement.positiontup, 1)
        plan = run(f"EXPLAIN QUERY PLAN {statement}", list(values.values())).fetchall()
    (read,) = [step[3] for step in plan if " message" in step[3]]
    assert read.startswith("SEARCH message USING INDEX ix_message_waiting"), plan
