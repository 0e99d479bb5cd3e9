"""What isn't restored: with a sentence, and everything stays as it was (RET-3)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app import db, keys, migrate, testdoor
from app.models import institution
from app.services import archive, postgresql
from app.services.archive import Refused
from tests import watch
from tests.applicants import every_row
from tests.backups import Spoil, backed_up, empty_place, put_back, spoilt
from tests.integration.test_keys_at_rest import fill
from tests.line import Line
from tests.portal import Portal

pytestmark = [pytest.mark.rule("RET-3"), pytest.mark.each_run_on("sqlite")]
MINE = (("mine", b"m" * 32),)


@pytest.fixture(scope="module")
def backups() -> dict[str, bytes]:
    """By kind of database: made once, restored in each test."""
    return {}


@pytest.fixture
def file(
    request: pytest.FixtureRequest, database_url: str, backups: dict[str, bytes], tmp_path: Path
) -> Path:
    path, kind = tmp_path / "portal.backup", database_url.split(":")[0]
    if kind not in backups:
        portal = request.getfixturevalue("any_portal")
        keys.use(MINE)
        testdoor.set_codes(anew=True)
        fill(portal)
        backed_up(path)
        backups[kind] = path.read_bytes()
    path.write_bytes(backups[kind])
    keys.use(MINE)
    return path


@pytest.fixture
def there(file: Path, database_url: str, tmp_path: Path, worker_id: str) -> Iterator[str]:
    """A database that was restored before, and has been changed since."""
    with empty_place(database_url, tmp_path, worker_id) as url:
        put_back(file, url)
        watch.set_everywhere("student", language="sv")
        yield url


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size * 2 // 3)


def flipped(path: Path) -> None:
    """One bit of the database in it."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def text(path: Path) -> None:
    path.write_text("SQLite format 3\x00, but no backup")


def foreign(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("holiday.jpg", b"x")


@pytest.mark.parametrize("spoil", [cut, flipped, text, foreign, Path.unlink])
def test_what_is_no_whole_backup(there: str, file: Path, spoil: Callable[[Path], None]) -> None:
    before = every_row()
    spoil(file)
    with pytest.raises(Refused, match=r"is no backup of this portal|is no file"):
        put_back(file, there, replace=True)
    assert every_row() == before


def with_(**changed: Any) -> Spoil:
    return lambda manifest, content: ({**manifest, **changed}, content)


def more_students(manifest: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    return {**manifest, "rows": {**manifest["rows"], "student": 2}}, content


def half(manifest: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    return manifest, content[: len(content) // 2]


def tables_that_are_none(manifest: dict[str, Any], _: bytes) -> tuple[dict[str, Any], bytes]:
    return {**manifest, "rows": {"student; DROP TABLE student": 1}}, b""


WRONG: list[tuple[Spoil, str]] = [
    (with_(schema="9999"), "a newer release made this backup"),
    (with_(format=2), "a newer release made this backup"),
    (with_(format="x"), "its manifest can't be read"),
    (with_(unknown=1), "its manifest can't be read"),
    (with_(database="oracle"), "its manifest can't be read"),
    (tables_that_are_none, "its manifest can't be read"),
    (with_(keys=["mine", "other"]), "keys that DATA_KEYS lacks: other"),
    (with_(removed=3), "the deletion ledger .* has 0 entries, and had 3"),
    (more_students, "it holds other rows than its manifest says|rows of student"),
    (half, "the database in it is damaged|could not read from input file"),
]


@pytest.mark.each_run(8)
@pytest.mark.each_run_on("sqlite", "postgresql")
@pytest.mark.parametrize(("spoil", "why"), WRONG)
def test_what_this_release_cannot_make_whole(
    there: str, file: Path, spoil: Spoil, why: str
) -> None:
    before = every_row()
    with pytest.raises((Refused, postgresql.Failed), match=why):
        put_back(spoilt(file, spoil), there, replace=True)
    assert every_row() == before


def test_a_backup_of_the_other_database(there: str, file: Path) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[db.engine().dialect.name]
    bad = file.with_name("other")
    with zipfile.ZipFile(file) as good, zipfile.ZipFile(bad, "w") as made:
        manifest = good.read(archive.MANIFEST).replace(
            f'"database": "{db.engine().dialect.name}"'.encode(), f'"database": "{other}"'.encode()
        )
        made.writestr(archive.MANIFEST, manifest)
        made.writestr(archive.CONTENT[other], b"")
    with pytest.raises(Refused, match=rf"it is a backup of {other}, and DATABASE_URL is"):
        put_back(bad, there, replace=True)


def test_a_key_of_the_same_name_that_is_another(there: str, file: Path) -> None:
    keys.use((("mine", b"x" * 32),))
    with pytest.raises((Refused, archive.NotReady), match="the key mine of DATA_KEYS is another"):
        put_back(file, there, replace=True)


def test_a_database_that_isnt_empty(there: str, file: Path) -> None:
    before = every_row()
    with pytest.raises(Refused, match="isn't empty; --replace"):
        put_back(file, there)
    assert every_row() == before
    put_back(file, there, replace=True)
    assert watch.row_of("student").language == "nl"


def test_one_school_is_enough_to_be_not_empty(
    database_url: str, file: Path, tmp_path: Path, worker_id: str
) -> None:
    with empty_place(database_url, tmp_path, worker_id) as url:
        migrate.upgrade(url)
        with db.transaction() as connection:
            connection.execute(sa.insert(institution), {"brin": "99XX", "name": "", "domains": []})
        with pytest.raises(Refused, match="isn't empty"):
            put_back(file, url)


USING = """
import sys, sqlalchemy
with sqlalchemy.create_engine(sys.argv[1]).connect() as connection:
    connection.execute(sqlalchemy.text("SELECT count(*) FROM student"))
    connection.rollback()
    print("there", flush=True)
    sys.stdin.read()
"""


def test_a_database_that_a_portal_has_open(there: str, file: Path) -> None:
    """Also while it does nothing just then."""
    before = every_row()
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", USING, there], stdin=pipe, stdout=pipe) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"there\n"
        with pytest.raises(Refused, match="stop portals and workers"):
            put_back(file, there, replace=True)
        other.send_signal(signal.SIGKILL)
    assert every_row() == before


def test_the_operator_reads_one_line(any_portal: Portal, file: Path) -> None:
    line = Line(any_portal)
    cut(file)
    said = line.refuses("restore", str(file))
    assert said.startswith("Error: nothing changed: ")
    assert "or it is damaged" in said
    assert "no file" in line.refuses("restore", str(file.with_name("none")), "--replace")
