"""A real portal for a browser: granian on 127.0.0.1, DigiStub as its own process on localhost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from app import db, migrate
from digistub import CLIENT_SECRET
from digistub.people import fresh_bsn
from digistub.world import World
from tests.contract.digistub_process import running_digistub
from tests.portal import open_portal
from tests.processes import free_port, wait_until_up

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Server:
    base: str
    issuer: str
    world: World
    database: Path
    pages: Path  # every HTML answer of the portal, as it was sent
    environ: dict[str, str]
    people: int = 0

    def fresh(self, adult: bool = True) -> str:
        """The BSN of somebody known to DUO whom no test met before."""
        self.people += 1
        return fresh_bsn("9997" if adult else "9998", self.people)

    def start_over(self) -> None:
        """No student was ever here, nothing is broken, nothing was seen."""
        again = httpx.post(f"{self.base}/testdeur/opnieuw", trust_env=False, verify=False)
        again.raise_for_status()
        self.world.mend()
        for page in self.pages.iterdir():
            page.unlink()

    def html(self) -> dict[str, bytes]:
        """What the portal answered since, by the name of its file."""
        return {page.name: page.read_bytes() for page in self.pages.glob("*.html")}

    def sessions_end(self) -> None:
        """As after fifteen minutes without activity."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection, connection:
            connection.execute("DELETE FROM store WHERE key LIKE 'session:%'")

    def school_says(self, draft_id: str, code: str) -> None:
        """Of the application that this draft became (STA-2)."""
        command = [sys.executable, "-m", "tests.e2e.school", draft_id, code]
        subprocess.run(command, cwd=ROOT, env=self.environ, check=True)

    def applications(self) -> int:
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            (number,) = connection.execute("SELECT count(*) FROM application").fetchone()
            return int(number)


@contextmanager
def running_portal(folder: Path) -> Iterator[Server]:
    """A portal with the three schools and their catalogue, while it runs."""
    base = f"http://127.0.0.1:{free_port()}"
    database, pages = folder / "portal.db", folder / "pages"
    pages.mkdir()
    migrate.upgrade(f"sqlite:///{database}")
    # Sets up the schools and their catalogue, with the keys that the server has.
    open_portal(f"sqlite:///{database}", INSTANCE=str(folder))
    db.engine().dispose()
    with running_digistub(folder / "outside", portal=base) as issuer:
        environ = {
            **os.environ,
            "APP_ENV": "test",
            "BASE_URL": base,
            "INSTANCE": str(folder),
            "DATABASE_URL": f"sqlite:///{database}",
            "DIGID_ISSUER": issuer,
            "DIGID_CLIENT_SECRET": CLIENT_SECRET,
            "DUO_PERSONS_URL": f"{issuer}/duo",
            "DUO_EDUCATION_URL": f"{issuer}/duo",
            "RIO_URL": f"{issuer}/rio",
            "SBB_URL": f"{issuer}/sbb",
            "BAG_URL": f"{issuer}/bag",
            "PAGES": str(pages),
        }
        with (folder / "portal.log").open("wb") as log, granian(base, environ, log.fileno()):
            yield Server(base, issuer, World(folder / "outside"), database, pages, environ)


@contextmanager
def granian(base: str, environ: dict[str, str], log: int) -> Iterator[None]:
    host, port = base.removeprefix("http://").split(":")
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port),
        *("--workers", "1", "--blocking-threads", "4", "--log-level", "warning"),
        "tests.e2e.recorder:app",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        wait_until_up(f"{base}/healthz", process)
        yield
    finally:
        process.terminate()
        process.wait(10)
