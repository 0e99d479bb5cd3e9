"""Jinja, with one environment a language.

In it every `_("…")` is replaced by its translation, `locale`'s attributes by their value, a loop
over `locales` by its rounds, and `url_for` and `asset` with constant arguments by their result,
when the template is loaded: drawing a page looks nothing up.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from copy import deepcopy
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from app.i18n import BY_CODE, LOCALES, SOURCE, Locale, Named, Sentence, translate


class Templates(Environment):
    """Jinja's environment for one language; `folded` names what is computed at load time."""

    language = SOURCE
    folded: dict[str, Any] = {}
    # An attribute is an attribute: a misspelt one is an error, and finding it costs a third.
    getattr = staticmethod(getattr)  # type: ignore[assignment]

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
            text = nodes.Const(said, lineno=node.lineno)
            return self.filtered("_fill", text, node) if node.kwargs else text
        elif name == "_" and node.args:
            return self.filtered("_", node.args[0], node)
        elif name in self.folded and all(isinstance(a, nodes.Const) for a in node.args):
            named = {k.key: k.value for k in node.kwargs}
            if all(isinstance(value, nodes.Const) for value in named.values()):
                value = self.folded[name](
                    *(a.as_const() for a in node.args),
                    **{key: constant.as_const() for key, constant in named.items()},
                )
                return nodes.Const(value, lineno=node.lineno)
        return node

    @staticmethod
    def filtered(name: str, text: nodes.Expr, call: nodes.Call) -> nodes.Node:
        """The call as a filter: Jinja looks that up once a page, and calls it directly."""
        return nodes.Filter(text, name, [], call.kwargs, None, None, lineno=call.lineno)

    def visit_For(self, node: nodes.For) -> Any:
        """A loop over the languages becomes its rounds, one after another."""
        if not (isinstance(node.iter, nodes.Name) and node.iter.name == "locales"):
            return self.generic_visit(node)
        assert isinstance(node.target, nodes.Name)
        assert node.test is None and not node.else_, "only a plain loop can be unrolled"  # noqa: PT018
        rounds = [Round(node.target.name, locale) for locale in LOCALES]
        shared = {id(node.environment): node.environment}
        parts = [one.visit(deepcopy(part, dict(shared))) for one in rounds for part in node.body]
        return [self.visit(part) for part in parts]

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        node = self.generic_visit(node)  # type: ignore[assignment]
        if isinstance(node.node, nodes.Name) and node.node.name == "locale":
            return nodes.Const(getattr(BY_CODE[self.language], node.attr), lineno=node.lineno)
        return node


class Round(NodeTransformer):
    """One round of a loop over the languages: the loop's name stands for one of them."""

    def __init__(self, name: str, locale: Locale) -> None:
        self.name, self.locale = name, locale

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        if isinstance(node.node, nodes.Name) and node.node.name == self.name:
            return nodes.Const(getattr(self.locale, node.attr), lineno=node.lineno)
        return self.generic_visit(node)

    def visit_Name(self, node: nodes.Name) -> nodes.Name:
        assert node.name not in (self.name, "loop"), f"{node.name} in a loop that is unrolled"
        return node


def fill(text: str, **values: Any) -> Markup:
    """A translated sentence with its values; markup only where a value is markup already."""
    return Markup(escape(text)) % values


def isolated(text: str, **values: Any) -> Markup:
    """As fill, for a language from right to left: a Latin name keeps its own direction, and the
    sentence's full stop stays at the sentence's end."""
    kept = {
        name: f"\u2068{value}\u2069" if type(value) is str else value
        for name, value in values.items()
    }
    return fill(text, **kept)


def unbroken(day: str) -> Markup:
    """A date on one line and in its own direction: browsers break it at its hyphens. By markup,
    so that who copies it gets no other characters than they see."""
    return Markup('<bdi class="day">%s</bdi>') % day


def from_markdown(html: str) -> Markup:
    """What app/manuals made of our own texts, in which HTML doesn't count."""
    return Markup(html)


def environments(app: Flask, folded: dict[str, Callable[..., Any]]) -> dict[str, Templates]:
    """One environment for each language; `folded` are the functions computed at load time."""
    assert isinstance(app.jinja_env, Templates)
    made = {}
    for locale in LOCALES:
        environment = app.jinja_env.overlay(cache_size=-1)  # all of them, in a plain dict
        environment.language = locale.code
        environment.folded = folded
        environment.globals = {
            **app.jinja_env.globals,
            **folded,
            "locale": locale,
            "locales": LOCALES,
        }
        environment.filters = {
            **app.jinja_env.filters,
            "_": _translator(locale),
            "said": _said(locale),
            "_fill": isolated if locale.dir == "rtl" else fill,
        }
        made[locale.code] = environment
    return made


def _said(locale: Locale) -> Callable[[str], str]:
    """For what may be ours or somebody's own: only a Sentence is translated, and a Named is said
    in English to who reads English."""
    translated = _translator(locale)

    def said(value: str) -> str:
        if isinstance(value, Named):
            language = "en" if locale.code == "en" and value.english else "nl"
            text = value.english if language == "en" else str(value)
            return Markup('<bdi lang="%s">%s</bdi>') % (language, text)
        return translated(value) if isinstance(value, Sentence) else value

    return said


def _translator(locale: Locale) -> Callable[..., str]:
    filled = isolated if locale.dir == "rtl" else fill

    def translated(text: str, **values: Any) -> str:
        values = values or getattr(text, "values", {})
        said = translate(locale.code, str(text))
        return filled(said, **values) if values else said

    return translated
