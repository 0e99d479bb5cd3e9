"""Two schools, three koppelpunten, everything that goes wrong in any order: at the end each SIS has
exactly what we have, and nobody ever saw another's (checklist item 55)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from app import clock, db
from app.domain.status import CODES, RETRACTABLE
from app.models import metadata
from app.services import applications, koppelpunten, receipts, statuses
from app.services.catalogue import counts_now, facts
from app.services.statuses import TooLate
from tests import watch
from tests.applicants import adult, open_now, ready
from tests.copies import CHECKED, UNCHECKED
from tests.length import at_length
from tests.portal import Portal, open_portal
from tests.sis import Sis, number, sis
from tests.status_items import item, result

SCHOOLS = ("99XX", "91XX")
NO_TRIGGER = "DROP TRIGGER IF EXISTS audit_delete"
EXTRA = "99XX-extra"  # of one provider of 99XX; acknowledges
Item = dict[str, Any]


@dataclass
class Follower:
    """A school's SIS and what it has, by application."""

    sis: Sis
    acknowledges: bool
    has: dict[str, Item] = field(default_factory=dict)
    sure: int = 0  # everything up to this number was received
    gap: bool = False  # an answer was lost since
    said: set[tuple[str, int]] = field(default_factory=set)  # what it acknowledged
    unanswered: list[Item] = field(default_factory=list)  # said without a number, answer lost

    def receive(self, items: list[Item]) -> None:
        for one in items:
            known = self.has.get(one["caKetenId"])
            if known is None or known["wijzigingsvolgnummer"] <= one["wijzigingsvolgnummer"]:
                self.has[one["caKetenId"]] = one
        if items and not self.gap:
            self.sure = max(self.sure, items[-1]["wijzigingsvolgnummer"])

    def catch_up(self) -> None:
        """By change number, or by `nieuw` alone until nothing is left to acknowledge."""
        while not self.acknowledges and (items := self.sis.items(vanafWijziging=self.sure + 1)):
            for one in items:
                self.has[one["caKetenId"]] = one
            self.sure = items[-1]["wijzigingsvolgnummer"]
        self.gap = False
        while self.acknowledges and (items := self.sis.fresh()):
            self.receive(items)
            for one in items:
                assert self.sis.confirm(one).status_code == 200


def empty(url: str) -> None:
    """As a database is before a test: also the trail, which only grows, is empty."""
    postgresql = db.connect(url).dialect.name == "postgresql"
    freely, after = (UNCHECKED, CHECKED) if postgresql else (NO_TRIGGER, "SELECT 1")
    with db.transaction() as connection:
        connection.exec_driver_sql(freely)
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        connection.exec_driver_sql(after)


