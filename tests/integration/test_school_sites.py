"""The websites of the invented schools lead into the portal, and it leads back to them."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from digistub.schools import SCHOOLS
from tests.portal import ADULT, Portal, Student, cohorts


@pytest.mark.rule("DEE-1", "DEE-3")
@pytest.mark.parametrize("brin", SCHOOLS)
def test_a_school_gets_its_student_back(portal: Portal, brin: str) -> None:
    site = portal.world.test_client().get(f"/school/{brin}").text
    links = [unescape(link) for link in re.findall(r'href="([^"]*/aanmelden\?[^"]*)"', site)]
    (link,) = [link for link in links if "kenmerk=folder-2026" in link]
    back = parse_qs(urlsplit(link).query)["returnUrl"][0]
    student = Student(portal.browser(), ADULT)
    student.get(f"/aanmelden?{urlsplit(link).query}")
    student.log_in()
    student.walk_to("opleiding")
    student.open_first()
    student.post(cohort=cohorts(student.page.text)[0])
    page = student.send()
    assert f'href="{back}&amp;status=geslaagd' in page.text
