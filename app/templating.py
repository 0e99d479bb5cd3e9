"""Jinja, with one environment a language.

In it every `_("…")` is replaced by its translation, and `url_for` and `asset` with constant
arguments by their result, when the template is loaded: drawing a page looks nothing up.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from app.i18n import LOCALES, SOURCE, translate


class Templates(Environment):
    """Jinja's environment for one language; `folded` names what is computed at load time."""

    language = SOURCE
    folded: dict[str, Any] = {}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One dict for all templates, where Jinja looks through two for every name."""
        return self.globals if d is None else super().make_globals(d)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return Fold(self.language, self.folded).visit(tree)  # type: ignore[no-any-return]


class Fold(NodeTransformer):
    def __init__(self, language: str, folded: dict[str, Any]) -> None:
        self.language, self.folded = language, folded

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        node = self.generic_visit(node)  # type: ignore[assignment]
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        name = node.node.name
        if name == "_" and node.args and isinstance(node.args[0], nodes.Const):
            said = translate(self.language, node.args[0].value)
            if not node.kwargs:
                return nodes.Const(said, lineno=node.lineno)
            node.node = nodes.Name("_fill", "load", lineno=node.lineno)
            node.args = [nodes.Const(said, lineno=node.lineno)]
        elif name in self.folded and all(isinstance(a, nodes.Const) for a in node.args):
            named = {k.key: k.value for k in node.kwargs}
            if all(isinstance(value, nodes.Const) for value in named.values()):
                value = self.folded[name](
                    *(a.as_const() for a in node.args),
                    **{key: constant.as_const() for key, constant in named.items()},
                )
                return nodes.Const(value, lineno=node.lineno)
        return node


def fill(text: str, **values: Any) -> Markup:
    """A translated sentence with its values; markup only where a value is markup already."""
    return Markup(escape(text)) % values


def environments(app: Flask, folded: dict[str, Callable[..., Any]]) -> dict[str, Templates]:
    """One environment for each language; `folded` are the functions computed at load time."""
    assert isinstance(app.jinja_env, Templates)
    made = {}
    for locale in LOCALES:
        environment = app.jinja_env.overlay()
        environment.language = locale.code
        environment.folded = folded
        environment.globals = {
            **app.jinja_env.globals,
            **folded,
            "_": _translator(locale.code),
            "_fill": fill,
            "locale": locale,
            "locales": LOCALES,
        }
        made[locale.code] = environment
    return made


def _translator(code: str) -> Callable[..., str]:
    def translated(text: str, **values: Any) -> str:
        return fill(translate(code, text), **values) if values else translate(code, text)

    return translated
