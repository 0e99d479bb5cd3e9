"""Backup and restore: one command each, on both databases, while others write (RET-3)."""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command

from app import clock, db, keys, migrate
from app.commands import safekeeping
from app.services import applications, archive, backup, ledger, removal
from app.services.archive import Refused
from app.services.ledger import Entry, Kind
from tests import watch
from tests.applicants import a_cohort, adult, every_row, out_of_balance, ready
from tests.backups import backed_up, commanded, empty_place, put_back
from tests.integration.test_keys_at_rest import CANARIES, fill
from tests.line import Line
from tests.portal import ADULT, MINOR, Portal
from tests.race import CONTEXT, Raised, at_once, killed, sends_all

pytestmark = [pytest.mark.rule("RET-3"), pytest.mark.each_run_on("sqlite")]

WRITERS, EACH = 4, 8


@pytest.fixture
def elsewhere(database_url: str, tmp_path: Path, worker_id: str) -> Iterator[str]:
    with empty_place(database_url, tmp_path, worker_id) as url:
        yield url


@pytest.fixture
def filled(any_portal: Portal) -> Portal:
    fill(any_portal)
    return any_portal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "portal.backup"


def counted() -> dict[str, int]:
    return {name: len(rows) for name, rows in every_row().items()}


# --- the two commands ---------------------------------------------------------------------------


@pytest.mark.each_run_on("postgresql")
def test_what_is_put_back_is_the_portal_as_it_was(
    filled: Portal, elsewhere: str, file: Path
) -> None:
    """From an empty place to a student who sees their application."""
    said = commanded(filled, filled.settings.database_url, "backup", str(file))
    assert said.returncode == 0, said.stderr
    before = every_row()
    with archive.opened(file) as (manifest, _):
        (revision,) = db.engine().connect().scalars(sa.text("SELECT * FROM alembic_version"))
        assert (manifest.schema, manifest.database) == (revision, db.engine().dialect.name)
        assert f"{manifest.number} rows in {len(manifest.rows)} tables" in said.stdout
    said = commanded(filled, elsewhere, "restore", str(file))
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("The database is ready: ")
    db.connect(elsewhere)
    after = every_row()
    mine = {name: rows for name, rows in after.items() if name != "audit"}
    assert mine == {name: rows for name, rows in before.items() if name != "audit"}
    assert watch.all_of("store") == []
    assert [row.action for row in watch.all_of("audit")][-2:] == ["restore"] * 2
    counts = {name: manifest.rows[name] for name in after if name != "audit"}
    assert counts == {name: len(rows) for name, rows in mine.items()}
    student = filled.student(MINOR)
    assert watch.row_of("application").draft_id in student.get("/mijn").text
    another = filled.student(ADULT)
    another.follow("/aanmelden?instelling=99XX")
    another.send()
    assert another.at == "verstuurd", "and new rows get numbers of their own"


def test_a_backup_holds_nothing_that_can_be_read(filled: Portal, file: Path) -> None:
    backed_up(file)
    with archive.opened(file) as (manifest, packed):
        content = packed.read(archive.CONTENT[manifest.database])
    assert b"99XX" in content or manifest.database == "postgresql", "this can be read"
    for canary in CANARIES:
        assert canary.encode() not in content
    for _, key in filled.settings.data_keys:
        assert key not in content


def test_its_file_is_for_its_owner_and_takes_no_ones_place(filled: Portal, file: Path) -> None:
    line = Line(filled)
    said = line.says("backup", str(file))
    assert said.startswith(f"{file} has ")
    assert said.count("\n") == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = file.read_bytes()
    assert "is there already" in line.refuses("backup", str(file))
    assert file.read_bytes() == first
    line.says("backup", str(file), "--overwrite")
    assert file.read_bytes() != first
    assert [path.name for path in file.parent.glob(".*")] == []
    assert "is no folder" in line.refuses("backup", str(file / "in" / "it"))


# --- while others write ------------------------------------------------------------------------


@pytest.mark.timeout(300)
@pytest.mark.each_run_on("postgresql")
def test_a_backup_while_students_send_is_of_one_moment(
    any_portal: Portal, elsewhere: str, tmp_path: Path
) -> None:
    """Whoever sends doesn't notice; and in each the books balance."""
    url = any_portal.settings.database_url
    everybody = [ready(any_portal, adult(n), a_cohort()).sends() for n in range(WRITERS * EACH)]
    calls = [(everybody[n::WRITERS], 0.02) for n in range(WRITERS)]
    sent: list[Any] = []
    sending = threading.Thread(target=lambda: sent.extend(at_once(url, sends_all, calls)))
    sending.start()
    made = []
    while sending.is_alive():
        made.append(backed_up(tmp_path / f"{len(made)}.backup"))
        time.sleep(0.1)
    sending.join()
    assert not [one for one in sent if isinstance(one, Raised)]
    receipts = {type(one) for several in sent for one in several}
    assert receipts == {applications.Receipt}
    halfway = [n for n, one in enumerate(made) if 0 < one.rows["application"] < len(everybody)]
    assert halfway, "none was made while they sent"
    for number in (halfway[0], halfway[-1]):
        put_back(tmp_path / f"{number}.backup", elsewhere, replace=True)
        rows = {name: n for name, n in made[number].rows.items() if name != "alembic_version"}
        assert counted() == rows
        with db.reading() as connection:
            assert out_of_balance(connection) == []


