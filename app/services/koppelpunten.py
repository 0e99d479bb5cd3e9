"""Koppelpunten: which one an application goes to, and what the operator sets of one (ADM-4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

import idna
from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from app import db
from app.domain.koppelpunt import CODE, SIS_KINDS, STUB, code_key
from app.models import institution, koppelpunt, koppelpunt_provider, provider

columns, named = koppelpunt.c, koppelpunt_provider.c
LONGEST_NAME, LONGEST_URL = 80, 2048  # characters


class Unknown(Exception):
    """There is no such koppelpunt, school or provider."""


@dataclass(frozen=True)
class Settings:
    """What is set of a koppelpunt; None leaves it as it is."""

    name: str | None = None  # as the SIS reads it
    active_from: datetime | None = None  # applications go to it from this moment on
    off: bool | None = None  # takes and gives nothing
    sis: str | None = None  # one of SIS_KINDS, or empty
    acknowledging: bool | None = None  # `nieuw` repeats until acknowledged (SIS-1)
    nudge_url: str | None = None  # SIS-9; empty: none
    providers: Sequence[str] | None = None  # codes; empty: the school's default


class Koppelpunt(NamedTuple):
    id: int
    code: str
    uuid: str
    brin: str
    name: str
    active_from: datetime
    off: bool
    sis: str
    acknowledging: bool
    seen_at: datetime | None
    providers: tuple[str, ...]


def receives_from(brin: Any, provider_code: Any) -> ScalarSelect[Any]:
    """Since when a provider has a koppelpunt that is on; NULL when it has none (CAT-8)."""
    return (
        select(func.min(columns.active_from))
        .where(columns.brin == brin, ~columns.off, serves(provider_code))
        .scalar_subquery()
    )


def serves(provider_code: Any) -> ColumnElement[bool]:
    """It is the school's default, or this provider is named."""
    return or_(~_extra(), _extra(named.provider_code == provider_code))


def _extra(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Providers are named for it. All but their own table is the statement's around it."""
    of = select(named.koppelpunt_id).where(named.koppelpunt_id == columns.id, *where)
    return of.correlate_except(koppelpunt_provider).exists()


def of_provider(connection: Connection, brin: str, provider_code: Any, now: datetime) -> int | None:
    """Where an application to this provider goes now: an extra one goes before the default, and
    a later one before an earlier."""
    extra = _extra(named.provider_code == provider_code)
    return connection.execute(
        select(columns.id)
        .where(columns.brin == brin, ~columns.off, columns.active_from <= now)
        .where(serves(provider_code))
        .order_by(extra.desc(), columns.active_from.desc(), columns.id.desc())
        .limit(1)
    ).scalar()


def set_up(code: str, brin: str, settings: Settings, now: datetime, production: bool) -> None:
    """A koppelpunt of a school, with what is given; done twice it changes nothing.

    Raises Unknown for a school or provider that isn't there, and ValueError for what can't be.
    """
    given = _given(settings, production)
    with db.transaction() as connection:
        if connection.execute(select(institution.c.brin).filter_by(brin=brin)).first() is None:
            raise Unknown(f"no school {brin}; `institution set` adds one")
        row = check(connection, code, brin)
        if row is None:
            fresh = {"active_from": now, **given, "code": code, "code_key": code_key(code)}
            added = insert(koppelpunt).returning(columns.id)
            number = connection.execute(
                added, {**fresh, "uuid": str(uuid4()), "brin": brin}
            ).scalar_one()
        else:
            number = row
            if given:
                connection.execute(update(koppelpunt).filter_by(id=number).values(**given))
        if settings.providers is not None:
            _name(connection, number, brin, settings.providers)


def check(connection: Connection, code: str, brin: str) -> int | None:
    """The koppelpunt of this school with this code; None when there is none yet. Raises ValueError
    for a code that it can't have."""
    if not CODE.fullmatch(code):
        raise ValueError("a koppelpuntcode has at most 60 letters, digits, dots, _ and -")
    row = connection.execute(
        select(columns.id, columns.code, columns.brin).filter_by(code_key=code_key(code))
    ).first()
    if row is None:
        return None
    if row.brin != brin:
        raise ValueError("that koppelpunt is another school's")
    if row.code != code:
        raise ValueError(f"{code} differs in capitals only from {row.code}, which is taken")
    return int(row.id)


def _given(settings: Settings, production: bool) -> dict[str, Any]:
    given = {
        name: value
        for name, value in vars(settings).items()
        if value is not None and name != "providers"
    }
    if len(given.get("name", "")) > LONGEST_NAME:
        raise ValueError(f"a name has at most {LONGEST_NAME} characters")
    if given.get("sis") and given["sis"] not in SIS_KINDS:
        raise ValueError(f"a SIS is one of {', '.join(SIS_KINDS)}")
    if production and given.get("sis") == STUB:
        raise ValueError("in production there is no Stub SIS")
    if given.get("nudge_url") and not _is_address(given["nudge_url"], production):
        raise ValueError(
            "an address for news begins with https://, can be called, and names no user"
        )
    return given


def _is_address(url: str, production: bool) -> bool:
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        if "[" in parts.netloc or not host.strip("0123456789."):
            ip_address(host)
        else:
            idna.encode(host)
    except ValueError:
        return False
    schemes = ("https",) if production else ("https", "http")
    named = parts.username is None and port != 0 and url.isprintable()
    return named and parts.scheme in schemes and len(url) <= LONGEST_URL


def _name(connection: Connection, number: int, brin: str, providers: Sequence[str]) -> None:
    theirs = select(provider.c.code).where(provider.c.brin == brin)
    unknown = set(providers) - set(connection.execute(theirs).scalars())
    if unknown:
        raise Unknown(f"{brin} has no provider {', '.join(sorted(unknown))}")
    connection.execute(delete(koppelpunt_provider).filter_by(koppelpunt_id=number))
    if providers:
        connection.execute(
            insert(koppelpunt_provider),
            [{"koppelpunt_id": number, "provider_code": code} for code in set(providers)],
        )


def of_schools(connection: Connection, brins: Collection[str]) -> list[Koppelpunt]:
    """All that these schools have, by code."""
    rows = connection.execute(
        select(koppelpunt).where(columns.brin.in_(brins)).order_by(columns.code)
    ).all()
    ids = [row.id for row in rows]
    extra = connection.execute(
        select(koppelpunt_provider)
        .where(named.koppelpunt_id.in_(ids))
        .order_by(named.provider_code)
    ).all()
    return [
        Koppelpunt(
            *(row.id, row.code, row.uuid, row.brin, row.name, row.active_from, row.off, row.sis),
            *(row.acknowledging, row.seen_at),
            tuple(e.provider_code for e in extra if e.koppelpunt_id == row.id),
        )
        for row in rows
    ]


def every(connection: Connection) -> list[Koppelpunt]:
    """Of all schools, by code."""
    return of_schools(connection, list(connection.execute(select(institution.c.brin)).scalars()))
