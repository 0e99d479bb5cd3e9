"""How old our copy of RIO is and how much there is; and what schools must put right in RIO."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete

from app import db
from app.models import catalogue, programme_facts
from app.services import catalogue_renew, catalogue_status, institutions
from app.services.catalogue_status import Finding, Found
from digistub.rio_data import OFFERS
from tests import watch
from tests.choosing import CODE, IDS, LOCKED, in_our_copy, with_code
from tests.integration.test_commands import Line
from tests.portal import Portal
from tests.source import as_it_is, synchronise

pytestmark = pytest.mark.each_run_on("sqlite")

ALGEMEEN, CODE_WITH_ALL, SPEC = (
    Finding.ONLY_ALGEMEEN,
    Finding.CODE_WITH_ALL,
    Finding.SPEC_WITHOUT_CODE,
)


@pytest.fixture
def machine() -> Iterator[time_machine.Traveller]:
    """The machine's time stands still, until a test shifts it."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


def counts() -> dict[str, dict[Finding, int]]:
    with db.reading() as connection:
        return {brin: dict(each) for brin, each in catalogue_status.counts(connection).items()}


def of(brin: str) -> list[Found]:
    with db.reading() as connection:
        return catalogue_status.findings(connection, brin)


@pytest.mark.rule("CAT-2", "CAT-4")
def test_findings_are_counted_for_each_school_and_listed_for_one(any_portal: Portal) -> None:
    assert counts() == {"92XX": {ALGEMEEN: 1}, "99XX": {CODE_WITH_ALL: 1, SPEC: 1}}
    doctors, teachers = (
        (IDS["dokters-bol"], "Doktersassistent", "DOKTERS-BOL-CODE-VOOR-IEDEREEN"),
        (IDS["onderwijs-bol"], "Onderwijsassistent na je stage", "ONDERWIJS-BOL-VAST"),
    )
    assert of("99XX") == [
        Found(kind, code, name, programme_id)
        for kind, (programme_id, name, code) in ((CODE_WITH_ALL, doctors), (SPEC, teachers))
    ]
    assert of("92XX") == [Found(ALGEMEEN, "921A001", "Aventijn College")]
    assert of("91XX") == []
    with pytest.raises(institutions.Unknown):
        of("98XX")


@pytest.mark.rule("CAT-4")
def test_what_was_put_right_or_is_gone_is_no_finding(any_portal: Portal) -> None:
    with_code(any_portal, "onderwijs-bol", "Zon en maan")
    with_code(any_portal, LOCKED, "")  # which is SPEC
    in_our_copy(any_portal, "dokters-bol", restricted=True)
    assert counts()["99XX"] == {SPEC: 1}
    with_code(any_portal, LOCKED, CODE)
    assert "99XX" not in counts()
    in_our_copy(any_portal, "dokters-bol")
    assert counts()["99XX"] == {
        CODE_WITH_ALL: 1,
    }
    catalogue_renew.replace(IDS["dokters-bol"], None)
    assert "99XX" not in counts()
    watch.set_everywhere("provider", active=False)
    assert counts() == {}


@pytest.mark.rule("CAT-4")
def test_what_is_to_be_put_right_moves_along(any_portal: Portal) -> None:
    """The provider that a programme came from stops; its programmes are another's now."""
    source = as_it_is(any_portal)
    before = of("99XX")
    here = {
        p.provider_code for p in source.every_programme if p.id in {f.programme_id for f in before}
    }
    to = next(p.code for p in source.every_provider if p.brin == "99XX" and p.code not in here)
    moved = source.each(lambda p: replace(p, provider_code=to) if p.provider_code in here else p)
    stays = tuple(p for p in source.every_provider if p.code not in here)
    synchronise(replace(moved, every_provider=stays), accept_shrink=True)
    assert len(here) == 1
    assert of("99XX") == before


@pytest.mark.rule("CAT-1")
def test_the_state_of_our_copy(any_portal: Portal, machine: time_machine.Traveller) -> None:
    line = Line(any_portal)
    whole = synchronise(as_it_is(any_portal))
    assert whole.total == len(OFFERS)
    machine.shift(timedelta(hours=5, minutes=4, seconds=3))
    told = dict(row.split(None, 1) for row in line.says("catalogue", "status").splitlines())
    with db.reading() as connection:
        status = catalogue_status.status(connection)
    cohorts = sum(len(offer.cohorts) for offer in OFFERS)
    assert (status.programmes, status.cohorts) == (len(OFFERS), cohorts)
    assert told["programmes"] == str(len(OFFERS))
    assert told["cohorts"] == str(cohorts)
    assert told["edition"] == str(status.edition) == str(watch.row_of("catalogue").edition)
    assert status.synced_at is not None
    assert told["synchronised"] == f"{status.synced_at:%Y-%m-%d %H:%M} UTC, 5:04:03 ago"
    assert told["followed"] == "until  never"
    assert told["last"] == "problem    none"
    assert told["92XX"] == "1 only an ALGEMEEN contact"
    assert told["99XX"] == "1 code with ALL, 1 SPEC without a code"
    catalogue_renew.replace(OFFERS[0].id, None)
    with db.reading() as connection:
        less = catalogue_status.status(connection)
    assert less.programmes == len(OFFERS) - 1
    assert less.cohorts == cohorts - len(OFFERS[0].cohorts)


@pytest.mark.rule("CAT-1")
def test_the_last_problem_and_when_it_was(
    any_portal: Portal, machine: time_machine.Traveller
) -> None:
    any_portal.fault("rio", "erkenningen", None, "500")
    line = Line(any_portal)
    line.refuses("catalogue", "sync")
    machine.shift(timedelta(days=2))
    told = line.says("catalogue", "status")
    assert "last problem    Unavailable rio" in told
    assert " UTC, 2 days, 0:00:00 ago\nprogrammes" in told


def test_before_anything_was_read(any_portal: Portal) -> None:
    with db.transaction() as connection:
        for table in (programme_facts, catalogue):
            connection.execute(delete(table))
    told = Line(any_portal).says("catalogue", "status")
    assert "edition         0\nsynchronised    never\n" in told
    assert "programmes      0\ncohorts         0\n" in told


@pytest.mark.rule("CAT-2", "CAT-4")
def test_one_school_s_findings_without_the_codes(any_portal: Portal) -> None:
    line = Line(any_portal)
    told = line.says("catalogue", "status", "--school", "99XX")
    cohort = "DOKTERS-BOL-CODE-VOOR-IEDEREEN"
    assert f"code with ALL: {cohort}  {IDS['dokters-bol']}  Doktersassistent\n" in told
    assert "ALGEMEEN" not in told
    assert "OPEN-DEUR" not in told
    assert "99XX" not in told
    other = line.says("catalogue", "status", "--school", "92XX")
    assert other.endswith("only an ALGEMEEN contact: 921A001  Aventijn College\n")
    assert line.refuses("catalogue", "status", "--school", "98XX") == "Error: no such school\n"
