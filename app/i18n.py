"""Languages. msgids are the Dutch sentences themselves; Dutch needs no catalogue.

Python code only marks its sentences; whoever shows them translates (app/templating.py, mail).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

TRANSLATIONS = Path(__file__).parent / "translations"


@dataclass(frozen=True)
class Locale:
    code: str
    dir: str
    name: str  # in the language itself


LOCALES = (
    Locale("nl", "ltr", "Nederlands"),
    Locale("en", "ltr", "English"),
    Locale("sv", "ltr", "Svenska"),
    Locale("ar", "rtl", "العربية"),
)
BY_CODE = {locale.code: locale for locale in LOCALES}
SOURCE = "nl"


class Sentence(str):
    """A marked sentence with values for its placeholders."""

    values: dict[str, Any]

    def __new__(cls, text: str, **values: Any) -> Sentence:
        sentence = super().__new__(cls, text)
        sentence.values = values
        return sentence


class Named(str):
    """A name in Dutch, with the English one that somebody gave beside it, or nothing."""

    english: str

    def __new__(cls, dutch: str, english: str) -> Named:
        name = super().__new__(cls, dutch)
        name.english = english
        return name


def mark(text: str) -> str:
    """Mark `text` for translation; imported as `_`."""
    return text


@lru_cache(maxsize=16)
def catalogue(code: str) -> NullTranslations:
    if code == SOURCE:
        return NullTranslations()
    return Translations.load(str(TRANSLATIONS), [code])


def translate(code: str, text: str, **values: Any) -> str:
    """`text` in the language `code`; a Sentence brings its own values."""
    values = values or getattr(text, "values", {})
    said = catalogue(code).gettext(str(text)) if text else ""
    return said % values if values else said
