"""What a deeplink names, looked up; what it asks that may not be is refused, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection, delete, select

from app import db
from app.clock import local_date
from app.domain.catalogue import NOT_OFFERED, Choice
from app.domain.deeplink import (
    Link,
    Refusal,
    checked,
    is_kenmerk,
    logged,
    with_outcome,
)
from app.models import institution, programme, provider, refused_link
from app.services import catalogue, search
from app.services.catalogue import Offered, counts_now, facts

BRIN = re.compile(r"[0-9]{2}[A-Z]{2}")
CREBO = re.compile(r"[0-9]{5}")
OTHERS = 8
LINES = 200  # that a school's log of refused links keeps


class Refused(NamedTuple):
    """A parameter that doesn't count, for the school's log (DEE-3)."""

    parameter: str
    reason: Refusal
    link: str


@dataclass(frozen=True)
class Arrived:
    """A deeplink that was followed. `link` is None when it names nothing that students can see,
    whether it is unknown or hidden (DEE-5)."""

    link: Link | None
    brin: str = ""
    institution: str = ""
    programme: str = ""
    offered: tuple[Offered, ...] = ()  # cohorts of what it names, open or not
    others: tuple[search.Group, ...] = ()  # where none of those is open: the school's that are
    refused: tuple[Refused, ...] = ()

    @property
    def open(self) -> tuple[Offered, ...]:
        return tuple(o for o in self.offered if o.visibility.open)

    @property
    def closed(self) -> bool:
        """It names something for which nobody can apply now."""
        named = self.link is not None and bool(self.link.programme_id or self.link.crebo)
        return named and not self.open

    @property
    def nearest(self) -> Offered | None:
        """Of what isn't open: the first that will be, else the last that was."""
        coming = [o for o in self.offered if o.visibility.changes is not None]
        if coming:
            return min(coming, key=lambda o: o.visibility.changes or date.max)
        return max(
            self.offered, key=lambda o: o.choice.apply_until or o.choice.apply_from, default=None
        )


def read(connection: Connection, query: Mapping[str, str], now: datetime, local: bool) -> Arrived:
    """DEE-1, DEE-3: `opleiding`, or `instelling` with perhaps a `crebo`; perhaps a `cohort`."""
    found = _named(connection, query, now)
    if found is None:
        return Arrived(None)
    school, programme_id, crebo, name, offered = found
    refused: list[Refused] = []

    def back(parameter: str) -> str:
        raw = query.get(parameter, "")
        url = checked(raw, school.domains, local) if raw else ""
        if isinstance(url, Refusal):
            refused.append(Refused(parameter, url, logged(raw)))
            return ""
        return url

    kenmerk = query.get("kenmerk", "")
    link = Link(
        brin=school.brin,
        programme_id=programme_id,
        crebo=crebo,
        cohort_code=query.get("cohort", "")[:60],
        return_url=back("returnUrl"),
        return_url_failed=back("returnUrlNietGeslaagd"),
        kenmerk=kenmerk if is_kenmerk(kenmerk) else "",
    )
    arrived = Arrived(link, school.brin, school.name, name, offered, (), tuple(refused))
    if not arrived.closed:
        return arrived
    theirs = search.Filters(brin=school.brin)
    groups = search.search(connection, "", theirs, now, most=3 * OTHERS).groups
    others = tuple(group for group in groups if group.open)[:OTHERS]
    return Arrived(**{**vars(arrived), "others": others})


def _named(
    connection: Connection, query: Mapping[str, str], now: datetime
) -> tuple[Any, str, str, str, tuple[Offered, ...]] | None:
    """The school, programme, crebo, name and cohorts; None for what students can't see."""
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
            .where(facts.ends.is_(None) | (facts.ends >= local_date(now)))
            .where(programme.c.whitelisted | ~institution.c.whitelist)
        ).first()
        offered = catalogue.of_programme(connection, programme_id, now) if row else []
        return row and (row, programme_id, "", row.programme, _cohort(offered, query))
    if not BRIN.fullmatch(brin) or (crebo and not CREBO.fullmatch(crebo)):
        return None
    school = connection.execute(select(*columns).where(institution.c.brin == brin)).first()
    if school is None or not crebo:
        return school and (school, "", "", "", ())
    offered = [
        o for o in catalogue.of_crebo(connection, brin, crebo, now) if not o.visibility.hidden
    ]
    names = {o.choice.programme for o in offered}
    name = names.pop() if len(names) == 1 else ""
    return (school, "", crebo, name, _cohort(offered, query)) if offered else None


def _cohort(offered: Sequence[Offered], query: Mapping[str, str]) -> tuple[Offered, ...]:
    """The cohort that the link names; all of them when it names none that is there."""
    seen = tuple(o for o in offered if not o.visibility.hidden)
    return tuple(o for o in seen if o.choice.cohort_code == query.get("cohort")) or seen


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


def offered(connection: Connection, link: Link, now: datetime) -> tuple[Offered, ...]:
    """The cohorts, open or not, of what the link names; none when it only names the school."""
    found = _named(connection, query(link), now)
    return found[4] if found else ()


def log(brin: str, refused: Sequence[Refused], now: datetime) -> None:
    """In the school's log: a line for each kind, so that nobody can fill it (DEE-3)."""
    if not refused:
        return
    table = refused_link.c
    with db.transaction() as connection:
        added = db.insert(connection, refused_link)
        for line in refused:
            row = {"brin": brin, **line._asdict(), "times": 1, "last_at": now}
            connection.execute(
                added.values(row).on_conflict_do_update(
                    index_elements=["brin", "parameter", "reason", "link"],
                    set_={"times": table.times + 1, "last_at": now},
                )
            )
        newest = (
            select(table.id)
            .where(table.brin == brin)
            .order_by(table.last_at.desc(), table.id.desc())
            .limit(LINES)
        )
        connection.execute(delete(refused_link).where(table.brin == brin, table.id.not_in(newest)))


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
