"""What people type for a word of the register: «kapper» for «haarverzorging»."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

from app.domain import words

LIST = Path(__file__).parent.parent / "data" / "synonyms.csv"


def of(word: str) -> frozenset[str]:
    """What people type for a word of the register: «kapper» for «haarverzorging»."""
    found = of_name(word)
    for length in range(3, len(word) + 1):
        found |= _synonyms()[1].get(word[:length], frozenset())
    return found


def of_name(word: str) -> frozenset[str]:
    """The same for a name, of which the beginning says nothing: Groenlo isn't for a «tuinman»."""
    return _synonyms()[0].get(word, frozenset())


@cache
def spoken() -> frozenset[str]:
    """Every word that people type for another: it is no typing error, also where nothing has it."""
    return frozenset(typed for meant in _synonyms() for each in meant.values() for typed in each)


@cache
def _synonyms() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """What is typed for a whole word, and for all words that begin so (`*`)."""
    whole: dict[str, set[str]] = defaultdict(set)
    begun: dict[str, set[str]] = defaultdict(set)
    with LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for meant in row["register"].split():
                known = (begun if meant.endswith("*") else whole)[meant.rstrip("*")]
                known.update(words.folded(row["typed"]).split())
    return (
        {word: frozenset(typed) for word, typed in whole.items()},
        {word: frozenset(typed) for word, typed in begun.items()},
    )
