"""What a session without DigiD opens: one draft, and what it became (checklist items 21, 32)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest

from app.standing import NOT_YET
from digistub.people import fresh_bsn
from tests import watch
from tests.guests import enters, sends
from tests.portal import Portal, Student
from tests.watch import token

DRAFT = "/aanmelding/<uuid:draft_id>"
THEIRS = {  # what is theirs alone: what a guest gets with a complete draft, and an empty form
    ("/sessie/verlengen", "POST"): 204,
    ("/uitloggen", "POST"): "/uitgelogd",
    ("/interesse", "GET"): "/",
    ("/interesse/weghalen", "POST"): "/weggehaald",
    (f"{DRAFT}/", "GET"): "/controleren",
    (f"{DRAFT}/<slug>", "GET"): 200,
    (f"{DRAFT}/<slug>", "POST"): "/controleren",
    (f"{DRAFT}/controleren", "GET"): 200,
    (f"{DRAFT}/controleren", "POST"): 422,
    (f"{DRAFT}/verstuurd", "GET"): "/controleren",
    (f"{DRAFT}/verstuurd/mail", "POST"): "/controleren",
}
numbers = count(700)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture
def guest(portal: Portal) -> Student:
    return enters(portal).walk_to("controleren")


def guarded(portal: Portal) -> Iterator[tuple[str, str, str]]:
    """Every rule and method that isn't for anybody, with whom its view lets in."""
    for rule in portal.app.url_map.iter_rules():
        access = getattr(portal.app.view_functions[rule.endpoint], "access", "")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if access not in ("public", "sis"):
                yield rule.rule, method, access


def filled(rule: str, draft: str) -> str:
    return re.sub("<slug>", "contact", re.sub("<uuid:draft_id>", draft, rule))


def asked(guest: Student, method: str, address: str, **fields: Any) -> httpx.Response:
    form = {"csrf_token": token(guest.browser.get("/interesse", follow_redirects=True).text)}
    data = {**form, **fields} if method == "POST" else None
    return guest.browser.request(method, address, data=data)


@pytest.mark.rule("INT-1", "IDN-7")
def test_only_what_is_theirs_opens(portal: Portal) -> None:
    """Every other address leads back to what they have here."""
    shown = {(rule, method) for rule, method, access in guarded(portal) if "guest" in access}
    assert shown == set(THEIRS)
    for rule, method, access in sorted(guarded(portal)):
        guest = enters(portal).walk_to("controleren")
        answer = asked(guest, method, filled(rule, guest.draft))
        if access == "student":
            assert (answer.status_code, answer.headers["Location"]) == (303, "/interesse"), rule
            continue
        wanted = THEIRS[rule, method]
        if isinstance(wanted, int):
            assert answer.status_code == wanted, (rule, method)
        else:
            assert answer.headers["Location"].endswith(wanted), (rule, method)


@pytest.mark.rule("INT-1")
def test_nothing_of_another_student_or_guest_opens(portal: Portal, guest: Student) -> None:
    """The same answer as for what was never there (checklist item 33)."""
    digid = portal.student(fresh_bsn("9998", next(numbers))).walk_to("controleren")
    waiting = [digid.draft, enters(portal).walk_to("controleren").draft]
    sent = [portal.student(fresh_bsn("9998", next(numbers))), enters(portal)]
    for one in sent:
        one.send()
    nobodys = "00000000-0000-4000-8000-000000000000"
    for draft in (*waiting, *(one.draft for one in sent)):
        for rule, method in THEIRS:
            if "draft_id" not in rule:
                continue
            before = watch.rows("store")
            theirs, none = (
                asked(guest, method, filled(rule, one), privacy="y") for one in (draft, nobodys)
            )
            assert (theirs.status_code, none.status_code) == (404, 404), (rule, method)
            assert watch.masked(theirs.text, draft) == watch.masked(none.text, nobodys)
            assert watch.rows("store") == before


@pytest.mark.rule("INT-1", "IDN-7")
def test_a_student_does_not_see_what_a_guest_has(portal: Portal, guest: Student) -> None:
    other = portal.student(fresh_bsn("9998", next(numbers)))
    assert other.browser.get(f"/aanmelding/{guest.draft}/contact").status_code == 404
    assert other.browser.get("/interesse").headers["Location"] == "/mijn"
    assert portal.browser().get("/interesse").headers["Location"] == "/sessie-verlopen"


@pytest.mark.rule("INT-1")
def test_of_a_guest_nothing_is_in_the_way_to_apply(portal: Portal) -> None:
    """Their page leads to the school's link, where DigiD is asked for."""
    guest = sends(portal)
    (link,) = re.findall(r'href="(/aanmelden\?[^"]+)"', guest.page.text)
    page = guest.get(link.replace("&amp;", "&"))
    assert "Je logt eerst in met DigiD" in page.text
    assert page.status_code == 200
    guest.bsn = fresh_bsn("9998", next(numbers))
    guest.log_in()
    assert guest.at == "gegevens"
    walked = guest.walk_to("opleiding")
    assert NOT_YET not in walked.page.text
    assert re.findall('name="cohort" value="[^"]+" checked', walked.page.text)


@pytest.mark.rule("INT-1")
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true", "HX-Target": "main"}])
def test_who_logs_out_is_gone_here_and_nobody_asks_digid(
    portal: Portal, guest: Student, htmx: dict[str, str]
) -> None:
    theirs = f"/aanmelding/{guest.draft}/contact"
    cookie = guest.browser.cookies["sid"]
    asked_before = len(portal.outside.calls)
    answer = guest.browser.post("/uitloggen", data=guest.fields(), headers=htmx)
    assert answer.headers["Location"] == "/uitgelogd"
    for browser in (guest.browser, portal.browser(Cookie=f"sid={cookie}")):
        assert browser.get(theirs).headers["Location"] == "/sessie-verlopen"
    assert len(portal.outside.calls) == asked_before
