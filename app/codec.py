"""Frozen dataclasses to JSON and back: enums, dates, tuples, optional fields, nothing else.

A name that the dataclass no longer has is dropped, a missing one gets its default: what was
stored by an earlier release stays readable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
PLAIN = frozenset((str, int, bool, NoneType))  # the same in JSON


def encode(value: Any) -> Any:
    """JSON for `value`; a field that is None is left out, an empty tuple is kept."""
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {
            name: item if type(item) in PLAIN else encode(item)
            for name, item in vars(value).items()
            if item is not None
        }
    return value


def decode(kind: type[T], data: Any) -> T:
    """`data` as a `kind`."""
    return cast(T, _decoder(cast(Any, kind))(data))


@lru_cache(maxsize=128)
def _decoder(kind: Any) -> Callable[[Any], Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        (inner,) = (a for a in arguments if a is not NoneType)
        some = _decoder(inner)
        return lambda data: None if data is None else some(data)
    if origin is tuple:
        each = _decoder(arguments[0])
        return lambda data: tuple(each(item) for item in data)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        parts = [(f.name, _decoder(hints[f.name])) for f in fields(kind)]
        plain = [name for name, read in parts if read is _as_it_is]
        other = [(name, read) for name, read in parts if read is not _as_it_is]
        make: Any = kind
        return lambda data: make(
            **{name: data[name] for name in plain if name in data},
            **{name: read(data[name]) for name, read in other if name in data},
        )
    if kind is date:
        return date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return _as_it_is


def _as_it_is(data: Any) -> Any:
    return data