class Coupling(RuleBasedStateMachine):
    sent = Bundle("sent")
    url = ""

    @initialize()
    def begin(self) -> None:
        empty(self.url)
        self.portal: Portal = open_portal(self.url)
        offered = {choice.brin: choice for choice in open_now()}
        with db.reading() as connection:
            theirs = select(facts.provider_code).where(counts_now())
            found = theirs.where(facts.programme_id == offered["99XX"].programme_id)
            provider = connection.execute(found).scalar_one()
        point = koppelpunten.Settings(acknowledging=True, providers=[provider])
        koppelpunten.set_up(EXTRA, "99XX", point, clock.now(), production=False)
        acknowledging = koppelpunten.Settings(acknowledging=True)
        koppelpunten.set_up("91XX", "91XX", acknowledging, clock.now(), production=False)
        self.followers = {
            code: Follower(sis(self.portal, code[:4], code), code != "99XX")
            for code in (*SCHOOLS, EXTRA)
        }
        self.cohorts = [c.cohort_id for c in open_now() if c.brin in SCHOOLS]
        self.people = 0

    @rule(target=sent, which=st.integers(0, 99))
    def apply(self, which: int) -> int:
        self.people += 1
        cohort_id = self.cohorts[which % len(self.cohorts)]
        receipt = applications.submit(*ready(self.portal, adult(self.people), cohort_id).sends())
        return receipt.application_id

    @rule(which=sent)
    def withdraw(self, which: int) -> None:
        row = watch.row_of("application", id=which)
        try:
            statuses.withdraw(row.student_id, row.draft_id, "", clock.now())
        except TooLate:
            assert row.status not in RETRACTABLE
        assert watch.row_of("application", id=which).status != "SUBMITTED"

    @rule(which=sent, code=st.sampled_from(sorted(CODES)), after=st.integers(-90, 90))
    def status(self, which: int, code: str, after: int) -> None:
        row = watch.row_of("application", id=which)
        one = item(row, code, after=after)
        school = self.followers[row.brin].sis
        first = result(school, one)
        assert first["resultaat"] in ("verwerkt", "gelogd")
        assert result(school, one) == {**first, "herhaald": True}

    @rule(which=sent, code=st.sampled_from(sorted(CODES)))
    def status_by_another_school(self, which: int, code: str) -> None:
        row = watch.row_of("application", id=which)
        other = next(brin for brin in SCHOOLS if brin != row.brin)
        for brin in (other, row.brin):
            said = result(self.followers[other].sis, item(row, code, brin=brin))
            assert (said["resultaat"], said["code"]) == ("fout", "aanmelding-onbekend")
        assert watch.row_of("application", id=which).status == row.status

    @rule(which=sent)
    def again(self, which: int) -> None:
        row = watch.row_of("application", id=which)
        assert receipts.again(row.brin, [row.ca_keten_id], None, clock.now()) == 1

    @rule(code=st.sampled_from((*SCHOOLS, EXTRA)))
    def pull(self, code: str) -> None:
        follower = self.followers[code]
        follower.receive(self.own(code, follower.sis.fresh()))

    @rule(code=st.sampled_from((*SCHOOLS, EXTRA)))
    def catch_up(self, code: str) -> None:
        self.followers[code].catch_up()

    @rule(code=st.sampled_from((*SCHOOLS, EXTRA)))
    def lose_an_answer(self, code: str) -> None:
        if self.own(code, self.followers[code].sis.fresh()):
            self.followers[code].gap = True

    @rule(code=st.sampled_from((*SCHOOLS, EXTRA)), lost=st.booleans(), stale=st.booleans())
    def acknowledge(self, code: str, lost: bool, stale: bool) -> None:
        """Something it has, perhaps an old one; again when that answer got lost: without a number
        later, when much may have happened, unless it was given something that it never got."""
        follower = self.followers[code]
        for one in follower.unanswered:
            messages = watch.all_of("message", application_id=number(one))
            if all(m.acknowledged_at for m in messages if m.given_at):
                assert follower.sis.confirm(one, with_number=False).status_code == 200
        follower.unanswered = []
        for one in list(follower.has.values())[-2:]:
            which = one["caKetenId"], one["wijzigingsvolgnummer"]
            nameless = stale and which not in follower.said
            for _ in range(1 + (lost and not nameless)):
                assert follower.sis.confirm(one, with_number=not nameless).status_code == 200
            if nameless and lost:
                follower.unanswered.append(one)
            follower.said.add(which)

    @rule(code=st.sampled_from((*SCHOOLS, EXTRA)))
    def report(self, code: str) -> None:
        follower = self.followers[code]
        for one in list(follower.has.values())[:1]:
            said = follower.sis.post(f"{number(one)}/foutmelding", json={"foutmelding": "kapot"})
            assert said.status_code == 200

    @rule(code=st.sampled_from((*SCHOOLS, EXTRA)))
    def look_at_another_s(self, code: str) -> None:
        ours = {row.id for row in watch.all_of("application", koppelpunt_id=self.point(code))}
        for row in watch.all_of("application"):
            answer = self.followers[code].sis.get(f"{row.id}")
            assert answer.status_code == (200 if row.id in ours else 404)

    def point(self, code: str) -> int:
        return int(watch.row_of("koppelpunt", code=code).id)

    def own(self, code: str, items: list[Item]) -> list[Item]:
        """Nobody ever sees another's."""
        theirs = watch.all_of("application", koppelpunt_id=self.point(code))
        assert {one["caKetenId"] for one in items} <= {row.ca_keten_id for row in theirs}
        numbers = [one["wijzigingsvolgnummer"] for one in items]
        assert numbers == sorted(set(numbers))
        assert len(items) == len({one["caKetenId"] for one in items})
        return items

    def teardown(self) -> None:
        if not hasattr(self, "followers"):
            return
        for code, follower in self.followers.items():
            follower.catch_up()
            rows = watch.all_of("application", koppelpunt_id=self.point(code))
            ours = {row.ca_keten_id: row.status == "WITHDRAWN" for row in rows}
            assert {k: one["ingetrokken"] for k, one in follower.has.items()} == ours
            latest = watch.all_of("message", koppelpunt_id=self.point(code), latest=True)
            numbers = sorted(row.change_number for row in latest)
            assert sorted(o["wijzigingsvolgnummer"] for o in follower.has.values()) == numbers
            if follower.acknowledges:
                assert follower.sis.fresh() == []


@pytest.mark.rule("SIS-1")
@pytest.mark.rule("SIS-6")
@pytest.mark.rule("STA-2")
@pytest.mark.parametrize("examples", [6, *at_length(150)])
@pytest.mark.each_run_on("postgresql")
def test_whatever_happens_a_sis_has_what_we_have(database_url: str, examples: int) -> None:
    class OnThis(Coupling):
        url = database_url

    run_state_machine_as_test(
        OnThis,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate),
        ),
    )
