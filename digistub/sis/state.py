"""What a SIS has, and what it still has to say, in one small SQLite file.

Each change is one transaction: whoever is killed at any moment has received a message, with all
that must be said of it, or has not.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

TABLES = """
CREATE TABLE IF NOT EXISTS server (address TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS application (
    koppelpunt TEXT NOT NULL, ca_keten_id TEXT NOT NULL, id INTEGER NOT NULL,
    change_number INTEGER NOT NULL, withdrawn INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (koppelpunt, ca_keten_id)
);
CREATE TABLE IF NOT EXISTS reached (koppelpunt TEXT PRIMARY KEY, change_number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS outgoing (
    key TEXT PRIMARY KEY, client TEXT NOT NULL, kind TEXT NOT NULL, koppelpunt TEXT NOT NULL,
    id INTEGER NOT NULL, body TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0, result TEXT
);
CREATE INDEX IF NOT EXISTS outgoing_waiting ON outgoing (client) WHERE NOT sent;
"""
RECEIPT, STATUS = "ontvangst", "status"


class OtherServer(Exception):
    """This file is of another server."""


class Outgoing(NamedTuple):
    """What is still to be said: a receipt, or a status."""

    key: str
    kind: str
    koppelpunt: str
    id: int
    body: dict[str, Any]


class State:
    def __init__(self, path: Path | None, server: str) -> None:
        """Without a path in memory. Raises OtherServer."""
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        self.db = sqlite3.connect(path or ":memory:", isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA busy_timeout=10000")
        self.db.executescript(TABLES)
        self.db.execute(
            "INSERT INTO server SELECT ? WHERE NOT EXISTS (SELECT * FROM server)", (server,)
        )
        (known,) = self.db.execute("SELECT address FROM server").fetchone()
        if known != server:
            raise OtherServer(known)

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def reached(self, koppelpunt: str) -> int | None:
        """The highest change number up to which nothing is missing; None: never been there."""
        row = self.db.execute(
            "SELECT change_number FROM reached WHERE koppelpunt = ?", (koppelpunt,)
        ).fetchone()
        return row[0] if row else None

    def reach(self, koppelpunt: str, change_number: int) -> None:
        with self._change() as db:
            _reach(db, koppelpunt, change_number)

    def unknown(
        self, koppelpunt: str, items: Sequence[dict[str, Any]]
    ) -> list[tuple[dict[str, Any], bool]]:
        """Those of which this isn't known yet, and whether the application itself is new."""
        found: dict[str, tuple[dict[str, Any], bool]] = {}
        for item in sorted(items, key=lambda item: item["wijzigingsvolgnummer"]):
            row = self.db.execute(
                "SELECT change_number FROM application WHERE koppelpunt = ? AND ca_keten_id = ?",
                (koppelpunt, item["caKetenId"]),
            ).fetchone()
            if row is None or row[0] < item["wijzigingsvolgnummer"]:
                found[item["caKetenId"]] = (item, row is None)
        return list(found.values())

    def keep(
        self,
        client: str,
        koppelpunt: str,
        items: Sequence[dict[str, Any]],
        to_say: Sequence[Outgoing],
        reached: int,
    ) -> None:
        """The messages, what must be said of them, and up to which number nothing is missing: all
        or nothing."""
        with self._change() as db:
            db.executemany(
                "INSERT INTO application VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (koppelpunt, ca_keten_id) DO UPDATE SET id = excluded.id,"
                " change_number = excluded.change_number, withdrawn = excluded.withdrawn,"
                " body = excluded.body",
                [
                    (
                        *(koppelpunt, item["caKetenId"], number_of(item)),
                        *(item["wijzigingsvolgnummer"], bool(item.get("ingetrokken"))),
                        json.dumps(item, ensure_ascii=False),
                    )
                    for item in items
                ],
            )
            _say(db, client, to_say)
            _reach(db, koppelpunt, reached)

    def waiting(self, client: str) -> list[Outgoing]:
        """What is still to be said, in the order in which it came up."""
        rows = self.db.execute(
            "SELECT key, kind, koppelpunt, id, body FROM outgoing"
            " WHERE client = ? AND NOT sent ORDER BY rowid",
            (client,),
        )
        return [Outgoing(r[0], r[1], r[2], r[3], json.loads(r[4])) for r in rows]

    def said(self, results: Sequence[tuple[str, str]]) -> None:
        """By key, with what the server made of it."""
        with self._change() as db:
            db.executemany(
                "UPDATE outgoing SET sent = 1, result = ? WHERE key = ?",
                [(result, key) for key, result in results],
            )

    def counts(self) -> tuple[int, int, int]:
        """Applications, receipts said, statuses said."""
        (known,) = self.db.execute("SELECT count(*) FROM application").fetchone()
        kinds = dict(
            self.db.execute("SELECT kind, count(*) FROM outgoing WHERE sent GROUP BY kind")
        )
        return known, kinds.get(RECEIPT, 0), kinds.get(STATUS, 0)

    def applications(self, koppelpunt: str) -> dict[str, tuple[int, int, bool]]:
        """By caKetenId: id, change number, withdrawn."""
        rows = self.db.execute(
            "SELECT ca_keten_id, id, change_number, withdrawn FROM application"
            " WHERE koppelpunt = ?",
            (koppelpunt,),
        )
        return {row[0]: (row[1], row[2], bool(row[3])) for row in rows}


def number_of(item: dict[str, Any]) -> int:
    """An application's number at the server, from its own link."""
    return next(int(link["id"]) for link in item["links"] if link["rel"] == "self")


def readable(item: dict[str, Any]) -> bool:
    """Whether a SIS can do something with it."""
    texts = (item.get(name) for name in ("caKetenId", "ketenId", "instelling"))
    try:
        return (
            all(isinstance(text, str) for text in texts)
            and type(item["wijzigingsvolgnummer"]) is int
            and number_of(item) > 0
        )
    except (KeyError, TypeError, ValueError, StopIteration):
        return False


def _reach(db: sqlite3.Connection, koppelpunt: str, change_number: int) -> None:
    db.execute(
        "INSERT INTO reached VALUES (?, ?) ON CONFLICT (koppelpunt)"
        " DO UPDATE SET change_number = max(change_number, excluded.change_number)",
        (koppelpunt, change_number),
    )


def _say(db: sqlite3.Connection, client: str, to_say: Sequence[Outgoing]) -> None:
    """What was said before isn't said again: the same key is the same message."""
    db.executemany(
        "INSERT INTO outgoing (key, client, kind, koppelpunt, id, body)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        [(o.key, client, o.kind, o.koppelpunt, o.id, json.dumps(o.body)) for o in to_say],
    )
