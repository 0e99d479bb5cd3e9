"""What the test services remember: one SQLite file, shared by all worker processes."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from digistub.rio_catalogue import Change

TABLES = """
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS login (
    code TEXT PRIMARY KEY, access_token TEXT UNIQUE, until REAL NOT NULL, document TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS fault (
    service TEXT, call TEXT, person TEXT, fault TEXT NOT NULL,
    PRIMARY KEY (service, call, person)
);
CREATE TABLE IF NOT EXISTS rio_change (
    programme TEXT, cohort TEXT, kind TEXT, value TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (programme, cohort, kind)
);
CREATE TABLE IF NOT EXISTS asked (person TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS shown (name TEXT PRIMARY KEY, until REAL NOT NULL, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS assertion (client_id TEXT, jti TEXT, PRIMARY KEY (client_id, jti));
"""
CODE_SECONDS = 60
TOKEN_SECONDS = 300
SHOWN_SECONDS = 60
AT_FIRST_SECONDS = 4  # longer than the portal tries by itself
FORGET_SECONDS = 900
SERVICES = ("digid", "duo", "rio", "sbb", "bag")
BACK = "back"  # how a programme changed that is as it was before the tester came
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Login:
    """Somebody who pressed «Inloggen»: what the code, and later the access token, stand for."""

    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    bsn: str = field(repr=False)
    acr: str
    fault: str = ""


@dataclass(frozen=True)
class Fault:
    service: str
    call: str
    person: str
    fault: str


class World:
    """State in `folder`/digistub.db. Every call is its own transaction; the threads of a process
    take turns on one connection, since opening one costs more than any call."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "digistub.db"
        self._turn = threading.Lock()
        self._opened: sqlite3.Connection | None = None
        with self._connection() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(TABLES)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            if self._opened is None:
                self._opened = sqlite3.connect(
                    self.path, timeout=10, isolation_level=None, check_same_thread=False
                )
            try:
                yield self._opened
            except BaseException:
                self._opened.rollback()
                raise

    def close(self) -> None:
        """The next call opens it again."""
        with self._turn:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def today(self) -> date:
        """The day on which the test people have the age they promise."""
        return datetime.now(ZoneInfo("Europe/Amsterdam")).date()

    def secret(self, name: str, fresh: str) -> str:
        """The value kept under `name`; `fresh` when there was none. All workers get the same."""
        with self._connection() as db:
            db.execute("INSERT OR IGNORE INTO secret VALUES (?, ?)", (name, fresh))
            return str(db.execute("SELECT value FROM secret WHERE name = ?", (name,)).fetchone()[0])

    def has_secret(self, name: str) -> bool:
        with self._connection() as db:
            return bool(db.execute("SELECT 1 FROM secret WHERE name = ?", (name,)).fetchone())

    def keep_code(self, code: str, login: Login) -> None:
        now = time.time()
        with self._connection() as db:
            db.execute("DELETE FROM login WHERE until < ?", (now,))
            db.execute(
                "INSERT INTO login (code, until, document) VALUES (?, ?, ?)",
                (code, now + CODE_SECONDS, json.dumps(asdict(login))),
            )

    def take_code(self, code: str, client_id: str) -> Login | None:
        """The login behind a code, once: also a wrong verifier or redirect address spends it."""
        with self._connection() as db:
            row = db.execute(
                "DELETE FROM login WHERE code = ? AND access_token IS NULL AND until > ?"
                " AND document ->> '$.client_id' = ? RETURNING document",
                (code, time.time(), client_id),
            ).fetchone()
        return Login(**json.loads(row[0])) if row else None

    def keep_token(self, access_token: str, login: Login) -> None:
        with self._connection() as db:
            db.execute(
                "INSERT INTO login VALUES (?, ?, ?, ?)",
                (
                    f"token:{access_token}",
                    access_token,
                    time.time() + TOKEN_SECONDS,
                    json.dumps(asdict(login)),
                ),
            )

    def login_of(self, access_token: str) -> Login | None:
        with self._connection() as db:
            row = db.execute(
                "SELECT document FROM login WHERE access_token = ? AND until > ?",
                (access_token, time.time()),
            ).fetchone()
        return Login(**json.loads(row[0])) if row else None

    def first_use(self, client_id: str, jti: str) -> bool:
        """Whether this client's assertion hasn't been seen before."""
        with self._connection() as db:
            done = db.execute("INSERT OR IGNORE INTO assertion VALUES (?, ?)", (client_id, jti))
            return done.rowcount == 1

    def keep_shown(self, name: str, value: str) -> None:
        """For the page after this one."""
        now = time.time()
        with self._connection() as db:
            db.execute("DELETE FROM shown WHERE until < ?", (now,))
            db.execute("INSERT INTO shown VALUES (?, ?, ?)", (name, now + SHOWN_SECONDS, value))

    def take_shown(self, name: str) -> str:
        """Once; empty when it isn't there."""
        with self._connection() as db:
            row = db.execute(
                "DELETE FROM shown WHERE name = ? AND until > ? RETURNING value",
                (name, time.time()),
            ).fetchone()
        return str(row[0]) if row else ""

    def set_fault(self, service: str, call: str, person: str | None, fault: str | None) -> None:
        """Make a call fail from now on, for one BSN or (None) for all; a fault of None mends it."""
        if service not in SERVICES:
            raise ValueError(f"no service {service}: it is one of {', '.join(SERVICES)}")
        key = (service, call, person or "")
        with self._connection() as db:
            if fault:
                db.execute("INSERT OR REPLACE INTO fault VALUES (?, ?, ?, ?)", (*key, fault))
            else:
                db.execute("DELETE FROM fault WHERE (service, call, person) = (?, ?, ?)", key)

    def fault(self, service: str, call: str, person: str | None = None) -> str | None:
        """How this call must fail; a fault of the person goes before one for everybody."""
        with self._connection() as db:
            row = db.execute(
                "SELECT fault FROM fault WHERE service = ? AND call = ? AND person IN ('', ?)"
                " ORDER BY person DESC LIMIT 1",
                (service, call, person or ""),
            ).fetchone()
        return str(row[0]) if row else None

    def at_first(self, person: str) -> bool:
        """Whether it is AT_FIRST_SECONDS at most since this person was asked for the first time;
        after FORGET_SECONDS the next is the first again."""
        now = time.time()
        with self._connection() as db:
            db.execute(
                "INSERT INTO asked VALUES (?, ?) ON CONFLICT (person)"
                " DO UPDATE SET at = excluded.at WHERE at < ?",
                (person, now, now - FORGET_SECONDS),
            )
            row = db.execute("SELECT at FROM asked WHERE person = ?", (person,)).fetchone()
        return bool(now - row[0] <= AT_FIRST_SECONDS)

    def faults(self) -> list[Fault]:
        with self._connection() as db:
            return [Fault(*row) for row in db.execute("SELECT * FROM fault ORDER BY 1, 2, 3")]

    def mend(self) -> None:
        """Everything works again."""
        with self._connection() as db:
            db.execute("DELETE FROM fault")
            db.execute("DELETE FROM asked")

    def change_rio(self, change: Change) -> None:
        """RIO says something else from now on; the last word about the same thing counts."""
        with self._writing() as (db, now):
            db.execute("INSERT OR REPLACE INTO rio_change VALUES (?, ?, ?, ?, ?)", (*change, now))

    def restore_rio(self) -> None:
        """RIO is as it was. For the feed that is one more change."""
        with self._writing() as (db, now):
            db.execute(
                "INSERT OR REPLACE INTO rio_change"
                " SELECT DISTINCT programme, '', ?, '', ? FROM rio_change WHERE kind <> ?",
                (BACK, now, BACK),
            )
            db.execute("DELETE FROM rio_change WHERE kind <> ?", (BACK,))

    def rio_changes(self) -> tuple[Change, ...]:
        with self._connection() as db:
            rows = db.execute(
                "SELECT programme, cohort, kind, value FROM rio_change WHERE kind <> ? ORDER BY at",
                (BACK,),
            )
            return tuple(Change(*row) for row in rows)

    def rio_changed(self, since: datetime) -> tuple[list[str], datetime]:
        """Which programmes changed after `since`, and up to when this is all."""
        with self._writing() as (db, now):
            rows = db.execute(
                "SELECT programme FROM rio_change WHERE at > ? GROUP BY 1 ORDER BY max(at)",
                ((since - EPOCH) // timedelta(microseconds=1),),
            ).fetchall()
        return [str(row[0]) for row in rows], EPOCH + timedelta(microseconds=now)

    @contextmanager
    def _writing(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """One at a time, with the moment (microseconds since 1970): so nothing that is committed
        later bears an earlier moment."""
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db, time.time_ns() // 1000
            db.execute("COMMIT")

    def start_over(self) -> None:
        """Everything works, and RIO is as it was."""
        self.mend()
        self.restore_rio()
