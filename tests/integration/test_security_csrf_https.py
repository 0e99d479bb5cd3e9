"""Over https a form also says whose page it came from (checklist items 5 and 36)."""

from __future__ import annotations

import pytest

from tests import watch
from tests.portal import MINOR, Portal, open_portal

SECURE = "https://portaal.test"


@pytest.fixture
def secure(sqlite_url: str) -> Portal:
    return open_portal(sqlite_url, BASE_URL=SECURE)


def test_a_form_over_https_comes_from_a_page_of_ours(secure: Portal) -> None:
    student = secure.student(MINOR)
    student.get("/mijn")
    form = {"csrf_token": watch.token(student.page.text)}
    for referer in ({}, {"Referer": "https://kwaad.test/"}):
        assert student.browser.post("/mijn/nieuw", data=form, headers=referer).status_code == 400
    own = {"Referer": f"{SECURE}/mijn"}
    assert student.browser.post("/mijn/nieuw", data=form, headers=own).status_code == 303


@pytest.mark.each_run(7)
@pytest.mark.parametrize("at", ["/mijn/nieuw", "a step"])
@pytest.mark.parametrize(
    ("says", "counts"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),  # a browser that keeps its Referer to itself
        ({"Sec-Fetch-Site": "same-origin", "Referer": f"{SECURE}/mijn"}, True),
        ({"Sec-Fetch-Site": "same-site", "Referer": f"{SECURE}/mijn"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Referer": f"{SECURE}/mijn"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Referer": "https://portaal.test.kwaad.test/"}, False),
        ({}, False),
    ],
)
def test_a_browser_says_whose_page_a_form_came_from(
    secure: Portal, at: str, says: dict[str, str], counts: bool
) -> None:
    student = secure.student(MINOR)
    address = str(student.page.url) if at == "a step" else at
    form = student.fields() if at == "a step" else {"csrf_token": watch.token(student.page.text)}
    before = watch.rows("store")
    answer = student.browser.post(address, data=form, headers=says)
    assert answer.status_code == (303 if counts else 400)
    assert (watch.rows("store") != before) is counts
    student.browser.post("/uitloggen", data=form, headers={"Referer": f"{SECURE}/mijn"})
