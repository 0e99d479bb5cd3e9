"""What a deeplink names, looked up; what it asks that may not be is refused, with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from app.domain.catalogue import Choice
from app.domain.deeplink import KENMERK_LONGEST, Link, checked, with_outcome
from app.models import institution, programme, provider
from app.services import catalogue

BRIN = re.compile(r"[0-9]{2}[A-Z]{2}")
CREBO = re.compile(r"[0-9]{5}")


@dataclass(frozen=True)
class Arrived:
    """A deeplink that was followed. `link` is None when it names nothing that we know."""

    link: Link | None
    brin: str = ""
    institution: str = ""
    programme: str = ""
    choices: tuple[Choice, ...] = ()  # what can be applied for now
    refused: tuple[str, ...] = ()  # parameters that don't count


def read(connection: Connection, query: Mapping[str, str], now: datetime, local: bool) -> Arrived:
    """DEE-1, DEE-3: `opleiding`, or `instelling` with perhaps a `crebo`; perhaps a `cohort`."""
    programme_id = query.get("opleiding", "").lower()
    brin = query.get("instelling", "")
    crebo = query.get("crebo", "")
    if programme_id:
        if not catalogue.UUID.fullmatch(programme_id):
            return Arrived(None)
        row: Any = connection.execute(
            select(
                programme.c.name.label("programme"),
                institution.c.brin,
                institution.c.name,
                institution.c.domains,
            )
            .join(provider, provider.c.code == programme.c.provider_code)
            .join(institution, institution.c.brin == provider.c.brin)
            .where(programme.c.id == programme_id, programme.c.active)
        ).first()
        crebo = ""
    else:
        if not BRIN.fullmatch(brin) or (crebo and not CREBO.fullmatch(crebo)):
            return Arrived(None)
        row = connection.execute(
            select(institution.c.brin, institution.c.name, institution.c.domains).where(
                institution.c.brin == brin
            )
        ).first()
    if row is None:
        return Arrived(None)
    refused = []

    def back(name: str) -> str:
        raw = query.get(name, "")
        url = checked(raw, row.domains, local) if raw else ""
        if url is None:
            refused.append(name)
        return url or ""

    kenmerk = query.get("kenmerk", "")
    link = Link(
        brin=row.brin,
        programme_id=programme_id,
        crebo=crebo,
        cohort_code=query.get("cohort", "")[:60],
        return_url=back("returnUrl"),
        return_url_failed=back("returnUrlNietGeslaagd"),
        kenmerk=kenmerk if len(kenmerk) <= KENMERK_LONGEST and kenmerk.isprintable() else "",
    )
    found = choices(connection, link, "", now)
    names = {choice.programme for choice in found} if crebo else set()
    return Arrived(
        link,
        row.brin,
        row.name,
        row.programme if programme_id else names.pop() if len(names) == 1 else "",
        found,
        tuple(refused),
    )


def query(link: Link) -> dict[str, str]:
    """What `read` makes the same link of."""
    return {
        "opleiding": link.programme_id,
        "instelling": link.brin,
        "crebo": link.crebo,
        "cohort": link.cohort_code,
        "returnUrl": link.return_url,
        "returnUrlNietGeslaagd": link.return_url_failed,
        "kenmerk": link.kenmerk,
    }


class Back(NamedTuple):
    """The way back to the school's own site."""

    url: str
    host: str  # shown, so that the student sees where it leads


def back(
    connection: Connection, link: Link | None, outcome: str, ca_keten_id: str, local: bool
) -> Back | None:
    """DEE-2: `returnUrl` with what came of it. Checked again: the school's domains may differ."""
    if link is None or not link.return_url:
        return None
    domains = connection.execute(
        select(institution.c.domains).where(institution.c.brin == link.brin)
    ).scalar()
    url = checked(link.return_url, domains or (), local)
    if url is None:
        return None
    added = {"status": outcome, "caKetenId": ca_keten_id, "kenmerk": link.kenmerk}
    return Back(
        with_outcome(url, {name: value for name, value in added.items() if value}),
        urlsplit(url).hostname or "",
    )


def choices(
    connection: Connection, link: Link | None, query: str, now: datetime
) -> tuple[Choice, ...]:
    """What the student who came by this link can choose from; what is searched for may be
    anywhere, so that a link to what has closed is no dead end."""
    if query:
        return catalogue.search(connection, query, now)
    if link is None:
        return ()
    found = catalogue.search(
        connection,
        "",
        now,
        brin=link.brin,
        programme_id=link.programme_id,
        crebo=link.crebo,
    )
    named = tuple(c for c in found if c.cohort_code == link.cohort_code)
    return named or found
