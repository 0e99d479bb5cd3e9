"""The deletion ledger: nothing that was removed is forgotten, whatever happens meanwhile."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from app.services import ledger
from app.services.ledger import Entry, Kind
from tests.race import CONTEXT

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
EACH, WRITERS = 200, 4

pytestmark = pytest.mark.rule("RET-3")


def some(number: int) -> list[Entry]:
    return [Entry(AT, list(Kind)[n % 3], str(uuid4())) for n in range(number)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "deletions.log"


def test_what_was_written_is_read_in_that_order(path: Path) -> None:
    first, second = some(3), some(2)
    assert ledger.entries(path) == ([], 0)
    ledger.append(path, first)
    ledger.append(path, [])
    ledger.append(path, second)
    assert ledger.entries(path) == (first + second, 0)


def test_only_its_owner_reads_it(path: Path) -> None:
    ledger.append(path, some(1))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_entry_says_when_and_which_row_and_no_more(path: Path) -> None:
    one = some(1)[0]
    ledger.append(path, [one])
    assert path.read_text() == (
        f'{{"at":"2027-03-01T12:00:00+00:00","kind":"student","id":"{one.id}"}}\n'
    )


@pytest.mark.parametrize("no_id", ["999990019", "", "student 1"])
def test_what_is_no_uuid_is_not_written(path: Path, no_id: str) -> None:
    with pytest.raises(ValueError, match="UUID"):
        ledger.append(path, [*some(1), Entry(AT, Kind.STUDENT, no_id)])
    assert not path.exists()


def test_a_torn_line_is_passed_over_and_counted(path: Path) -> None:
    """Wherever a crash broke it off, and also when there was more to write later."""
    whole, torn, later = some(2), some(1), some(2)
    ledger.append(path, whole)
    length = path.stat().st_size
    ledger.append(path, torn)
    line = path.read_bytes()[length:]
    for size in range(1, len(line) - 1):
        os.truncate(path, length)
        with path.open("ab") as file:
            file.write(line[:size])
        assert ledger.entries(path) == (whole, 1)
        ledger.append(path, later)
        assert ledger.entries(path) == (whole + later, 1)


def test_a_line_that_only_lacks_its_end_counts(path: Path) -> None:
    entries = some(2)
    ledger.append(path, entries)
    os.truncate(path, path.stat().st_size - 1)
    assert ledger.entries(path) == (entries, 0)
    ledger.append(path, later := some(1))
    assert ledger.entries(path) == (entries + later, 0)


def test_without_room_nothing_is_half_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.append(path, before := some(1))
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, lines: write(file, lines[: len(lines) // 2]))
    with pytest.raises(OSError, match="no room"):
        ledger.append(path, some(3))
    monkeypatch.undo()
    assert ledger.entries(path) == (before, 0)


def write_many(path: Path) -> None:
    for entry in some(EACH):
        ledger.append(path, [entry, entry])


def test_several_processes_at_once_tear_nothing(path: Path) -> None:
    writers = [CONTEXT.Process(target=write_many, args=(path,)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = ledger.entries(path)
    assert found.torn == 0
    assert len(found.entries) == 2 * EACH * WRITERS
    assert found.entries[::2] == found.entries[1::2], "what is written at once stands together"
