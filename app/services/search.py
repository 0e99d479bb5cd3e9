"""Find programmes by what people type (WIZ-7), among those that are offered (WIZ-8).

What the words can mean is found first (search_words): few titles, schools and places. Those go
into one statement that finds, counts and orders the groups (search_offered).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from app.clock import local_date
from app.domain import words
from app.domain.words import Typed
from app.services import search_offered as offered
from app.services.search_names import Names, names
from app.services.search_offered import LEADS, ORDER, SAID, TICKED_ONLY
from app.services.search_words import Meaning, guessed, meanings, together


@dataclass(frozen=True)
class Filters:
    brin: str = ""
    level: int | None = None
    leertraject: str = ""
    place: str = ""


@dataclass(frozen=True)
class Group:
    """One name at a school, with what was found of it."""

    key: str
    programme_id: str  # of one of them
    name: str
    name_english: str
    crebo: str
    brin: str
    institution: str
    level: int | None
    leertrajecten: tuple[str, ...]
    places: tuple[str, ...]
    opens: date | None  # the first day, when it takes no applications today
    full: bool  # it would, if there were places left

    @property
    def open(self) -> bool:
        return self.opens is None and not self.full


@dataclass(frozen=True)
class Count:
    value: str
    label: str
    groups: int


Rows = list[tuple[Any, ...]]
Counts = Mapping[str, tuple[Count, ...]]
NO_COUNTS: Counts = MappingProxyType({})


@dataclass(frozen=True)
class Found:
    groups: tuple[Group, ...] = ()
    total: int = 0
    counts: Counts = field(default_factory=lambda: NO_COUNTS)
    partial: bool = False  # nothing has all the words: these have the most of them


Table = dict[Any, int]  # bits by title, school or place


@dataclass(frozen=True)
class _Asked:
    """What the words mean, as the statements take it."""

    tables: dict[str, Any]
    leads: offered.Kinds
    meant: offered.Kinds


def search(
    connection: Connection,
    query: str,
    filters: Filters,
    now: datetime,
    first: int = 0,
    most: int = 20,
    counted: bool = False,
) -> Found:
    """The groups from number `first` on, the best first. Who asks nothing finds nothing.

    `counted`: also for each filter its values, with the number of groups that each would leave.
    """
    typed = words.read(query)
    if not typed and filters == Filters():
        return Found()
    named = names(connection, now)
    meant, partial = _told(typed, meanings(connection, typed, named))
    if not meant and (partial or (typed.words and filters == Filters())):
        return Found()
    values: dict[str, Any] = {
        **{"today": local_date(now).toordinal(), "said_level": typed.level},
        **{"said_leertraject": typed.leertraject, "brin": filters.brin},
        **{"level": filters.level or 0, "leertraject": filters.leertraject},
        "place": filters.place,
    }
    # What the filters leave out is counted too.
    asked = _with_all(meant, named, Filters() if counted else filters)
    counted_by = named if counted else None
    rows, counts = _page(connection, asked, values, first, most, counted_by)
    if not rows and meant:
        asked, fewer = _with_most(connection, meant, named, filters, values)
        partial = partial or fewer
        rows, counts = _page(connection, asked, values, first, most, counted_by)
    if not rows:
        beyond, _ = _page(connection, asked, values, 0, 1) if first else ([], counts)
        return Found((), beyond[0][2] if beyond else 0, counts, partial and bool(beyond))
    picked = {str(row[0]): 0 for row in rows}
    members: dict[int, Rows] = {row[0]: [] for row in rows}
    today = local_date(now)
    found = offered.members(asked.meant)
    for row in found.all(connection, **asked.tables, **values, picked=picked, day=today):
        members[row[0]].append(row)
    groups = tuple(_group(mine, named, today.isoformat()) for mine in members.values() if mine)
    return Found(groups, rows[0][2], counts, partial)


def _page(
    connection: Connection,
    asked: _Asked,
    values: dict[str, Any],
    first: int,
    most: int,
    counted: Names | None = None,
) -> tuple[Rows, Counts]:
    """Rows of a group, its rank, and how many there are in all; and counts, with the names that
    these are shown by."""
    if not asked.leads:
        return [], NO_COUNTS
    statement = (offered.counted if counted else offered.groups)(asked.leads, asked.meant)
    rows = statement.all(connection, **asked.tables, **values, first=first, most=most)
    if counted is None:
        return rows, NO_COUNTS
    page = sorted(
        (rank, called, int(group), total) for kind, group, total, rank, called in rows if not kind
    )
    counts = _counts([row[:3] for row in rows if row[0]], counted)
    return [(group, rank, total) for rank, _, group, total in page], counts


def _told(typed: Typed, meant: list[Meaning]) -> tuple[list[Meaning], bool]:
    """The words that mean something, and whether some don't. One that is still being typed, or
    may become one without a meaning, isn't held against who types."""
    missing = [
        meaning.word
        for meaning in meant
        if not meaning
        if meaning.word != typed.unfinished
        or not (len(meaning.word) == 1 or words.begins_idle(meaning.word))
    ]
    return [meaning for meaning in meant if meaning], bool(missing)


