"""Schools, as the operator sets them up; later they do most of this themselves (ADM-3, ADM-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from app import db
from app.domain.deeplink import Refusal, allowed_domain, checked
from app.models import (
    FOREVER,
    cohort,
    institution,
    koppelpunt,
    place,
    programme,
    programme_facts,
    refused_link,
)
from app.services import places
from app.services.catalogue_renew import touched
from app.services.links import BRIN

LONGEST_NAME = 80  # characters


class Unknown(Exception):
    """There is no such school, programme or cohort here."""


class NotAllowed(ValueError):
    """A return link that isn't at one of the school's domains, or is no plain https address."""


@dataclass(frozen=True)
class Settings:
    """What is set of a school; None leaves it as it is."""

    name: str | None = None
    domains: Sequence[str] | None = None  # hosts of return links, or `*.` and a domain (DEE-3)
    aliases: Sequence[str] | None = None  # what people call it
    whitelist: bool | None = None  # only programmes that are ticked (WIZ-8)
    return_url: str | None = None  # after an application (DEE-2)
    return_url_failed: str | None = None
    privacy_url: str | None = None  # its own privacy statement (WIZ-12)


def set_up(brin: str, settings: Settings, local: bool) -> None:
    """A school, or what is given of one; done twice it changes nothing.

    Raises ValueError for a BRIN or a domain, and NotAllowed for a return link, that can't be one.
    """
    given = _given(settings)
    if not BRIN.fullmatch(brin):
        raise ValueError("a BRIN is two digits and two capital letters")
    if len(given.get("name", "")) > LONGEST_NAME:
        raise ValueError(f"a name has at most {LONGEST_NAME} characters")
    with db.transaction() as connection:
        touched(connection)
        row = connection.execute(select(institution).where(institution.c.brin == brin)).first()
        domains = given.get("domains", row.domains if row else [])
        given |= _links(given, domains, local)
        if row is None:
            fresh = {"brin": brin, "name": brin, "domains": [], "aliases": [], **given}
            connection.execute(insert(institution), fresh)
        elif given:
            connection.execute(
                update(institution).where(institution.c.brin == brin).values(**given)
            )


def _given(settings: Settings) -> dict[str, Any]:
    given = {name: value for name, value in vars(settings).items() if value is not None}
    if settings.domains is not None:
        given["domains"] = [allowed_domain(domain) for domain in settings.domains]
    if settings.aliases is not None:
        given["aliases"] = list(settings.aliases)
    return given


def _links(given: dict[str, Any], domains: Sequence[str], local: bool) -> dict[str, str]:
    """The links to the school's site among `given`, as they will be emitted."""
    rebuilt = {}
    for name in ("return_url", "return_url_failed", "privacy_url"):
        if raw := given.get(name):
            url = checked(raw, domains, local)
            if isinstance(url, Refusal):
                raise NotAllowed(f"{name}: {url.value}")
            rebuilt[name] = url
    return rebuilt


def that_receive(connection: Connection, now: datetime) -> list[tuple[str, str]]:
    """BRIN and name of the schools with a koppelpunt that is on (CAT-8), by name."""
    k = koppelpunt.c
    on = select(k.brin).where(~k.off, k.active_from <= now)
    rows = connection.execute(
        select(institution.c.brin, institution.c.name).where(institution.c.brin.in_(on))
    )
    return sorted(((row.brin, row.name) for row in rows), key=lambda row: row[1].casefold())


def privacy(connection: Connection, brin: str) -> str:
    """The address of the school's own privacy statement; empty when it has none."""
    where = select(institution.c.privacy_url).where(institution.c.brin == brin)
    return str(connection.execute(where).scalar() or "")


def set_programme(
    programme_id: str,
    local: bool,
    ticked: bool | None = None,
    return_url: str | None = None,
    return_url_failed: str | None = None,
) -> None:
    """A tick on the whitelist, and return links of one programme. Raises Unknown, NotAllowed."""
    given = {
        "whitelisted": ticked,
        "return_url": return_url,
        "return_url_failed": return_url_failed,
    }
    given = {name: value for name, value in given.items() if value is not None}
    with db.transaction() as connection:
        touched(connection)
        domains = connection.execute(
            select(institution.c.domains)
            .join(programme_facts, programme_facts.c.brin == institution.c.brin)
            .where(programme_facts.c.programme_id == programme_id.lower())
            .where(programme_facts.c.until == FOREVER)
        ).scalar()
        if domains is None:
            raise Unknown("no such programme")
        given |= _links(given, domains, local)
        if given:
            connection.execute(
                update(programme).where(programme.c.id == programme_id.lower()).values(**given)
            )


def set_places(programme_id: str, code: str, maximum: int | None) -> int:
    """How many applications a cohort takes (CAT-5); None: they aren't counted. Returns how many
    it has taken. Raises Unknown, or ValueError below what it has taken already."""
    with db.transaction() as connection:
        touched(connection)
        cohort_id = connection.execute(
            select(cohort.c.id).where(
                cohort.c.programme_id == programme_id.lower(), cohort.c.code == code
            )
        ).scalar()
        if cohort_id is None:
            raise Unknown("no such cohort")
        if maximum is None:
            connection.execute(delete(place).where(place.c.cohort_id == cohort_id))
            return 0
        taken = _taken(connection, cohort_id)
        if maximum < taken:
            raise ValueError(f"{taken} places are taken already")
        counted = {"maximum": maximum, "taken": taken}
        connection.execute(
            db.insert(connection, place)
            .values(cohort_id=cohort_id, **counted)
            .on_conflict_do_update(index_elements=["cohort_id"], set_=counted)
        )
        return taken


def _taken(connection: Connection, cohort_id: str) -> int:
    """The lock makes whoever comes or goes now wait, or be counted."""
    connection.execute(select(cohort.c.id).where(cohort.c.id == cohort_id).with_for_update())
    return places.running_now(connection, cohort_id)


class RefusedLink(NamedTuple):
    """A line in a school's log of links that don't count (DEE-3)."""

    parameter: str
    reason: str
    link: str
    times: int
    last_at: datetime


def known(connection: Connection, brin: str) -> None:
    """Raises Unknown."""
    school = select(institution.c.brin).where(institution.c.brin == brin)
    if connection.execute(school).first() is None:
        raise Unknown("no such school")


def refused_links(connection: Connection, brin: str) -> list[RefusedLink]:
    """Newest first. Raises Unknown."""
    known(connection, brin)
    found = connection.execute(
        select(refused_link)
        .where(refused_link.c.brin == brin)
        .order_by(refused_link.c.last_at.desc(), refused_link.c.id.desc())
    )
    return [RefusedLink(r.parameter, r.reason, r.link, r.times, r.last_at) for r in found]
