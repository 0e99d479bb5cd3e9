"""Persons as an implementation of BRP Personen may give them, made from its description."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.contract.described import DATA, REF

DOCUMENT = yaml.safe_load((DATA / "brp_personen_v2.yaml").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
ODD = st.sampled_from([".", "<b>&\"'", "Šimečková " * 30, " ", "\0", "half \ud83d"])
# What a pattern would find once in a blue moon, by the key that it stands under.
CODES = {
    "geslacht": ("M", "V", "O"),
    "aanduidingNaamgebruik": ("E", "P", "V", "N"),
    "aanduidingBijHuisnummer": ("to", "by"),
    "land": ("5010", "6029", "9999", "9089", "6030", "0000"),
    "reden": ("O", "E", "M", "R", "W", "F"),
}
TEXTS: dict[str, st.SearchStrategy[Any]] = {
    "voornamen": st.sampled_from(["Ängström Zoë", "Jan <b>&\"'"]),
    "geslachtsnaam": st.sampled_from([".", "D'Ó Brien-Çelik", "<script>", "a" * 200]),
    "officieleStraatnaam": st.sampled_from([".", "", "Lange Jan", "Oudegracht", "<i>Ö&"]),
    "postcode": st.sampled_from(["8019 xk", "8019XK"]),
    "jaar": st.integers(1840, 2040),
}
RAW_SECRECY = st.sampled_from([None, *range(8), 3, 4, 5, 6, 8, "7", "x"])


def _named(name: str, whole: bool) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: _values(SCHEMAS[name], whole))


def _values(schema: dict[str, Any], whole: bool) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _named(schema["$ref"].removeprefix(REF), whole)
    if "discriminator" in schema:
        kinds = schema["discriminator"]["mapping"].items()
        return st.one_of([_picked(value, ref, whole) for value, ref in kinds])
    if "properties" in schema or "allOf" in schema:
        return _object(schema, whole)
    match schema["type"]:
        case "array":
            return st.lists(_values(schema["items"], whole), max_size=2)
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    if schema.get("format") == "date":
        return (st.dates(date(1840, 1, 1), date(2030, 1, 1)) | st.dates()).map(str)
    return st.text(st.characters(codec="utf-8"), max_size=schema.get("maxLength", 20))


def _picked(value: str, ref: str, whole: bool) -> st.SearchStrategy[dict[str, Any]]:
    """What the value of a discriminator stands for."""
    schema = SCHEMAS[ref.removeprefix(REF)]
    return _object(schema, whole).map(lambda found: {**found, "type": value})


def _object(schema: dict[str, Any], whole: bool) -> st.SearchStrategy[dict[str, Any]]:
    properties, required = _keys(schema)
    values = {
        key: _likely(key, _values(part, whole))
        for key, part in properties.items()
        if key not in ("type", "burgerservicenummer")
    }
    if whole:
        return st.fixed_dictionaries(values)
    must = {key: value for key, value in values.items() if key in required}
    may = {key: value for key, value in values.items() if key not in required}
    return st.fixed_dictionaries(must, optional=may)


def _likely(key: str, value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nineteen times in twenty a code that means something, or an ordinary text."""
    if key in CODES:
        code = st.sampled_from(CODES[key]).map(lambda code: {"code": code})
        return _mostly(code, value)
    return _mostly(TEXTS[key], value | ODD) if key in TEXTS else value


@st.composite
def _mostly(draw: st.DrawFn, often: st.SearchStrategy[Any], now_and_then: Any) -> Any:
    return draw(now_and_then if draw(st.integers(1, 20)) == 20 else often)


def _keys(schema: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The properties of an object with all that it is made of, and which must be there."""
    properties, required = dict(schema.get("properties", {})), set(schema.get("required", ()))
    for part in schema.get("allOf", ()):
        whole = SCHEMAS[part["$ref"].removeprefix(REF)] if "$ref" in part else part
        more, musts = _keys(whole)
        properties, required = {**more, **properties}, required | musts
    return properties, required


# Persons without burgerservicenummer: half of them whole, of the others any group or part of
# one may be missing.
EVERYBODY: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda data, secrecy: {**data, **({} if secrecy is None else {"indicatieGeheim": secrecy})},
    _named("Persoon", whole=True) | _named("Persoon", whole=False),
    RAW_SECRECY,
)
RESIDENCES = _named("AbstractVerblijfplaats", whole=True)
