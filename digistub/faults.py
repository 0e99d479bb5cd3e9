"""How a test service fails when a tester asks for it: the same ways for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Response, json, request

from digistub.world import World

SLOW_SECONDS = 30.0
MANY_BYTES = 10_000_000
STATUSES = {"400": 400, "401": 401, "404": 404, "429": 429, "500": 500, "refused": 503}
AT_FIRST = "at-first"  # of a person: no answer in time at first, and one a little later
WAYS = (*STATUSES, "timeout", "html", "truncated", "wrong-types", "large")

Answer = dict[str, Any]


def asked() -> Any:
    """The JSON that was asked with; None for what is none."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def fault_of(world: World, service: str, call: str, bsn: str, own: str) -> str:
    """How a call about `bsn` must fail: as a tester told, or else in the person's `own` way."""
    told = world.fault(service, call, bsn)
    if told or own != AT_FIRST:
        return told or own
    return "timeout" if world.at_first(bsn) else ""


def failing(
    fault: str,
    answer: Answer,
    wrong_types: Callable[[Answer], Answer],
    problem: Callable[[int], Response],
) -> Response:
    """`answer` as it comes out under this fault; `problem` words a status as the service does."""
    if fault in STATUSES:
        return problem(STATUSES[fault])
    match fault:
        case "timeout":
            time.sleep(SLOW_SECONDS)
            return as_json(answer)
        case "html":
            return Response("<!doctype html><title>Onderhoud</title><p>Even geduld.", 200)
        case "truncated":
            return as_json(json.dumps(answer)[:-20])
        case "wrong-types":
            return as_json(wrong_types(answer))
        case "large":
            return as_json(json.dumps({**answer, "opvulling": "x" * MANY_BYTES}))
    return problem(500)


def as_json(answer: Answer | str) -> Response:
    body = answer if isinstance(answer, str) else json.dumps(answer)
    return Response(body, 200, mimetype="application/json")
