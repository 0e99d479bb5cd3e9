"""After logging out nothing personal comes back, with the back/forward cache switched on.

Playwright switches that cache off by default; these tests would always pass then.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.e2e.student import CONTACT, DATA, LOGGED_OUT, Student
from tests.e2e.watch import Watch
from tests.e2e.windows import BOTH_AT_LENGTH, WHOLE, launch, new_window

PERSONAL = ("Bakhuis", "Havenkade", "sam@voorbeeld.nl", "Sem")


@pytest.fixture(scope="module")
def remembering(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright, WHOLE, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


@pytest.fixture
def window(remembering: Browser, watch: Watch, javascript: bool) -> Iterator[BrowserContext]:
    context = new_window(remembering, javascript)
    watch.over(context)
    yield context
    context.close()


def shown(page: Page) -> str:
    """What somebody before the screen can read, header included."""
    return page.locator("body").inner_text()


def travel(page: Page, steps: int) -> None:
    """Back (-1) or forward (1). A cached page comes without a load that Playwright waits for."""
    browser = page.context.new_cdp_session(page)
    history = browser.send("Page.getNavigationHistory")
    entry = history["entries"][history["currentIndex"] + steps]
    with page.expect_event("framenavigated"):
        browser.send("Page.navigateToHistoryEntry", {"entryId": entry["id"]})
    expect(page.locator("body")).to_be_attached()


@BOTH_AT_LENGTH
@pytest.mark.rule("IDN-7")
def test_back_and_forward_show_nothing_personal(student: Student) -> None:
    page = student.page
    student.is_logged_in_as(student.server.fresh())
    student.answers_all(DATA, CONTACT)
    student.opens("/mijn")
    student.sees("Mijn aanmeldingen")
    assert "Sem Bakhuis" in shown(page)
    student.logs_out()
    student.sees(LOGGED_OUT)
    for steps in (-1, -1, -1, -1, 1, 1):
        travel(page, steps)
        expect(page.locator("body")).not_to_contain_text("Ingelogd als")
        for text in PERSONAL:
            assert text not in shown(page), f"{text} after {steps} at {page.url}"


@pytest.mark.long
@BOTH_AT_LENGTH
@pytest.mark.rule("IDN-7")
def test_a_tab_opened_again_shows_nothing_personal(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh(), at="opleiding")
    address = student.page.url
    student.logs_out()
    student.sees(LOGGED_OUT)
    context = student.page.context
    student.page.close()
    again = Student(context.new_page(), student.server, student.javascript)
    again.page.goto(address)
    again.sees(LOGGED_OUT)
    assert again.at == "sessie-verlopen"
    assert "Bakhuis" not in shown(again.page)


def test_the_cache_is_really_on(student: Student) -> None:
    """Or the tests above would show nothing."""
    student.page.goto(f"{student.server.issuer}/")
    student.page.evaluate("window.here = true")
    student.page.goto(f"{student.server.issuer}/school/99XX")
    travel(student.page, -1)
    assert student.page.evaluate("window.here === true")
