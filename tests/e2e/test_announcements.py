"""What is said, and where the focus is, when a part of the page changes. What each question adds
to that (searching, the address) is tested beside it.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from digistub.people import PEOPLE
from tests.e2e.layout import PHONE_ZOOMED
from tests.e2e.student import ADDRESS, CHECK, CHOICE, CONTACT, NEXT, NO_DATA, SENT, Student
from tests.e2e.watch import Watch
from tests.e2e.windows import PHONE

HOMELESS = PEOPLE[2].bsn
OFFLINE = (
    "Je hebt geen verbinding. Wat je hebt ingevuld, staat er nog. Probeer het zo nog een keer."
)
# Everything that comes into a part of the page that is said when it changes.
LISTEN = """() => {
    window.heard = [];
    const say = text => text && window.heard.push(text);
    for (const part of document.querySelectorAll("[role=status]"))
        new MutationObserver(() => say(part.textContent)).observe(part, { childList: true });
}"""
COVERED = """element => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return top !== element && !element.contains(top) && !top?.contains(element);
}"""
FAR = 30  # presses of Tab


def hears(page: Page, *texts: str) -> None:
    """Exactly this, since `LISTEN`."""
    page.wait_for_function("count => heard.length >= count", arg=len(texts))
    assert page.evaluate("heard") == list(texts)


def statuses(student: Student) -> Locator:
    """Only those that are in the accessibility tree."""
    return student.page.get_by_role("status")


@pytest.mark.rule("WIZ-4")
def test_what_will_be_said_has_its_place_from_the_start(student: Student) -> None:
    """Text in a part that wasn't there, or was hidden, is often not said."""
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.sees(CONTACT)
    expect(statuses(student)).to_have_count(1)
    expect(statuses(student)).to_have_text("")
    student.is_logged_in_as(student.server.fresh(adult=False), at="opleiding")
    student.sees(CHOICE)
    expect(statuses(student)).to_have_count(2)


@pytest.mark.rule("WIZ-4")
def test_who_tries_again_without_a_connection_is_told_again(student: Student, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    page = student.page
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.sees(CONTACT)
    page.evaluate(LISTEN)
    page.context.set_offline(True)
    hears(page, OFFLINE)
    button = student.main.get_by_role("button", name=NEXT)
    button.press("Enter")
    hears(page, OFFLINE, OFFLINE)
    expect(button).to_be_focused()
    button.press("Enter")
    hears(page, OFFLINE, OFFLINE, OFFLINE)
    expect(button).to_be_focused()


@pytest.mark.each_run(1)
@pytest.mark.rule("WIZ-4")
@pytest.mark.parametrize("size", [PHONE, PHONE_ZOOMED], ids=["phone", "zoomed"])
def test_a_message_covers_nothing_that_has_the_focus(
    student: Student, watch: Watch, size: dict[str, int]
) -> None:
    page = student.page
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.sees(CONTACT)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.context.set_offline(True)
    expect(page.locator("#melding")).to_have_text(OFFLINE)
    page.locator("header .logo").focus()
    last = page.locator("footer a").last
    for _ in range(FAR):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert not focused.evaluate(COVERED), focused.evaluate("element => element.outerHTML")
        if last.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("Tab doesn't come to the end of the page")


@pytest.mark.rule("DUO-6")
def test_who_asks_duo_again_gets_a_page_that_is_read_from_its_title(student: Student) -> None:
    """It is no swap: the header may change along with what DUO says."""
    page, bsn = student.page, student.server.fresh()
    student.server.world.set_fault("duo", "personen", bsn, "500")
    student.is_logged_in_as(bsn)
    page.evaluate("window.here = true")
    student.main.get_by_role("button", name="Probeer DUO opnieuw").press("Enter")
    page.wait_for_function("window.here === undefined")
    expect(page).to_have_title(f"{NO_DATA} – Aanmelden mbo")
    student.reads("Dat lukt nu niet")


@pytest.mark.rule("WIZ-4")
def test_an_address_that_is_found_is_said_once(student: Student) -> None:
    page = student.page
    student.is_logged_in_as(HOMELESS, at="adres")
    student.sees(ADDRESS)
    page.evaluate(LISTEN)
    student.fills(Postcode="1234 AB", Huisnummer="12")
    student.finds("Straat", "Lindelaan")
    hears(page, "Gevonden: Lindelaan in Ons Dorp. Klopt dat?")
    expect(student.field("Huisnummer")).to_be_focused()


@pytest.mark.rule("IDN-7")
def test_the_warning_says_what_it_is_about(student: Student) -> None:
    warning = student.is_warned()
    expect(warning).to_have_accessible_name("Ben je er nog?")
    expect(warning).to_have_accessible_description(re.compile("^Over 2 minuten loggen we je uit"))


@pytest.mark.rule("LAN-1")
def test_a_page_in_another_language_says_its_name(student: Student) -> None:
    """The language is a new page: its title is what is heard first, in that language's voice."""
    student.is_logged_in_as(student.server.fresh(), at="contact")
    student.page.locator(".languages summary").click()
    student.page.get_by_role("link", name="English", exact=True).click()
    expect(student.page.locator("html")).to_have_attribute("lang", "en")
    expect(student.page).to_have_title(f"{student.heading.text_content()} – Apply for mbo")


@pytest.mark.rule("WIZ-13")
def test_who_sends_without_a_connection_hears_that_again_does_no_harm(
    student: Student, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    student.is_logged_in_as(student.server.fresh(), at="controleren")
    student.sees(CHECK)
    student.page.context.set_offline(True)
    student.sends()
    expect(statuses(student)).to_contain_text("Ze komt nooit twee keer aan.")
    student.page.context.set_offline(False)
    student.sends()
    student.sees(SENT)
    assert student.server.applications() == 1
