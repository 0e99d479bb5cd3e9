"""Places of a cohort that has a number of them (CAT-5): taken by applying, freed by withdrawal or
refusal. `taken` is how many run, and never more than there are: who comes back by a correction of
the school's takes one only when there is one (a finding for the school)."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from app.domain.status import APPLICATION, RUNNING
from app.models import application, cohort, place


def running_now(connection: Connection, cohort_id: str) -> int:
    """Applications for this cohort that take a place."""
    of = application.c
    return int(
        connection.execute(
            select(func.count())
            .select_from(application)
            .where(of.cohort_id == cohort_id, of.kind == APPLICATION, of.status.in_(RUNNING))
        ).scalar_one()
    )


def take(connection: Connection, cohort_id: str) -> bool:
    """Who applies gets the last place alone; False when there is none. A cohort without a row has
    no maximum. The caller holds the cohort's row, as a claim in `running` does."""
    taken = connection.execute(
        update(place)
        .where(place.c.cohort_id == cohort_id, place.c.taken < place.c.maximum)
        .values(taken=place.c.taken + 1)
    )
    if taken.rowcount:
        return True
    counted = select(place.c.cohort_id).where(place.c.cohort_id == cohort_id)
    return connection.execute(counted).first() is None


def count_again(connection: Connection, cohort_id: str) -> bool:
    """After one has gone or come back; whether there is a place for all that run. The row is
    locked before they are counted, so that whoever else comes or goes just now is counted here or
    counts after it; and the cohort's, so that whoever begins to count does."""
    held = select(cohort.c.id).where(cohort.c.id == cohort_id)
    connection.execute(held.with_for_update(read=True, key_share=True))
    maximum: int | None = connection.execute(
        select(place.c.maximum).where(place.c.cohort_id == cohort_id).with_for_update()
    ).scalar()
    if maximum is None:
        return True
    run = running_now(connection, cohort_id)
    taken = min(maximum, run)
    connection.execute(update(place).filter_by(cohort_id=cohort_id).values(taken=taken))
    return taken == run
