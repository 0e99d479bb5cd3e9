"""Removing everything when something is in its way, and what may come after it (MIJ-3, RET-1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app import clock, db
from app.models import koppelpunt
from app.services import dossiers, ledger, mailbox, removal
from app.services.students import NoSuchStudent
from app.store import open_store
from tests import watch
from tests.applicants import a_cohort, adult
from tests.kept import rows_of
from tests.portal import Portal
from tests.sent import applies
from tests.sis import sis

pytestmark = [pytest.mark.rule("MIJ-3"), pytest.mark.each_run_on("sqlite")]

STRANGER = "00000000-0000-4000-8000-000000000000"


def one_who_applied(portal: Portal) -> str:
    applies(portal, adult(1), a_cohort())
    return str(watch.row_of("student").id)


@pytest.mark.rule("RET-1")
def test_what_a_sis_says_of_who_is_gone_is_not_kept(any_portal: Portal) -> None:
    student_id = one_who_applied(any_portal)
    number = watch.row_of("application").id
    reads = sis(any_portal)
    reads.fresh()
    assert removal.by_student(student_id, clock.now())
    told = {"foutmelding": "Kan Sem Bakhuis (Lindelaan 12) niet verwijderen"}
    for _ in range(2):
        assert reads.post(f"{number}/foutmelding", json=told).is_success
    assert watch.all_of("error_report") == []
    assert [row for row in watch.all_of("message") if row.error_at], "that it couldn't, is known"


def test_a_key_that_is_lost_keeps_nobody_here(any_portal: Portal) -> None:
    student_id = one_who_applied(any_portal)
    watch.set_everywhere(
        "application",
        document=dossiers.sealed(STRANGER, watch.answers("application"), None, {}),
    )
    assert removal.by_student(student_id, clock.now())
    assert not any(rows_of(student_id).values())


@contextmanager
def held(database_url: str) -> Iterator[None]:
    """Somebody numbers changes, and takes their time."""
    other = sa.create_engine(database_url.replace("postgresql:", "postgresql+psycopg:", 1))
    with other.begin() as connection:
        connection.execute(sa.select(koppelpunt).with_for_update()).all()
        yield
    other.dispose()


@pytest.mark.rule("RET-3")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_hears_that_it_is_busy_is_here_after_a_restore_too(
    any_portal: Portal,
) -> None:
    student_id = one_who_applied(any_portal)
    with held(any_portal.settings.database_url), pytest.raises(db.Busy):
        removal.by_student(student_id, clock.now())
    assert ledger.entries(any_portal.settings.deletion_ledger).entries == []
    assert removal.by_student(student_id, clock.now())
    (entry,) = ledger.entries(any_portal.settings.deletion_ledger).entries
    assert entry.id == student_id


def test_nobody_is_mailed_once_more_who_is_gone(any_portal: Portal) -> None:
    student_id = one_who_applied(any_portal)
    answers = watch.answers("application")
    assert removal.by_student(student_id, clock.now())
    with pytest.raises(NoSuchStudent):
        mailbox.send_again(open_store(""), student_id, answers, "nl", clock.now())
    assert watch.all_of("job", student_id=student_id) == []
