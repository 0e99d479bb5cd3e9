"""«Hierna: …» doesn't announce as a duty what somebody may leave open."""

from __future__ import annotations

import pytest

from tests.choosing import KOK, choose
from tests.leerbedrijven import TYPING
from tests.portal import ADULT, MINOR, Portal


@pytest.mark.rule("WIZ-1", "WIZ-10")
@pytest.mark.parametrize(
    ("bsn", "says"),
    [
        (MINOR, "Hierna: Ouder of verzorger</p>"),
        (ADULT, "Hierna: Ouder of verzorger (niet verplicht)</p>"),
    ],
)
def test_who_is_grown_up_need_not_give_a_guardian(portal: Portal, bsn: str, says: str) -> None:
    student = portal.student(bsn).walk_to("opleiding")
    assert says in student.page.text
    choose(student, KOK).walk_to("controleren")
    assert "(niet verplicht)" not in student.page.text, "there it is only a heading"


@pytest.mark.rule("WIZ-7")
def test_who_types_one_letter_is_asked_for_more(portal: Portal) -> None:
    student = portal.student(ADULT).walk_to("opleiding")
    for query, short in (("k", True), (" ë ", True), ("xyzzy", False), ("kok", False)):
        page = student.get(f"{student.page.url.path}?q={query}").text
        assert ("Met één letter kunnen we niet zoeken." in page) is short
        assert ("We vinden niets" in page) is (query == "xyzzy")
    for query, answered in (("k", False), ("xyzzy", True)):
        address = f"{student.page.url.path}?voorstel=1&q={query}"
        assert ("data-said" in student.browser.get(address, headers=TYPING).text) is answered
