"""What is stored about people, and the totals that must stay when they go."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from app.clock import local_date
from app.models import metadata
from tests import watch


def totals() -> dict[str, Counter[Any]]:
    """What statistics are made of (ADM-7, ADM-8): counts of applications, of the statuses they
    had, of what was fetched, and of how many one person has."""
    fetched = {row.application_id for row in watch.all_of("message") if row.given_at}
    counts: dict[str, Counter[Any]] = defaultdict(Counter)
    persons: Counter[str] = Counter()
    for row in watch.all_of("application"):
        day = local_date(row.requested_at)
        counts["applications"][row.brin, row.cohort_id, row.kind, row.status, day] += 1
        counts["fetched"][row.brin, row.id in fetched] += 1
        persons[row.student_id or row.group_id] += 1
    for row in watch.all_of("application_status"):
        step = (row.status, row.source, row.reason, row.counts, local_date(row.since))
        counts["statuses"][step] += 1
    counts["persons"] = Counter(persons.values())
    for row in watch.all_of("place"):
        counts["places"][row.cohort_id, row.maximum] = row.taken
    return counts


def leads_to(table: str) -> set[str]:
    """Columns by which a row of this table is found from a student."""
    of = metadata.tables[table].c
    keys = {c.name for c in of for key in c.foreign_keys if key.column.table.name == "student"}
    return keys | {c.name for c in of if c.name == "student_id"}


def closure() -> set[str]:
    """Every table from which some row leads to a student: by keys to keys, and by the columns that
    name an application or a draft without one."""
    found, bare = {"student"}, {"student_id", "application_id", "draft_id", "ca_keten_id"}
    while True:
        more = {
            table.name
            for table in metadata.sorted_tables
            if bare & {column.name for column in table.columns}
            or any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return found
        found |= more


OF_STUDENTS = sorted(table.name for table in metadata.sorted_tables if leads_to(table.name))


def rows_of(student_id: str) -> dict[str, int]:
    """How many rows of each table are this student's own."""
    return {
        table: sum(
            any(getattr(row, column) == student_id for column in leads_to(table))
            for row in watch.all_of(table)
        )
        for table in OF_STUDENTS
    }
