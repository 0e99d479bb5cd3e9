"""The statements that ask which programmes are offered and have the words.

Each starts from what has the word that says most: titles, places or schools, few rows by an
index. The rest of what the words mean, and the filters, are looked at in passing. They are
written out because SQLite must join in the order written (CROSS JOIN), which is the same to
PostgreSQL. What words mean comes along as JSON objects: a key and its bits, as below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from sqlalchemy import JSON, BigInteger, Date, Integer, String, bindparam, text

from app.prepared import Prepared

Kinds = frozenset[str]

KEYS = {"titles": "title_id", "places": "place", "schools": "brin"}
EVERY: Kinds = frozenset(KEYS)
TYPES = {"titles": "BIGINT", "places": "TEXT", "schools": "TEXT"}

WORDS = 0b11111  # which words it has
SAID = 1 << 5  # among an entry's: it has the level and leertraject that were typed
LEADS, TICKED_ONLY = 1 << 5, 1 << 6
WORTH, MOST_WORTH = 8, 4095  # from this bit on
ORDER = 20  # from this bit on

# What a group is sorted by first, the least first: what it is worth, and open today. Then its
# name, then its school.
_RANK = f"({MOST_WORTH} - ({{worth}}) << 1 | CASE WHEN e.opens <= :today THEN 0 ELSE 1 END) AS rank"
_CALLED = "(e.called | schools.ord) AS called"
_OFFERED = """
    e.edition <= (SELECT edition FROM catalogue) AND e.until > (SELECT edition FROM catalogue)
    AND e.closes >= :today AND (:accepted >> ({mask})) & 1 = 1
    AND (schools.ticked_only = 0 OR EXISTS (
        SELECT 1 FROM programme_facts f JOIN programme o ON o.id = f.programme_id
        WHERE f.id = e.facts_id AND o.whitelisted))"""
_SAID = f"""CASE WHEN (:said_level = 0 OR e.level = :said_level)
        AND (:said_leertraject = '' OR e.leertraject = :said_leertraject) THEN {SAID} ELSE 0 END"""
_FILTERS = {
    "brin": "(:brin = '' OR e.brin = :brin)",
    "level": "(:level = 0 OR e.level = :level)",
    "leertraject": "(:leertraject = '' OR e.leertraject = :leertraject)",
    "place": "(:place = '' OR e.place = :place)",
}
_FILTERED = "".join(f" AND {condition}" for condition in _FILTERS.values())


@cache
def groups(leads: Kinds, meant: Kinds) -> Prepared:
    """Rows of a group, its rank, and how many groups there are in all.

    `leads`: where to start from; `meant`: what any word can mean.
    """
    return _prepared(
        f"""
        WITH {_meant(meant)},
        found AS MATERIALIZED (
            SELECT group_id, MIN(rank) AS rank, MIN(called) AS called
            FROM ({_hits(f"e.group_id, {_RANK}, {_CALLED}", _FILTERED, leads, meant)}) hits
            GROUP BY group_id
        )
        SELECT group_id, rank, (SELECT COUNT(*) FROM found) FROM found
        ORDER BY rank, called, group_id LIMIT :most OFFSET :first
        """
    )


@cache
def members(meant: Kinds) -> Prepared:
    """What was found of the picked groups: a row for each cohort that takes applications, now or
    later, with the day from which (YYYY-MM-DD) and whether its places are taken (CAT-5)."""
    return _prepared(
        f"""
        WITH {_meant(meant)}
        SELECT e.group_id, CAST(c.apply_from AS TEXT), p.maximum <= p.taken, f.group_key,
            f.programme_id, f.name, f.name_english, f.crebo, f.brin, f.level, f.leertraject, f.place
        FROM json_each(:picked) g CROSS JOIN search_entry e
        CROSS JOIN schools CROSS JOIN programme_facts f CROSS JOIN cohort_facts c
        {_beside(meant - {"schools"})} LEFT JOIN place p ON p.cohort_id = c.cohort_id
        WHERE e.group_id = CAST(g.key AS BIGINT) AND schools.key = e.brin AND f.id = e.facts_id
        AND {_OFFERED.format(mask=_mask(meant))}{_FILTERED}
        AND c.facts_id = f.id AND c.open
        AND (c.apply_until IS NULL OR c.apply_until >= :day)
        AND (c.start IS NOT NULL OR c.start_until IS NULL OR c.start_until < c.start_from
            OR c.start_until >= :day)
        """
    )


@cache
def masks() -> Prepared:
    """Which sets of the words there are."""
    hits = _hits("{mask} AS mask", "", EVERY, EVERY)
    return _prepared(f"WITH {_meant(EVERY)} SELECT DISTINCT mask FROM ({hits}) hits")


@cache
def counted(leads: Kinds, meant: Kinds) -> Prepared:
    """Those of `groups` in any order, as rows of '', group, how many there are in all, its rank
    and what it is sorted by then; and for each filter rows of its name, a value, and the groups
    that have it and pass all other filters. What there is to count is looked up once."""
    columns = f"e.group_id, e.brin, e.level, e.leertraject, e.place, {_RANK}, {_CALLED}"
    return _prepared(
        f"""
        WITH {_meant(meant)},
        hits AS MATERIALIZED ({_hits(columns, "", leads, meant)}),
        found AS MATERIALIZED (
            SELECT group_id, MIN(rank) AS rank, MIN(called) AS called
            FROM hits WHERE {_passing()} GROUP BY group_id
        )
        SELECT '' AS kind, CAST(group_id AS TEXT) AS value, total, rank, called FROM (
            SELECT group_id, (SELECT COUNT(*) FROM found) AS total, rank, called FROM found
            ORDER BY rank, called, group_id LIMIT :most OFFSET :first
        ) page
        UNION ALL {" UNION ALL ".join(_count(name) for name in _FILTERS)}
        """
    )


def _count(name: str) -> str:
    return f"""
        SELECT '{name}', CAST({name} AS TEXT), COUNT(DISTINCT group_id), 0, 0 FROM hits
        WHERE {_passing(name)} GROUP BY {name}"""


def _passing(but: str = "") -> str:
    """Of the hits, what passes every filter but one."""
    return " AND ".join(
        condition.replace("e.", "hits.") for name, condition in _FILTERS.items() if name != but
    )


def _meant(kinds: Kinds) -> str:
    """The JSON objects as tables. Schools are always among them: these can receive (CAT-8)."""
    return ",".join(
        f"""
        {name} AS MATERIALIZED (
            SELECT CAST(key AS {TYPES[name]}) AS key, CAST(bits & {WORDS} AS INTEGER) AS mask,
                bits & {LEADS} AS leads, bits & {TICKED_ONLY} AS ticked_only,
                bits >> {WORTH} & {MOST_WORTH} AS worth, bits >> {ORDER} AS ord
            FROM (
                SELECT key, CAST(CAST(value AS TEXT) AS BIGINT) AS bits FROM json_each(:{name})
            ) j
        )"""
        for name in KEYS
        if name in kinds | {"schools"}
    )


def _hits(columns: str, more: str, leads: Kinds, meant: Kinds) -> str:
    """Each programme once, by the first of the kinds that leads to it."""
    parts = []
    earlier: list[str] = []
    for name, column in KEYS.items():
        if name not in leads:
            continue
        others = _beside(meant - {name, "schools"})
        by_school = "" if name == "schools" else " CROSS JOIN schools"
        new = "".join(f" AND COALESCE({other}.leads, 0) = 0" for other in earlier)
        parts.append(
            f"""
            SELECT {columns} FROM {name} CROSS JOIN search_entry e{by_school} {others}
            WHERE {name}.leads > 0 AND e.{column} = {name}.key AND schools.key = e.brin{new}
            AND {_OFFERED}{more}"""
        )
        earlier.append(name)
    worth = " + ".join(f"COALESCE({name}.worth, 0)" for name in meant | {"schools"})
    return " UNION ALL ".join(parts).format(mask=_mask(meant), worth=worth)


def _beside(kinds: Iterable[str]) -> str:
    return " ".join(f"LEFT JOIN {name} ON {name}.key = e.{KEYS[name]}" for name in sorted(kinds))


def _mask(meant: Kinds) -> str:
    words = (f"COALESCE({name}.mask, 0)" for name in sorted(meant | {"schools"}))
    return " | ".join([_SAID, *words])


def _prepared(statement: str) -> Prepared:
    types = {
        **dict.fromkeys(("titles", "schools", "places", "picked"), JSON),
        **dict.fromkeys(("today", "said_level", "level", "first", "most"), Integer),
        **dict.fromkeys(("said_leertraject", "brin", "leertraject", "place"), String),
        **{"accepted": BigInteger, "day": Date},
    }
    names = dict.fromkeys(re.findall(r":([a-z_]+)", statement))
    return Prepared(text(statement).bindparams(*(bindparam(n, type_=types[n]) for n in names)))
