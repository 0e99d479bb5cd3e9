"""Reading an answer of a register: what isn't of the type it should be is a MalformedReply."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from app.domain.ports import MalformedReply
from app.domain.words import visible

T = TypeVar("T")
KEPT = frozenset("\n\t\u200c\u200d")
LONGEST = 20_000  # characters of a text that nobody limits
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Reply:
    """One JSON object. Errors name the key, never the value."""

    register: str
    data: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, register: str, value: Any) -> Reply:
        if not isinstance(value, dict):
            raise MalformedReply(register, "not an object")
        return cls(register, value)

    def malformed(self, key: str) -> MalformedReply:
        return MalformedReply(self.register, key)

    def text(self, key: str, pattern: str = "", longest: int = LONGEST) -> str:
        """Stripped; empty when absent. With `pattern`, the text must match it or be absent."""
        value = self.data.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or _unstorable(value):
            raise self.malformed(key)
        value = _readable(value).strip()
        if len(value) > longest:
            raise self.malformed(key)
        if pattern and value and not re.fullmatch(pattern, value, re.ASCII):
            raise self.malformed(key)
        return value

    def line(self, key: str, longest: int = LONGEST) -> str:
        """A text on one line, without what nobody sees; empty when absent."""
        line = " ".join(self.text(key).split())
        if len(line) > longest:
            raise self.malformed(key)
        return line if visible(line) else ""

    def required(self, key: str, pattern: str = "", longest: int = LONGEST) -> str:
        value = self.text(key, pattern, longest)
        if not value:
            raise self.malformed(key)
        return value

    def number(self, key: str) -> int | None:
        value = self.data.get(key)
        # True is an int in Python; a column holds 32 bits.
        if value is not None and (type(value) is not int or abs(value) >= 2**31):
            raise self.malformed(key)
        return value

    def flag(self, key: str) -> bool:
        """Required: absent isn't false."""
        value = self.data.get(key)
        if not isinstance(value, bool):
            raise self.malformed(key)
        return value

    def day(self, key: str) -> date | None:
        text = self.text(key)
        if not text:
            return None
        day = _day(text)
        if day is None:
            raise self.malformed(key)
        return day

    def child(self, key: str) -> Reply:
        """An object of its own; empty when absent."""
        value = self.data.get(key)
        if not isinstance(value, dict | None):
            raise self.malformed(key)
        return Reply(self.register, value or {})

    def children(self, key: str) -> list[Reply]:
        value = self.data.get(key)
        if not isinstance(value, list | None):
            raise self.malformed(key)
        return [Reply.of(self.register, item) for item in value or []]

    def each(self, key: str, read: Callable[[Reply], T | None]) -> list[T]:
        """What `read` finds in a list: one odd item hides no others. MalformedReply when there are
        odd ones, and nothing is found."""
        items, found, wrong = self.data.get(key), [], None
        if not isinstance(items, list | None):
            raise self.malformed(key)
        for item in items or []:
            try:
                one = read(Reply.of(self.register, item))
                found += [] if one is None else [one]
            except MalformedReply as error:
                wrong = error
        if wrong is not None and not found:
            raise wrong
        return found


def _readable(text: str) -> str:
    """Without what controls a screen or turns the reading around, but for the joiners that some
    scripts need, and line ends. A line end of another kind is a blank."""
    if text.isascii() and text.isprintable():
        return text
    kinds = ((letter, unicodedata.category(letter)) for letter in text)
    return "".join(
        " " if kind in ("Zl", "Zp") else letter
        for letter, kind in kinds
        if kind not in ("Cc", "Cf") or letter in KEPT
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:  # raised further, it would carry the text along
        return None


def _unstorable(text: str) -> bool:
    """Half a surrogate pair can't be written as UTF-8, a NUL not in PostgreSQL."""
    return any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in text)
