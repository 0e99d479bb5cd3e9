"""Holds what the portal answers to a SIS, and what it took from one, against the portal's own
OpenAPI documents."""

from __future__ import annotations

import json
import re
from functools import cache
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from app.api import openapi
from app.api.documents import FACTS
from app.problems import MEDIA_TYPE, PATHS, VERSION
from tests.contract.described import Description

VALUES = {
    **FACTS,
    **{"base_url": "https://portaal.test", "contact": "koppelen@portaal.test"},
    "client_id": "9" * 20,
}
TELLING = {  # headers that say something about one answer only
    *("Link", "Content-Range", "Retry-After", "WWW-Authenticate", "Access-Control-Allow-Origin"),
}
OF_HTTP = {  # for any address, described or not
    *(HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN),
}


class Operation(NamedTuple):
    api: str
    path: str  # whole, as a template
    method: str
    node: dict[str, Any]


@cache
def document(api: str, testing: bool = True) -> dict[str, Any]:
    return openapi.document(api, VALUES, testing)


@cache
def description(api: str, reading: bool = False) -> Description:
    return Description(document(api), reading=reading)


@cache
def operations() -> tuple[Operation, ...]:
    """Of both documents; fixed addresses before those with a parameter."""
    found = [
        Operation(api, urlsplit(server["url"]).path + path, method.upper(), node)
        for api in openapi.FILES
        for path, item in document(api)["paths"].items()
        for server in item.get("servers", document(api)["servers"])
        for method, node in item.items()
        if method != "servers"
    ]
    return tuple(sorted(found, key=lambda one: "{id}" in one.path))


def check(response: httpx.Response) -> None:
    """Raises AssertionError for an answer that no document describes, and for one of success to
    what none describes, apart from fields too many. Of pages it says nothing."""
    request = response.request
    path = request.url.path
    if not path.startswith(PATHS):
        return
    response.read()
    assert response.headers.get("API-Version") == VERSION, f"{path} says no version"
    if request.method in ("HEAD", "OPTIONS"):
        return
    operation = _operation(request.method, path)
    if operation is None:
        assert response.status_code in OF_HTTP, f"{request.method} {path} is not described"
        assert response.headers["Content-Type"] == MEDIA_TYPE
        description("/cambo/rest/v1").check("Problem", response.json())
        return
    _described(operation, response)
    if response.is_success:
        _taken(operation, request)


def _operation(method: str, path: str) -> Operation | None:
    return next(
        (
            one
            for one in operations()
            if one.method == method and re.fullmatch(_pattern(one.path), path)
        ),
        None,
    )


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path.replace("{id}", "[0-9]+")))


def _described(operation: Operation, response: httpx.Response) -> None:
    where = f"{operation.method} {operation.path} {response.status_code}"
    answers = operation.node["responses"]
    assert str(response.status_code) in answers, f"{where} is not described"
    whole = document(operation.api)
    answer = openapi.resolved(whole, answers[str(response.status_code)])
    named = {name.lower() for name in answer.get("headers", {})}
    told = {name for name in TELLING if name in response.headers and name.lower() not in named}
    assert not told, f"{where} has {', '.join(told)}, which is not described"
    kind = response.headers["Content-Type"].partition(";")[0]
    assert kind in answer["content"], f"{where} is never {kind}"
    schema = answer["content"][kind]["schema"]
    name = schema.get("$ref", "").removeprefix("#/components/schemas/")
    if name:
        description(operation.api).check(name, response.json())


def _taken(operation: Operation, request: httpx.Request) -> None:
    """What a SIS sends may have fields that we don't know."""
    described = operation.node.get("requestBody", {})
    if "application/json" in described.get("content", ()) and request.content.strip():
        reader = description(operation.api, reading=True)
        reader.check_content(described, json.loads(request.content))
