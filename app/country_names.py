"""What a country is called in the reader's language (CLDR), and which one somebody means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from babel import Locale

from app.domain import countries
from app.domain.countries import COUNTRIES, Country
from app.domain.words import folded, near
from app.i18n import LOCALES

MOST = 5  # countries of which somebody is asked to pick one

# Whether what was typed fits a name, both folded: the first of these that fits any name counts.
FITS: tuple[Callable[[str, str], bool], ...] = (
    lambda typed, name: name == typed,
    lambda typed, name: name.startswith(typed),
    lambda typed, name: f" {typed}" in f" {name}",
    near,
)
SURE = 2  # of these; the others are a guess


def name(code: str, language: str) -> str:
    """In the reader's language; the official Dutch name where CLDR has none or the code has
    ended, and the code itself where nobody knows it."""
    country = COUNTRIES.get(code)
    return _name(country, language) if country else code


def abroad(language: str, on: date) -> list[str]:
    """What every country but the Netherlands is called, for a list to pick from."""
    return sorted((_name(country, language) for country in countries.abroad(on)), key=folded)


def meant(text: str, language: str, on: date) -> Country | None:
    """The country that somebody typed the name, or the beginning, of; None when it may be
    another one as well, or none."""
    found = _fitting(text, language, on, SURE)
    return found[0] if len(found) == 1 else None


def alike(text: str, language: str, on: date) -> list[Country]:
    """At most MOST countries that somebody may have meant."""
    return _fitting(text, language, on, len(FITS))[:MOST]


def _fitting(text: str, language: str, on: date, ways: int) -> list[Country]:
    typed, names = folded(text), _names()
    if not typed:
        return []
    for fits in FITS[:ways]:
        found = [
            country
            for country in countries.everywhere(on)
            if any(fits(typed, known) for known in names[country.code])
        ]
        if found:
            return sorted(found, key=lambda country: folded(_name(country, language)))
    return []


@cache
def _names() -> dict[str, frozenset[str]]:
    """By code, every name that somebody may type, in any language of ours, folded."""
    return {
        code: frozenset(
            folded(known)
            for known in (
                *(country.name, *country.also),
                *(_name(country, locale.code) for locale in LOCALES),
            )
        )
        for code, country in COUNTRIES.items()
    }


def _name(country: Country, language: str) -> str:
    return str(_territories(language).get(country.iso, country.name))


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale(language).territories)
