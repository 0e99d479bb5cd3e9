"""The API's own description: one OpenAPI document for each API, read from the YAML beside this
file. `shared.yaml` is part of both."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from app.manuals import filled

FOLDER = Path(__file__).parent
FILES = {  # by the API's address: what its document is put together from
    "/cambo/rest/v1": ("cambo", "vca", "shared"),
    "/koppelpunt-mbo/v1": ("koppelpunt-mbo", "shared"),
}

TEXTS = ("title", "summary", "description")  # for people


def document(api: str, values: Mapping[str, object], testing: bool) -> dict[str, Any]:
    """The OpenAPI document of the API at this address, with `values` for its placeholders."""
    first, *others = (_read(name, values, testing) for name in FILES[api])
    parts = first["components"]
    for other in others:
        for kind, named in other["components"].items():
            parts.setdefault(kind, {}).update(named)
    return dict(first)


def said(document: dict[str, Any], language: str, values: Mapping[str, object]) -> dict[str, Any]:
    """The document with its texts in this language. Its own, and what is served, is Dutch."""
    if language == "nl":
        return document
    known = catalogue(language, values)

    def translated(node: Any) -> Any:
        if isinstance(node, list):
            return [translated(each) for each in node]
        if not isinstance(node, dict):
            return node
        return {
            name: known.get(each, each)
            if name in TEXTS and isinstance(each, str)
            else translated(each)
            for name, each in node.items()
        }

    return dict(translated(document))


def catalogue(language: str, values: Mapping[str, object]) -> dict[str, str]:
    """Each text of the documents in this language, by the Dutch one."""
    found: dict[str, str] = _read(language, values, True)
    return found


def _read(name: str, values: Mapping[str, object], testing: bool) -> Any:
    """By libyaml where it is there: a fifth of the time."""
    text = filled((FOLDER / f"{name}.yaml").read_text("utf-8"), values, testing)
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 – both are safe


def resolved(document: dict[str, Any], node: Any) -> Any:
    """`node`, or what its `$ref` points to."""
    while isinstance(node, dict) and "$ref" in node:
        reference: str = node["$ref"]
        node = document
        for key in reference.removeprefix("#/").split("/"):
            node = node[key]
    return node
