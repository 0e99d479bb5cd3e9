"""What a backup asks of PostgreSQL's programs, and what is seen of it on a terminal (RET-3)."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from app import clock, db
from app.commands import safekeeping
from app.services import backup, postgresql
from app.services.archive import Refused
from tests.backups import backed_up
from tests.portal import Portal

pytestmark = pytest.mark.rule("RET-3")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "portal.backup"


@pytest.mark.postgresql
def test_a_password_is_on_no_command_line(
    postgresql_url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, popen = [], postgresql.subprocess.Popen

    def spied(line: list[str], **options: Any) -> Any:
        started.append((" ".join(line), options["env"]))
        return popen(line, **options)

    monkeypatch.setattr(postgresql.subprocess, "Popen", spied)
    db.connect(postgresql_url.replace("portal@", "portal:Geheim1@"))
    backed_up(file)
    ((line, environ),) = started
    assert "pg_dump" in line
    assert "Geheim1" not in line
    assert environ["PGPASSWORD"] == "Geheim1"
    assert "DATA_KEYS" not in environ


@pytest.mark.postgresql
def test_without_pg_dump_it_says_what_to_install(
    postgresql_url: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "FOLDER", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    db.connect(postgresql_url)
    with pytest.raises(Refused, match="pg_dump is missing: apt-get install postgresql-client-"):
        backed_up(file)
    assert not file.exists()


def test_the_programs_are_the_servers_own_or_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in (9, 14, 16, 17):
        (tmp_path / str(version) / "bin").mkdir(parents=True)
        (tmp_path / str(version) / "bin" / "pg_dump").touch()
    monkeypatch.setattr(postgresql, "FOLDER", tmp_path)
    chosen = {server: Path(postgresql.program("pg_dump", server)) for server in (14, 15, 16)}
    assert {server: path.parts[-3] for server, path in chosen.items()} == {
        **{14: "14", 15: "17", 16: "16"},
    }
    with pytest.raises(Refused, match="postgresql-client-18"):
        postgresql.program("pg_dump", 18)


# --- on a terminal ------------------------------------------------------------------------------


def test_on_a_terminal_one_sees_how_far_it_is(
    portal: Portal, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    with safekeeping.bar() as progress:
        backup.back_up(file, False, file.with_name("x"), clock.real_now(), progress)
        shown = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert [int(part) for part in re.findall(r"(\d+)%", shown)][-1] == 100
    assert "Writing" in shown
