"""Another data key: everything sealed anew, whatever happens meanwhile (RET-2)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import LargeBinary, String, select, update

from app import clock, config, db, keys, testdoor
from app.models import draft, email_link, error_report, job, metadata, student
from app.services import key_use, mailbox, receipts, rotation, sealed
from tests import watch
from tests.applicants import a_cohort, adult, arrives, ready
from tests.integration.test_keys_at_rest import fill
from tests.line import Line
from tests.portal import MINOR, Portal, open_portal

OLD, NEW = ("old", b"o" * 32), ("new", b"n" * 32)

pytestmark = [pytest.mark.rule("RET-2"), pytest.mark.each_run_on("sqlite")]


@pytest.fixture
def filled(any_portal: Portal) -> Iterator[Portal]:
    """A row of every kind under the old key, and the new one first."""
    keys.use((OLD,), keys._secret.decode())
    testdoor.set_codes(anew=True)
    fill(any_portal)
    ready(any_portal, adult(1), a_cohort())
    keys.use((NEW, OLD), keys._secret.decode())
    yield any_portal
    keys.use(any_portal.settings.data_keys, any_portal.settings.secret_key)
    testdoor.set_codes(anew=True)


def under(key_id: str) -> dict[str, int]:
    return {one.name: one.rows[key_id] for one in key_use.use() if one.rows.get(key_id)}


EVERYWHERE = {
    *("student.document", "student.bsn_hash", "draft.document", "application.document"),
    *("message.document", "error_report.document", "error_report.text_hash", "job.document"),
    "email_link.email_hash",
    *("institution.registratiecode", "institution.registratiecode_hash"),
}


# --- the list -----------------------------------------------------------------------------------


def test_whatever_is_sealed_is_in_the_list() -> None:
    """A column that isn't would be lost with its key."""
    listed = [*(one.column for one in sealed.SEALED), *sealed.EXPIRING]
    assert {str(column) for column in listed} == {
        str(column)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }


def test_whatever_is_hashed_is_in_the_list() -> None:
    hashed = [one.hashed.column for one in sealed.SEALED if one.hashed]
    listed = [*hashed, sealed.ADDRESS, sealed.FORGOTTEN, *sealed.KEYLESS]
    assert {str(column) for column in listed} == {
        str(column)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and column.name.endswith("_hash")
    }


def codes() -> dict[str, str]:
    """The schools' own (INT-1), by where they are."""
    return {
        f"institution.registratiecode.{brin}": f"{brin} {code}"
        for brin, code in testdoor.CODES.items()
    }


def test_the_list_knows_the_place_of_each_document(filled: Portal) -> None:
    opened = {
        one.place_of(row): keys.unseal(one.place_of(row), getattr(row, one.column.name))
        for one in sealed.SEALED
        for row in watch.all_of(one.table.name)
        if getattr(row, one.column.name) is not None
    }
    assert opened == watch.documents() | codes()
    tables = {one.table.name for one in sealed.SEALED}
    assert {place.split(".")[0] for place in opened} == tables


# --- rotating -----------------------------------------------------------------------------------


@pytest.mark.each_run_on("sqlite", "postgresql")
def test_afterwards_the_new_key_is_enough(filled: Portal) -> None:
    before = watch.documents()
    assert set(under("old")) == EVERYWHERE
    assert under("new") == {}
    done = rotation.rotate()
    assert under("old") == {}
    assert set(under("new")) == EVERYWHERE
    assert (done.busy, done.lost, done.double) == (0, set(), set())
    assert done.documents == len(before) + len(codes())
    keys.use((NEW,), keys._secret.decode())
    assert watch.documents() == before
    person = filled.student(MINOR)
    assert watch.row_of("application").draft_id in person.get("/mijn").text
    assert len(watch.all_of("student")) == 2


def test_done_once_more_it_does_nothing(filled: Portal) -> None:
    rotation.rotate()
    before = watch.rows()
    assert rotation.rotate() == rotation.Rotated()
    assert watch.rows() == before


class Killed(BaseException):
    """Nothing of ours runs any more."""


def test_stopped_anywhere_it_is_gone_on_with(
    filled: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 1)
    before, left, times = watch.documents(), sum(under("old").values()), 0

    def die(_table: str, _rows: int) -> None:
        if (now := sum(under("old").values())) < left:
            raise Killed(now)

    while left:
        try:
            rotation.rotate(die)
            assert not under("old")
            break
        except Killed as killed:
            left, times = killed.args[0], times + 1
        assert watch.documents() == before, "half-way both keys open everything"
    assert times > len(sealed.SEALED)
    assert watch.documents() == before


