"""How RIO's test service reads a question and writes an answer, and how it fails when told to."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, current_app, json, request

SLOW_SECONDS = 30.0
PAGE_SIZE = 20
MOST_PAGE_SIZE = 100
PAGING = frozenset({"page", "pageSize", "sort"})
Body = dict[str, Any]
Row = TypeVar("Row")


def arguments(known: Iterable[str]) -> dict[str, str]:
    """RIO answers 400 to a parameter it doesn't know, and so do we."""
    if set(request.args) - set(known):
        abort(400)
    for name in ("datumGeldigOp", "aanmeldperiode", "beginAanmeldperiode", "eindeAanmeldperiode"):
        if not re.fullmatch(r"(\d{4}-\d\d-\d\d)?", request.args.get(name, "")):
            abort(400)
    if request.args.get("sort", "id") != "id":
        abort(400)
    return request.args.to_dict()


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else abort(400)


def page_of(
    call: str, collection: str, rows: Sequence[Row], body: Callable[[Row], Body]
) -> Response:
    """One page of rows that stand in order of id."""
    page, size = _number("page", 0), _number("pageSize", PAGE_SIZE)
    if not 1 <= size <= MOST_PAGE_SIZE:
        abort(400)
    if ":" in _fault(call):
        size = 1  # it fails on a later page: so there must be one
    links = {"self": {"href": request.url}}
    if (page + 1) * size < len(rows):
        query = {**request.args.to_dict(), "page": page + 1}
        links["next"] = {"href": f"{request.base_url}?{urlencode(query)}"}
    shown = [body(row) for row in rows[page * size : (page + 1) * size]]
    return answer(call, {"_embedded": {collection: shown}, "_links": links}, page)


def list_of(call: str, collection: str, found: Iterable[Body]) -> Response:
    links = {"self": {"href": request.url}}
    return answer(call, {"_embedded": {collection: list(found)}, "_links": links})


def one(call: str, body: Body) -> Response:
    return answer(call, {**body, "_links": {"self": {"href": request.url}}})


def answer(call: str, body: Body, page: int = 0) -> Response:
    """Faults: a status, or one of FAULTS; with `:n`, on page n only."""
    fault, _, on_page = _fault(call).partition(":")
    if not fault or (on_page and int(on_page) != page):
        return as_json(body)
    if fault.isdecimal():
        return as_json({"status": int(fault), "title": HTTPStatus(int(fault)).phrase}, int(fault))
    return FAULTS[fault](body)


def _fault(call: str) -> str:
    return current_app.extensions["world"].fault("rio", call) or ""


def as_json(body: Body, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def _truncated(body: Body) -> Response:
    return Response(json.dumps(body)[:-20], mimetype="application/json")


def _empty(body: Body) -> Response:
    return as_json({"_embedded": {}, "_links": {"self": {"href": request.url}}})


def _html(body: Body) -> Response:
    return Response("<!doctype html><title>Onderhoud</title><p>RIO is in onderhoud.")


def _slow(body: Body) -> Response:
    time.sleep(SLOW_SECONDS)
    return as_json(body)


FAULTS: dict[str, Callable[[Body], Response]] = {
    "truncated": _truncated,
    "empty": _empty,
    "html": _html,
    "timeout": _slow,
}
