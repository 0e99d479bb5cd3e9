"""What a school's link names, looked up, and where it leads back to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection, or_, select

from app.clock import local_date
from app.domain.catalogue import NOT_OFFERED, Choice
from app.domain.deeplink import Link, Outcome, Refusal, checked, with_outcome
from app.models import institution, programme, provider
from app.services import catalogue
from app.services.catalogue import Offered, counts_now, facts

BRIN = re.compile(r"[0-9]{2}[A-Z]{2}")
CREBO = re.compile(r"[0-9]{5}")
RETURN_LINKS = ("return_url", "return_url_failed")


class Found(NamedTuple):
    """What a deeplink names."""

    school: Any  # its brin, name and domains
    programme_id: str = ""
    crebo: str = ""
    programme: str = ""  # what it is called; of a crebo under several names its official one
    name_english: str = ""  # where the school gave one
    several: bool = False
    offered: tuple[Offered, ...] = ()  # its cohorts, open or not; none of a school alone


def named(connection: Connection, query: Mapping[str, str], now: datetime) -> Found | None:
    """DEE-1: `opleiding`, or `instelling` with perhaps a `crebo`; perhaps a `cohort`. None for
    what students can't see, whether it is unknown or hidden (DEE-5)."""
    programme_id, crebo = query.get("opleiding", "").lower(), query.get("crebo", "")
    brin = query.get("instelling", "").upper()
    columns = (institution.c.brin, institution.c.name, institution.c.domains)
    if programme_id:
        if not catalogue.UUID.fullmatch(programme_id):
            return None
        row = connection.execute(
            select(*columns, facts.name.label("programme"), facts.name_english)
            .join(institution, institution.c.brin == facts.brin)
            .join(programme, programme.c.id == facts.programme_id)
            .join(provider, provider.c.code == facts.provider_code)
            .where(facts.programme_id == programme_id, counts_now(), facts.active)
            .where(provider.c.active)
            .where(facts.leertraject != NOT_OFFERED)
            .where(facts.ends.is_(None) | (facts.ends >= local_date(now)))
            .where(programme.c.whitelisted | ~institution.c.whitelist)
        ).first()
        if row is None:
            return None
        offered = catalogue.of_programme(connection, programme_id, now)
        return Found(
            row,
            programme_id,
            programme=row.programme,
            name_english=row.name_english,
            offered=_cohort(offered, query),
        )
    if not BRIN.fullmatch(brin) or (crebo and not CREBO.fullmatch(crebo)):
        return None
    school = connection.execute(select(*columns).where(institution.c.brin == brin)).first()
    if school is None or not crebo:
        return Found(school) if school else None
    seen = [o for o in catalogue.of_crebo(connection, brin, crebo, now) if not o.visibility.hidden]
    if not seen:
        return None
    names = [(o.choice.programme, o.choice.name_english, o.official_name) for o in seen]
    dutch, english = _called(names)
    return Found(
        school,
        crebo=crebo,
        programme=dutch,
        name_english=english,
        several=len({own for own, *_ in names}) > 1,
        offered=_cohort(seen, query),
    )


