"""What a test looks at besides the answer: log lines, rows, and where a browser went."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Integer, select, update

from app import db, keys
from app.codec import decode
from app.domain.draft import Draft
from app.logs import Lines
from app.models import metadata
from app.services import messages

REFERENCE = re.compile(r"\b[0-9A-F]{8}\b(?!-)")  # an id may begin so
LINK_KEY = re.compile(r"link=[0-9a-f]{16}")
TOKEN = re.compile(r'(name="csrf_token" value=")[^"]*')
ENDS = re.compile(r'data-session-ends="\d+"')


@dataclass
class Log:
    """`lines` are ours, `text` is all that anybody wrote, exceptions included."""

    written: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.written if line.startswith("{")]

    @property
    def text(self) -> str:
        return "\n".join(self.written)

    def events(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line.get("event") == name]


class _Hearing(logging.Handler):
    def __init__(self, log: Log, formatter: logging.Formatter) -> None:
        super().__init__(logging.DEBUG)
        self.log = log
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        self.log.written.append(self.format(record))


@contextmanager
def logged() -> Iterator[Log]:
    """Everything that is logged at any level: ours as we write it, the libraries' in full."""
    log, root, ours = Log(), logging.getLogger(), logging.getLogger("portal")
    hearing = {root: _Hearing(log, logging.Formatter()), ours: _Hearing(log, Lines())}
    level = root.level
    root.setLevel(logging.DEBUG)
    for logger, handler in hearing.items():
        logger.addHandler(handler)
    try:
        yield log
    finally:
        root.setLevel(level)
        for logger, handler in hearing.items():
            logger.removeHandler(handler)


def rows(*but: str) -> dict[str, list[str]]:
    """Every row of every table, apart from the tables named and the many of the search, which
    follow from the others."""
    with db.engine().connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
            if table.name not in but and not table.name.startswith("search_")
        }


def all_of(table: str, **where: Any) -> list[Any]:
    """The rows of the table with these values; numbered ones in that order, which PostgreSQL
    leaves once a row has changed."""
    columns = metadata.tables[table].primary_key.columns
    order = [column for column in columns if isinstance(column.type, Integer)]
    with db.engine().connect() as connection:
        found = select(metadata.tables[table]).filter_by(**where).order_by(*order)
        return list(connection.execute(found))


SEALED_AT = {"application": "ca_keten_id", "job": "document_id"}  # the others: their id


def documents() -> dict[str, dict[str, Any]]:
    """Every encrypted document of every table, opened, by where it is."""
    return {
        _place(table.name, row): opened(table.name, row)
        for table in metadata.sorted_tables
        if "document" in table.columns
        for row in all_of(table.name)
        if row.document is not None
    }


def _place(table: str, row: Any) -> str:
    if table == "message":
        return messages.place(row.koppelpunt_id, row.change_number)
    return f"{table}.document.{getattr(row, SEALED_AT.get(table, 'id'))}"


def opened(table: str, row: Any) -> dict[str, Any]:
    """What is sealed in this row."""
    return dict(keys.unseal(_place(table, row), row.document))


def document(table: str, **where: Any) -> dict[str, Any]:
    """What the one row of the table with these values keeps encrypted."""
    return opened(table, row_of(table, **where))


def answers(table: str, **where: Any) -> Draft:
    """The answers in the one application, or the one draft, with these values."""
    return decode(Draft, document(table, **where)["answers"])


def row_of(table: str, **where: Any) -> Any:
    """The one row of the table with these values."""
    (row,) = all_of(table, **where)
    return row


def set_everywhere(table: str, **values: Any) -> None:
    """In every row of the table."""
    with db.transaction() as connection:
        connection.execute(update(metadata.tables[table]).values(values))


@dataclass
class Trail:
    """Where a browser went, and what it was given there."""

    answers: list[httpx.Response] = field(default_factory=list)

    def follow(self, browser: httpx.Client) -> Trail:
        def remember(answer: httpx.Response) -> None:
            answer.read()
            self.answers.append(answer)

        browser.event_hooks["response"].append(remember)
        return self

    @property
    def ours(self) -> list[httpx.Response]:
        """The portal's own answers, without DigiStub's."""
        return [a for a in self.answers if not a.url.path.startswith("/digistub")]

    @property
    def pages(self) -> list[httpx.Response]:
        return [answer for answer in self.ours if is_page(answer)]

    @property
    def addresses(self) -> list[str]:
        asked = [str(answer.url) for answer in self.answers]
        return asked + [a.headers[n] for a in self.ours for n in HEADERS if n in a.headers]


HEADERS = ("Location", "Refresh", "HX-Redirect", "HX-Push-Url")


def is_page(answer: httpx.Response) -> bool:
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    return html and bool(answer.content) and not answer.is_redirect


def outward(html: str) -> list[str]:
    """Where the page's links lead, when that isn't the portal, nor how to reach the school."""
    html = re.sub(r'<section class="contact".*?</section>', "", html, flags=re.S)
    links = [unescape(link) for link in re.findall(r'href="([^"]*)"', html)]
    return [link for link in links if urlsplit(link).scheme or link.startswith("//")]


def inside(html: str) -> str:
    """The page's main part, as it is."""
    found = re.search(r"<main.*?</main>", html, re.S)
    assert found, "no <main>"
    return found[0]


def main(html: str) -> str:
    """The page's main part, without what differs between two drawings of the same page."""
    return masked(inside(html))


def title(html: str) -> str:
    found = re.search(r"<title>(.*?)</title>", html, re.S)
    assert found, "no <title>"
    return found[1]


def token(html: str) -> str:
    """What a form of this page proves itself with."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found, "no form on this page"
    return found[1]


def masked(html: str, *ids: str) -> str:
    """`html` without references, form tokens, keys of links, seconds left, and these ids."""
    for known in ids:
        html = html.replace(known, "ID")
    return ENDS.sub("", TOKEN.sub(r"\1", REFERENCE.sub("REFERENCE", LINK_KEY.sub("link=", html))))
