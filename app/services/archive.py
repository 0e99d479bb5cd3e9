"""A backup's file: a ZIP with `manifest.json` and the database, `portal.db` (SQLite) or
`portal.dump` (pg_dump's custom format). Whoever has lost this program still opens it with any."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import orjson

FORMAT = 1
CONTENT = {"sqlite": "portal.db", "postgresql": "portal.dump"}
MANIFEST = "manifest.json"
CHUNK = 1 << 20  # bytes

Progress = Callable[[str, float], None]  # what is being done, and which part of it is done


class Refused(Exception):
    """Nothing was done, and why: a sentence for the operator."""


class NotReady(Exception):
    """The backup is in its place, but nobody may be let in yet; why."""


@dataclass(frozen=True)
class Manifest:
    """What the backup holds."""

    format: int
    made_at: str  # ISO 8601
    database: str  # sqlite or postgresql
    schema: str  # the revision of its tables
    rows: Mapping[str, int]  # by table
    keys: tuple[str, ...]  # ids of the data keys that it is sealed with
    removed: int  # entries that the deletion ledger had then

    @property
    def number(self) -> int:
        return sum(self.rows.values())


@contextmanager
def written(path: Path, overwrite: bool) -> Iterator[tuple[zipfile.ZipFile, Path]]:
    """An archive to fill, and a folder beside it for what must be a file first. It gets its name
    when it is whole and on the disk; until then, and when something goes wrong, there is none of
    that name, or the one that was there. Raises Refused where there is one and it may not go."""
    if path.exists() and not overwrite:
        raise Refused(f"{path} is there already; --overwrite takes its place")
    if not path.parent.is_dir():
        raise Refused(f"{path.parent} is no folder")
    with half(path) as folder:
        whole = folder / "whole"
        with os.fdopen(os.open(whole, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                yield archive, folder
            file.flush()
            os.fsync(file.fileno())
        _named(whole, path, overwrite)


@contextmanager
def half(path: Path) -> Iterator[Path]:
    """A folder beside this file, for its owner only, while it is being made. It goes in the end;
    that of one who was killed goes now."""
    for left in path.parent.glob(f".{path.name}.*.half"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".half", dir=path.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _named(whole: Path, path: Path, overwrite: bool) -> None:
    if overwrite:
        whole.replace(path)
    else:
        try:
            os.link(whole, path)
        except FileExistsError:
            raise Refused(f"{path} is there already; --overwrite takes its place") from None
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def put(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    archive.writestr(MANIFEST, orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2))


def copy(source: IO[bytes], target: IO[bytes], moved: Callable[[int], None]) -> None:
    """`moved` hears how many bytes there are by now."""
    total = 0
    while chunk := source.read(CHUNK):
        target.write(chunk)
        total += len(chunk)
        moved(total)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Manifest, zipfile.ZipFile]]:
    """A backup whose every byte is as it was written. Raises Refused."""
    if not path.is_file():
        raise Refused(f"{path} is no file")
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive.read(MANIFEST))
            damaged = archive.testzip()
            there = CONTENT[manifest.database] in archive.namelist()
            if damaged is None and there:
                yield manifest, archive
                return
    except (zipfile.BadZipFile, KeyError, EOFError):
        pass
    raise Refused(f"{path} is no backup of this portal, or it is damaged")


def _manifest(text: bytes) -> Manifest:
    """Raises Refused, also for one that a later release made."""
    try:
        said: dict[str, Any] = orjson.loads(text)
        if int(said["format"]) > FORMAT:
            raise Refused("a newer release made this backup: restore it with that one")
        found = Manifest(**{**said, "keys": tuple(said["keys"])})
        datetime.fromisoformat(found.made_at)
        whole = all(
            re.fullmatch("[a-z_]+", name) and isinstance(n, int) for name, n in found.rows.items()
        )
        if found.database in CONTENT and whole and isinstance(found.removed, int):
            return found
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise Refused("this is no backup of this portal: its manifest can't be read")