def _called(names: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    """In Dutch and in English, of programmes by their own, English and official names: under
    several own names it is the official one, which RIO has in Dutch alone."""
    if len({own for own, *_ in names}) != 1:
        return next((official for *_, official in names), ""), ""
    return names[0][0], min((english for _, english, _ in names if english), default="")


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


class Title(NamedTuple):
    """What a link is for, in the words of its school."""

    institution: str
    programme: str  # empty: it names the school alone
    name_english: str


def titles(connection: Connection, links: Collection[Link]) -> dict[Link, Title]:
    """All at once, of links whose drafts tell no more than that."""
    if not links:
        return {}
    ids, crebos = {link.programme_id for link in links}, {link.crebo for link in links}
    brins = {link.brin for link in links}
    names = select(institution.c.brin, institution.c.name).where(institution.c.brin.in_(brins))
    schools = {row.brin: row.name for row in connection.execute(names)}
    rows = connection.execute(
        select(
            *(facts.programme_id, facts.brin, facts.crebo),
            *(facts.name, facts.name_english, facts.official_name),
        )
        .where(facts.brin.in_(brins), counts_now(), facts.active)
        .where(or_(facts.programme_id.in_(ids - {""}), facts.crebo.in_(crebos - {""})))
    ).all()

    def called(link: Link) -> tuple[str, str]:
        return _called([(r.name, r.name_english, r.official_name) for r in rows if _is_of(r, link)])

    return {link: Title(schools.get(link.brin, ""), *called(link)) for link in links}


def _is_of(row: Any, link: Link) -> bool:
    if link.programme_id:
        return bool(row.programme_id == link.programme_id)
    return bool(link.crebo) and (row.brin, row.crebo) == (link.brin, link.crebo)


class Back(NamedTuple):
    """The way back to the school's own site."""

    url: str
    host: str  # shown beside the school, so that the student sees where it leads
    school: str


def back(
    connection: Connection,
    link: Link | None,
    outcome: Outcome,
    local: bool,
    choice: Choice | None = None,
    ca_keten_id: str = "",
) -> Back | None:
    """DEE-2: where the student who came by `link` goes, with what came of it."""
    (only,) = backs(connection, [(link, choice)], outcome, local, ca_keten_id)
    return only


def backs(
    connection: Connection,
    came: Sequence[tuple[Link | None, Choice | None]],
    outcome: Outcome,
    local: bool,
    ca_keten_id: str = "",
) -> list[Back | None]:
    """For each link with what was chosen in the end; what schools set is read once for all."""
    brins = {link.brin for link, _ in came if link}
    if not brins:  # DEE-4
        return [None for _ in came]
    ids = {_chosen(link, choice) for link, choice in came if link} - {""}
    columns = [institution.c[n] for n in ("brin", "name", "domains", *RETURN_LINKS)]
    rows = connection.execute(select(*columns).where(institution.c.brin.in_(brins)))
    schools = {row.brin: row for row in rows}
    programmes: dict[str, Any] = {}
    if ids:
        columns = [programme.c[n] for n in ("id", *RETURN_LINKS)]
        rows = connection.execute(select(*columns).where(programme.c.id.in_(ids)))
        programmes = {row.id: row for row in rows}
    return [
        _back(link, choice, schools.get(link.brin), programmes, outcome, local, ca_keten_id)
        if link is not None
        else None
        for link, choice in came
    ]


def _back(
    link: Link,
    choice: Choice | None,
    school: Any,
    programmes: Mapping[str, Any],
    outcome: Outcome,
    local: bool,
    ca_keten_id: str,
) -> Back | None:
    """Checked again: the school's domains may differ by now. Who applied at another school has
    broken this school's off, and nothing of that application goes to it."""
    if school is None:
        return None
    if outcome.success and (choice is None or choice.brin != link.brin):
        outcome, ca_keten_id = Outcome.AFGEBROKEN, ""
    own = programmes.get(_chosen(link, choice))
    levels = [level for level in (link, own, school) if level is not None]
    for raw in _candidates(levels, outcome.success):
        url = checked(raw, school.domains, local)
        if not isinstance(url, Refusal):
            added = {"status": outcome, "caKetenId": ca_keten_id, "kenmerk": link.kenmerk}
            given = {name: value for name, value in added.items() if value}
            return Back(with_outcome(url, given), urlsplit(url).hostname or "", school.name)
    return None


def _chosen(link: Link, choice: Choice | None) -> str:
    """The programme whose return links count: what was chosen in the end, at the link's school."""
    return choice.programme_id if choice and choice.brin == link.brin else link.programme_id


def _candidates(levels: Sequence[Any], success: bool) -> Iterator[str]:
    for level in levels:
        failed = "" if success else level.return_url_failed
        if raw := failed or level.return_url:
            yield raw
