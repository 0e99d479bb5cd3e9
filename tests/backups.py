"""Backups in tests: made, put back elsewhere, and spoilt."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from app import clock, db
from app.config import ROOT
from app.services import archive, backup, restore
from app.services.archive import Manifest
from app.services.ledger import Entry
from tests import copies, services
from tests.live import Live
from tests.portal import Portal

Spoil = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]


def silent(_what: str, _part: float) -> None:
    """Nobody looks how far it is."""


def backed_up(path: Path, ledger: Path | None = None) -> Manifest:
    """Of the database that this process is at."""
    entries = ledger or path.parent / "deletions.log"
    return backup.back_up(path, False, entries, clock.real_now(), silent)


def put_back(
    path: Path,
    url: str,
    replace: bool = False,
    ledger: Path | None = None,
    replay: Callable[[Sequence[Entry]], None] = lambda _: None,
) -> Manifest:
    """At `url`, where this process is then."""
    db.connect(url)
    entries = ledger or path.parent / "deletions.log"
    try:
        return restore.restore(path, url, replace, entries, replay, silent)
    finally:
        copies.hurry(db.connect(url))


@contextmanager
def empty_place(url: str, folder: Path, worker: str) -> Iterator[str]:
    """A database of the same kind that doesn't hold anything, not even tables."""
    if url.startswith("sqlite"):
        (folder / "elsewhere").mkdir()
        yield f"sqlite:///{folder / 'elsewhere' / 'portal.db'}"
        return
    place = f"postgresql+psycopg://portal@/{{}}?host={services.postgresql()}"
    server = sa.create_engine(place.format("postgres"), isolation_level="AUTOCOMMIT")
    name = f"elsewhere_{worker}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield place.format(name)
    db.engine().dispose()
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


def commanded(portal: Portal, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """`flask --app wsgi …` in a process of its own, on this database."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env={**Live(portal).environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=120,
    )


def spoilt(path: Path, spoil: Spoil) -> Path:
    """A whole archive with something else in it."""
    bad = path.with_name("spoilt")
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(bad, "w") as file:
        (name,) = set(good.namelist()) - {archive.MANIFEST}
        manifest, content = spoil(orjson.loads(good.read(archive.MANIFEST)), good.read(name))
        file.writestr(name, content)
        file.writestr(archive.MANIFEST, orjson.dumps(manifest))
    return bad
