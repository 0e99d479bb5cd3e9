"""The rules of the NL API Design Rules 2.2 that a document must keep, as its official linter has
them (media/linter.yaml in Logius-standaarden/API-Design-Rules), each under its name there.

A rule takes an OpenAPI document and gives the places where it is broken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker

from app.api.openapi import resolved

Node = dict[str, Any]
Rule = Callable[[Node], Iterator[str]]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
PROBLEM = ("application/problem+json", "application/problem+xml")
KEBAB = re.compile(r"(/([a-z0-9-]+|\{[^}]+\}))+")
CAMEL = re.compile(r"\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*")
SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
A_DATE = re.compile(r"^(date|datum)$|(\w+D|_[dD])(ate|atum)")
ALLOWED = {  # what may stand in each part of a document
    "document": {"openapi", "info", "servers", "security", "tags", "paths", "components"},
    "info": {"title", "version", "summary", "description", "contact"},
    "path": {"servers", *METHODS},
    "operation": {
        *("tags", "operationId", "summary", "description", "security", "parameters"),
        *("requestBody", "responses"),
    },
    "parameter": {"name", "in", "required", "description", "schema", "example", "deprecated"},
    "response": {"description", "headers", "content"},
    "content": {"schema", "example", "examples"},
    "field": {
        *("$ref", "type", "format", "enum", "const", "pattern", "description", "example", "items"),
        *("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "uniqueItems"),
        *("anyOf", "properties", "required", "additionalProperties"),
    },
}


def operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Path, method, operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation


def responses(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Where, status, response."""
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            yield f"{method} {path} {status}", status, resolved(document, response)


def contents(document: Node) -> Iterator[tuple[str, Node]]:
    for where, _, response in responses(document):
        yield from ((f"{where} {kind}", each) for kind, each in response["content"].items())
    for path, method, operation in operations(document):
        for kind, each in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{method} {path} {kind}", each


def parameters(document: Node) -> Iterator[tuple[str, Node]]:
    for path, method, operation in operations(document):
        for each in operation.get("parameters", ()):
            yield f"{method} {path}", resolved(document, each)


