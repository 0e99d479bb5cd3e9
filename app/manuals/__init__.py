"""Manuals: Markdown beside this file, in Dutch and English, made into HTML when the portal starts.

Beside CommonMark and tables three things count: `{#name}` at the end of a heading, or of a row's
first cell, is its anchor; `{{name}}` is a value; and what stands between `::: test` and `:::` is
there only outside production, between `::: productie` and `:::` only in it (IDN-2). A quotation is
a notice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.templating import from_markdown

FOLDER = Path(__file__).parent
LANGUAGES = ("nl", "en")  # who reads another language gets English
ANCHOR = re.compile(r"\s*\{#([\w-]+)\}$")
ONLY = re.compile(r"^#?::: (test|productie)\n(.*?)^#?:::\n", re.MULTILINE | re.DOTALL)
CLASSES = {
    "h1": "utrecht-heading-1",
    "h2": "utrecht-heading-2",
    "a": "utrecht-link utrecht-link--html-a",
    "ul": "utrecht-unordered-list",
    "table": "cards-when-small",
}
ROLES = {  # a table stays one where its rows are shown as cards
    **{"table": "table", "thead": "rowgroup", "tbody": "rowgroup"},
    **{"tr": "row", "th": "columnheader", "td": "cell"},
}

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


class Heading(NamedTuple):
    anchor: str
    text: str


class Manual(NamedTuple):
    language: str
    title: str
    lead: Markup  # before its first part
    html: Markup
    contents: list[Heading]
    words: Mapping[str, str]


def filled(text: str, values: Mapping[str, object], testing: bool) -> str:
    """`text` with its values, and without what is for testers only. Raises KeyError for a value
    that there isn't."""
    where = "test" if testing else "productie"
    text = ONLY.sub(lambda found: found[2] if found[1] == where else "", text)
    return re.sub(r"\{\{(\w+)\}\}", lambda found: str(values[found[1]]), text)


def manual(name: str, language: str, values: Mapping[str, object], testing: bool) -> Manual:
    source = (FOLDER / f"{name}.{language}.md").read_text("utf-8")
    tokens = parsed(filled(source, values, testing))
    headings = [
        (token.tag, Heading(str(token.attrGet("id")), tokens[number + 1].content))
        for number, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    first = next(number for number, token in enumerate(tokens) if token.tag == "h2")
    return Manual(
        language,
        next(heading.text for tag, heading in headings if tag == "h1"),
        _html(tokens[:first]),
        _html(tokens[first:]),
        [heading for tag, heading in headings if tag == "h2"],
        words(language),
    )


def words(language: str) -> Mapping[str, str]:
    """What stands around a manual, by its name."""
    found: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / "words.yaml").read_text("utf-8"))
    return found[language]


def markdown(text: str) -> Markup:
    """A short text as HTML."""
    return _html(parsed(text))


def parsed(text: str) -> list[Token]:
    tokens = _markdown.parse(text)
    columns: list[str] = []
    for number, token in enumerate(tokens):
        inside = tokens[number + 1] if number + 1 < len(tokens) else token
        if token.type == "heading_open":
            _anchored(token, inside)
            if token.tag == "h1":
                token.attrSet("tabindex", "-1")
        elif token.type == "table_open":
            columns = []
        elif token.type == "th_open":
            columns.append(inside.content)
        elif token.type == "tr_open" and tokens[number + 1].type == "td_open":
            columns = columns[-_cells(tokens, number) :]
            _anchored(token, tokens[number + 2])
        elif token.type == "td_open":
            token.attrSet("data-column", columns[_cell(tokens, number)])
        elif token.type in ("blockquote_open", "blockquote_close"):
            token.tag = "div"
            if token.nesting == 1:
                token.attrSet("class", "notice")
        for each in (token, *(token.children or ())):
            _dressed(each)
    return tokens


def _dressed(token: Token) -> None:
    if token.nesting != 1:
        return
    if token.tag in CLASSES:
        token.attrJoin("class", CLASSES[token.tag])
    if token.tag in ROLES:
        token.attrSet("role", ROLES[token.tag])


def _anchored(token: Token, text: Token) -> None:
    """Takes the anchor from the end of the text."""
    found = ANCHOR.search(text.content)
    if found is None or not text.children:
        return
    token.attrSet("id", found[1])
    text.content = ANCHOR.sub("", text.content)
    text.children[-1].content = ANCHOR.sub("", text.children[-1].content)


def _cells(tokens: list[Token], row: int) -> int:
    end = next(n for n in range(row, len(tokens)) if tokens[n].type == "tr_close")
    return sum(token.type == "td_open" for token in tokens[row:end])


def _cell(tokens: list[Token], at: int) -> int:
    """Its number in its row."""
    row = next(n for n in range(at, 0, -1) if tokens[n].type == "tr_open")
    return sum(token.type == "td_open" for token in tokens[row:at])


def _html(tokens: list[Token]) -> Markup:
    return from_markdown(_markdown.renderer.render(tokens, _markdown.options, {}))
