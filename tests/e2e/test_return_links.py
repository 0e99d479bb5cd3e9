"""A return link that must not count, in a browser: whatever it makes of one, nothing leads there
(checklist item 38)."""

from __future__ import annotations

from random import Random
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from digistub.rio_data import OFFERS
from digistub.rio_schools import PROVIDERS
from tests.data.return_urls import GOOD, HOSTILE, TRICKS, Bad
from tests.e2e.server import Server
from tests.e2e.student import Student

(KOK,) = (offer.id for offer in OFFERS if offer.key == "kok-bol-zwolle")
CLOSED = f"/aanmelden?opleiding={KOK}&cohort=KOK-BOL-ZWOLLE-VOORBIJ"
CONTACTS = {f"www.{provider.domain}" for provider in PROVIDERS if provider.brin == "99XX"}
LEADS_TO = """() => [location, ...[...document.querySelectorAll(
    "a[href], area[href], form[action], button[formaction], input[formaction]"
)].map(element => {
    const kind = element.matches("form") ? "action" : element.matches("[formaction]") ? "formAction"
        : "href";
    return new URL(element[kind]);
})].map(({ protocol, host }) => [protocol, host])"""


def spread(number: int) -> list[Bad]:
    """At least one of each trick, the same ones every time."""
    dice = Random(38)
    each = [dice.choice([bad for bad in HOSTILE if bad.trick == trick]) for trick in TRICKS]
    return each + dice.sample([bad for bad in HOSTILE if bad not in each], number - len(each))


def foreign(page: Page, server: Server) -> set[str]:
    """Where this page leads, or is, as the browser reads it: outside of the portal, and no way to
    reach the school that the school gave to RIO."""
    ours = ("http:", urlsplit(server.base).netloc)
    return {
        f"{protocol}//{host}"
        for protocol, host in page.evaluate(LEADS_TO)
        if (protocol, host) != ours
        and protocol not in ("mailto:", "tel:")
        and not (protocol == "https:" and host in CONTACTS)
    }


@pytest.mark.rule("DEE-3")
def test_a_hostile_return_link_leads_nowhere_in_a_browser(student: Student) -> None:
    page, server = student.page, student.server
    for bad in spread(20):
        returned = quote(bad.url, safe="", errors="surrogatepass")
        student.opens(f"{CLOSED}&returnUrl={returned}&returnUrlNietGeslaagd={returned}")
        expect(student.heading).to_have_text("Aanmelden kan nu niet")
        assert foreign(page, server) == set(), f"{bad.trick}: {bad.url[:200]!r}"
    student.opens(f"{CLOSED}&returnUrl={quote(f'{GOOD}/klaar', safe='')}")
    assert foreign(page, server) == {GOOD}, "or the above would show nothing"
