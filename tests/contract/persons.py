"""Persons as an implementation of BRP Personen may give them, made from its description."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import strategies as st

from tests.contract.described import DATA, REF

DOCUMENT = yaml.safe_load((DATA / "brp_personen_v2.yaml").read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
ODD = st.sampled_from([".", "<b>&\"'", "Šimečková " * 30, " ", "\0", "half \ud83d"])
# What a pattern would find once in a blue moon, by the key that it stands under.
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "geslachtsnaam": ODD,
    "voornamen": ODD,
    "officieleStraatnaam": ODD,
    "jaar": st.integers(1840, 2200),
    "datum": st.dates().map(str),
    "postcode": st.just("8019 xk"),
    "geslacht": st.sampled_from("MVO").map(lambda code: {"code": code}),
    "aanduidingNaamgebruik": st.sampled_from("EPVN").map(lambda code: {"code": code}),
    "aanduidingBijHuisnummer": st.sampled_from(["to", "by"]).map(lambda code: {"code": code}),
    "land": st.sampled_from(["6030", "5010", "6029", "0000", "9999"]).map(lambda c: {"code": c}),
    "reden": st.sampled_from("OEMRWF").map(lambda code: {"code": code}),
}
RAW_SECRECY = st.sampled_from([None, *range(8), 8, "7", "x"])


def everybody() -> st.SearchStrategy[dict[str, Any]]:
    """Whole persons, of which any group may be missing, without burgerservicenummer."""
    raw = RAW_SECRECY.map(lambda number: {} if number is None else {"indicatieGeheim": number})
    return st.builds(lambda person, mark: {**person, **mark}, _named("Persoon"), raw)


def residences() -> st.SearchStrategy[dict[str, Any]]:
    return _named("AbstractVerblijfplaats")


def _named(name: str) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: _values(SCHEMAS[name]))


def _values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _named(schema["$ref"].removeprefix(REF))
    if "discriminator" in schema:
        return st.one_of([_picked(*each) for each in schema["discriminator"]["mapping"].items()])
    if "properties" in schema or "allOf" in schema:
        return _object(schema)
    match schema["type"]:
        case "array":
            return st.lists(_values(schema["items"]), max_size=2)
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    if schema.get("format") == "date":
        return st.dates().map(str)
    return st.text(st.characters(codec="utf-8"), max_size=schema.get("maxLength", 20))


def _picked(value: str, ref: str) -> st.SearchStrategy[dict[str, Any]]:
    """What the value of a discriminator stands for."""
    schema = SCHEMAS[ref.removeprefix(REF)]
    return _object(schema).map(lambda found: {**found, "type": value})


def _object(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    properties, required = _keys(schema)
    values = {
        key: _values(part) | LIKELY[key] if key in LIKELY else _values(part)
        for key, part in properties.items()
        if key not in ("type", "burgerservicenummer")
    }
    must = {key: value for key, value in values.items() if key in required}
    may = {key: value for key, value in values.items() if key not in required}
    return st.fixed_dictionaries(must, optional=may)


def _keys(schema: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The properties of an object with all that it is made of, and which must be there."""
    properties, required = dict(schema.get("properties", {})), set(schema.get("required", ()))
    for part in schema.get("allOf", ()):
        whole = SCHEMAS[part["$ref"].removeprefix(REF)] if "$ref" in part else part
        more, musts = _keys(whole)
        properties, required = {**more, **properties}, required | musts
    return properties, required
