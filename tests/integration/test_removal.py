"""Removing everything: nothing leads to the student any more, and every total stays as it was
(MIJ-3, RET-1; checklist items 47 and 48)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app import clock, db
from app.domain.dossier import Incomplete
from app.domain.status import Status
from app.models import metadata
from app.services import applications, drafts, ledger, removal
from app.services.ledger import Kind as Gone
from tests import watch
from tests.applicants import a_cohort, adult, arrives, every_row, open_now, ready
from tests.kept import OF_STUDENTS, closure, rows_of, totals
from tests.portal import ADULT, Portal
from tests.sent import applies, says
from tests.sis import SCHOOL, Sis, sis
from tests.status_items import item, result, sent

pytestmark = pytest.mark.each_run_on("sqlite")

RUNNING = {Status.SUBMITTED, Status.RECEIVED, Status.OFFERED}


def told(reads: Sis, application_id: int) -> None:
    """The SIS can't do anything with this one."""
    said = {"foutmelding": "Onbekend adres Lindelaan"}
    assert reads.post(f"{application_id}/foutmelding", json=said).is_success


def somebody(portal: Portal) -> str:
    """With a draft, and an application in every status; of the first the SIS said something."""
    own = (choice for choice in open_now() if choice.brin == SCHOOL)
    cohorts = sorted(choice.cohort_id for choice in own)
    codes = ("", "AO", "OA", "LI", "LNI", "AI")
    drafts_sent = [applies(portal, adult(1), cohort) for cohort in cohorts[: len(codes)]]
    for draft_id, code in zip(drafts_sent, codes, strict=True):
        if code:
            says(draft_id, code)
    ready(portal, adult(1), cohorts[len(codes)])
    first = watch.row_of("application", draft_id=drafts_sent[0])
    reads = sis(portal)
    reads.fresh()
    told(reads, first.id)
    return str(first.student_id)


def names_of(student_id: str) -> set[str]:
    """Ids by which somebody who knows them finds this student."""
    mine = watch.all_of("application", student_id=student_id)
    drafts_left = {row.id for row in watch.all_of("draft", student_id=student_id)}
    return {student_id, *drafts_left} | {n for row in mine for n in (row.draft_id, row.keten_id)}


@pytest.mark.rule("MIJ-3", "RET-1")
def test_nothing_leads_to_who_is_gone_and_every_total_is_as_it_was(any_portal: Portal) -> None:
    applies(any_portal, adult(2), a_cohort())
    student_id = somebody(any_portal)
    before, mine, names = totals(), rows_of(student_id), names_of(student_id)
    assert all(mine.values()), f"a table without a row shows nothing: {mine}"
    withdrawn = [
        row for row in watch.all_of("application", student_id=student_id) if row.status in RUNNING
    ]
    assert removal.by_student(student_id, clock.now())
    assert not any(rows_of(student_id).values())
    graves = {one["ketenId"] for one in map(dict, watch.documents().values()) if "ketenId" in one}
    left = str({name: rows for name, rows in every_row().items() if name != "status_message"})
    assert [name for name in names if name in left] == []
    gone = [row for row in watch.all_of("application") if row.removed_at]
    assert len(gone) == 6
    assert {row.student_id for row in gone} == {None}
    assert {(row.draft_id, row.keten_id, row.document) for row in gone} == {(None, None, None)}
    assert {row.age_band for row in gone} == {"23+"}
    assert len({row.group_id for row in gone}) == 1
    assert watch.all_of("error_report") == []
    assert graves <= names | {row.keten_id for row in watch.all_of("application")}
    after = totals()
    assert after["persons"] == before["persons"]
    assert after["fetched"] == before["fetched"]
    assert after["applications"].total() == before["applications"].total()
    moved = before["applications"] - after["applications"]
    assert moved.total() == len(withdrawn) == 3, "only what was withdrawn is counted as such"
    assert after["statuses"] - before["statuses"] == {
        (Status.WITHDRAWN, "student", "", True, clock.today()): 3
    }


