"""Somebody who comes without DigiD, with the registratiecode of a school (INT-1)."""

from __future__ import annotations

from typing import Any

import httpx

from app import testdoor
from app.standing import NOT_YET as NOT_YET
from tests import watch
from tests.portal import Portal, Student

SCHOOL = "99XX"
DOOR = "/login/loginWithoutDigiD"
LOG_IN = "/sessie-verlopen"
OF_INTERESTS = ("interesse", "verstuurd/aanmelden")  # what one does with a draft, and with one sent
# As in tests/test_routes.py: what anybody gets, and what a student gets who came by DigiD.
WITHOUT_DIGID: list[tuple[str, str, int | str, int | str]] = [
    (DOOR, "GET", 200, 200),
    (DOOR, "POST", 400, DOOR),
    ("/interesse", "GET", LOG_IN, "/mijn"),
    ("/interesse/weghalen", "POST", LOG_IN, "/mijn/gegevens/weghalen"),
    ("/interesse/<token>", "GET", 410, 410),
    ("/interesse/<token>", "POST", 400, 410),
    ("/aanmelding/<uuid:draft_id>/interesse", "POST", LOG_IN, "/controleren"),
    ("/aanmelding/<uuid:draft_id>/verstuurd/aanmelden", "POST", LOG_IN, 404),
]


def browser_at(portal: Portal, address: str) -> httpx.Client:
    """A browser behind this address of the internet."""
    transport = httpx.WSGITransport(portal.app, raise_app_exceptions=False, remote_addr=address)
    return httpx.Client(transport=transport, base_url=portal.base)


def tries(browser: httpx.Client, code: str, school: str = SCHOOL) -> httpx.Response:
    """What the form answers."""
    token = watch.token(browser.get(DOOR).text)
    form = {"csrf_token": token, "school": school, "code": code}
    return browser.post(DOOR, data=form)


def enters(portal: Portal, school: str = SCHOOL, **headers: str) -> Student:
    """At the first question."""
    guest = Student(portal.browser(**headers), "")
    comes_in(guest, school)
    return guest


def comes_in(guest: Student, school: str = SCHOOL) -> None:
    guest.get(DOOR)
    guest.post(school=school, code=testdoor.CODES[school])
    assert guest.at == "over-jou", guest.page.url


def sends(portal: Portal, school: str = SCHOOL, **contact: Any) -> Student:
    """On the page that says that it was sent."""
    guest = enters(portal, school).walk_to("contact")
    guest.answer(**contact)
    guest.send()
    assert guest.at == "verstuurd", guest.page.url
    return guest


def press(portal: Portal, address: str) -> Student:
    """The link of a mail, in another browser than it was sent from."""
    back = Student(portal.browser(), "")
    back.get(address)
    back.post()
    return back
