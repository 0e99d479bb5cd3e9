"""What every translation keeps to: the words of its language's glossary, and how it is set.

`app/translations/<code>/glossary.csv` has a line for each term, with three columns:

- `dutch`: the term in the forms that occur in Dutch sentences;
- `translation`: what such a sentence says for it, in the forms that occur; the first is the one to
  begin with;
- `exceptions`: parts of Dutch sentences where the term is something else. There are few.

In the first two `|` stands between forms, a form is whole words, `*` stands for any letters, and
capitals make no difference.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache

import pytest

from app.i18n import BY_CODE
from scripts import messages

pytestmark = pytest.mark.rule("LAN-1")
landed = pytest.mark.parametrize("language", messages.LANDED)
WITH_CAPITALS = [
    code for code in messages.LANDED if BY_CODE[code].name.upper() != BY_CODE[code].name
]

MOST_EXCEPTIONS = 6  # in a glossary; with more it would say nothing any more
LETTER = r"[\w\u064b-\u0652]"  # with the signs that Arabic may write on one
NOT_WORDS = re.compile(r"%\(\w+\)[sd]|https?:\S+")
SENTENCE_END = {"؟": "?", "،": ",", "؛": ";"} | {sign: sign for sign in ".?!:,;"}
LATIN_SIGNS = re.compile(r"[,;?]")
CODES = {"Havo", "Vwo"}
LEVELS = CODES | {"Vmbo basis", "Vmbo gemengd (gl)", "Vmbo kader"}
SAME_WORD = {
    "en": LEVELS
    | {"1 week", "Contact", "Diploma", "Log in", "Postcode", "Privacy", "School"}
    | {"Start", "Start: %(start)s"},
    "sv": LEVELS
    | {"1 dag", "Dag", "Ja", "Land", "Man", "man", "Nu"}
    | {"Start", "Start: %(start)s", "Startdatum"},
    "ar": CODES,
}


@cache
def pattern(forms: str) -> re.Pattern[str]:
    found = "|".join(re.escape(form).replace(r"\*", f"{LETTER}*") for form in forms.split("|"))
    return re.compile(rf"(?<!{LETTER})(?:{found})(?!\w)", re.IGNORECASE)


def words(sentence: str) -> str:
    """Without placeholders, which are called `school` and the like, and addresses."""
    return NOT_WORDS.sub(" ", sentence)


@dataclass(frozen=True)
class Term:
    dutch: str
    translation: str
    exceptions: tuple[str, ...]

    def asked(self, sentence: str) -> bool:
        """Whether a translation of the Dutch sentence must say the term."""
        for exception in self.exceptions:
            sentence = sentence.replace(exception, "")
        return bool(pattern(self.dutch).search(words(sentence)))

    def said(self, translation: str) -> bool:
        return bool(pattern(self.translation).search(words(translation)))


@cache
def glossary(language: str) -> list[Term]:
    path = messages.TRANSLATIONS / language / "glossary.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Term(
                line["dutch"],
                line["translation"],
                tuple(filter(None, line["exceptions"].split("|"))),
            )
            for line in csv.DictReader(lines)
        ]


@cache
def sentences(language: str) -> dict[str, str]:
    """The Dutch, and the translation."""
    return {str(m.id): str(m.string) for m in messages.read(language) if m.id}


@landed
def test_a_term_is_said_in_one_way(language: str) -> None:
    wrong = [
        (term.translation, dutch, translation)
        for term in glossary(language)
        for dutch, translation in sentences(language).items()
        if term.asked(dutch) and not term.said(translation)
    ]
    assert wrong == []


@landed
def test_a_glossary_holds_nothing_that_no_sentence_says(language: str) -> None:
    said = sentences(language)
    for term in glossary(language):
        asking = {dutch: text for dutch, text in said.items() if term.asked(dutch)}
        for form in term.dutch.split("|"):
            assert any(pattern(form).search(words(dutch)) for dutch in asking), form
        for form in term.translation.split("|"):
            assert any(pattern(form).search(words(text)) for text in asking.values()), form


@landed
def test_an_exception_is_needed_and_rare(language: str) -> None:
    said = sentences(language)
    exceptions = [(term, part) for term in glossary(language) for part in term.exceptions]
    assert len(exceptions) <= MOST_EXCEPTIONS
    for term, part in exceptions:
        bare = Term(term.dutch, term.translation, ())
        assert any(
            part in dutch and bare.asked(dutch) and not bare.said(text)
            for dutch, text in said.items()
        ), part


def test_every_language_has_a_word_for_the_same_terms() -> None:
    first, *others = ([term.dutch for term in glossary(code)] for code in messages.LANDED)
    assert len(set(first)) == len(first) > 30
    assert all(other == first for other in others)


@landed
def test_what_stays_as_it_is_in_dutch_is_known(language: str) -> None:
    same = {dutch for dutch, text in sentences(language).items() if text == dutch}
    assert same == SAME_WORD[language]


@pytest.mark.parametrize("language", WITH_CAPITALS)
def test_it_begins_with_a_capital_as_the_sentence_does(language: str) -> None:
    wrong = [
        (dutch, text)
        for dutch, text in sentences(language).items()
        if dutch[0].isalpha() and text[0].isalpha() and dutch[0].isupper() != text[0].isupper()
    ]
    assert wrong == []


@landed
def test_it_ends_as_the_sentence_does(language: str) -> None:
    wrong = [
        (dutch, text) for dutch, text in sentences(language).items() if ends(dutch) != ends(text)
    ]
    assert wrong == []


def ends(sentence: str) -> str:
    """The sign at the end, and the white space after it."""
    bare = sentence.rstrip()
    return SENTENCE_END.get(bare[-1], "") + sentence[len(bare) :]


@landed
def test_one_space_and_no_other_white_space(language: str) -> None:
    wrong = [text for text in sentences(language).values() if re.search(r"  |[\t\xa0]| \n", text)]
    assert wrong == []


def test_arabic_has_its_own_signs() -> None:
    said = sentences("ar").values()
    assert [text for text in said if LATIN_SIGNS.search(words(text))] == []
    assert any("،" in text for text in said)


def test_english_has_one_apostrophe() -> None:
    assert [text for text in sentences("en").values() if "'" in text] == []
