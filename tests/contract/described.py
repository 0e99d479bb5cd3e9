"""Holds every call of a test against a published OpenAPI description, both ways."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml
from openapi_schema_validator import OAS31Validator, oas31_format_checker

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "tests" / "data"
REF = "#/components/schemas/"
CLOSED = {"unevaluatedProperties": False}


class Description:
    """A schema with a discriminator stands for what its value picks. Unknown keys are an error
    in what is written; in what is `reading` they pass.

    `ours` are the keys that the description doesn't name and that are right nevertheless.
    """

    def __init__(
        self, document: dict[str, Any], ours: frozenset[str] = frozenset(), reading: bool = False
    ) -> None:
        self._document = document
        self._ours = ours
        self._unknown = {} if reading else CLOSED
        named = document["components"]["schemas"]
        self._picked = {name for name, schema in named.items() if "discriminator" in schema}
        schemas = {name: self._closed(schema) for name, schema in named.items()}
        schemas |= {f"{name}.any": self._by_value(named[name]) for name in self._picked}
        self._components = {"schemas": schemas}

    def check_request(self, request: httpx.Request, path: str) -> None:
        operation = self._operation(request, path)
        known = {self._resolved(p)["name"] for p in operation.get("parameters", [])}
        unknown = set(request.url.params) - known
        assert not unknown, f"{path} has no parameter {', '.join(unknown)}"
        if "requestBody" in operation:
            self.check_content(operation["requestBody"], json.loads(request.content))

    def check_response(self, request: httpx.Request, path: str, response: httpx.Response) -> None:
        responses = {str(k): v for k, v in self._operation(request, path)["responses"].items()}
        assert str(response.status_code) in responses, f"{path} never gives {response.status_code}"
        described = self._resolved(responses[str(response.status_code)])
        if "content" not in described:
            return
        media_type = next(iter(described["content"])).partition(";")[0]
        assert response.headers["Content-Type"].partition(";")[0] == media_type
        self.check_content(described, response.json())

    def check_content(self, described: Mapping[str, Any], body: Any) -> None:
        """`body` against the schema of this request body or response."""
        schema = next(iter(described["content"].values()))["schema"]
        if schema.get("type") == "array" and isinstance(body, dict):
            (body,) = body["_embedded"].values()  # HAL: the description speaks of the items
        self._validate(schema, body)

    def check(self, name: str, body: Any) -> None:
        """`body` against the schema of this name."""
        self._validate({"$ref": REF + name}, body)

    def _validate(self, schema: dict[str, Any], body: Any) -> None:
        validator = OAS31Validator(
            {**self._closed(schema), "components": self._components},
            format_checker=oas31_format_checker,
        )
        wrong = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(self._without(body))]
        assert not wrong, wrong

    def _operation(self, request: httpx.Request, path: str) -> dict[str, Any]:
        for template, operations in self._document["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                found: dict[str, Any] = operations[request.method.lower()]
                return found
        raise AssertionError(f"no path {path}")

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        found: Any = self._document
        for key in node["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        return dict(found)

    def _closed(self, node: Any, inherited: bool = False) -> Any:
        if isinstance(node, list):
            return [self._closed(item, inherited) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            name = node["$ref"].removeprefix(REF)
            if inherited:
                return {"$ref": REF + name}
            return (
                {"$ref": f"{REF}{name}.any"} if name in self._picked else {**node, **self._unknown}
            )
        left_out = ("discriminator", "description", "example")
        return {k: self._closed(v, k == "allOf") for k, v in node.items() if k not in left_out}

    def _by_value(self, schema: dict[str, Any]) -> dict[str, Any]:
        key = schema["discriminator"]["propertyName"]
        named = schema["discriminator"]["mapping"].items()
        mapping = {v: ref if "/" in ref else REF + ref for v, ref in named}
        return {
            "type": "object",
            "required": [key],
            "properties": {key: {"enum": list(mapping)}},
            "allOf": [
                {"if": {"properties": {key: {"const": v}}}, "then": {"$ref": ref, **self._unknown}}
                for v, ref in mapping.items()
            ],
        }

    def _without(self, body: Any) -> Any:
        if isinstance(body, list):
            return [self._without(item) for item in body]
        if not isinstance(body, dict):
            return body
        return {k: self._without(v) for k, v in body.items() if k not in self._ours}


@cache
def brp() -> Description:
    """DUO's persons; `indicatieGeheim` is the raw number that DUO gives beside it."""
    document = yaml.safe_load((DATA / "brp_personen_v2.yaml").read_text())
    return Description(document, frozenset({"indicatieGeheim"}))


@cache
def duo_education() -> Description:
    """DUO's prior education; the description is ours."""
    path = ROOT / "docs" / "registers" / "duo-vooropleidingen.yaml"
    return Description(yaml.safe_load(path.read_text()))


@cache
def rio() -> Description:
    """RIO; `_links` is HAL's."""
    document = yaml.load((DATA / "RIO_LOD_API_v2.yml").read_text(), yaml.CSafeLoader)
    return Description(document, frozenset({"_links"}))


@cache
def sbb() -> Description:
    """SBB's leerbedrijven, as we ask for them."""
    document = yaml.safe_load((ROOT / "docs" / "registers" / "sbb-leerbedrijven.yaml").read_text())
    return Description(document)


@cache
def bag() -> Description:
    """PDOK's Locatieserver."""
    document = yaml.safe_load((DATA / "pdok_locatieserver_v3_1.yaml").read_text())
    return Description(document)


@cache
def cambo(reading: bool = False) -> Description:
    """An application as a SIS is served it. The description lacks three fields that the existing
    coupling's examples have: two are as long as the names that they stand in for, and the day is
    written YYYY-MM-DD (SIS-4)."""
    document = json.loads((DATA / "cambo_aanmelding.json").read_text())
    fields = document["components"]["schemas"]["vca_Aanmelding"]["allOf"][1]["properties"]
    fields["voorkeursAchternaam"] = fields["achternaam"]
    fields["voorkeursVoorvoegsels"] = fields["voorvoegsels"]
    fields["gewensteStartdatum"] = {"type": "string", "format": "date"}
    return Description(document, reading=reading)


class Described(httpx.BaseTransport):
    """`base_path` is where in the address the description's paths begin."""

    def __init__(self, inner: httpx.BaseTransport, description: Description, base_path: str):
        self._inner = inner
        self._description = description
        self._base_path = base_path
        self.calls = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(self._base_path)
        self._description.check_request(request, path)
        response = self._inner.handle_request(request)
        response.read()
        self._description.check_response(request, path, response)
        self.calls += 1
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(response.content),
        )
