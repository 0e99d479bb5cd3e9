"""Design tokens, resolved when the assets are built.

The components of the NL Design System ask for hundreds of tokens, most of which a theme never
sets, and a theme answers with tokens that point to other tokens. All of that is worked out here.
What stays in the browser's CSS are the tokens that brand.css sets: dark mode and the accent of a
school are a change of those, and of nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

DECLARED = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]+?)\s*[;}]")
# A value that asks for a token nobody sets: invalid in a browser, so the declaration goes.
NOWHERE = "\0"
UNANSWERED = re.compile(rf"[\w-]+\s*:[^;{{}}]*{NOWHERE}[^;{{}}]*(?:;|(?=}}))")

Tokens = Mapping[str, str]


def declared(css: str) -> dict[str, str]:
    """Every custom property that `css` sets, with the last value given to it."""
    return dict(DECLARED.findall(css))


def resolved(css: str, tokens: Tokens, kept: Collection[str]) -> str:
    """`css` with each `var()` replaced by its token's value or else by its own default.

    Names in `kept` stay as they are: what is decided in the browser. A declaration whose token
    has neither value nor default, which a browser would throw away, is left out.
    """
    return UNANSWERED.sub("", _answered(css, tokens, kept))


def _answered(css: str, tokens: Tokens, kept: Collection[str]) -> str:
    out: list[str] = []
    at = 0
    for found in re.finditer(r"var\(", css):
        if found.start() < at:
            continue  # inside one already answered
        end = _closing(css, found.end())
        name, _, default = css[found.end() : end].partition(",")
        out += css[at : found.start()], _answer(name.strip(), default.strip(), tokens, kept)
        at = end + 1
    return "".join(out) + css[at:]


def _answer(name: str, default: str, tokens: Tokens, kept: Collection[str]) -> str:
    value = _answered(tokens.get(name, default), tokens, kept)
    if name not in kept:
        return value or NOWHERE
    return f"var({name},{value})" if value and NOWHERE not in value else f"var({name})"


def _closing(css: str, at: int) -> int:
    """The place of the bracket that closes the one opened just before `at`."""
    depth = 1
    while depth:
        depth += {"(": 1, ")": -1}.get(css[at], 0)
        at += 1
    return at - 1
