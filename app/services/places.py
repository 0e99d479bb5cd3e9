"""Places of a cohort that has a number of them (CAT-5): taken by applying, freed by withdrawal or
refusal. `taken` is how many run, and never more than there are: who comes back by a correction of
the school's takes one only when there is one (a finding for the school)."""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from app.domain.status import RUNNING
from app.models import application, place


def running_now(connection: Connection, cohort_id: str) -> int:
    """Applications for this cohort that take a place."""
    of = application.c
    return int(
        connection.execute(
            select(func.count())
            .select_from(application)
            .where(of.cohort_id == cohort_id, of.kind == "A", of.status.in_(RUNNING))
        ).scalar_one()
    )


def take(connection: Connection, cohort_id: str) -> bool:
    """The last place goes to one only; False when there is none. A cohort without a row has no
    maximum."""
    taken = connection.execute(
        update(place)
        .where(place.c.cohort_id == cohort_id, place.c.taken < place.c.maximum)
        .values(taken=place.c.taken + 1)
    )
    if taken.rowcount:
        return True
    counted = select(place.c.cohort_id).where(place.c.cohort_id == cohort_id)
    return connection.execute(counted).first() is None


def count_again(connection: Connection, cohort_id: str) -> None:
    """After one has gone. The row is locked before they are counted, so that whoever applies just
    now is counted here or takes a place after it."""
    row = connection.execute(
        select(place.c.maximum).where(place.c.cohort_id == cohort_id).with_for_update()
    ).first()
    if row is not None:
        taken = min(row.maximum, running_now(connection, cohort_id))
        connection.execute(update(place).filter_by(cohort_id=cohort_id).values(taken=taken))
