"""One programme read again from RIO by its key, for who comes for it (CAT-1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine

from digistub.rio_catalogue import Change
from tests import watch
from tests.choosing import IDS, KOK, choose, look_at, offered
from tests.portal import ADULT, Portal, cohorts

pytestmark = pytest.mark.each_run_on("sqlite")

LINK = f"/aanmelden?opleiding={IDS[KOK]}"
FIXED = "KOK-BOL-ZWOLLE-VAST"
AT_SEA = "Kok op zee"


def asked(portal: Portal, key: str = KOK) -> int:
    """How often RIO was asked for this one by its key."""
    return sum(
        call.url.path.endswith(f"/aangeboden-opleidingen/{IDS[key]}")
        for call in portal.outside.calls
    )


def rio_changes(portal: Portal, kind: str, value: str = "", cohort: str = "") -> None:
    """As a tester does by DigiStub's buttons."""
    portal.world.extensions["world"].change_rio(Change(IDS[KOK], cohort, kind, value))


def old_enough(portal: Portal) -> None:
    """Ten minutes later: our copy of it isn't fresh any more."""
    portal.app.extensions["store"].delete(f"rio:{IDS[KOK]}")


@pytest.mark.rule("CAT-1")
def test_a_link_shows_what_rio_has_now(any_portal: Portal) -> None:
    rio_changes(any_portal, "name", AT_SEA)
    assert AT_SEA in any_portal.browser().get(LINK).text
    rio_changes(any_portal, "closed", cohort=FIXED)
    old_enough(any_portal)
    page = any_portal.browser().get(LINK)
    assert "Aanmelden kan nu niet" in page.text
    assert AT_SEA in page.text
    rio_changes(any_portal, "gone")
    old_enough(any_portal)
    assert any_portal.browser().get(LINK).status_code == 404
    any_portal.world.extensions["world"].restore_rio()
    old_enough(any_portal)
    page = any_portal.browser().get(LINK)
    assert page.status_code == 200
    assert "Kok in het restaurant" in page.text


@pytest.mark.rule("CAT-1", "WIZ-8")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "closed", "cohort": FIXED}, "De school heeft de aanmelding gesloten."),
        ({"kind": "gone"}, "Voor deze opleiding kun je je nu niet aanmelden. Kies een andere."),
    ],
)
def test_choosing_is_by_what_rio_has_now(
    any_portal: Portal, change: dict[str, str], says: str
) -> None:
    student = any_portal.student(ADULT).walk_to("opleiding")
    look_at(student, KOK)
    cohort = next(o.choice.cohort_id for o in offered(KOK) if o.choice.cohort_code == FIXED)
    assert cohort in cohorts(student.page.text)
    rio_changes(any_portal, **change)
    page = student.post(cohort=cohort)
    assert page.status_code == 422
    assert says in page.text


@pytest.mark.rule("CAT-1", "WIZ-12")
@pytest.mark.parametrize(
    ("change", "leads", "says"),
    [
        ({"kind": "name", "value": AT_SEA}, "controleren", AT_SEA),
        ({"kind": "gone"}, "opleiding", "kun je je nu niet meer aanmelden"),
        ({"kind": "code", "cohort": FIXED, "value": "Vers"}, "toegangscode", "toegangscode"),
    ],
)
def test_sending_is_by_what_rio_has_now(
    any_portal: Portal, change: dict[str, str], leads: str, says: str
) -> None:
    student = choose(any_portal.student(ADULT).walk_to("opleiding"), KOK).walk_to("controleren")
    rio_changes(any_portal, **change)
    old_enough(any_portal)
    page = student.answer()
    assert student.at == leads
    assert says in page.text
    assert watch.all_of("application") == []


@pytest.mark.rule("CAT-1", "WIZ-3")
def test_a_draft_in_another_tab_learns_of_it(any_portal: Portal) -> None:
    student = choose(any_portal.student(ADULT).walk_to("opleiding"), KOK).walk_to("controleren")
    rio_changes(any_portal, "name", AT_SEA)
    old_enough(any_portal)
    any_portal.browser().get(LINK)  # somebody else comes for it
    before = asked(any_portal)
    assert AT_SEA in student.get(str(student.page.url)).text
    rio_changes(any_portal, "gone")
    old_enough(any_portal)
    any_portal.browser().get(LINK)
    student.get(f"/aanmelding/{student.draft}/")
    assert student.at == "opleiding"
    for page in ("opleiding", "contact"):
        shown_there = student.get(f"/aanmelding/{student.draft}/{page}").text
        assert student.at == page
        assert "kun je je nu niet meer aanmelden" in shown_there
    assert asked(any_portal) == before + 1, "looking at a draft asks nobody"


@pytest.mark.rule("CAT-1")
def test_rio_is_asked_once_in_ten_minutes(portal: Portal, machine: time_machine.Traveller) -> None:
    for address in (LINK, LINK.upper().replace("/AANMELDEN?OPLEIDING", "/aanmelden?opleiding")):
        assert portal.browser().get(address).status_code == 200
    assert asked(portal) == 1
    machine.shift(timedelta(seconds=599))
    portal.browser().get(LINK)
    assert asked(portal) == 1
    machine.shift(timedelta(seconds=2))
    portal.browser().get(LINK)
    assert asked(portal) == 2


@pytest.mark.rule("CAT-1")
def test_of_many_who_come_at_once_one_asks(any_portal: Portal) -> None:
    rio_changes(any_portal, "name", AT_SEA)
    with ThreadPoolExecutor(4) as pool:  # few enough that RIO answers within PATIENCE
        answers = list(pool.map(lambda _: any_portal.browser().get(LINK), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert asked(any_portal) == 1
    assert AT_SEA in any_portal.browser().get(LINK).text


@pytest.mark.rule("CAT-1")
def test_what_we_never_had_is_not_asked_for(portal: Portal) -> None:
    before = len(portal.outside.calls)
    for code in ("00000000-0000-4000-8000-000000000000", "x", "", "../erkenningen"):
        assert portal.browser().get(f"/aanmelden?opleiding={code}").status_code == 404
    assert len(portal.outside.calls) == before
