"""A synchronisation under way: who has it, where it is, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, delete, exists, insert, select, update

from app import db
from app.clock import AMSTERDAM
from app.domain.ports import ProviderRecord
from app.models import FOREVER, catalogue, catalogue_read, catalogue_run, programme_facts
from app.services import search_index
from app.services.catalogue import facts

AT_ONCE = 10  # programmes a transaction: students' own saves wait for no more than that
LEASE = 300  # seconds that a run may be silent
MOST_GONE, FEW = 0.1, 10  # of what there is, see is_accident
REFRESHED = time(5, 30)  # when RIO renews its data, in Amsterdam


Item = TypeVar("Item")


class Running(Exception):
    """Another process is at it; or took over from this one."""


class Run(NamedTuple):
    edition: int
    holder: str
    moment: Callable[[], datetime]  # what time it is
    providers: Mapping[str, ProviderRecord] = MappingProxyType({})  # by code; empty: not read yet
    done: frozenset[str] = frozenset()


def batched(items: Iterable[Item], most: int = AT_ONCE) -> Iterator[list[Item]]:
    left = iter(items)
    while batch := list(islice(left, most)):
        yield batch


def is_accident(there: int, here: int) -> bool:
    """Whether that many fewer at the source is no day's work. What is few may change as it
    likes, but not vanish."""
    return there < here * (1 - MOST_GONE) and (here > FEW or not there)


def begin(moment: Callable[[], datetime], afresh: bool = False) -> Run:
    """A run of one's own: a new one, or one that was broken off. Raises Running."""
    holder, now = str(uuid4()), moment()
    seconds = now.timestamp()
    first = {"id": 1, "edition": 0, "changes": 0}
    with db.transaction() as connection:
        connection.execute(db.insert(connection, catalogue).on_conflict_do_nothing(), first)
        edition = connection.execute(  # and waits for whoever begins at the same moment
            update(catalogue).values(id=1).returning(catalogue.c.edition)
        ).scalar_one()
        left = connection.execute(select(catalogue_run)).first()
        # A lease of longer than that is of a clock that was wrong.
        if left is not None and seconds < left.leased_until <= seconds + LEASE:
            raise Running()
        mine = {"holder": holder, "leased_until": seconds + LEASE}
        # Without providers it was broken off before what lay there was taken away.
        if left and left.providers and not afresh and left.started_at >= _last_refresh(now):
            connection.execute(update(catalogue_run).values(mine))
            known = {code: ProviderRecord(**data) for code, data in left.providers.items()}
            return Run(left.edition, holder, moment, known, frozenset(left.done))
        connection.execute(delete(catalogue_run))
        row = {"edition": edition + 1, "started_at": now, "providers": {}, "done": [], **mine}
        connection.execute(insert(catalogue_run), row)
    run = Run(edition + 1, holder, moment)
    undo(run)
    return run


def _last_refresh(now: datetime) -> datetime:
    local = now.astimezone(AMSTERDAM)
    moment = datetime.combine(local.date(), REFRESHED, AMSTERDAM)
    if moment > local:
        moment = datetime.combine(local.date() - timedelta(days=1), REFRESHED, AMSTERDAM)
    return moment


def alone(connection: Connection) -> None:
    """First in each transaction that writes facts or what is found by them: they follow each
    other. (Who reads doesn't wait.)"""
    connection.execute(select(catalogue.c.id).with_for_update())


def held(run: Run, connection: Connection, **values: Any) -> None:
    """First in each transaction of a run: nobody else has it, and nobody takes it meanwhile.
    Raises Running."""
    alone(connection)
    mine = update(catalogue_run).where(catalogue_run.c.holder == run.holder)
    until = run.moment().timestamp() + LEASE
    if not connection.execute(mine.values({"leased_until": until, **values})).rowcount:
        raise Running()


def note(run: Run, problem: str) -> None:
    """The run may be taken up again at once, by this process or another."""
    with db.transaction() as connection:
        alone(connection)
        mine = update(catalogue_run).where(catalogue_run.c.holder == run.holder)
        connection.execute(mine.values(leased_until=0))
        connection.execute(update(catalogue).values(problem=problem[:200], problem_at=run.moment()))


def forget(run: Run) -> None:
    """What a refused run wrote must not be gone on with."""
    with db.transaction() as connection:
        connection.execute(delete(catalogue_run).where(catalogue_run.c.holder == run.holder))


def undo(run: Run) -> None:
    """Take away what an earlier run left that never counted, and let stand what it replaced."""
    never = select(facts.id).where(facts.edition >= run.edition)
    replaced = select(facts.id).where(facts.until >= run.edition, facts.until < FOREVER)
    with db.reading() as connection:
        read = connection.execute(select(catalogue_read).limit(1)).first()
    _little_by_little(run, never, delete(programme_facts))
    _little_by_little(run, replaced, update(programme_facts).values(until=FOREVER))
    if read:
        with db.transaction() as connection:
            held(run, connection)
            connection.execute(delete(catalogue_read))


def _little_by_little(run: Run, which: Any, act: Any) -> None:
    while True:
        with db.reading() as connection:
            some = list(connection.execute(which.limit(AT_ONCE)).scalars())
        if not some:
            return
        with db.transaction() as connection:
            held(run, connection)
            connection.execute(act.where(facts.id.in_(some)))


def tidy() -> None:
    """Remove what no longer counts, a little at a time."""
    over = select(facts.id).where(facts.until <= select(catalogue.c.edition).scalar_subquery())
    while True:
        with db.reading() as connection:
            some = list(connection.execute(over.limit(AT_ONCE)).scalars())
        if not some:
            break
        with db.transaction() as connection:
            alone(connection)
            connection.execute(delete(programme_facts).where(facts.id.in_(some)))
    for table, key, used in search_index.OUTLIVING:
        with db.reading() as connection:
            left = search_index.unused(connection, key, used)
        for some in batched(left):
            with db.transaction() as connection:
                alone(connection)
                search_index.remove(connection, table, key, used, some)
    with db.transaction() as connection:
        alone(connection)
        connection.execute(delete(catalogue_read).where(~exists().select_from(catalogue_run)))
