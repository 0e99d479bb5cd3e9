"""Which month somebody means: by its number, or by its name in a language we speak (CLDR)."""

from __future__ import annotations

from functools import cache

from babel.dates import get_month_names

from app.domain.words import folded
from app.i18n import LOCALES

FEWEST = 3  # letters of a name that may be shortened


def number(text: str) -> int:
    """From 1 to 12: «3», «maart», «mrt.», «March» and «mar» are 3. Raises ValueError for no
    month, and for what may mean two."""
    typed = folded(text)
    if text.isdecimal():
        months = {int(text)} & set(range(1, 13))
    else:
        whole = {month for name, month in _names() if name == typed}
        begun = {month for name, month in _names() if name.startswith(typed)}
        months = whole or (begun if len(typed) >= FEWEST else set())
    if len(months) != 1:
        raise ValueError("no month, or more than one")
    return months.pop()


@cache
def _names() -> frozenset[tuple[str, int]]:
    return frozenset(
        (folded(name), month)
        for locale in LOCALES
        for width in ("wide", "abbreviated")
        for month, name in get_month_names(width, locale=locale.code).items()
    )
