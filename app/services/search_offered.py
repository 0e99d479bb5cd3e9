"""The statements that ask which programmes are offered and have the words.

Each starts from what has the word that says most (`leads`): titles, places or schools, few rows
by an index; the rest of what the words mean, and the filters, are looked at in passing. They are
written out because SQLite must join in the order written (CROSS JOIN), and the same for
PostgreSQL. What words mean comes along as JSON objects: a key, and its bits (search.py).
"""

from __future__ import annotations

import re

from sqlalchemy import JSON, BigInteger, Integer, String, bindparam, text

from app.prepared import Prepared

WORDS = 0b11111  # bits: which words it has
LEADS, TICKED_ONLY = 1 << 5, 1 << 6
WORTH = 8  # from this bit on, twelve
ORDER = 20  # from this bit on


def _meant(name: str, key: str) -> str:
    return f"""
    {name} AS MATERIALIZED (
        SELECT CAST(key AS {key}) AS key, CAST(bits & {WORDS} AS INTEGER) AS mask,
            bits & {LEADS} AS leads, bits & {TICKED_ONLY} AS ticked_only,
            bits >> {WORTH} & 4095 AS worth, bits >> {ORDER} AS ord
        FROM (SELECT key, CAST(CAST(value AS TEXT) AS BIGINT) AS bits FROM json_each(:{name})) j
    )"""


_MEANT = ",".join([_meant("titles", "BIGINT"), _meant("schools", "TEXT"), _meant("places", "TEXT")])
_MASK = "COALESCE(t.mask, 0) | COALESCE(p.mask, 0) | s.mask"
_WORTH = "COALESCE(t.worth, 0) + COALESCE(p.worth, 0) + s.worth"
_OFFERED = f"""
    e.edition <= (SELECT edition FROM catalogue) AND e.until > (SELECT edition FROM catalogue)
    AND e.closes >= :today
    AND (:said_level = 0 OR e.level = :said_level)
    AND (:said_leertraject = '' OR e.leertraject = :said_leertraject)
    AND (:accepted >> ({_MASK})) & 1 = 1
    AND (s.ticked_only = 0 OR EXISTS (
        SELECT 1 FROM programme_facts f JOIN programme o ON o.id = f.programme_id
        WHERE f.id = e.facts_id AND o.whitelisted))"""
_FILTERS = {
    "brin": "(:brin = '' OR e.brin = :brin)",
    "level": "(:level = 0 OR e.level = :level)",
    "leertraject": "(:leertraject = '' OR e.leertraject = :leertraject)",
    "place": "(:place = '' OR e.place = :place)",
}
_FILTERED = "".join(f" AND {condition}" for condition in _FILTERS.values())
_TITLES = "LEFT JOIN titles t ON t.key = e.title_id"
_PLACES = "LEFT JOIN places p ON p.key = e.place"


def _hits(columns: str, more: str) -> str:
    """Each programme once: by its title, or else by its place, or else by its school."""
    return f"""
    SELECT {columns} FROM titles t CROSS JOIN search_entry e CROSS JOIN schools s {_PLACES}
    WHERE t.leads > 0 AND e.title_id = t.key AND s.key = e.brin AND {_OFFERED}{more}
    UNION ALL
    SELECT {columns} FROM places p CROSS JOIN search_entry e CROSS JOIN schools s {_TITLES}
    WHERE p.leads > 0 AND e.place = p.key AND s.key = e.brin AND COALESCE(t.leads, 0) = 0
    AND {_OFFERED}{more}
    UNION ALL
    SELECT {columns} FROM schools s CROSS JOIN search_entry e {_TITLES} {_PLACES}
    WHERE s.leads > 0 AND e.brin = s.key AND COALESCE(t.leads, 0) = 0
    AND COALESCE(p.leads, 0) = 0 AND {_OFFERED}{more}"""


def _prepared(statement: str) -> Prepared:
    types = {
        **dict.fromkeys(("titles", "schools", "places", "picked"), JSON),
        **dict.fromkeys(("today", "said_level", "level", "first", "most"), Integer),
        **dict.fromkeys(("said_leertraject", "brin", "leertraject", "place"), String),
        "accepted": BigInteger,
    }
    names = dict.fromkeys(re.findall(r":([a-z_]+)", statement))
    return Prepared(text(statement).bindparams(*(bindparam(n, type_=types[n]) for n in names)))


# group, worth, 0 when one is open today, letters, school's order, how many groups in all
GROUPS = _prepared(
    f"""
    WITH {_MEANT}
    SELECT group_id, MAX(worth) AS worth, MIN(later) AS later, MIN(letters) AS letters,
        MIN(ord) AS ord, COUNT(*) OVER () AS total
    FROM ({
        _hits(
            f"e.group_id, {_WORTH} AS worth, e.letters, s.ord, "
            "CASE WHEN e.opens <= :today THEN 0 ELSE 1 END AS later",
            _FILTERED,
        )
    }) hits
    GROUP BY group_id ORDER BY worth DESC, later, letters, ord, group_id
    LIMIT :most OFFSET :first
    """
)
# what was found of the picked groups
MEMBERS = _prepared(
    f"""
    WITH {_MEANT}
    SELECT e.group_id, e.opens, f.group_key, f.programme_id, f.name, f.name_english, f.crebo,
        f.brin, f.level, f.leertraject, f.place
    FROM json_each(:picked) g CROSS JOIN search_entry e CROSS JOIN schools s
    CROSS JOIN programme_facts f {_TITLES} {_PLACES}
    WHERE e.group_id = CAST(g.key AS BIGINT) AND s.key = e.brin AND f.id = e.facts_id
    AND {_OFFERED}{_FILTERED}
    """
)
# which sets of the words there are
MASKS = _prepared(f"WITH {_MEANT} SELECT DISTINCT mask FROM ({_hits(f'{_MASK} AS mask', '')}) hits")


def _count(name: str) -> str:
    others = [
        condition.replace("e.", "hits.") for other, condition in _FILTERS.items() if other != name
    ]
    return f"""
    SELECT '{name}', CAST({name} AS TEXT), COUNT(DISTINCT group_id) FROM hits
    WHERE {" AND ".join(others)} GROUP BY {name}"""


# filter, value, groups with all the other filters
COUNTS = _prepared(
    f"""
    WITH {_MEANT}, hits AS MATERIALIZED ({
        _hits("e.group_id, e.brin, e.level, e.leertraject, e.place", "")
    })
    {" UNION ALL ".join(_count(name) for name in _FILTERS)}
    """
)
