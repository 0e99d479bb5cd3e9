"""What a school's link shows before logging in, of the cohorts that are open (DEE-1)."""

from __future__ import annotations

import re
from html import unescape

import pytest

from app.services import institutions
from digistub.rio_cohorts import NOTE
from tests import watch
from tests.choosing import IDS, KOK, LOCKED, in_our_copy, offered
from tests.portal import Portal

NEEDS_CODE = "Je hebt een toegangscode van de school nodig."


def before_logging_in(portal: Portal, query: str) -> str:
    return unescape(watch.main(portal.browser().get(f"/aanmelden?{query}").text))


@pytest.mark.rule("CAT-5", "CAT-7", "WIZ-9")
def test_before_logging_in_one_sees_what_a_cohort_asks(any_portal: Portal) -> None:
    (locked,) = offered(LOCKED)
    page = before_logging_in(any_portal, f"opleiding={IDS[LOCKED]}")
    assert page.count(NEEDS_CODE) == 1
    assert "plekken" not in page, "the school doesn't count them"
    institutions.set_places(IDS[LOCKED], locked.choice.cohort_code, 12)
    assert "Nog 12 plekken" in before_logging_in(any_portal, f"opleiding={IDS[LOCKED]}")
    assert NOTE not in page
    nurse = f"opleiding={IDS['verpleegkundige-bol']}"
    asking = "VERPLEEGKUNDIGE-BOL-TOESTEMMING"
    institutions.set_places(IDS["verpleegkundige-bol"], asking, 1)
    for query in (nurse, f"{nurse}&cohort={asking}"):
        page = before_logging_in(any_portal, query)
        assert (page.count(NOTE), page.count("Nog 1 plek<")) == (1, 1)
        assert NEEDS_CODE not in page
    other = before_logging_in(any_portal, f"{nurse}&cohort=VERPLEEGKUNDIGE-BOL-VAST")
    assert NOTE not in other
    assert "Nog 1 plek" not in other


@pytest.mark.rule("DEE-1")
def test_before_logging_in_one_sees_every_cohort_that_a_link_leaves_open(portal: Portal) -> None:
    page = before_logging_in(portal, "instelling=99XX&crebo=25180")
    lines = re.findall(r"<b>(.*?)</b>", page)
    assert len(lines) == 3
    assert all("Start: " in line for line in lines)
    assert [re.sub("<.*?>", "", line).split(" · ")[:2] for line in lines] == [
        ["Deventer", "BOL"],
        ["Zwolle", "BBL"],
        ["Zwolle", "BOL"],
    ]
    in_our_copy(portal, KOK, name="Kok op zee")  # one crebo under two names
    page = before_logging_in(portal, "instelling=99XX&crebo=25180")
    assert page.count("Kok op zee") == 1
    assert page.count("Kok in het restaurant") == 2
