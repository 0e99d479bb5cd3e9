"""What goes wrong, in a sentence on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import DBAPIError

from app import clock, db
from app.domain.ports import RegisterError
from app.services import audit, catalogue_sync, delivery, institutions, koppelpunten, sis_clients
from app.services.audit import Actor
from app.services.catalogue_run import Running

UNKNOWN = (institutions.Unknown, koppelpunten.Unknown, sis_clients.Unknown, delivery.NotThere)


def noted(*brins: str) -> None:
    """The command that runs, with what was given, in the audit trail of these schools: before it
    is done, so that what fails was tried, and what was done was noted."""
    context = click.get_current_context()
    action = f"{context.parent.info_name if context.parent else ''} {context.info_name}"
    given = (
        (name, context.params[name]) for name in (p.name or "" for p in context.command.params)
    )
    about = " ".join(f"{name}={_written(v)}" for name, v in given if v not in (None, "", ()))
    operator = Actor("operator", f"uid {os.getuid()}", "command line", clock.real_now())
    with db.transaction() as connection:
        for brin in brins or ("",):
            audit.note(connection, operator, action, about, "gevraagd", brin[:4])


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
    except (*UNKNOWN, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except (db.Busy, DBAPIError):
        raise click.ClickException(f"{stopped}: the database is busy or gone") from None
