"""What a form of the wizard reads."""

from __future__ import annotations

from typing import Any

from wtforms import FormField
from wtforms.fields.core import UnboundField


def names(form: type[Any]) -> set[str]:
    """Of the fields that a form class has, those of its parts too, and of the forms that may be
    put in its place."""
    found = set()
    for name in dir(form):
        if isinstance(unbound := getattr(form, name), UnboundField):
            part = unbound.args[0] if unbound.field_class is FormField else None
            found |= {f"{name}-{inner}" for inner in names(part)} if part else {name}
    return found.union(*map(names, form.__subclasses__()))
