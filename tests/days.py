"""Days as pages write them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from babel.dates import format_date
from flask import Flask, g

from app.i18n import BY_CODE


def in_words(day: date, language: str = "nl") -> str:
    return format_date(day, "d MMMM y", language)


def on_a_page(day: date, language: str = "nl") -> str:
    """In one piece, as it stands in the HTML."""
    return f'<bdi class="day">{in_words(day, language)}</bdi>'


@contextmanager
def read_in(language: str = "nl") -> Iterator[None]:
    """For what is said outside a request."""
    with Flask("app").app_context():
        g.locale = BY_CODE[language]
        yield
