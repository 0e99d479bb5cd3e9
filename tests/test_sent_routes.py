"""Of an application that was sent: looking at it, by any address, changes nothing (WIZ-4)."""

from __future__ import annotations

import re
from itertools import count

import pytest

from tests import watch
from tests.applicants import adult, cohorts_open
from tests.length import at_length
from tests.portal import Portal, Student
from tests.sent import applies, says
from tests.ways import COMPANIES

numbers = count(300)
SLUGS = ("contact", "leerbedrijf", "adres", "opleiding", "gegevens")
ACTS = {"/mijn/<uuid:draft_id>/intrekken", "/mijn/<uuid:draft_id>/kiezen"}
OTHERS = ((), ("LI",), ("LNI",), ("AI",))  # what a school may have said besides an offer


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


def addresses(portal: Portal, draft: str) -> list[str]:
    """Every address of this application that can be asked for."""
    rules = {rule.rule for rule in portal.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    of_sent = {rule for rule in rules if "<uuid:draft_id>" in rule}
    assert of_sent >= ACTS
    named = [re.sub("<uuid:draft_id>", draft, rule) for rule in of_sent]
    plain = [re.sub("<slug>", slug, address) for address in named for slug in SLUGS]
    return sorted({*plain, *(f"/aanmelding/{draft}/verstuurd/leerbedrijf{q}" for q in COMPANIES)})


@pytest.mark.rule("MIJ-2")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("codes", [("OA",), *at_length(*((codes,) for codes in OTHERS))])
def test_asking_changes_nothing_of_what_was_sent(
    portal: Portal, codes: tuple[str, ...], method: str
) -> None:
    bsn = adult(next(numbers))
    draft, _other = (applies(portal, bsn, cohort) for cohort in cohorts_open()[:2])
    for code in codes:
        says(draft, code)
    student = Student(portal.browser(), bsn)
    student.log_in()
    for address in addresses(portal, draft):
        before = watch.rows("store")  # without sessions
        answer = student.browser.request(method, address)
        assert answer.status_code in (200, 303, 404), address
        assert watch.rows("store") == before, address
