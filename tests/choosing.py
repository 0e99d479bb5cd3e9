"""Students who choose a programme that a test names, and a RIO that changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx

from app import clock, db
from app.domain.ports import CohortRecord, ProgrammeRecord
from app.services import catalogue, catalogue_renew
from app.services.catalogue import Offered
from digistub.people import fresh_bsn
from digistub.rio_data import OFFERS
from tests.portal import Portal, Student, cohorts
from tests.source import as_it_is, synchronise

IDS = {offer.key: offer.id for offer in OFFERS}  # of programmes, by their name in the test service
LOCKED, LOCKED_TOO, KOK = "verzorgende-bbl", "dokters-bol", "kok-bol-zwolle"
CODE = "Horizon 24"  # of LOCKED


def nobody_yet(number: int) -> str:
    """The BSN of an adult who was never here."""
    return fresh_bsn("9997", number)


def look_at(student: Student, key: str) -> httpx.Response:
    """The programme's page."""
    return student.get(f"/aanmelding/{student.draft}/opleiding?programma={IDS[key]}")


def choose(student: Student, key: str, cohort: int = 0) -> Student:
    """One of the programme's own cohorts that are open."""
    look_at(student, key)
    shown = cohorts(student.page.text)
    own = [o.choice.cohort_id for o in offered(key) if o.choice.cohort_id in shown]
    student.post(cohort=own[cohort])
    return student


def who_chose(portal: Portal, key: str, bsn: str, cohort: int = 0) -> Student:
    return choose(portal.student(bsn).walk_to("opleiding"), key, cohort)


def offered(key: str) -> list[Offered]:
    """Its cohorts in our copy."""
    with db.reading() as connection:
        return catalogue.of_programme(connection, IDS[key], clock.now())


def record_of(portal: Portal, key: str) -> ProgrammeRecord:
    """As RIO has it."""
    record = portal.app.extensions["registers"].catalogue.programme(IDS[key])
    assert record is not None
    return record  # type: ignore[no-any-return]


def in_our_copy(portal: Portal, key: str, **facts: Any) -> None:
    """As if RIO had been read again just now, and said this; `cohorts` is a function of each."""
    change: Callable[[CohortRecord], CohortRecord] = facts.pop("cohorts", lambda c: c)
    record = record_of(portal, key)
    changed = replace(record, cohorts=tuple(map(change, record.cohorts)), **facts)
    catalogue_renew.replace(record.id, changed)
    portal.app.extensions["store"].put(f"rio:{record.id}", b"1", catalogue_renew.FRESH)


def with_code(portal: Portal, key: str, code: str) -> None:
    """The school sets another access code; empty takes it away."""
    in_our_copy(portal, key, cohorts=lambda c: replace(c, access_code=code))


def everywhere(portal: Portal, **facts: Any) -> None:
    """Every cohort of every programme changes so."""
    synchronise(as_it_is(portal).each_cohort(lambda c: replace(c, **facts)))
