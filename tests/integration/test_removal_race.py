"""Removing everything while it is sent, changed, fetched or answered: nothing is left either way
(MIJ-3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app import clock
from app.domain.draft import Contact
from app.services import applications, changes, drafts, ledger, removal
from tests import watch
from tests.applicants import a_cohort, adult, ready
from tests.kept import rows_of
from tests.portal import Portal
from tests.race import Raised, at_once, own_act
from tests.sent import applies, says

pytestmark = [pytest.mark.rule("MIJ-3", "RET-1"), pytest.mark.each_run_on("postgresql")]

ROUNDS = 4


def removes(path: Path, student_id: str) -> Any:
    ledger.use(path)
    return removal.by_student(student_id, clock.now())


def new_contact(student_id: str, draft_id: str) -> Any:
    given = Contact("Sem", "ander@voorbeeld.nl")
    return changes.change(student_id, draft_id, "contact", given, "nl", True, clock.now())


def left(student_id: str) -> list[Any]:
    """Of who is gone: rows, and applications that still say something."""
    own = [(table, n) for table, n in rows_of(student_id).items() if n]
    return own + [row for row in watch.all_of("application") if row.document is not None]


def test_while_it_is_being_sent(any_portal: Portal) -> None:
    url, path = any_portal.settings.database_url, any_portal.settings.deletion_ledger
    for number in range(ROUNDS):
        one = ready(any_portal, adult(number), a_cohort())
        sent, gone = at_once(
            url,
            own_act,
            [(applications.submit, *one.sends()), (removes, path, one.student_id)],
        )
        assert gone is True
        refused = (Raised("NoSuchDraft"), Raised("NotWhatWasShown"))
        assert isinstance(sent, applications.Receipt) or sent in refused, sent
        assert left(one.student_id) == []


def test_while_the_school_answers_and_the_student_changes_something(any_portal: Portal) -> None:
    url, path = any_portal.settings.database_url, any_portal.settings.deletion_ledger
    for number in range(ROUNDS):
        draft_id = applies(any_portal, adult(number), a_cohort())
        student_id = watch.row_of("application", draft_id=draft_id).student_id
        calls = [
            (removes, path, student_id),
            (says, draft_id, "OA"),
            (new_contact, student_id, draft_id),
            (drafts.begin, student_id, None, clock.now()),
        ]
        gone, answered, changed, begun = at_once(url, own_act, calls)
        assert gone is True
        assert answered in (None, Raised("NoResultFound"))
        assert changed is True or changed in (Raised("NoSuchDraft"), Raised("Ended"))
        assert isinstance(begun, str) or begun == Raised("NoSuchStudent")
        assert left(student_id) == []


def test_removed_twice_at_once_is_removed_once(any_portal: Portal) -> None:
    url, path = any_portal.settings.database_url, any_portal.settings.deletion_ledger
    draft_id = applies(any_portal, adult(1), a_cohort())
    student_id = watch.row_of("application", draft_id=draft_id).student_id
    gave = at_once(url, own_act, [(removes, path, student_id)] * 4)
    assert sorted(gave) == [False, False, False, True]
    assert len([row for row in watch.all_of("message") if row.kind == "removed"]) == 1
    (entry,) = ledger.entries(path).entries
    assert entry.id == student_id
