"""On sending the accreditation is asked again: what was lost meanwhile, and an SBB that is down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import clock
from app.domain.leerbedrijf import Accreditation, Leerbedrijf
from app.services import leerbedrijven
from tests import watch
from tests.choosing import in_our_copy, nobody_yet
from tests.leerbedrijven import (
    BISTRO,
    BRASSERIE,
    COOK,
    IDS,
    NONE,
    accreditation,
    answered,
    at_the_question,
    draft_of,
    who_works_at,
)
from tests.portal import Portal, Student

pytestmark = pytest.mark.each_run_on("sqlite")

ME = nobody_yet(1)
NOT_SENT = "Je aanmelding is nog niet verstuurd."
OVER = "is voorbij als je begint. Kies een ander leerbedrijf."


def sent() -> tuple[Leerbedrijf, ...]:
    """In the one application."""
    given = watch.answers("application").leerbedrijf
    assert given is not None
    return given


@pytest.fixture
def student(any_portal: Portal) -> Student:
    return who_works_at(any_portal, ME, BISTRO)


@pytest.mark.rule("WIZ-11", "WIZ-13")
def test_what_is_sent_has_the_leerbedrijf(student: Student) -> None:
    student.answer()
    assert student.at == "verstuurd"
    assert [(company.id, company.name) for company in sent()] == [(IDS[BISTRO], BISTRO)]


@pytest.mark.rule("WIZ-11")
def test_none_yet_is_sent_without_asking_sbb(any_portal: Portal) -> None:
    student = at_the_question(any_portal, ME)
    student.post(company=NONE)
    any_portal.outside.calls.clear()
    student.answer()
    assert student.at == "verstuurd"
    assert not [call for call in any_portal.outside.calls if "/sbb/" in call.url.path]
    assert sent() == ()


@pytest.mark.rule("WIZ-3", "WIZ-11")
def test_one_that_lapsed_meanwhile_is_not_sent_and_asked_again(
    any_portal: Portal, student: Student
) -> None:
    any_portal.fault("sbb", "erkenning", None, "expired")
    student.answer()
    assert student.at == "leerbedrijf"
    assert NOT_SENT in student.page.text
    assert f"De erkenning van {BISTRO} {OVER}" in student.page.text
    assert watch.all_of("application") == []
    assert accreditation(any_portal, student) is Accreditation.EXPIRED
    assert student.get(f"/aanmelding/{student.draft}/controleren").url.path.endswith("leerbedrijf")
    assert OVER in student.page.text
    any_portal.fault("sbb", "erkenning", None, None)
    student.post(company=IDS[BRASSERIE])
    assert student.at == "controleren"
    assert OVER not in student.page.text
    student.answer()
    assert student.at == "verstuurd"
    assert [company.name for company in sent()] == [BRASSERIE]


@pytest.mark.rule("WIZ-11")
def test_who_goes_on_without_can_send(any_portal: Portal, student: Student) -> None:
    any_portal.fault("sbb", "erkenning", None, "expired")
    student.answer()
    student.post(company=NONE)
    student.answer()
    assert student.at == "verstuurd"


@pytest.mark.rule("WIZ-11")
def test_one_that_sbb_no_longer_has_is_named(portal: Portal) -> None:
    student = who_works_at(portal, ME, BISTRO)
    portal.fault("sbb", "erkenning", None, "404")
    student.answer()
    assert f"{BISTRO} is geen erkend leerbedrijf (meer)." in student.page.text
    assert watch.all_of("application") == []


@pytest.mark.rule("WIZ-11", "WIZ-13")
@pytest.mark.parametrize("fault", ["500", "401", "429"])
def test_an_outage_of_sbb_blocks_nobody(portal: Portal, fault: str) -> None:
    student = who_works_at(portal, ME, BISTRO)
    portal.fault("sbb", "erkenning", None, fault)
    student.answer()
    assert student.at == "verstuurd"
    assert [company.accreditation for company in sent()] == [Accreditation.VALID]


@pytest.mark.rule("WIZ-11", "WIZ-18")
@pytest.mark.parametrize("lapsed", [False, True])
def test_after_closing_sbb_is_asked_all_the_same(
    any_portal: Portal, student: Student, lapsed: bool
) -> None:
    in_our_copy(any_portal, COOK, cohorts=lambda cohort: replace(cohort, open=False))
    if lapsed:
        any_portal.fault("sbb", "erkenning", None, "expired")
    any_portal.outside.calls.clear()
    student.answer()
    assert [call for call in any_portal.outside.calls if "/erkenning" in call.url.path]
    assert (student.at == "verstuurd") is not lapsed
    assert len(watch.all_of("application")) == (0 if lapsed else 1)


@pytest.mark.rule("WIZ-11", "WIZ-13")
@pytest.mark.parametrize("seen", [False, True], ids=["just now", "before SBB answered"])
def test_what_sbb_says_of_one_touches_no_other_that_was_chosen_meanwhile(
    any_portal: Portal, student: Student, seen: bool
) -> None:
    before = draft_of(any_portal, student)
    (bistro,) = before.answers.leerbedrijf or ()
    student.get(f"/aanmelding/{student.draft}/leerbedrijf")
    student.post(company=IDS[BRASSERIE])
    opened = draft_of(any_portal, student) if seen else before
    lapsed = replace(bistro, accreditation=Accreditation.EXPIRED)
    leerbedrijven.keep(opened, (lapsed,), clock.now())
    (company,) = answered(any_portal, student) or ()
    assert (company.name, company.accreditation) == (BRASSERIE, Accreditation.VALID)
