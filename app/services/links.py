"""What a school's link names, looked up, and where it leads back to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from app.domain.catalogue import NOT_OFFERED, Choice
from app.domain.deeplink import Link, Refusal, checked, with_outcome
from app.models import institution, programme, provider
from app.services import catalogue
from app.services.catalogue import Offered, counts_now, facts

BRIN = re.compile(r"[0-9]{2}[A-Z]{2}")
CREBO = re.compile(r"[0-9]{5}")


class Found(NamedTuple):
    """What a deeplink names."""

    school: Any  # its brin, name and domains
    programme_id: str = ""
    crebo: str = ""
    programme: str = ""  # what it is called; of a crebo under several names its official one
    several: bool = False
    offered: tuple[Offered, ...] = ()  # its cohorts, open or not; none of a school alone


def named(connection: Connection, query: Mapping[str, str], now: datetime) -> Found | None:
    """DEE-1: `opleiding`, or `instelling` with perhaps a `crebo`; perhaps a `cohort`. None for
    what students can't see, whether it is unknown or hidden (DEE-5)."""
    programme_id, crebo = query.get("opleiding", "").lower(), query.get("crebo", "")
    brin = query.get("instelling", "")
    columns = (institution.c.brin, institution.c.name, institution.c.domains)
    if programme_id:
        if not catalogue.UUID.fullmatch(programme_id):
            return None
        row = connection.execute(
            select(*columns, facts.name.label("programme"))
            .join(institution, institution.c.brin == facts.brin)
            .join(programme, programme.c.id == facts.programme_id)
            .join(provider, provider.c.code == facts.provider_code)
            .where(facts.programme_id == programme_id, counts_now(), facts.active)
            .where(provider.c.active)
            .where(facts.leertraject != NOT_OFFERED)
            .where(programme.c.whitelisted | ~institution.c.whitelist)
        ).first()
        if row is None:
            return None
        offered = catalogue.of_programme(connection, programme_id, now)
        return Found(row, programme_id, "", row.programme, False, _cohort(offered, query))
    if not BRIN.fullmatch(brin) or (crebo and not CREBO.fullmatch(crebo)):
        return None
    school = connection.execute(select(*columns).where(institution.c.brin == brin)).first()
    if school is None or not crebo:
        return Found(school) if school else None
    seen = [o for o in catalogue.of_crebo(connection, brin, crebo, now) if not o.visibility.hidden]
    names = sorted({o.choice.programme for o in seen})
    if not names:
        return None
    name = names[0] if len(names) == 1 else next((o.official_name for o in seen), "")
    return Found(school, "", crebo, name, len(names) > 1, _cohort(seen, query))


def _cohort(offered: Sequence[Offered], query: Mapping[str, str]) -> tuple[Offered, ...]:
    """The cohort that the link names; all of them when it names none that is there."""
    seen = tuple(o for o in offered if not o.visibility.hidden)
    return tuple(o for o in seen if o.choice.cohort_code == query.get("cohort")) or seen


def query(link: Link) -> dict[str, str]:
    """What `named` finds the same of."""
    return {
        "opleiding": link.programme_id,
        "instelling": link.brin,
        "crebo": link.crebo,
        "cohort": link.cohort_code,
        "returnUrl": link.return_url,
        "returnUrlNietGeslaagd": link.return_url_failed,
        "kenmerk": link.kenmerk,
    }


def offered(connection: Connection, link: Link, now: datetime) -> tuple[Offered, ...]:
    """The cohorts, open or not, of what the link names; none when it only names the school."""
    found = named(connection, query(link), now)
    return found.offered if found else ()


class Back(NamedTuple):
    """The way back to the school's own site."""

    url: str
    host: str  # shown, so that the student sees where it leads


def back(
    connection: Connection,
    link: Link | None,
    outcome: str,
    local: bool,
    choice: Choice | None = None,
    ca_keten_id: str = "",
) -> Back | None:
    """DEE-2: where the student who came by `link` goes, with what came of it.

    Checked again: the school's domains may differ by now. Who applied at another school has
    broken this school's off, and nothing of that application goes to it.
    """
    if link is None:  # DEE-4
        return None
    programme_id = link.programme_id
    if choice is not None and choice.brin == link.brin:
        programme_id = choice.programme_id
    elif outcome in (GESLAAGD, INTERESSE):
        outcome, ca_keten_id = AFGEBROKEN, ""
    levels = [link, *_set_links(connection, link.brin, programme_id)]
    domains = connection.execute(
        select(institution.c.domains).where(institution.c.brin == link.brin)
    ).scalar()
    for raw in _candidates(levels, outcome in (GESLAAGD, INTERESSE)):
        url = checked(raw, domains or (), local)
        if not isinstance(url, Refusal):
            added = {"status": outcome, "caKetenId": ca_keten_id, "kenmerk": link.kenmerk}
            given = {name: value for name, value in added.items() if value}
            return Back(with_outcome(url, given), urlsplit(url).hostname or "")
    return None


GESLAAGD, INTERESSE, AFGEBROKEN, NIET_MOGELIJK = (
    "geslaagd",
    "interesse",
    "afgebroken",
    "nietMogelijk",
)


def _set_links(connection: Connection, brin: str, programme_id: str) -> Iterator[Any]:
    """Those set for the programme, then those of the institution."""
    columns = ("return_url", "return_url_failed")
    if programme_id:
        of_it = select(*(programme.c[name] for name in columns)).where(
            programme.c.id == programme_id
        )
        yield from connection.execute(of_it).all()
    of_school = select(*(institution.c[name] for name in columns)).where(institution.c.brin == brin)
    yield from connection.execute(of_school).all()


def _candidates(levels: Sequence[Any], success: bool) -> Iterator[str]:
    for level in levels:
        failed = "" if success else level.return_url_failed
        if raw := failed or level.return_url:
            yield raw
