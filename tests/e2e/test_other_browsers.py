"""One application from the start page to logging out, in Firefox and in WebKit: with a mistake, the
browser's Back, the focus that follows, and axe at every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.e2e import other_browsers
from tests.e2e.server import Server
from tests.e2e.student import (
    CHECK,
    CHOICE,
    CHOOSE,
    CONTACT,
    DATA,
    GUARDIANS,
    LOG_IN,
    LOGGED_OUT,
    NEXT,
    PICKED,
    SEND,
    SENT,
)
from tests.e2e.test_access import AXE, TAGS

pytestmark = pytest.mark.long
START = "Jouw toekomst begint met doen"
PATIENCE = 20  # seconds, on two busy cores
RUN_AXE = """
const done = arguments[arguments.length - 1];
axe.run({ runOnly: arguments[0], resultTypes: ["violations"] }).then(result => done(
    result.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.html}`))));
"""


@pytest.fixture(params=["firefox", "webkit"])
def driver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebDriver]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")  # where all that they talk to is
    with getattr(other_browsers, request.param)() as driver:
        driver.set_script_timeout(PATIENCE)
        yield driver


@dataclass
class Applicant:
    """Sees pages and presses what stands on them; each page is gone over by axe."""

    driver: WebDriver

    def finds(self, xpath: str) -> WebElement:
        found: WebElement = self.waits(lambda driver: driver.find_element(By.XPATH, xpath), xpath)
        return found

    def waits(self, until: Callable[[WebDriver], Any], what: str) -> Any:
        return WebDriverWait(self.driver, PATIENCE).until(until, f"no {what} in time")

    def sees(self, heading: str) -> None:
        self.finds(f"//main//h1[normalize-space()='{heading}']")
        self.passes_axe()

    def passes_axe(self) -> None:
        source = AXE.read_text(encoding="utf-8")
        rules = {"type": "tag", "values": TAGS}
        assert self.driver.execute_async_script(source + RUN_AXE, rules) == []

    def clicks(self, xpath: str) -> None:
        """In the middle: WebKit's driver finds nothing at the edge of its window."""
        element = self.finds(xpath)
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
        element.click()

    def presses(self, button: str) -> None:
        self.clicks(f"//main//button[normalize-space()='{button}']")

    def follows(self, link: str) -> None:
        self.clicks(f"//main//a[normalize-space()='{link}']")

    def field(self, label: str) -> WebElement:
        named = f"//label[starts-with(normalize-space(), '{label}')]/@for"
        return self.finds(f"//input[@id={named}]")

    def fills(self, label: str, text: str) -> None:
        field = self.field(label)
        field.clear()
        field.send_keys(text)

    def chooses(self, *texts: str) -> None:
        """The first card with all of these."""
        words = "".join(f"[contains(normalize-space(), '{text}')]" for text in texts)
        self.clicks(f"//main//label[contains(@class, 'choice')]{words}")

    def has_focus(self, selector: str) -> None:
        script = "return document.activeElement.matches(arguments[0])"
        self.waits(lambda driver: driver.execute_script(script, selector), f"focus on {selector}")


@pytest.mark.rule("WIZ-1", "WIZ-3", "WIZ-4", "WIZ-10", "IDN-7")
def test_a_minor_applies(driver: WebDriver, server: Server) -> None:
    applicant = Applicant(driver)
    driver.get(f"{server.base}/taal/nl")
    applicant.sees(START)
    applicant.follows(LOG_IN)
    applicant.fills("Of een ander BSN", server.fresh(adult=False))
    applicant.clicks("//button[normalize-space()='Inloggen']")
    applicant.sees(DATA)
    driver.execute_script("document.documentElement.dataset.here = 'still'")
    applicant.presses("Ja, dit klopt")

    applicant.sees(CONTACT)
    applicant.has_focus("main h1")
    assert driver.title == f"{CONTACT} – Aanmelden mbo"
    applicant.fills("Roepnaam", "Sam")
    applicant.fills("E-mailadres", "sam@")
    applicant.presses(NEXT)
    applicant.has_focus("#fouten")
    applicant.passes_axe()
    assert applicant.field("E-mailadres").get_property("value") == "sam@"
    applicant.fills("E-mailadres", "sam@voorbeeld.nl")
    applicant.presses(NEXT)
    applicant.sees(PICKED)
    assert driver.execute_script("return document.documentElement.dataset.here") == "still"

    driver.back()
    applicant.sees(CONTACT)
    assert applicant.field("E-mailadres").get_property("value") == "sam@voorbeeld.nl"
    applicant.presses(NEXT)
    applicant.sees(PICKED)
    applicant.presses(NEXT)

    applicant.sees(CHOICE)
    applicant.fills("Zoek op opleiding", "kok zwolle")
    applicant.presses("Zoeken")
    applicant.follows("Kok in het restaurant")
    applicant.chooses("Zwolle", "BOL")
    applicant.passes_axe()
    applicant.presses(CHOOSE)

    applicant.sees(GUARDIANS)
    applicant.fills("Voornamen van je ouder", "Anna")
    applicant.fills("Achternaam", "Jansen")
    applicant.fills("Telefoonnummer", "06 12345678")
    applicant.presses(NEXT)

    applicant.sees(CHECK)
    applicant.chooses("Ik heb de privacyverklaring gelezen")
    applicant.presses(SEND)
    applicant.sees(SENT)
    assert server.applications() == 1
    applicant.clicks("//header//button[normalize-space()='Ben jij dit niet? Uitloggen']")
    applicant.sees(LOGGED_OUT)
