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


def noted(action: str, about: str, brin: str = "") -> None:
    """In the audit trail, before it is done: what fails was tried, and what was done was noted."""
    operator = Actor("operator", f"uid {os.getuid()}", "command line", clock.real_now())
    with db.transaction() as connection:
        audit.note(connection, operator, action, about, "gevraagd", brin[:4])


@contextmanager
def said() -> Iterator[None]:
    """What goes wrong, in a sentence."""
    try:
        yield
    except (RegisterError, catalogue_sync.Refused) as error:
        raise click.ClickException(f"nothing changed: {error}") from None
    except Running:
        raise click.ClickException("nothing changed: a synchronisation is running") from None
    except (*UNKNOWN, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except (db.Busy, DBAPIError):
        raise click.ClickException("nothing changed: the database is busy or gone") from None
