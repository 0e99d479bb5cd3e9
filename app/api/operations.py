"""An OpenAPI document in the order in which people read it, for /docs/sis/api."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup

from app.api.openapi import resolved
from app.manuals import markdown

Node = dict[str, Any]
SCHEMA = "#/components/schemas/"
EVERYWHERE = "API-Version"
ORIGINS = {  # the manual's anchors
    "vca_Aanmelding": "velden-aanmelding",
    "vca_Adres": "velden-adres",
    "vca_WettelijkVertegenwoordiger": "velden-vertegenwoordiger",
    "vca_Vooropleiding": "velden-vooropleiding",
    "vca_Vak": "velden-vak",
    "vca_Leerbedrijf": "velden-leerbedrijf",
    "CentraalAanmelden": "velden-extra",
}
FORM = "application/x-www-form-urlencoded"


class Row(NamedTuple):
    """A parameter or a field."""

    name: str
    where: str  # of a parameter: path, query or header
    type: str
    link: str  # the schema that the type speaks of, or nothing
    required: bool
    deprecated: bool
    text: Markup
    example: str


class Answer(NamedTuple):
    status: str
    text: Markup
    headers: list[str]  # but for the one that each answer has
    types: list[str]  # media types
    schema: str  # its name, or nothing
    example: str


class Operation(NamedTuple):
    anchor: str
    method: str
    path: str
    summary: str
    text: Markup
    open: bool  # without logging in
    parameters: list[Row]
    body: Answer | None  # with an empty status
    body_required: bool
    answers: list[Answer]
    request: str  # to paste


class Group(NamedTuple):
    title: str
    operations: list[Operation]


class Schema(NamedTuple):
    name: str
    text: Markup
    type: str  # of what has no fields
    origin: str  # where the manual says where each field comes from, or nothing
    fields: list[Row]


class Api(NamedTuple):
    slug: str
    title: str
    text: Markup
    server: str
    document: str  # its address
    groups: list[Group]
    schemas: list[Schema]


def shown(document: Node) -> Api:
    server: str = document["servers"][0]["url"]
    slug = urlsplit(server).path.split("/")[1]
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method == "servers":
                continue
            base = item.get("servers", document["servers"])[0]["url"]
            one = _operation(document, slug, base, path, method, operation)
            found[operation["tags"][0]].append(one)
    return Api(
        slug,
        document["info"]["title"],
        markdown(document["info"]["description"]),
        server,
        f"{server}/openapi.json",
        [Group(tag["description"], found[tag["name"]]) for tag in document["tags"]],
        [
            Schema(
                name,
                markdown(schema.get("description", "")),
                _type(schema) if "anyOf" in schema or "items" in schema else "",
                ORIGINS.get(name, ""),
                list(_fields(document, schema)),
            )
            for name, schema in document["components"]["schemas"].items()
        ],
    )


def contents(api: Api, types: str) -> list[tuple[str, str]]:
    """Anchors with their text."""
    asked = [(one.anchor, one.summary) for group in api.groups for one in group.operations]
    return [(api.slug, api.title), *asked, (f"{api.slug}-soorten", types)]


def _operation(
    document: Node, slug: str, base: str, path: str, method: str, operation: Node
) -> Operation:
    parameters = [resolved(document, each) for each in operation.get("parameters", ())]
    body = operation.get("requestBody")
    public = operation.get("security") == []
    return Operation(
        f"{slug}-{operation['operationId']}",
        method.upper(),
        urlsplit(base).path + path,
        operation["summary"],
        markdown(operation["description"]),
        public,
        [_row(document, each["name"], each, each.get("required", False)) for each in parameters],
        _answer(document, "", body) if body else None,
        bool(body and body.get("required")),
        [_answer(document, code, each) for code, each in operation["responses"].items()],
        _request(document, base + path, method.upper(), parameters, body, public),
    )


def _answer(document: Node, status: str, node: Node) -> Answer:
    node = resolved(document, node)
    content: Mapping[str, Node] = node.get("content", {})
    first = next(iter(content.values()), {})
    return Answer(
        status,
        markdown(node.get("description", "")),
        [name for name in node.get("headers", {}) if name != EVERYWHERE],
        list(content),
        _link(first.get("schema", {})),
        _written(_example(document, first)),
    )


def _example(document: Node, content: Node) -> Any:
    """The one of this content; of several the last."""
    several = [resolved(document, each)["value"] for each in content.get("examples", {}).values()]
    return several[-1] if several else content.get("example")


def _written(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, indent=2)


def _row(document: Node, name: str, node: Node, required: bool = False) -> Row:
    schema = node.get("schema", node)
    target = resolved(document, schema)
    text = node.get("description") or target.get("description", "")
    example = node.get("example", target.get("example", ""))
    return Row(
        name,
        node.get("in", ""),
        _type(schema),
        _link(schema),
        required,
        node.get("deprecated", False),
        markdown(text),
        str(example) if isinstance(example, str | int) else "",
    )


def _link(schema: Node) -> str:
    found = re.search(rf"{SCHEMA}(\w+)", str(schema))
    return found[1] if found else ""


def _type(schema: Node) -> str:
    """In a line, such as `string ≤ 75`, `date`, `"A" | "I"`, `vca_Vak[]`."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(SCHEMA)
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    if several := schema.get("anyOf") or schema.get("allOf"):
        return " | ".join(_type(one) for one in several)
    if "type" not in schema:
        return "*"
    kind = schema.get("type", "")
    if isinstance(kind, list):
        return " | ".join(_type({**schema, "type": one}) for one in kind)
    if kind == "array":
        one = _type(schema["items"])
        return f"({one})[]" if " " in one else f"{one}[]"
    if kind == "null":
        return "null"
    if kind == "string" and "format" in schema:
        return str(schema["format"])
    least, most = schema.get("minLength") or schema.get("minimum"), schema.get("maxLength")
    if least and least == most:
        return f"{kind} = {most}"
    return f"{kind} ≤ {most}" if most else str(kind)


def _fields(document: Node, schema: Node, within: str = "") -> Iterator[Row]:
    """Of an object and of what it is put together from; of an object inside it too."""
    parts = [resolved(document, each) for each in schema.get("allOf", [schema])]
    required = {name for each in parts for name in each.get("required", ())}
    named = {name: each for part in parts for name, each in part.get("properties", {}).items()}
    for name, each in named.items():
        if name != "permissions":  # of the existing coupling, and nothing uses it
            yield _row(document, f"{within}{name}", each, name in required)
            if "$ref" not in each:  # else it has a table of its own
                yield from _fields(document, each, f"{within}{name}.")


def _request(
    document: Node,
    address: str,
    method: str,
    parameters: list[Node],
    body: Node | None,
    public: bool,
) -> str:
    """A line for a shell."""
    for each in parameters:
        if each["in"] == "path":
            address = address.replace(f"{{{each['name']}}}", str(each["example"]))
    lines = [f"curl {'-X POST ' if method == 'POST' else ''}'{address}'"]
    if not public:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    lines += [f"-H '{p['name']}: {p['example']}'" for p in parameters if p["in"] == "header"]
    for kind, content in (body or {}).get("content", {}).items():
        example = _example(document, content)
        if kind == FORM:
            lines += [f"-d '{urlencode({name: value})}'" for name, value in example.items()]
        else:
            lines.append(f"-H 'Content-Type: {kind}'")
            lines.append(f"-d '{json.dumps(example, ensure_ascii=False)}'")
    return " \\\n  ".join(lines)
