"""What programmes are found by, written along with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import md5
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, exists, insert, select, update

from app import db
from app.domain import words
from app.domain.catalogue import NOT_OFFERED, windows
from app.models import (
    cohort_facts,
    programme_facts,
    search_entry,
    search_inner,
    search_place,
    search_posting,
    search_title,
    search_trace,
    search_word,
)
from app.services import search_synonyms

# The weight of a word of a title: alone in the name, first of it, in it, or in its other names.
# Then comes what people type for each of these.
ALONE, FIRST, IN_NAME, ELSEWHERE, SYNONYM = 7, 6, 5, 4, -4
LETTERS, LENGTH = 10, 5  # of a name that is sorted; and bits of its length
SCHOOL = 10  # bits of a school's number in that
AT_ONCE = 5000  # rows of a rebuild

Facts = Mapping[str, Any]
Title = tuple[str, str, str, str]
Key = TypeVar("Key")

_NAMES = [programme_facts.c[name] for name in ("name", "official_name", "name_english", "crebo")]
_ENTERED = [
    *(programme_facts.c.id, *_NAMES, programme_facts.c.active, programme_facts.c.edition),
    *(programme_facts.c.until, programme_facts.c.group_key, programme_facts.c.brin),
    *(programme_facts.c.place, programme_facts.c.level, programme_facts.c.leertraject),
    programme_facts.c.ends,
]


def add(connection: Connection, rows: Iterable[Facts]) -> None:
    """Rows of programme_facts just inserted, with their ids and `windows`. What can never be
    offered (CAT-3, not active, without a window) is left out."""
    offered = [row for row in rows if _offered(row)]
    if not offered:
        return
    titles = _titles(connection, _first(offered, _title))
    _places(connection, _first(offered, lambda row: row["place"]))
    entries = [
        _entry(row, titles[_title(row)], first, last)
        for row in offered
        for first, last in row["windows"]
    ]
    connection.execute(insert(search_entry), entries)


def new_words(connection: Connection, rows: Iterable[Facts]) -> list[str]:
    """The words of rows of programme_facts that aren't written yet. `add` writes them too, but a
    word takes fifty rows: `write_words` beforehand spares who waits for that transaction."""
    titles = {_digest(title): title for title in map(_title, filter(_offered, rows))}
    known = _ids(connection, search_title.c.digest, titles)
    found = {word for digest in titles.keys() - known for word in _weights(titles[digest])}
    return sorted(found - _ids(connection, search_word.c.word, found).keys())


def write_words(connection: Connection, fresh: Sequence[str]) -> dict[str, int]:
    """Those that weren't there, in every form that they are found in. Their ids."""
    _insert_missing(connection, search_word, [{"word": word} for word in fresh])
    known = _ids(connection, search_word.c.word, fresh)
    for table, forms in ((search_inner, words.inner), (search_trace, words.traces)):
        of_them = [{"form": form, "word_id": known[word]} for word in fresh for form in forms(word)]
        _insert_missing(connection, table, of_them)
    return known


def _offered(row: Facts) -> bool:
    return bool(row["active"] and row["leertraject"] != NOT_OFFERED and row["windows"])


def _first(rows: Iterable[Facts], key: Callable[[Facts], Key]) -> dict[Key, int]:
    """The first edition of each: nothing is found by what doesn't count yet."""
    found: dict[Key, int] = {}
    for row in rows:
        found[key(row)] = min(row["edition"], found.get(key(row), row["edition"]))
    return found


# What outlives the programmes that brought it: its table, its key, who uses it. In this order: a
# word is used by titles.
OUTLIVING = (
    (search_title, search_title.c.id, search_entry.c.title_id),
    (search_word, search_word.c.id, search_posting.c.word_id),
    (search_place, search_place.c.name, search_entry.c.place),
)


def unused(connection: Connection, key: Any, used: Any) -> list[Any]:
    """What no programme has any more."""
    return list(connection.execute(select(key).where(~exists().where(used == key))).scalars())


def remove(connection: Connection, table: Table, key: Any, used: Any, some: list[Any]) -> None:
    """Those of `some` that are unused still."""
    connection.execute(delete(table).where(key.in_(some), ~exists().where(used == key)))


def keep_up(connection: Connection) -> None:
    """Everything anew where some was written by other rules or synonyms, or nothing is there: a
    second or two, once a release, and so a part of migrating."""
    ours = search_title.c.digest.endswith(_rules(), autoescape=True)
    others = select(search_title.c.id).where(~ours).limit(1)
    some = select(search_entry.c.facts_id).limit(1)
    if connection.execute(others).first() or not connection.execute(some).first():
        rebuild(connection)


def rebuild(connection: Connection) -> None:
    for table in (search_entry, search_title, search_word, search_place):
        connection.execute(delete(table))
    rows = connection.execute(select(*_ENTERED).order_by(programme_facts.c.id)).mappings()
    for some in rows.partitions(AT_ONCE):
        add(connection, _with_windows(connection, [dict(row) for row in some]))


def _with_windows(connection: Connection, rows: Sequence[Facts]) -> Iterator[Facts]:
    """`rows` are in the order of their ids."""
    cohorts = defaultdict(list)
    of_them = cohort_facts.c.facts_id.between(rows[0]["id"], rows[-1]["id"])
    for cohort in connection.execute(select(cohort_facts).where(of_them)):
        cohorts[cohort.facts_id].append(cohort)
    for row in rows:
        yield {**row, "windows": windows(cohorts[row["id"]], row["ends"])}


