"""The deletion ledger: which rows were removed for good, in a file outside the database and its
backup, so that a restore can remove them once more (RET-3).

One line of JSON an entry: `{"at": ISO 8601, "kind": "student", "id": UUID}`. The ids were made at
random and name nobody. The file grows only.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import orjson


class Kind(StrEnum):
    """What was removed, and of which row the id is."""

    STUDENT = "student"  # at their own wish
    EXPIRED = "expired"  # a student, by the term of RET-1
    APPLICATION = "application"  # by its term; the id is its caKetenId
    INTEREST = "interest"  # an interessemelding, at their own wish; the id is its caKetenId
    DRAFT = "draft"
    ADDRESS = "address"  # that DUO called secret, of this student (DUO-9)


class Entry(NamedTuple):
    at: datetime
    kind: Kind
    id: str  # a uuid


class Read(NamedTuple):
    entries: list[Entry]
    torn: int  # lines that a crash broke off, passed over


_path: Path | None = None


def use(path: Path) -> None:
    """The ledger of this process."""
    global _path
    _path = path


def note(kind: Kind, ids: Iterable[str], now: datetime, on_disk: bool = True) -> None:
    """As `append`, in the ledger of this process: before the commit of the transaction that
    removes them, so that none is forgotten."""
    assert _path is not None, "use() comes first"
    append(_path, [Entry(now, kind, one) for one in ids], on_disk)


def on_disk() -> None:
    """What was noted before survives a power cut from here on. Raises OSError."""
    assert _path is not None, "use() comes first"
    with _open(_path) as file:
        os.fsync(file)


def append(path: Path, entries: Iterable[Entry], on_disk: bool = True) -> None:
    """All of them or none; several processes at once are safe. `on_disk` when this returns, or only
    with the system, which a killed process doesn't take along. Raises OSError."""
    lines = b"".join(map(_line, entries))
    if not lines:
        return
    with _open(path) as file:
        end = os.fstat(file).st_size
        if end and os.pread(file, 1, end - 1) != b"\n":  # the last one was torn by a crash
            lines = b"\n" + lines
        try:
            if os.write(file, lines) != len(lines):
                raise OSError(f"{path}: no room")
            if on_disk:
                os.fsync(file)
        except OSError:
            os.ftruncate(file, end)
            raise


def entries(path: Path) -> Read:
    """In the order in which they came; none where there is no file yet. Raises OSError."""
    if not path.exists():
        return Read([], 0)
    lines = path.read_bytes().splitlines()
    found = [_read(line) for line in lines if line]
    return Read([one for one in found if one], found.count(None))


@contextmanager
def _open(path: Path) -> Iterator[int]:
    """Its descriptor, with nobody else at it; file and folder are made once, for the owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        if fresh:
            folder = os.open(path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        yield file
    finally:
        os.close(file)


def _line(entry: Entry) -> bytes:
    said = {"at": entry.at.isoformat(), "kind": entry.kind, "id": str(UUID(entry.id))}
    return orjson.dumps(said) + b"\n"


def _read(line: bytes) -> Entry | None:
    """None for what is no whole entry."""
    try:
        said = orjson.loads(line)
        moment = datetime.fromisoformat(said["at"])
        return Entry(moment, Kind(said["kind"]), str(UUID(said["id"])))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
