"""Writers and readers at the same moment, each in a process of its own, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app import clock, db
from app.models import koppelpunt, message
from app.services import applications, delivery, receipts, statuses
from app.services.audit import Actor
from app.services.delivery import Filters, Point
from tests import watch
from tests.applicants import a_cohort, adult, ready
from tests.portal import Portal
from tests.race import SECONDS, Raised, at_once, own_act
from tests.sis import OIN, SCHOOL

WRITERS, EACH = 4, 3
SIS = Actor("sis", OIN, "", clock.real_now())


def where() -> Point:
    with db.reading() as connection:
        found = delivery.point(connection, OIN, SCHOOL, clock.real_now())
    assert found is not None
    return found


def set_ready_again(keten_ids: list[str]) -> None:
    """A few times over: each raises its number."""
    for _ in range(EACH):
        for keten_id in keten_ids:
            receipts.again(SCHOOL, [keten_id], None, clock.now())


def follow(until: int) -> list[tuple[int, int]]:
    """As a SIS reads: again and again what came from the next number on. (Application, number.)"""
    seen: list[tuple[int, int]] = []
    deadline, point = clock.ticks() + SECONDS, where()
    while clock.ticks() < deadline and (not seen or seen[-1][1] < until):
        asked = Filters(change_from=seen[-1][1] + 1 if seen else 0, most=3)
        found = delivery.listed(point, asked, SIS).given
        seen += [(one.id, one.change_number) for one in found]
    return seen


def take(until: int) -> list[tuple[int, int]]:
    """What `nieuw` gives one of a SIS's nodes, until somebody has got the last one."""
    seen: list[tuple[int, int]] = []
    deadline, point_id = clock.ticks() + SECONDS, where().id
    while clock.ticks() < deadline:
        found = delivery.fresh(where(), SIS, clock.real_now())
        seen += [(one.id, one.change_number) for one in found]
        with db.reading() as connection:
            row = message.c
            last = select(row.waiting).where(row.koppelpunt_id == point_id)
            gone = connection.execute(last.where(row.change_number == until)).scalar()
        if gone is False:
            return seen
    return seen


def withdraw_all(applicants: list[Any]) -> None:
    for applicant in applicants:
        statuses.withdraw(applicant.student_id, applicant.draft_id, "", clock.now())


@pytest.mark.rule("SIS-5")
@pytest.mark.rule("MIJ-2")
@pytest.mark.each_run_on("postgresql")
def test_setting_ready_again_loses_no_withdrawal(any_portal: Portal) -> None:
    """Who sets everything ready again while students withdraw writes nothing that was before, and
    makes nobody wait for each other."""
    applicants = [ready(any_portal, adult(n), a_cohort()) for n in range(2 * WRITERS)]
    for applicant in applicants:
        applications.submit(*applicant.sends())
    ids = [row.keten_id for row in watch.all_of("application")]
    calls: list[tuple[Any, ...]] = [(set_all_ready_again, ids) for _ in range(2)]
    calls += [(withdraw_all, applicants[n::2]) for n in range(2)]
    answers = at_once(any_portal.settings.database_url, own_act, calls)
    assert answers == [None] * 4
    given = list(follow_all())
    assert len(given) == len(ids)
    assert all(b'"ingetrokken":true' in body for body in given)


def set_all_ready_again(keten_ids: list[str]) -> None:
    for _ in range(2 * EACH):
        receipts.again(SCHOOL, keten_ids, None, clock.now())


def follow_all() -> list[bytes]:
    return [one.body for one in delivery.listed(where(), Filters(), SIS).given]


@pytest.mark.rule("SIS-1")
@pytest.mark.each_run_on("postgresql")
def test_who_follows_the_numbers_misses_nothing_and_sees_them_in_order(any_portal: Portal) -> None:
    """New applications and changes of old ones come in meanwhile; and what `nieuw` gives two nodes
    is together everything, each number once."""
    old = [ready(any_portal, adult(n), a_cohort()) for n in range(WRITERS)]
    for applicant in old:
        applications.submit(*applicant.sends())
    ids = [row.keten_id for row in watch.all_of("application")]
    new = [ready(any_portal, adult(100 + n), a_cohort()) for n in range(WRITERS)]
    until = WRITERS + WRITERS * EACH + WRITERS
    calls: list[tuple[Any, ...]] = [(follow, until), (follow, until), (take, until), (take, until)]
    calls += [(set_ready_again, ids[n::2]) for n in range(2)]
    calls += [(applications.submit, *applicant.sends()) for applicant in new]
    *readers, one, other, _, _ = at_once(any_portal.settings.database_url, own_act, calls)[:6]
    with db.reading() as connection:
        k = koppelpunt.c
        assert connection.execute(select(k.last_change).where(k.code == SCHOOL)).scalar() == until
    latest = {row.application_id: row.change_number for row in watch.all_of("message", latest=True)}
    for seen in readers:
        assert not isinstance(seen, Raised)
        numbers = [number for _id, number in seen]
        assert numbers == sorted(set(numbers))
        assert dict(seen) == latest
    numbers = [number for _id, number in one + other]
    assert len(numbers) == len(set(numbers))
    assert {i: max(n for j, n in one + other if j == i) for i, _n in one + other} == latest