def test_who_writes_meanwhile_wins(filled: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading a draft and sealing it anew somebody answers."""
    row, reseals = watch.all_of("draft")[0], keys.resealed
    place = f"draft.document.{row.id}"
    newer = {**keys.unseal(place, row.document), "known": 41}

    def meanwhile(where: str, document: bytes) -> bytes:
        if where == place:
            with db.transaction() as connection:
                answered = update(draft).where(draft.c.id == row.id)
                connection.execute(answered.values(document=keys.seal(place, newer)))
        return reseals(where, document)

    monkeypatch.setattr(keys, "resealed", meanwhile)
    assert rotation.rotate().busy == 0
    assert watch.document("draft", id=row.id) == newer
    assert under("old") == {}


@pytest.mark.each_run_on("postgresql")
@pytest.mark.postgresql
def test_it_waits_for_nobody(postgresql_url: str) -> None:
    """Who holds a row may be waiting for another that we hold."""
    portal = open_portal(postgresql_url)
    keys.use((OLD,))
    ids = [arrives(portal, adult(n)) for n in (1, 2, 3)]
    keys.use((NEW, OLD))
    with db.engine().connect() as other:
        other.execute(select(student.c.id).where(student.c.id == ids[1]).with_for_update())
        began = clock.ticks()
        done = rotation.rotate()
        assert clock.ticks() - began < 5
    assert (done.documents, done.hashes, done.busy) == (2, 2, 2)
    again = rotation.rotate()
    assert (again.documents, again.hashes, again.busy) == (1, 1, 0)


def test_what_no_key_opens_is_named_and_left(filled: Portal) -> None:
    rotation.rotate()
    lost = watch.all_of("draft")[0]
    other = bytes((1, 4)) + b"gone" + b"x" * 40
    with db.transaction() as connection:
        connection.execute(update(draft).where(draft.c.id == lost.id).values(document=other))
    done = rotation.rotate()
    assert done.lost == {f"draft.document.{lost.id}"}
    with db.reading() as connection:
        assert key_use.foreign(connection) == {"gone"}
    line = Line(filled)
    assert "gone" in line.runner.invoke(args=["keys", "status"]).output
    assert line.runner.invoke(args=["keys", "status"]).exit_code == 1
    assert line.runner.invoke(args=["keys", "rotate"]).exit_code == 1


def test_two_rows_for_one_person_are_named(filled: Portal) -> None:
    """As a server made them that knew only one of two keys."""
    rotation.rotate()
    (mine,) = [row for row in watch.all_of("student") if row.bsn_hash == keys.lookup("bsn", MINOR)]
    keys.use((OLD,))
    twin = arrives(filled, MINOR)
    assert twin != mine.id
    keys.use((NEW, OLD), keys._secret.decode())
    done = rotation.rotate()
    assert done.double == {f"student {twin}"}
    assert under("old") == {"student.bsn_hash": 1}


def test_a_report_that_came_under_both_keys_stops_nothing(filled: Portal) -> None:
    rotation.rotate()
    row = watch.row_of("error_report")
    text = watch.document("error_report")["text"]
    keys.use((OLD, NEW))
    with db.transaction() as connection:
        connection.execute(
            error_report.insert().values(
                id="00000000-0000-4000-8000-000000000000",
                message_id=row.message_id,
                text_hash=keys.lookup("error report", text),
                document=keys.seal(
                    "error_report.document.00000000-0000-4000-8000-000000000000", {"text": text}
                ),
                received_at=clock.now(),
            )
        )
    keys.use((NEW, OLD))
    done = rotation.rotate()
    assert len(done.double) == 1
    assert under("old") == {"error_report.text_hash": 1}
    with db.reading() as connection:
        assert [one.text for one in receipts.reports(connection, "99XX")] == [text, text]


def test_a_confirmed_address_stays_confirmed(filled: Portal) -> None:
    (link,) = watch.all_of("email_link")
    with db.transaction() as connection:
        connection.execute(update(email_link).values(confirmed_at=clock.now()))
    rotation.rotate()
    keys.use((NEW,))
    with db.reading() as connection:
        assert mailbox.is_confirmed(connection, link.student_id, "Canarie@voorbeeld.nl")
        assert not mailbox.is_confirmed(connection, link.student_id, "ander@voorbeeld.nl")


def test_an_address_that_stands_nowhere_any_more_is_left_as_it_is(filled: Portal) -> None:
    (link,) = watch.all_of("email_link")
    with db.transaction() as connection:
        connection.execute(update(email_link).values(email_hash=keys.lookup("email", "weg@x.nl")))
    hashed = watch.row_of("email_link").email_hash
    assert rotation.rotate().busy == 0
    assert watch.row_of("email_link").email_hash == hashed != link.email_hash
    said = Line(filled).says("keys", "status")
    assert "email_link.email_hash           unknown 1" in said
    assert "old: may go" in said


# --- the commands -------------------------------------------------------------------------------


def test_the_operator_follows_it(filled: Portal) -> None:
    line = Line(filled)
    before = line.says("keys", "status")
    assert "new: current" in before
    assert "old: still needed for student.document, student.bsn_hash, draft.document" in before
    done = line.says("keys", "rotate")
    assert "left: 0 busy, 0 that nothing opens, 0 double" in done
    after = line.says("keys", "status")
    assert "old: may go" in after
    assert "student.document                new 2\n" in after
    assert "status_message.content_hash     unknown 1" in after
    (began, ended) = watch.all_of("audit", action="keys rotate")
    assert (began.result, ended.result) == ("gevraagd", "gedaan")


def test_a_fresh_key_can_be_put_in_data_keys(portal: Portal) -> None:
    line = Line(portal)
    first, second = line.says("keys", "new").strip(), line.says("keys", "new").strip()
    assert first != second
    ((key_id, key),) = config.data_keys(first)
    assert (len(key), key_id.isalnum()) == (32, True)
    keys.use(((key_id, key), *portal.settings.data_keys))
    (another,) = config.data_keys(line.says("keys", "new").strip())
    assert another[0] not in keys.ids()


def test_a_job_that_was_given_up_opens_afterwards(filled: Portal) -> None:
    with db.transaction() as connection:
        connection.execute(update(job).values(failed_at=1.0))
    rotation.rotate()
    keys.use((NEW,))
    assert watch.documents()
    keys.use((OLD,))
    with pytest.raises((keys.UnknownKey, InvalidTag)):
        watch.documents()