def properties(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Schema, name, what it is."""

    def within(where: str, schema: Any) -> Iterator[tuple[str, str, Node]]:
        if isinstance(schema, list):
            for each in schema:
                yield from within(where, each)
        elif isinstance(schema, dict):
            for name, each in schema.items():
                if name == "properties":
                    yield from ((where, field, what) for field, what in each.items())
                yield from within(where, each)

    for name, schema in document["components"]["schemas"].items():
        yield from within(name, schema)


def formats(document: Node, node: Node) -> set[str]:
    node = resolved(document, node)
    found = {node["format"]} if "format" in node else set()
    for each in (*node.get("anyOf", ()), *node.get("allOf", ())):
        found |= formats(document, each)
    return found


def references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from references(each)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for each in node.values():
            yield from references(each)


def oas3_schema(document: Node) -> Iterator[str]:
    """Its parts hold what they may, every reference leads somewhere, every schema is one."""
    for reference in references(document):
        try:
            resolved(document, {"$ref": reference})
        except KeyError:
            yield f"{reference} leads nowhere"
            return
    parts = [("document", "document", document), ("info", "info", document["info"])]
    parts += [("path", path, item) for path, item in document["paths"].items()]
    parts += [("operation", f"{m} {path}", each) for path, m, each in operations(document)]
    parts += [("parameter", *each) for each in parameters(document)]
    parts += [("response", where, each) for where, _, each in responses(document)]
    parts += [("content", *each) for each in contents(document)]
    parts += [("field", f"{where}.{name}", each) for where, name, each in properties(document)]
    for kind, where, node in parts:
        yield from (f"{where} has {name}" for name in set(node) - ALLOWED[kind])
    for where, _, response in responses(document):
        if not response.get("description"):
            yield f"{where} has no description"
    for name, schema in document["components"]["schemas"].items():
        try:
            OAS31Validator.check_schema(schema)
        except Exception as error:
            yield f"{name}: {error}"


def unique_operation_ids(document: Node) -> Iterator[str]:
    counted = Counter(operation.get("operationId") for *_, operation in operations(document))
    yield from (str(name) for name, times in counted.items() if times > 1 or not name)


def path_params(document: Node) -> Iterator[str]:
    for path, method, operation in operations(document):
        found = [resolved(document, each) for each in operation.get("parameters", ())]
        named = {each["name"] for each in found if each["in"] == "path" and each.get("required")}
        if named != set(re.findall(r"\{(\w+)\}", path)):
            yield f"{method} {path}"


def unique_tags(document: Node) -> Iterator[str]:
    counted = Counter(tag["name"] for tag in document["tags"])
    yield from (name for name, times in counted.items() if times > 1)


def valid_media_examples(document: Node) -> Iterator[str]:
    for where, content in contents(document):
        named = [resolved(document, each)["value"] for each in content.get("examples", {}).values()]
        alone = [content["example"]] if "example" in content else []
        for example in (*named, *alone):
            yield from (f"{where}: {e}" for e in _wrong(document, content["schema"], example))


def valid_schema_examples(document: Node) -> Iterator[str]:
    for where, parameter in parameters(document):
        if "example" in parameter:
            wrong = _wrong(document, parameter["schema"], parameter["example"])
            yield from (f"{where} {parameter['name']}: {each}" for each in wrong)
    for where, name, schema in properties(document):
        if "example" in schema:
            yield from (f"{where}.{name}: {e}" for e in _wrong(document, schema, schema["example"]))


def _wrong(document: Node, schema: Node, value: Any) -> list[str]:
    whole = {**schema, "components": document["components"]}
    validator = OAS31Validator(whole, format_checker=oas31_format_checker)
    return [f"{error.json_path} {error.message}" for error in validator.iter_errors(value)]


def server_variables(document: Node) -> Iterator[str]:
    yield from (s["url"] for s in document["servers"] if re.search(r"[{}]", s["url"]))


def servers(document: Node) -> Iterator[str]:
    if not document.get("servers"):
        yield "servers"


def no_trailing_slash(document: Node) -> Iterator[str]:
    yield from (path for path in document["paths"] if path.endswith("/"))


def openapi3(document: Node) -> Iterator[str]:
    if not re.fullmatch(r"3(\.\d+){1,2}", str(document.get("openapi"))):
        yield "openapi"


def version_header(document: Node) -> Iterator[str]:
    for where, status, response in responses(document):
        if status[0] in "23" and "API-Version" not in response.get("headers", {}):
            yield where


def version_in_uri(document: Node) -> Iterator[str]:
    yield from (s["url"] for s in document["servers"] if not re.search(r"/v\d+$", s["url"]))


def contact(document: Node) -> Iterator[str]:
    given = document["info"].get("contact", {})
    yield from (name for name in ("email", "name", "url") if not given.get(name))


def http_methods(document: Node) -> Iterator[str]:
    for path, item in document["paths"].items():
        known = {"get", "put", "post", "delete", "patch", "parameters", "servers"}
        yield from (f"{method} {path}" for method in set(item) - known)


def kebab_case(document: Node) -> Iterator[str]:
    paths = (path for path in document["paths"] if not path.endswith("/openapi.json"))
    yield from (path for path in paths if not KEBAB.fullmatch(path))


def camel_case(document: Node) -> Iterator[str]:
    for where, each in parameters(document):
        if each["in"] == "query" and not CAMEL.fullmatch(each["name"]):
            yield f"{where} {each['name']}"


def problem_schema(document: Node) -> Iterator[str]:
    for where, status, response in responses(document):
        if status[0] in "45" and not set(PROBLEM) & set(response.get("content", {})):
            yield where


def problem_members(document: Node) -> Iterator[str]:
    for where, content in contents(document):
        if where.endswith(PROBLEM):
            schema = resolved(document, content["schema"])
            if not {"status", "title", "detail"} <= set(schema.get("properties", {})):
                yield where


def invalid_input(document: Node) -> Iterator[str]:
    for path, method, operation in operations(document):
        asked = method in ("put", "post", "patch") or operation.get("parameters")
        if asked and "400" not in operation["responses"]:
            yield f"{method} {path}"


def timezone(document: Node) -> Iterator[str]:
    for where, name, schema in properties(document):
        if formats(document, schema) & {"date-time-local", "time"}:
            yield f"{where}.{name}"


def dates(document: Node) -> Iterator[str]:
    for where, name, schema in properties(document):
        if A_DATE.search(name) and formats(document, schema) != {"date"}:
            yield f"{where}.{name}"


def semver(document: Node) -> Iterator[str]:
    if not SEMVER.fullmatch(document["info"]["version"]):
        yield document["info"]["version"]


RULES: dict[str, Rule] = {
    "oas3-schema": oas3_schema,
    "operation-operationId-unique": unique_operation_ids,
    "path-params": path_params,
    "openapi-tags-uniqueness": unique_tags,
    "oas3-valid-media-example": valid_media_examples,
    "oas3-valid-schema-example": valid_schema_examples,
    "oas3-server-variables": server_variables,
    "oas3-api-servers": servers,
    "nlgov:paths-no-trailing-slash": no_trailing_slash,
    "nlgov:openapi3": openapi3,
    "nlgov:missing-version-header": version_header,
    "nlgov:include-major-version-in-uri": version_in_uri,
    "nlgov:info-contact-fields-exist": contact,
    "nlgov:http-methods": http_methods,
    "nlgov:paths-kebab-case": kebab_case,
    "nlgov:query-keys-camel-case": camel_case,
    "nlgov:use-problem-schema": problem_schema,
    "nlgov:problem-schema-members": problem_members,
    "nlgov:problem-invalid-input": invalid_input,
    "nlgov:date-time-ensure-timezone": timezone,
    "nlgov:specify-format-for-date-and-time": dates,
    "nlgov:semver": semver,
}