def group_id(group_key: str) -> int:
    """A group as a number, which the database compares and sorts faster than its key."""
    return int.from_bytes(md5(group_key.encode(), usedforsecurity=False).digest()[:7])


def called(name: str) -> int:
    """A name as a number, in alphabetical order: its first letters, and then its length. The
    database compares and sorts these faster than names. Its last bits are for the school."""
    letters = [ord(c) - ord("a") + 1 for c in words.folded(name) if "a" <= c <= "z"][:LETTERS]
    number = 0
    for letter in letters + [0] * (LETTERS - len(letters)):
        number = number * 27 + letter
    number = number << LENGTH | min(len(name), (1 << LENGTH) - 1)
    return number << SCHOOL


def _title(row: Facts) -> Title:
    return (row["name"], row["official_name"], row["name_english"], row["crebo"])


def _entry(row: Facts, title_id: int, first: date, last: date) -> dict[str, Any]:
    return {
        "facts_id": row["id"],
        "until": row["until"],
        "edition": row["edition"],
        "title_id": title_id,
        "group_id": group_id(row["group_key"]),
        "brin": row["brin"],
        "place": row["place"],
        "level": row["level"] or 0,
        "leertraject": row["leertraject"],
        "opens": first.toordinal(),
        "closes": last.toordinal(),
        "called": called(row["name"]),
    }


def _titles(connection: Connection, titles: Mapping[Title, int]) -> dict[Title, int]:
    """Their ids; the words of those that weren't there yet are written. `titles` have the edition
    from which they count."""
    digests = {title: _digest(title) for title in titles}
    known = _ids(connection, search_title.c.digest, digests.values())
    fresh = sorted(title for title in titles if digests[title] not in known)
    for edition in {titles[title] for title in titles if digests[title] in known}:
        there = [known[digests[t]] for t in titles if titles[t] == edition and digests[t] in known]
        later = search_posting.c.title_id.in_(there) & (search_posting.c.edition > edition)
        connection.execute(update(search_posting).where(later).values(edition=edition))
    if fresh:
        _insert_missing(connection, search_title, [{"digest": digests[t]} for t in fresh])
        known |= _ids(connection, search_title.c.digest, [digests[t] for t in fresh])
        weights = {title: _weights(title) for title in fresh}
        ids = _words(connection, {word for found in weights.values() for word in found})
        _insert_missing(
            connection,
            search_posting,
            [
                {
                    "word_id": ids[word],
                    "title_id": known[digests[title]],
                    "weight": weight,
                    "edition": titles[title],
                }
                for title, found in weights.items()
                for word, weight in found.items()
            ],
        )
    return {title: known[digest] for title, digest in digests.items()}


def _places(connection: Connection, places: Mapping[str, int]) -> None:
    added = db.insert(connection, search_place)
    sooner = added.on_conflict_do_update(
        index_elements=["name"],
        set_={"edition": added.excluded.edition},
        where=search_place.c.edition > added.excluded.edition,
    )
    rows = [{"name": name, "edition": edition} for name, edition in places.items()]
    connection.execute(sooner, rows)


def _weights(title: Title) -> dict[str, int]:
    """The words that a title is found by."""
    name, *others = title
    inside = words.split(name)
    outside = [word for text in others for word in words.split(text)]
    found = dict.fromkeys(outside, ELSEWHERE) | dict.fromkeys(inside, IN_NAME)
    telling = [word for word in inside if word not in words.IDLE and not word.isdecimal()]
    if telling:
        found[telling[0]] = FIRST if len(telling) > 1 else ALONE
    typed: dict[str, int] = {}
    for word, weight in found.items():
        for synonym in search_synonyms.of(word):
            typed[synonym] = max(typed.get(synonym, 0), weight + SYNONYM)
    return typed | found


def _words(connection: Connection, wanted: set[str]) -> dict[str, int]:
    """Their ids; new ones are written."""
    known = _ids(connection, search_word.c.word, wanted)
    fresh = sorted(wanted - known.keys())
    return known | write_words(connection, fresh) if fresh else known


def _digest(title: Title) -> str:
    """Of a title, and at its end of the rules by which it was written."""
    return md5("\n".join(title).encode(), usedforsecurity=False).hexdigest()[:-8] + _rules()


@cache
def _rules() -> str:
    """Differs when what words are, what is written of them, or the synonyms do."""
    paths = (search_synonyms.LIST, words.__file__, search_synonyms.__file__, __file__)
    rules = b"".join(Path(path).read_bytes() for path in paths)
    return md5(rules, usedforsecurity=False).hexdigest()[-8:]


def _ids(connection: Connection, key: Any, wanted: Iterable[str]) -> dict[str, int]:
    """The ids of the rows that are there already."""
    statement = select(key, key.table.c.id).where(key.in_(bindparam("wanted", expanding=True)))
    return {row[0]: row[1] for row in connection.execute(statement, {"wanted": list(wanted)})}


def _insert_missing(connection: Connection, table: Table, rows: Sequence[Facts]) -> None:
    if rows:
        connection.execute(db.insert(connection, table).on_conflict_do_nothing(), rows)