@pytest.mark.rule("RET-1")
def test_by_its_term_nothing_is_withdrawn_and_no_total_moves(any_portal: Portal) -> None:
    student_id = somebody(any_portal)
    before = totals()
    number = len(watch.all_of("message"))
    assert removal.account(student_id, Gone.EXPIRED, clock.now())
    assert totals() == before
    assert len(watch.all_of("message")) == number, "no SIS hears of it"
    assert {row.document for row in watch.all_of("message")} == {None}
    assert sis(any_portal).fresh() == sis(any_portal).items() == []


@pytest.mark.rule("RET-1")
def test_one_dossier_goes_and_its_student_stays(any_portal: Portal) -> None:
    student_id = somebody(any_portal)
    before = totals()
    first, second, *others = watch.all_of("application", student_id=student_id)
    for row in (first, second):
        assert removal.dossier(row.ca_keten_id, clock.now())
        assert not removal.dossier(row.ca_keten_id, clock.now()), "twice is once"
    assert totals()["applications"] == before["applications"]
    assert totals()["statuses"] == before["statuses"]
    groups = {row.group_id for row in watch.all_of("application") if row.removed_at}
    assert len(groups) == 1
    assert len(watch.all_of("application", student_id=student_id)) == len(others)
    removal.by_student(student_id, clock.now())
    assert {row.group_id for row in watch.all_of("application")} == groups
    assert totals()["persons"] == {6: 1}


@pytest.mark.rule("MIJ-3", "RET-1")
def test_every_table_with_a_student_in_it_is_known() -> None:
    """Or removing and downloading would forget it."""
    handled = {table.name for table in removal.OF_STUDENT} | {"application"}
    assert set(OF_STUDENTS) == handled
    stripped = {"application_status", "message", "error_report"}  # of an application
    logs = {"status_message"}  # names it by its caKetenId, as it may (RET-3)
    assert closure() == {"student"} | handled | stripped | logs


@pytest.mark.rule("MIJ-3", "SIS-1")
def test_the_sis_hears_that_it_is_withdrawn_and_nothing_of_the_person(any_portal: Portal) -> None:
    student_id = sent(any_portal).student_id
    reads = sis(any_portal)
    (first,) = reads.fresh()
    removal.by_student(student_id, clock.now())
    (grave,) = reads.fresh()
    assert (grave["caKetenId"], grave["ketenId"]) == (first["caKetenId"], first["ketenId"])
    assert grave["ingetrokken"] is True
    assert grave["additionalObjects"]["centraalAanmelden"]["verwijderd"] is True
    assert grave["wijzigingsvolgnummer"] > first["wijzigingsvolgnummer"]
    personal = {"bsn", "achternaam", "voornamen", "geboortedatum", "emailAdres", "geslacht"}
    assert personal <= set(first)
    assert not personal & set(grave)
    assert grave["roepnaam"] == "-"


@pytest.mark.rule("MIJ-3", "RET-1")
def test_what_had_ended_can_no_longer_be_read_and_tells_nobody(any_portal: Portal) -> None:
    application = sent(any_portal)
    says(application.draft_id, "LI")
    reads = sis(any_portal)
    reads.fresh()
    removal.by_student(application.student_id, clock.now())
    assert reads.fresh() == reads.items() == []
    assert reads.get(str(application.id)).status_code == 404
    assert watch.row_of("application").status == Status.ENROLLED


@pytest.mark.rule("CAT-5", "MIJ-3")
def test_a_place_is_free_again(any_portal: Portal) -> None:
    cohort = a_cohort()
    with db.transaction() as connection:
        counted = {"cohort_id": cohort, "maximum": 1, "taken": 0}
        connection.execute(metadata.tables["place"].delete().filter_by(cohort_id=cohort))
        connection.execute(metadata.tables["place"].insert(), counted)
    last = ready(any_portal, adult(2), cohort)
    applies(any_portal, adult(1), cohort)
    student_id = watch.row_of("application").student_id
    with pytest.raises(Incomplete):
        applications.submit(*last.sends())
    removal.by_student(student_id, clock.now())
    assert watch.row_of("place", cohort_id=cohort).taken == 0
    applications.submit(*last.sends())
    assert watch.row_of("place", cohort_id=cohort).taken == 1


