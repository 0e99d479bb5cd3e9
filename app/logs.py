"""One JSON line a request. Only the keys below are ever written: no path, no query, no person."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import Any

import orjson
from flask import Flask, Response, g, request, session

from app import clock

log = logging.getLogger("portal")


# The standard library's own advice for speed: what no line of ours shows isn't looked up.
logging._srcfile = None
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def to_json(line: dict[str, Any]) -> str:
    return orjson.dumps(line).decode()


class Lines(logging.Formatter):
    """The message is the line; a library's own text may hold anything, so only its logger and
    the kind of exception are written."""

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.msg, dict):
            return to_json(record.msg)
        line = {"level": record.levelname, "logger": record.name, "event": "foreign"}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return to_json(line)


def set_up(app: Flask) -> None:
    if not log.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(Lines())
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False
    app.logger.handlers = log.handlers
    app.logger.propagate = False

    @app.before_request
    def begin() -> None:
        g.began = clock.ticks()

    @app.after_request
    def end(response: Response) -> Response:
        if g.get("quiet"):
            return response
        log.info(
            {
                "time": clock.real_now().isoformat(timespec="milliseconds"),
                "reference": reference(),
                "method": request.method,
                "route": request.url_rule.rule if request.url_rule else "",
                "status": response.status_code,
                "ms": round((clock.ticks() - g.get("began", clock.ticks())) * 1000, 1),
                "actor": "sis"
                if "token" in g
                else "student"
                if "student" in session
                else "anonymous",
            }
        )
        return response


def reference() -> str:
    """Of this request: on the error page and in the log."""
    if "reference" not in g:
        g.reference = secrets.token_hex(4).upper()
    return g.reference  # type: ignore[no-any-return]


def event(name: str, **details: str | int) -> None:
    """Something that the operator should see. `details` hold no personal datum."""
    log.info({"event": name, "reference": reference(), **details})
