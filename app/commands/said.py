"""What goes wrong, in a sentence on the command line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import DBAPIError

from app import clock, db
from app.domain.ports import RegisterError
from app.services import (
    audit,
    catalogue_sync,
    delivery,
    institutions,
    koppelpunten,
    retention,
    sis_clients,
)
from app.services.audit import Actor
from app.services.catalogue_run import Running

# Nine digits might be a BSN, but not within a caKetenId or a certificate's fingerprint.
NINE = re.compile(
    r"(\b(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b)|(?<![0-9])[0-9]{9}(?![0-9])"
)
UNKNOWN = (institutions.Unknown, koppelpunten.Unknown, sis_clients.Unknown, delivery.NotThere)


@contextmanager
def noted(*brins: str) -> Iterator[list[str]]:
    """The command that runs, with what was given, in the audit trail of these schools (ADM-2):
    before it is done, and what came of it, with what the list that is given holds in the end."""
    context, made = click.get_current_context(), list[str]()
    operator, shell = f"uid {os.getuid()}", "command line"
    group = context.parent if context.parent and context.parent.parent else None  # not the program
    action = f"{group.info_name} {context.info_name}" if group else str(context.info_name)
    names = [parameter.name or "" for parameter in context.command.params]
    given = ((name, context.params[name]) for name in names)
    told = [f"{name}={_written(value)}" for name, value in given if value not in (None, "", ())]

    def note(result: str) -> None:
        who = Actor("operator", operator, shell, clock.real_now())
        about = masked(" ".join((*told, *made)))
        with db.transaction() as connection:
            for brin in brins or ("",):
                audit.note(connection, who, action, about, result, brin[:4])

    note("gevraagd")
    try:
        yield made
    except Exception:
        note("mislukt")
        raise
    note("gedaan")


def masked(text: str) -> str:
    """Without what might be a BSN."""
    return NINE.sub(lambda found: found[1] or "*" * 9, text)


def _written(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


@contextmanager
def said(stopped: str = "nothing changed") -> Iterator[None]:
    """What goes wrong, in a sentence; `stopped` is what a database that is gone leaves."""
    try:
        yield
    except (RegisterError, catalogue_sync.Refused) as error:
        raise click.ClickException(f"nothing changed: {error}") from None
    except Running:
        raise click.ClickException("nothing changed: a synchronisation is running") from None
    except retention.TooMany as error:
        raise click.ClickException(f"nothing was done: {error}") from None
    except (*UNKNOWN, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except (db.Busy, DBAPIError):
        raise click.ClickException(f"{stopped}: the database is busy or gone") from None
