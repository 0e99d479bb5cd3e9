"""The drafts of a student, as their overview and a school's link show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.domain.catalogue import last_day
from app.domain.deeplink import Link
from app.domain.journey import walk
from app.models import cohort_facts, draft, programme_facts, student
from app.services import documents, drafts, links
from app.services.catalogue import counts_now


class Summary(NamedTuple):
    """A draft in the overview."""

    id: str
    choice: Any  # Choice, or None when nothing has been chosen yet
    next: str | None  # the first open question
    touched_at: datetime
    name: str  # the student's, as far as this draft knows
    link: Link | None  # that they came by
    untouched: bool  # begun by no link, and nothing was done in it yet
    interest: bool  # it becomes an interessemelding


class Beside(NamedTuple):
    """What a student has open beside a link that they follow (DEE-6)."""

    same: bool  # a draft that this very link began: it goes on with that one
    others: tuple[Summary, ...]  # for something else, the last one first
    full: bool  # there is no room for another
    title: links.Title | None = None  # of the only other, where nothing was chosen in it yet


def beside(connection: Connection, waiting: Sequence[Summary], link: Link) -> Beside:
    """As `drafts.begin` will find it."""
    same = any(item.link == link for item in waiting)
    others = tuple(item for item in waiting if not item.untouched and item.link != link)
    full = len(waiting) >= drafts.AT_MOST and not same and len(others) == len(waiting)
    came = others[0].link if len(others) == 1 and others[0].choice is None else None
    title = links.titles(connection, [came])[came] if came else None
    return Beside(same, others, full, title)


def until(connection: Connection, student_id: str | None) -> date | None:
    """The last day of all cohorts that drafts of this student are for; one without an end has
    none. Who came without DigiD comes back to no draft."""
    rows: Sequence[Any] = connection.execute(
        select(cohort_facts)
        .join(programme_facts)
        .join(draft, draft.c.cohort_id == cohort_facts.c.cohort_id)
        .join(student, student.c.id == draft.c.student_id)
        .where(student.c.id == student_id, student.c.bsn_hash.is_not(None), counts_now())
    ).all()
    return max(filter(None, map(last_day, rows)), default=None)


def of_student(connection: Connection, student_id: str, today: date) -> list[Summary]:
    rows = connection.execute(
        select(draft.c.id, draft.c.document, draft.c.version, draft.c.touched_at)
        .where(draft.c.student_id == student_id)
        .order_by(draft.c.touched_at.desc())
    ).all()
    summaries = []
    for row in rows:
        answers, _seen, link = documents.opened(row.id, row.document)
        walked = walk(answers, today)
        summaries.append(
            Summary(
                row.id,
                answers.choice,
                walked.next,
                row.touched_at,
                walked.kept.name,
                link,
                link is None and row.version == 1,
                answers.interest is not None,
            )
        )
    return summaries
