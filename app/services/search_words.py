"""What each typed word can mean: titles of programmes, schools, places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, text

from app.domain import words
from app.domain.words import Typed
from app.prepared import Prepared
from app.services import search_synonyms
from app.services.search_names import BEGUN, EXACT, INNER, Names, nearness

WHOLE = 8  # added to a word's number: nothing may follow it

# Titles by a word that is typed or begins so, and by one that begins within a word.
_TITLES = Prepared(
    text(
        """
        SELECT CAST(CAST(j.value AS TEXT) AS INTEGER), p.title_id,
            CASE WHEN w.word = j.key THEN :exact ELSE :first_letters END + p.weight
        FROM json_each(:begun) j CROSS JOIN search_word w CROSS JOIN search_posting p
        WHERE w.word >= j.key AND p.word_id = w.id AND p.edition <= (SELECT edition FROM catalogue)
            AND w.word < j.key ||
            CASE WHEN CAST(CAST(j.value AS TEXT) AS INTEGER) >= :whole THEN ' ' ELSE :last END
        UNION ALL
        SELECT CAST(CAST(j.value AS TEXT) AS INTEGER), p.title_id, :inside + p.weight
        FROM json_each(:within) j CROSS JOIN search_inner i CROSS JOIN search_posting p
        WHERE i.form >= j.key AND i.form < j.key || :last AND p.word_id = i.word_id
            AND p.edition <= (SELECT edition FROM catalogue)
        """
    ).bindparams(
        bindparam("begun", type_=JSON),
        bindparam("within", type_=JSON),
        bindparam("last", "\U0010ffff"),
        bindparam("whole", WHOLE),
        bindparam("exact", EXACT),
        bindparam("first_letters", BEGUN),
        bindparam("inside", INNER),
    )
)
_NEAR = Prepared(
    text(
        """
        SELECT DISTINCT w.id, w.word
        FROM json_each(:traces) j CROSS JOIN search_trace t CROSS JOIN search_word w
        WHERE t.form = j.key AND w.id = t.word_id
        """
    ).bindparams(bindparam("traces", type_=JSON))
)
_TITLES_OF = Prepared(
    text(
        """
        SELECT p.title_id, CAST(CAST(j.value AS TEXT) AS INTEGER) + p.weight
        FROM json_each(:worth) j CROSS JOIN search_posting p
        WHERE p.word_id = CAST(j.key AS BIGINT) AND p.edition <= (SELECT edition FROM catalogue)
        """
    ).bindparams(bindparam("worth", type_=JSON))
)


@dataclass(frozen=True)
class Meaning:
    """Of one typed word: what it can mean, and how well each fits."""

    word: str
    titles: dict[int, int] = field(default_factory=dict)
    schools: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    certain: bool = False  # there is no need to think of typing errors
    guessed: bool = False  # that was done

    def __bool__(self) -> bool:
        return bool(self.titles or self.schools or self.places)

    @property
    def elsewhere(self) -> bool:
        """Whether it can mean a school or a place."""
        return bool(self.schools or self.places)

    @property
    def breadth(self) -> int:
        """How many programmes to expect, roughly."""
        return 4 * len(self.titles) + 80 * len(self.places) + 150 * len(self.schools)


def meanings(connection: Connection, typed: Typed, names: Names) -> list[Meaning]:
    """Of each typed word, as it is; with a typing error when that gives nothing."""
    begun, within = {}, {}
    for number, word in enumerate(typed.words):
        begun[word] = number + WHOLE * _only_whole(word)
        if len(word) >= words.INNER and not word.isdecimal():
            within[word] = number
    for number, word in enumerate(typed.words):
        if one := words.singular(word):
            begun.setdefault(one, number + WHOLE)
    titles: list[dict[int, int]] = [{} for _ in typed.words]
    for number, title, worth in _TITLES.all(connection, begun=begun, within=within):
        of_word = titles[number % WHOLE]
        if of_word.get(title, 0) < worth:
            of_word[title] = worth
    whole = names.named_in(typed.text)
    found = []
    for word, of_word in zip(typed.words, titles, strict=True):
        meaning = _named(word, of_word, names, len(typed.words))
        for brin in meaning.schools.keys() & whole:
            meaning.schools[brin] *= 2  # its whole name, and not just a word of it
        found.append(meaning if meaning else guessed(connection, meaning, names))
    return found


def _only_whole(word: str) -> bool:
    """A letter, or a number that is too short to tell one crebo from another."""
    return len(word) == 1 or (word.isdecimal() and len(word) < 3)


def _named(word: str, titles: dict[int, int], names: Names, among: int) -> Meaning:
    """The first letters of one word mean a school or a place only when they mean no title: so
    many programmes have one that begins with them. And what a provider is called besides its
    school («Techniek en ICT») tells schools apart only where it isn't in titles."""
    begun = len(word) > 2 or (len(word) == 2 and (among > 1 or not titles))
    schools = names.by_school.meant(word, begun)
    places = names.by_place.meant(word, begun)
    if not titles and not schools and not places:
        schools = names.by_provider.meant(word, begun)
    exact = max([*titles.values(), *schools.values(), *places.values()], default=0) >= EXACT
    return Meaning(word, titles, schools, places, exact)


def guessed(connection: Connection, meaning: Meaning, names: Names) -> Meaning:
    """With what it means when it holds a typing error, or is the beginning of a name."""
    word, begun = meaning.word, len(meaning.word) > 1
    if word in search_synonyms.spoken():
        return replace(meaning, certain=True, guessed=True)
    titles: dict[int, int] = {}
    traces = dict.fromkeys(words.traces_of_typed(word), 0)
    near = _NEAR.all(connection, traces=traces) if traces else []
    worth = {str(number): worth for number, known in near if (worth := nearness(word, known))}
    if worth:
        for title, fits in _TITLES_OF.all(connection, worth=worth):
            titles[title] = max(fits, titles.get(title, 0))
    return replace(
        meaning,
        titles=titles | meaning.titles,
        schools=names.by_school.nearly(word) | names.by_school.meant(word, begun) | meaning.schools,
        places=names.by_place.nearly(word) | names.by_place.meant(word, begun) | meaning.places,
        certain=True,
        guessed=True,
    )


def together(found: Iterable[Mapping[Any, int]]) -> dict[Any, int]:
    """What the words mean, each with the words that mean it (a bit each) and what that is worth
    in all (from bit 8 on)."""
    result: dict[Any, int] = {}
    for number, worths in enumerate(found):
        bit = 1 << number
        for key, worth in worths.items():
            result[key] = result.get(key, 0) + (worth << 8 | bit)
    return result
