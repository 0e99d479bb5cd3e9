"""A school's link that is followed: what its page shows, and what of it doesn't count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, or_, select

from app.clock import local_date
from app.domain.catalogue import NOT_OFFERED
from app.domain.deeplink import Link, Refusal, checked, is_kenmerk, logged
from app.models import cohort_facts, institution, koppelpunt, place, programme, provider
from app.services import catalogue, koppelpunten, links, search
from app.services.catalogue import Contact, Offered, counts_now, facts
from app.services.refused_links import Refused

OTHERS = 8


@dataclass(frozen=True)
class Arrived:
    """`link` is None when it names nothing that students can see (DEE-5). What follows `refused`
    is only looked up where nobody can apply now for what it names."""

    link: Link | None
    brin: str = ""
    institution: str = ""
    programme: str = ""
    name_english: str = ""  # where the school gave one
    several: bool = False  # it names programmes of more than one name
    offered: tuple[Offered, ...] = ()  # cohorts of what it names, open or not
    shut: bool = False  # it names a school alone, that takes no applications or has nothing open
    refused: tuple[Refused, ...] = ()
    receives: bool = True
    starts: tuple[Offered, ...] = ()  # of the same name, that are open
    others: tuple[search.Group, ...] = ()  # the school's: open, or of a school that is shut later
    contact: Contact | None = None

    @property
    def open(self) -> tuple[Offered, ...]:
        return tuple(o for o in self.offered if o.visibility.open)

    @property
    def closed(self) -> bool:
        """Nobody can apply now for what it names."""
        if self.link is None:
            return False
        named = bool(self.link.programme_id or self.link.crebo)
        return self.shut or (named and not self.open)

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
    """DEE-1, DEE-3, DEE-5."""
    found = links.named(connection, query, now)
    if found is None:
        return Arrived(None)
    refused: list[Refused] = []

    def back(parameter: str) -> str:
        raw = query.get(parameter, "")
        url = checked(raw, found.school.domains, local) if raw else ""
        if isinstance(url, Refusal):
            refused.append(Refused(parameter, url, logged(raw)))
            return ""
        return url

    kenmerk = query.get("kenmerk", "")
    brin = found.school.brin
    link = Link(
        brin=brin,
        programme_id=found.programme_id,
        crebo=found.crebo,
        cohort_code=query.get("cohort", "")[:60],
        return_url=back("returnUrl"),
        return_url_failed=back("returnUrlNietGeslaagd"),
        kenmerk=kenmerk if is_kenmerk(kenmerk) else "",
    )
    arrived = Arrived(
        link=link,
        brin=brin,
        institution=found.school.name,
        programme=found.programme,
        name_english=found.name_english,
        several=found.several,
        offered=found.offered,
        shut=not (found.programme_id or found.crebo or takes_applications(connection, brin, now)),
        refused=tuple(refused),
    )
    return _instead(connection, arrived, now) if arrived.closed else arrived


def _instead(connection: Connection, arrived: Arrived, now: datetime) -> Arrived:
    """What can be: first the same programme elsewhere or at another time, then the school's
    others."""
    assert arrived.link is not None, "it is closed"
    group = catalogue.alike(connection, arrived.offered, now)
    if not group:
        group = catalogue.group(connection, arrived.link.programme_id, now)
    theirs = search.Filters(brin=arrived.brin)
    found = search.search(connection, "", theirs, now, most=3 * OTHERS).groups
    same = {o.group_key for o in group}
    nearest = arrived.nearest
    return replace(
        arrived,
        receives=nearest.choice.receives if nearest else receives(connection, arrived.brin, now),
        starts=tuple(o for o in group if o.visibility.open),
        others=tuple(g for g in found if (g.open or arrived.shut) and g.key not in same)[:OTHERS],
        contact=nearest.contact if nearest else catalogue.contact(connection, arrived.brin),
    )


def receives(connection: Connection, brin: str, now: datetime) -> bool:
    """Whether the school has any koppelpunt that is on (CAT-8)."""
    k = koppelpunt.c
    some = select(k.id).where(k.brin == brin, ~k.off, k.active_from <= now).limit(1)
    return connection.execute(some).first() is not None


def takes_applications(connection: Connection, brin: str, now: datetime) -> bool:
    """Whether the school has a cohort that students can choose now: `visibility` as a statement,
    which stops at the first."""
    today, cohort = local_date(now), cohort_facts.c
    one = (
        select(facts.id)
        .join(cohort_facts, cohort.facts_id == facts.id)
        .join(programme, programme.c.id == facts.programme_id)
        .join(provider, provider.c.code == facts.provider_code)
        .join(institution, institution.c.brin == facts.brin)
        .outerjoin(place, place.c.cohort_id == cohort.cohort_id)
        .where(facts.brin == brin, counts_now(), facts.active, provider.c.active, cohort.open)
        .where(koppelpunten.receives_from(facts.brin, facts.provider_code) <= now)
        .where(or_(facts.ends.is_(None), facts.ends >= today))
        .where(facts.leertraject != NOT_OFFERED)
        .where(programme.c.whitelisted | ~institution.c.whitelist)
        .where(cohort.apply_from <= today)
        .where(or_(cohort.apply_until.is_(None), cohort.apply_until >= today))
        .where(
            or_(
                cohort.start.is_not(None),
                cohort.start_from.is_(None),
                cohort.start_until.is_(None),
                cohort.start_until < cohort.start_from,
                cohort.start_until >= today,
            )
        )
        .where(or_(place.c.maximum.is_(None), place.c.taken < place.c.maximum))
        .limit(1)
    )
    return connection.execute(one).first() is not None
