"""A school by its name where DUO gives its number, with the real store and RIO's protocol."""

from __future__ import annotations

import pytest

from app.domain.education import PriorEducation
from app.registers.http import page_budget
from app.services import schools
from tests.portal import Portal

pytestmark = [pytest.mark.rule("DUO-7"), pytest.mark.each_run_on("sqlite")]


def named(portal: Portal, *names: str) -> list[str]:
    extensions = portal.app.extensions
    educations = tuple(PriorEducation(name, "Havo") for name in names)
    found = schools.named(educations, extensions["registers"].catalogue, extensions["store"])
    assert [education.programme for education in found] == ["Havo"] * len(names)
    return [education.school for education in found]


def questions(portal: Portal) -> list[str]:
    """Which schools RIO was asked for since the last time."""
    found = [call.url.path.rpartition("/erkenningen/")[2] for call in portal.outside.calls]
    portal.outside.calls.clear()
    return found


def test_a_number_becomes_a_name_and_a_name_stays(any_portal: Portal) -> None:
    any_portal.outside.calls.clear()
    assert named(any_portal, "81XX", "81XX01", "De Brink", "81XX College", "81xx", "99XX", "") == [
        *("Scholengemeenschap De Waterlelie", "Scholengemeenschap De Waterlelie"),
        *("De Brink", "81XX College", "81xx", "ROC De Horizon", ""),
    ]
    assert questions(any_portal) == ["81XX", "99XX"]


def test_what_rio_said_is_kept_for_a_day_or_an_hour(any_portal: Portal) -> None:
    store = any_portal.app.extensions["store"]
    any_portal.outside.calls.clear()
    for _again in range(3):
        assert named(any_portal, "82XX", "89XX") == ["Vmbo Het Kompas", "89XX"]
    assert questions(any_portal) == ["82XX", "89XX"]
    assert 86_000 < store.left("school:82XX") <= 86_400
    assert 3_500 < store.left("school:89XX") <= 3_600


@pytest.mark.parametrize("fault", ["500", "403", "html", "truncated"])
def test_the_number_stays_while_rio_fails(any_portal: Portal, fault: str) -> None:
    assert named(any_portal, "83XX") == ["Vmbo-school De Kastanje"]
    any_portal.outside.calls.clear()
    any_portal.fault("rio", "erkenning", None, fault)
    assert named(any_portal, "83XX", "81XX", "82XX") == [
        *("Vmbo-school De Kastanje", "81XX", "82XX"),
    ]
    assert set(questions(any_portal)) == {"81XX"}
    any_portal.fault("rio", "erkenning", None, None)
    assert named(any_portal, "81XX") == ["Scholengemeenschap De Waterlelie"]


def test_the_page_goes_on_when_rio_is_slow(any_portal: Portal) -> None:
    any_portal.fault("rio", "erkenning", None, "timeout")
    with page_budget(0.3):
        assert named(any_portal, "81XX", "82XX") == ["81XX", "82XX"]
