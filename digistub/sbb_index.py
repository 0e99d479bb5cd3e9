"""Leerbedrijven where they can be found: one SQLite file, read by all worker processes.

Rows stand in the order in which results are shown, and a crebo is a term of the index beside the
words. So a search reads no more than the page that it gives, of sixty companies or of 250,000.
"""

from __future__ import annotations

import json
import os
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from digistub.sbb_data import COMPANIES, EQUIVALENT, Accreditation, Company
from digistub.sbb_generator import generated

TABLES = """
CREATE TABLE company (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, lapsed INTEGER NOT NULL,
    document TEXT NOT NULL
);
CREATE TABLE accreditation (
    number INTEGER, crebo TEXT, accredited_for TEXT NOT NULL, begins INTEGER NOT NULL, ends INTEGER,
    PRIMARY KEY (number, crebo)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE word USING fts5(
    text, content = '', detail = none, prefix = '1 2 3 4 5 6',
    tokenize = "unicode61 remove_diacritics 0 tokenchars '_'"
);
"""
FOUND = """
SELECT company.document, accreditation.accredited_for
FROM word
JOIN accreditation ON accreditation.number = word.rowid AND accreditation.crebo = :crebo
JOIN company ON company.number = word.rowid
WHERE word MATCH :match AND begins <= :day AND (ends IS NULL OR ends >= :day)
ORDER BY word.rowid LIMIT :most OFFSET :skip
"""
MOST_WORDS = 10  # of a query
INSIDE = dict.fromkeys("'’`´.")  # a word
PLAIN = str.maketrans({**INSIDE, "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe"})
Body = dict[str, Any]


class Found(NamedTuple):
    body: Body
    accredited_for: str  # a crebo


def words(text: str) -> list[str]:
    """As they are compared: without case, accents, and the dots and apostrophes inside them."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN))
    letters = "".join(c for c in letters if not unicodedata.combining(c)).translate(PLAIN)
    return "".join(c if _is_letter(c) else " " for c in letters).split()


def _is_letter(character: str) -> bool:
    """SQLite's index knows the letters of Unicode 6.1; of those that Python can tell apart from
    younger ones, 3.2 is the nearest."""
    return character.isalnum() and unicodedata.ucd_3_2_0.category(character) != "Cn"


class Companies:
    """The invented ones and so many generated beside them; the file is made at the first question,
    by whoever comes first."""

    def __init__(self, folder: Path, more: int = 0) -> None:
        self._path = folder / f"sbb-{more}-{_edition()}.db"
        self._more = more
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    def prepare(self) -> None:
        if not self._path.exists():
            for old in self._path.parent.glob(f"sbb-{self._more}-*.db"):
                old.unlink(missing_ok=True)
            fresh = self._path.with_suffix(f".{os.getpid()}")
            fresh.unlink(missing_ok=True)
            _build(fresh, [*COMPANIES, *generated(self._more)])
            fresh.replace(self._path)  # two at once made the same

    def search(self, crebo: str, query: str, day: int, skip: int, most: int) -> list[Found]:
        """`day` is counted from today."""
        asked = words(query)[:MOST_WORDS]
        if query.strip() and not asked:
            return []
        match = " AND ".join([f'"_{crebo}"', *(f'"{word}" *' for word in asked)])
        wanted = {"crebo": crebo, "match": match, "day": day, "skip": skip, "most": most}
        with self._connection() as db:
            return [Found(json.loads(row[0]), row[1]) for row in db.execute(FOUND, wanted)]

    def body(self, company_id: str) -> Body | None:
        with self._connection() as db:
            row = db.execute("SELECT document FROM company WHERE id = ?", (company_id,)).fetchone()
        return json.loads(row[0]) if row else None

    def accreditation(self, company_id: str, crebo: str) -> Accreditation | None:
        """The one that counts for this crebo; its own crebo may be another."""
        with self._connection() as db:
            row = db.execute(
                "SELECT accredited_for, begins, ends, lapsed FROM accreditation"
                " JOIN company USING (number) WHERE id = ? AND crebo = ?",
                (company_id, crebo),
            ).fetchone()
        if row is None:
            return None
        accredited_for, begins, ends, lapsed = row
        return Accreditation(accredited_for, begins, -1 if lapsed else ends)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Opening one costs as much as a search: they are kept."""
        try:
            db = self._idle.get_nowait()
        except Empty:
            self.prepare()
            address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            db = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            yield db
        finally:
            self._idle.put(db)


def _edition() -> str:
    """Of the rows and how they are written: other code makes another file."""
    sources = sorted(Path(__file__).parent.glob("sbb_*.py"))
    return sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


def _build(path: Path, companies: list[Company]) -> None:
    companies.sort(key=lambda c: (words(c.name), words(c.place), c.id))
    rows = list(enumerate(companies, 1))
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {TABLES} BEGIN;")
        db.executemany(
            "INSERT INTO company VALUES (?, ?, ?, ?)",
            ((n, c.id, c.lapsed, json.dumps(_body(c), ensure_ascii=False)) for n, c in rows),
        )
        db.executemany(
            "INSERT INTO accreditation VALUES (?, ?, ?, ?, ?)",
            ((n, crebo, *has) for n, c in rows for crebo, has in _counting(c).items()),
        )
        db.executemany(
            "INSERT INTO word (rowid, text) VALUES (?, ?)", ((n, _terms(c)) for n, c in rows)
        )
        db.execute("INSERT INTO word (word) VALUES ('optimize')")


def _counting(company: Company) -> dict[str, Accreditation]:
    """By crebo: its own accreditation, else one that counts as the same."""
    own = {has.crebo: has for has in company.accreditations}
    same = {
        crebo: own[other]
        for crebo, others in EQUIVALENT.items()
        for other in others
        if other in own
    }
    return same | own


def _terms(company: Company) -> str:
    crebos: Iterable[str] = (f"_{crebo}" for crebo in _counting(company))
    return " ".join([*words(f"{company.name} {company.place}"), *crebos])


def _body(company: Company) -> Body:
    """As the description has it."""
    code, land = company.country
    return {
        "leerbedrijfId": company.id,
        "naam": company.name,
        "vestigingsadres": {
            "straat": company.street,
            "huisnummer": company.number,
            "postcode": company.postcode,
            "plaats": company.place,
            "land": {"code": code, "naam": land},
        },
    }