def _with_all(meant: list[Meaning], named: Names, filters: Filters) -> _Asked:
    """For programmes that have every word."""
    titles, schools, places = _together(meant, named)
    needed = sum(1 << number for number, m in enumerate(meant) if not m.elsewhere)
    if needed:
        titles = {key: bits | LEADS for key, bits in titles.items() if bits & needed == needed}
    elif meant:
        narrowest = 1 << min(range(len(meant)), key=lambda number: meant[number].breadth)
        for table in (titles, schools, places):
            _lead(table, narrowest)
    elif filters.place:
        places = {filters.place: LEADS}
    else:
        led = (filters.brin,) if filters.brin in schools else schools
        schools |= {brin: schools[brin] | LEADS for brin in led}
    return _asked(titles, schools, places, [(1 << len(meant)) - 1 | SAID])


def _with_most(
    connection: Connection,
    meant: list[Meaning],
    named: Names,
    filters: Filters,
    values: dict[str, Any],
) -> tuple[_Asked, bool]:
    """For programmes that have every word when typing errors are thought of; or else for those
    that look like it most, and then it says so. A level or leertraject counts as a word. Filters
    have no part in that: they only leave out."""
    everything = (1 << len(meant)) - 1 | SAID
    masks: set[int] = set()
    if filters != Filters():  # without them nothing has them all, or we wouldn't be here
        _, masks = _sets(connection, meant, named, values)
    if everything not in masks:
        meant = [m if m.certain else guessed(connection, m, named) for m in meant]
        tables, masks = _sets(connection, meant, named, values)
        # A word that is right, but that only what can't be seen has, says no more than a wrong one.
        unseen = [m for n, m in enumerate(meant) if not any(mask >> n & 1 for mask in masks)]
        if hidden := [m for m in unseen if not m.guessed]:
            meant = [guessed(connection, m, named) if m in hidden else m for m in meant]
            tables, masks = _sets(connection, meant, named, values)
    if everything in masks:
        return _with_all(meant, named, filters), False
    trades = sum(1 << n for n, m in enumerate(meant) if m.titles and m.word not in words.WEAK)
    most = max((_alike(mask, trades) for mask in masks), default=None)
    return _asked(*tables, (mask for mask in masks if _alike(mask, trades) == most)), True


def _sets(
    connection: Connection, meant: list[Meaning], named: Names, values: dict[str, Any]
) -> tuple[tuple[Table, Table, Table], set[int]]:
    """What the words mean, and which sets of them there are among what is offered."""
    tables, every = _together(meant, named), (1 << len(meant)) - 1
    for table in tables:
        _lead(table, every)
    asked = _asked(*tables, (n | said for n in range(1, every + 1) for said in (0, SAID)))
    found = offered.masks().all(connection, **asked.tables, **values)
    return tables, {row[0] for row in found}


def _alike(mask: int, trades: int) -> tuple[int, int]:
    """How much these words are what was typed: what one would become says more than where."""
    return (mask & trades).bit_count(), mask.bit_count()


def _together(meant: list[Meaning], named: Names) -> tuple[Table, Table, Table]:
    schools: Table = {
        brin: school.order << ORDER | (TICKED_ONLY if school.whitelist else 0)
        for brin, school in named.schools.items()
    }
    for brin, bits in together(m.schools for m in meant).items():
        schools[brin] |= bits
    return together(m.titles for m in meant), schools, together(m.places for m in meant)


def _lead(table: Table, words: int) -> None:
    """Start from what has one of these words."""
    for key, bits in table.items():
        if bits & words:
            table[key] = bits | LEADS


def _asked(titles: Table, schools: Table, places: Table, masks: Iterable[int]) -> _Asked:
    kinds = {"titles": titles, "schools": schools, "places": places}
    accepted = sum(1 << mask for mask in masks)
    return _Asked(
        {**kinds, "accepted": accepted - (accepted >> 63 << 64)},  # 64 bits of a signed number
        frozenset(
            kind for kind, table in kinds.items() if any(bits & LEADS for bits in table.values())
        ),
        frozenset(kind for kind, table in kinds.items() if table),
    )


def _group(mine: Rows, named: Names, today: str) -> Group:
    """Shown is what is open; else what opens first; else what is full."""
    full = [bool(row[2]) and row[1] <= today for row in mine]
    number = min(range(len(mine)), key=lambda n: (full[n], max(mine[n][1], today), mine[n][4]))
    _, opens, _, key, programme_id, name, name_english, crebo, brin, level, _, _ = mine[number]
    return Group(
        key,
        programme_id,
        name,
        name_english,
        crebo,
        brin,
        named.schools[brin].name,
        level,
        tuple(sorted({row[10] for row in mine})),
        tuple(sorted({row[11] for row in mine})),
        None if opens <= today else date.fromisoformat(opens),
        full[number],
    )


def _counts(rows: Rows, named: Names) -> Counts:
    """Values without a label (no level) are left out."""
    found: dict[str, list[Count]] = {"brin": [], "level": [], "leertraject": [], "place": []}
    for kind, value, groups in rows:
        if kind == "brin":
            found[kind].append(Count(value, named.schools[value].name, groups))
        elif value != "0":
            found[kind].append(Count(value, value, groups))
    return MappingProxyType(
        {
            kind: tuple(sorted(counts, key=lambda count: words.folded(count.label)))
            for kind, counts in found.items()
        }
    )
