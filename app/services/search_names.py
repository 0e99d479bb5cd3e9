"""What schools and places are called. Few, and schools are renamed at any moment: so they are
read at each search, and taken apart again only when one has changed."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache

from sqlalchemy import Connection, bindparam, text

from app.domain import words
from app.models import Moment
from app.prepared import Prepared
from app.services import search_synonyms
from app.services.search_index import SCHOOL

EXACT, BEGUN, INNER, NEAR, NEAR_BEGUN = 40, 32, 24, 16, 8  # what a match is worth; or a bit more

# The schools that can receive anything (CAT-8), their providers, and all places.
_NAMED = Prepared(
    text(
        """
        SELECT i.brin, i.name, CAST(i.aliases AS TEXT), CAST(i.whitelist AS INTEGER)
        FROM institution i WHERE EXISTS
            (SELECT 1 FROM koppelpunt k WHERE k.brin = i.brin AND NOT k.off
                AND k.active_from <= :now)
        UNION ALL SELECT p.brin, p.name, '', 0 FROM provider p WHERE p.active
        UNION ALL SELECT '', name, '', 0 FROM search_place
            WHERE edition <= (SELECT edition FROM catalogue)
        """
    ).bindparams(bindparam("now", type_=Moment))
)


@dataclass(frozen=True)
class School:
    name: str
    whitelist: bool  # only what is ticked may be found
    order: int  # of its name among the others


class Directory:
    """Who has which word in their name."""

    def __init__(self) -> None:
        self._having: dict[str, set[str]] = defaultdict(set)

    def add(self, key: str, name: str) -> None:
        """By each word, by what people type for it, and by all of them in one."""
        found = words.split(name)
        told = [word for word in found if word not in words.IDLE]
        short = {word[3:] for word in told if word.startswith(("mbo", "roc")) and len(word) > 6}
        for word in {*found, *short, "".join(found), "".join(told)}:
            for typed in (word, *search_synonyms.of_name(word)):
                if typed:
                    self._having[typed[: words.LONGEST_WORD]].add(key)

    def meant(self, typed: str, begun: bool = True) -> dict[str, int]:
        """Who can be meant by a word, or else, with `begun`, by its beginning; how well it fits."""
        if typed in self._having or not begun:
            return dict.fromkeys(self._having.get(typed, ()), EXACT)
        found: dict[str, int] = {}
        at = bisect_left(self._ordered, typed)
        while at < len(self._ordered) and self._ordered[at].startswith(typed):
            found |= dict.fromkeys(self._having[self._ordered[at]], BEGUN)
            at += 1
        return found

    def nearly(self, typed: str) -> dict[str, int]:
        """Who can be meant by a word with a typing error."""
        close = {word for trace in words.traces_of_typed(typed) for word in self._traces[trace]}
        found: dict[str, int] = {}
        for word in sorted(close, key=lambda word: words.near(typed, word)):
            if worth := nearness(typed, word):
                found |= dict.fromkeys(self._having[word], worth)
        return found

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self._having)

    @cached_property
    def _traces(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._ordered:
            for trace in words.traces(word):
                found[trace].append(word)
        return found


def nearness(typed: str, word: str) -> int:
    """What it is worth that a typed word is nearly `word`; 0 when it isn't."""
    if words.near(typed, word):
        return NEAR
    return NEAR_BEGUN if words.near_beginning(typed, word) else 0


@dataclass(frozen=True)
class Names:
    schools: dict[str, School] = field(default_factory=dict)
    by_school: Directory = field(default_factory=Directory)
    by_provider: Directory = field(default_factory=Directory)
    by_place: Directory = field(default_factory=Directory)
    called: list[tuple[str, str]] = field(default_factory=list)  # whole names, with their school

    def called_school(self, brin: str) -> str:
        """Its name; the BRIN of one that can't receive anything."""
        return self.schools[brin].name if brin in self.schools else brin

    def named_in(self, text: str) -> set[str]:
        """The schools whose whole name stands in what was typed."""
        return {brin for name, brin in self.called if name in f" {text} "}


def names(connection: Connection, now: datetime) -> Names:
    return _taken_apart(tuple(_NAMED.all(connection, now=now)))


Row = tuple[str, str, str, int]


@lru_cache(maxsize=4)
def _taken_apart(rows: tuple[Row, ...]) -> Names:
    found = Names()
    own = [(brin, name, whitelist) for brin, name, aliases, whitelist in rows if aliases]
    own.sort(key=lambda row: (words.folded(row[1]), row[0]))
    for order, (brin, name, whitelist) in enumerate(own):
        found.schools[brin] = School(name, bool(whitelist), min(order, (1 << SCHOOL) - 1))
    for brin, name, aliases, _ in rows:
        if not brin:
            found.by_place.add(name, name)
        elif aliases:
            for called in (name, *_strings(aliases)):
                found.by_school.add(brin, called)
                if " " in (whole := words.folded(called)):
                    found.called.append((f" {whole} ", brin))
        elif brin in found.schools:
            found.by_provider.add(brin, name)
    return found


def _strings(aliases: str) -> Iterable[str]:
    return (alias for alias in json.loads(aliases) if isinstance(alias, str))