# --- killed ------------------------------------------------------------------------------------


def back_up_and_die(url: str, path: Path, data_keys: Any) -> None:
    keys.use(data_keys)
    db.connect(url)
    backup.back_up(path, False, path.with_name("deletions.log"), clock.real_now(), killed)


def test_a_backup_that_is_killed_has_no_name(filled: Portal, file: Path) -> None:
    url, mine = filled.settings.database_url, filled.settings.data_keys
    process = CONTEXT.Process(target=back_up_and_die, args=(url, file, mine))
    process.start()
    process.join()
    assert process.exitcode == -9
    assert not file.exists()
    assert list(file.parent.glob(f".{file.name}.*.half")), "it was at it"
    backed_up(file)
    assert not list(file.parent.glob(f".{file.name}.*.half")), "and the next one tidies up"


def is_ready(portal: Portal) -> tuple[int, str]:
    """Asked in a thread of its own, or it would keep its connection."""
    with ThreadPoolExecutor(1) as alone:
        answer = alone.submit(portal.browser().get, "/readyz").result()
    db.engine().dispose()
    return answer.status_code, answer.text


def restore_and_die(url: str, path: Path, data_keys: Any) -> None:
    keys.use(data_keys)
    put_back(path, url, replace=True, replay=killed)


@pytest.mark.each_run_on("sqlite", "postgresql")
def test_a_restore_that_is_killed_leaves_what_was_there_or_lets_nobody_in(
    filled: Portal, elsewhere: str, file: Path
) -> None:
    """On SQLite the first, up to the very end; on PostgreSQL the second, until it was done anew."""
    backed_up(file)
    put_back(file, elsewhere)
    watch.set_everywhere("student", language="sv")
    before = every_row()
    db.engine().dispose()
    process = CONTEXT.Process(
        target=restore_and_die, args=(elsewhere, file, filled.settings.data_keys)
    )
    process.start()
    process.join()
    assert process.exitcode == -9
    db.connect(elsewhere)
    if elsewhere.startswith("sqlite"):
        assert every_row() == before
        return
    assert is_ready(filled) == (503, "restore")
    refused = commanded(filled, elsewhere, "jobs", "run", "--once")
    assert refused.returncode == 1
    assert "restore" in refused.stderr
    put_back(file, elsewhere, replace=True)
    assert is_ready(filled) == (200, "ok")


# --- what was removed ---------------------------------------------------------------------------


def test_what_was_removed_since_is_removed_once_more(
    filled: Portal, elsewhere: str, file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "ledger" / "deletions.log"
    now = clock.real_now()
    moments = (now - timedelta(days=200), now - timedelta(minutes=5), now)
    long_ago, under_way, since = (Entry(at, Kind.DRAFT, str(uuid4())) for at in moments)
    ledger.append(path, [long_ago, under_way])
    assert backed_up(file, path).removed == 2
    ledger.append(path, [since])
    told: list[Entry] = []
    put_back(file, elsewhere, ledger=path, replay=told.extend)
    assert told == [under_way, since], "what was gone already, or never went, is left as it is"
    assert counted()["student"] == 1


def test_a_student_who_was_removed_does_not_come_back(
    filled: Portal, elsewhere: str, file: Path
) -> None:
    """Checklist item 50."""
    path = filled.settings.deletion_ledger
    backed_up(file, path)
    removal.account(watch.row_of("student").id, Kind.STUDENT, clock.now())
    assert ledger.entries(path).entries
    put_back(file, elsewhere, ledger=path, replay=safekeeping.replayed)
    assert watch.all_of("student") == watch.all_of("draft") == watch.all_of("email_link") == []
    assert watch.row_of("application").document is None
    put_back(file, elsewhere, replace=True, ledger=path)
    assert watch.row_of("student"), "which was in the backup"


def test_a_ledger_that_is_gone_is_noticed(filled: Portal, elsewhere: str, file: Path) -> None:
    path = file.with_name("deletions.log")
    ledger.append(path, [Entry(clock.real_now(), Kind.DRAFT, str(uuid4()))])
    backed_up(file, path)
    path.unlink()
    with pytest.raises(Refused, match="0 entries, and had 1"):
        put_back(file, elsewhere, ledger=path)


def test_who_cannot_be_removed_is_not_let_in(filled: Portal, elsewhere: str, file: Path) -> None:
    def fails(_: object) -> None:
        raise Refused("no")

    backed_up(file)
    with pytest.raises((Refused, archive.NotReady), match="no"):
        put_back(file, elsewhere, replay=fails)


# --- an older release ---------------------------------------------------------------------------


def test_an_older_backup_is_migrated(
    database_url: str, elsewhere: str, file: Path, tmp_path: Path, worker_id: str
) -> None:
    (tmp_path / "older").mkdir()
    with empty_place(database_url, tmp_path / "older", f"older_{worker_id}") as older:
        command.upgrade(migrate.configuration(older), "0010")
        db.connect(older)
        made = backed_up(file)
        assert made.schema == "0010"
        put_back(file, elsewhere)
    migrate.check(elsewhere)
