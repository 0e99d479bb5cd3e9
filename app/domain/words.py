"""Words as people type them: without accents or case, in any order, with a slip now and then."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

LONGEST = 100  # characters of a query that count
LONGEST_WORD = 40
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by name, and nothing to see
MOST = 5  # words of a query that count
ONE_SLIP, TWO_SLIPS = 4, 9  # letters that a word must have for so many typing errors
SHORT = 3  # letters of a word that is recognised with one too many, and no other slip
STEM = 7  # letters of a word in which a typing error is looked for
INNER = 4  # letters of a word that may stand inside another

# What is typed along, and tells no programme from another.
IDLE = frozenset(
    """
    a aan aanmelden aanmelding als am and aoc at become beroep bij by college course crebo cursus
    dat
    de den deze die dit doen een en for graag het i iets ik in is leerweg leren level mbo me met
    mijn my n naar niv niveau nivo of om op opleiding opleidingen or roc s scholen school
    studeren studie study te the to tot traject vakschool van voor want werken wil worden zijn
    arbeta att bli ett jag jobba niva och skola som till utbildning utbildningar vill
    اريد ان اصبح في دراسه
    """.split()  # noqa: SIM905 - a list of sixty would take sixty lines
)
# What stands in the titles of many trades, and says of none what it is.
WEAK = frozenset(
    """
    allround assistant assistent assistente eerste gespecialiseerd leidinggevende manager
    medewerker medewerkster specialist vakbekwaam werkend worker zelfstandig
    """.split()  # noqa: SIM905
)
LEERTRAJECTEN = {name.lower(): name for name in ("BOL", "BBL", "OVO", "VAVO")}

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("'’‘‛`´ʼʹ′", ""),  # foto's is fotos
        **{"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h"},
        **{"æ": "ae", "œ": "oe", "þ": "th", "ŀ": "l", "Ŀ": "l"},
        # Arabic: one letter in other shapes, or on another keyboard, and what only lengthens.
        **{"ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": ""},
    }
)
_ARTICLE = re.compile(r"\b(?:ال)+(?=\w{3})")  # «the», written as one with its word
_LEVEL = re.compile(r"\b(?:niveau|nivo|niva|niv|level|mbo|n) ?([1-4])\b")


@dataclass(frozen=True)
class Typed:
    """What somebody looks for."""

    text: str = ""  # folded
    words: tuple[str, ...] = ()  # each once, at most MOST
    level: int = 0  # «niveau 4»
    leertraject: str = ""
    unfinished: str = ""  # the last word when it may still be growing; it is also in `words`

    def __bool__(self) -> bool:
        return bool(self.words or self.level or self.leertraject)


@lru_cache(maxsize=4096)  # schools, places and words are few, and sorted on each page
def folded(text: str) -> str:
    """Lower case without accents or signs, digits of any script as 0 to 9, one space between
    words. Folding twice changes nothing."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN)).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_PLAIN)
    kept = " ".join("".join(_kept(c) for c in plain).split())
    return kept if kept.isascii() else _ARTICLE.sub("", kept)


def visible(text: str) -> bool:
    """Whether there is something to see: more than joiners, marks and blanks."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in BLANK for c in text)


def _kept(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else " "
    if unicodedata.combining(character):
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return character if character.isalnum() else " "


def split(text: str) -> list[str]:
    """The words of a name, in order; what a dash joins also as one (e-commerce, ecommerce)."""
    found = folded(text).split()
    for part in text.split():
        pieces = folded(part).split()
        if len(pieces) > 1 and "-" in part:
            found.append("".join(pieces))
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in found))


def read(query: str) -> Typed:
    """What a query asks for. Words without a meaning count only when there are no others."""
    whole = text = folded(query[:LONGEST])
    level = 0
    if found := _LEVEL.search(text):
        level = int(found[1])
        text = _LEVEL.sub(" ", text)
    words = list(dict.fromkeys(word[:LONGEST_WORD] for word in text.split()))
    leertraject = next((LEERTRAJECTEN[word] for word in words if word in LEERTRAJECTEN), "")
    words = [word for word in words if word not in LEERTRAJECTEN]
    told = [word for word in words if word not in IDLE]
    if not told and not level and not leertraject:
        told = words
    last = text.split()[-1:] if query[-1:].isalnum() else []
    unfinished = last[0] if last and last[0] in told[:MOST] else ""
    return Typed(whole, tuple(told[:MOST]), level, leertraject, unfinished)


def singular(word: str) -> str:
    """Of which a typed word may be the plural: «kok» for «koks»; empty: of none."""
    return word[:-1] if len(word) > SHORT and word.endswith("s") and word.isalpha() else ""


def begins_idle(word: str) -> bool:
    """Whether somebody may be typing a word without a meaning."""
    return any(idle.startswith(word) for idle in IDLE)


def slips(word: str) -> int:
    """How many typing errors `word` can be recognised with."""
    if any(c.isdigit() for c in word):  # another number is something else
        return 0
    return 2 if len(word) >= TWO_SLIPS else 1 if len(word) >= ONE_SLIP else 0


def near(typed: str, word: str) -> bool:
    """Whether `typed` is `word` but for its typing errors: a letter missing, too many, another
    one, or two that changed places. Of a short word only one too many: «kokk» is «kok», and «rok»
    something else."""
    if _short(word):
        return typed == word or (len(typed) == SHORT + 1 and word in _without(typed, 1))
    return _within(typed, word, slips(word))


def near_beginning(typed: str, word: str) -> bool:
    """Whether `typed` is near `word`, or near a beginning of it."""
    if near(typed, word):
        return True
    return len(typed) > ONE_SLIP and any(
        near(typed, word[:length]) for length in range(len(typed) - 1, len(typed) + 2)
    )


def _within(typed: str, word: str, most: int) -> bool:
    if abs(len(typed) - len(word)) > most:
        return False
    if most == 0 or typed == word:
        return typed == word
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(word, 1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 < j and letter == word[j - 2] and typed[i - 2] == other:
                steps = min(steps, earlier[j - 2] + 1)
            row.append(steps)
        if min(row) > most:
            return False
    return row[-1] <= most


def _short(word: str) -> bool:
    return len(word) == SHORT and word.isalpha() and word not in IDLE


def traces(word: str) -> set[str]:
    """What is left of the beginnings of a known word when letters fall out. A typed word that is
    near it, or near a beginning of it, leaves one of them too: see `traces_of_typed`."""
    most = slips(word)
    if not most:
        return {word} if _short(word) else set()
    found = {word[:length] for length in range(ONE_SLIP, STEM + 1)}
    for stem in {word[:length] for length in range(ONE_SLIP + 1, STEM + 1)} | {word[:STEM]}:
        found |= _without(stem, 1)
    return found | _without(word[:STEM], most)


def traces_of_typed(typed: str) -> set[str]:
    """What is left of a typed word when letters fall out."""
    if len(typed) < ONE_SLIP - 1 or any(c.isdigit() for c in typed):
        return set()
    most = 2 if len(typed) >= TWO_SLIPS - 2 else 1
    found = {typed[:STEM]}
    for letters in range(1, most + 1):
        found |= _without(typed[:STEM], letters)
    return found


def _without(word: str, letters: int) -> set[str]:
    """The word without so many of its letters, whichever they are."""
    kept = combinations(word, max(len(word) - letters, 0))
    return {"".join(letters) for letters in kept}


def inner(word: str) -> list[str]:
    """The ends of a word at which another may begin: «beheerder» of «systeembeheerder»."""
    return [word[at:] for at in range(2, len(word) - INNER + 1)]