@pytest.mark.rule("MIJ-3")
def test_removed_twice_is_removed_and_logging_in_again_begins_anew(any_portal: Portal) -> None:
    student_id = arrives(any_portal, ADULT)
    assert removal.by_student(student_id, clock.now())
    assert not removal.by_student(student_id, clock.now())
    assert arrives(any_portal, ADULT) != student_id


@pytest.mark.rule("STA-2", "RET-1")
def test_a_status_of_who_is_gone_is_logged_and_changes_nothing(any_portal: Portal) -> None:
    application = sent(any_portal)
    removal.by_student(application.student_id, clock.now())
    before = watch.rows("status_message", "audit", "store", "koppelpunt")
    said = result(sis(any_portal), item(application, "LI"))
    assert (said["resultaat"], said["code"]) == ("gelogd", "verwijderd")
    assert said["status"] == Status.WITHDRAWN
    assert watch.rows("status_message", "audit", "store", "koppelpunt") == before


# --- the ledger ----------------------------------------------------------------------------------


def entries(portal: Portal) -> list[tuple[Gone, str]]:
    return [(e.kind, e.id) for e in ledger.entries(portal.settings.deletion_ledger).entries]


@pytest.mark.rule("RET-3")
def test_every_removal_is_in_the_ledger(any_portal: Portal) -> None:
    student = ready(any_portal, adult(1), a_cohort())
    drafts.remove(student.student_id, student.draft_id, clock.now())
    draft_id = applies(any_portal, adult(1), a_cohort())
    ca_keten_id = watch.row_of("application", draft_id=draft_id).ca_keten_id
    assert removal.dossier(ca_keten_id, clock.now())
    assert removal.by_student(student.student_id, clock.now())
    assert entries(any_portal) == [
        (Gone.DRAFT, student.draft_id),
        (Gone.APPLICATION, ca_keten_id),
        (Gone.STUDENT, student.student_id),
    ]


@pytest.mark.rule("RET-3")
def test_a_ledger_that_cannot_be_written_stops_the_removal(
    any_portal: Portal, tmp_path: Path
) -> None:
    student_id = arrives(any_portal, ADULT)
    (tmp_path / "file").write_text("in the way")
    ledger.use(tmp_path / "file" / "deletions.log")
    before = every_row()
    with pytest.raises(OSError, match="file"):
        removal.by_student(student_id, clock.now())
    assert every_row() == before


@pytest.mark.rule("RET-3")
def test_what_is_done_again_counts_for_the_day_on_which_it_was(any_portal: Portal) -> None:
    """Or totals by day would move by a restore."""
    applies(any_portal, adult(1), a_cohort())
    then = clock.now() + timedelta(days=9)
    removal.replay([ledger.Entry(then, Gone.STUDENT, _first())], lambda _: None)
    withdrawn = watch.row_of("application_status", status="WITHDRAWN")
    assert clock.local_date(withdrawn.since) == clock.local_date(then)


def _first() -> str:
    return str(watch.row_of("application").student_id)


@pytest.mark.rule("RET-3")
def test_what_the_ledger_says_can_be_done_again(any_portal: Portal) -> None:
    """As after a restore; to do it twice changes nothing."""
    one, two = arrives(any_portal, adult(1)), arrives(any_portal, adult(2))
    applies(any_portal, adult(1), a_cohort())
    left = ready(any_portal, adult(2), a_cohort())
    written = [
        ledger.Entry(clock.now(), Gone.STUDENT, one),
        ledger.Entry(clock.now(), Gone.DRAFT, left.draft_id),
        ledger.Entry(clock.now(), Gone.EXPIRED, "00000000-0000-4000-8000-000000000000"),
    ]
    done = removal.replay(written, lambda _: None)
    assert (done[Gone.STUDENT], done[Gone.DRAFT], done[Gone.EXPIRED]) == (1, 1, 0)
    assert [row.id for row in watch.all_of("student")] == [two]
    assert watch.all_of("draft") == []
    before = every_row()
    removal.replay(written, lambda _: None)
    assert every_row() == before
    assert entries(any_portal) == [], "what is done again is no news"
