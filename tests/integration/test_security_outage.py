"""What DigiD and DUO can do besides failing as in `test_register_outages.py`: a page within
5 seconds that says so, a way on, nothing lost (checklist item 54)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from app.domain.draft import Known, Outcome
from digistub.people import fresh_bsn
from tests import watch
from tests.outages import (
    CANARY,
    FAULTS,
    OUR_FAULT,
    Broken,
    bad_certificate,
    broken,
    fails_with,
    in_time,
    refused,
    warm,
)
from tests.portal import MINOR, UNKNOWN, Portal, Student

DIGID_IS_OUT = "Er is een fout opgetreden in de communicatie met DigiD."
STUBBED = ("400", "401", "429", "other-person")


UNREACHABLE = {
    "no name": fails_with(httpx.ConnectTimeout("no such host")),
    "cut off": fails_with(httpx.RemoteProtocolError("peer closed")),
    "bad certificate": bad_certificate,
}


@pytest.fixture(autouse=True)
def no_template_is_read_while_the_time_counts(portal: Portal) -> None:
    warm(portal)


def out_of_order(portal: Portal, bsn: str, how: str) -> Callable[[], None]:
    """DUO fails from now on; what mends it."""
    if how not in UNREACHABLE:
        portal.fault("duo", "personen", bsn, how)
        return lambda: portal.fault("duo", "personen", bsn, None)
    works = portal.outside.inside
    portal.outside.inside = Broken(works, "/duo/", UNREACHABLE[how])
    return lambda: setattr(portal.outside, "inside", works)


@pytest.mark.each_run(3)
@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize("how", [*STUBBED, *UNREACHABLE])
def test_without_duo_a_student_types_and_sends(portal: Portal, how: str) -> None:
    bsn = fresh_bsn("9998", 1)
    mend = out_of_order(portal, bsn, how)
    student = Student(portal.browser(), bsn)
    with in_time():
        page = student.log_in()
    assert (page.status_code, student.at) == (200, "gegevens")
    assert OUR_FAULT in page.text
    assert "Probeer DUO opnieuw" in page.text
    assert "Zelf invullen" in page.text
    with in_time():
        page = student.post(f"/aanmelding/{student.draft}/duo")
    assert OUR_FAULT in page.text
    student.walk_to("controleren")
    with in_time():
        page = student.answer()
    assert student.at == "verstuurd"
    answers = watch.answers("application")
    assert answers.person == Known(Outcome.UNAVAILABLE)
    assert (answers.personal and answers.personal.surname) == "Yılmaz"
    mend()


@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize("how", ["500", "other-person", "no name"])
def test_duo_may_be_tried_again(portal: Portal, how: str) -> None:
    bsn = fresh_bsn("9998", 2)
    mend = out_of_order(portal, bsn, how)
    student = Student(portal.browser(), bsn)
    student.log_in()
    mend()
    page = student.post(f"/aanmelding/{student.draft}/duo")
    assert student.at == "gegevens"
    assert "Noor Elisabeth van de Weide" in page.text
    assert student.send().status_code == 200


@pytest.mark.each_run(2)
@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize("how", ["500", "other-person", "large", "cut off"])
def test_duo_that_falls_away_on_the_way_loses_nothing(portal: Portal, how: str) -> None:
    student = portal.student(MINOR).walk_to("controleren")
    address = student.page.url.path
    mend = out_of_order(portal, MINOR, how)
    with in_time():
        student.log_in()
    student.get(address)
    assert "Noor Elisabeth van de Weide" in student.page.text
    with in_time():
        student.answer()
    assert student.at == "verstuurd"
    mend()


@pytest.mark.long
@pytest.mark.rule("CAT-1")
def test_a_silent_duo_leaves_rio_its_time(portal: Portal) -> None:
    student = portal.student(MINOR).walk_to("controleren")
    store = portal.app.extensions["store"]
    (asked,) = (f"rio:{p.id}" for p in watch.all_of("programme") if store.get(f"rio:{p.id}"))
    store.delete(asked)  # as if ten minutes had passed
    mend = out_of_order(portal, MINOR, "timeout")
    with in_time():
        student.answer()
    assert student.at == "verstuurd"
    assert (store.get(asked), store.get("rio:down")) == (b"1", None)
    mend()


@pytest.mark.each_run(5)
@pytest.mark.rule("IDN-6")
@pytest.mark.parametrize(
    ("call", "how"),
    [
        *(("metadata", how) for how in ("503", "issuer", "host")),
        *(("jwks", how) for how in ("500", "html")),
        *(("token", how) for how in ("500", "429", "html")),
        *(("userinfo", how) for how in ("500", "503", "html")),
        *(
            pytest.param(call, "slow", marks=pytest.mark.long)
            for call in ("jwks", "token", "userinfo")
        ),
    ],
)
def test_without_digid_a_page_says_so_and_one_may_try_again(
    portal: Portal, call: str, how: str
) -> None:
    portal.fault("digid", call, None, how)
    student = Student(portal.browser(), MINOR)
    with watch.logged() as log, in_time():
        page = failed_login(student, call)
    assert page.status_code == 400
    assert DIGID_IS_OUT in page.text
    assert 'href="/login/digid"' in page.text
    assert len(log.events("login_failed")) == 1
    portal.fault("digid", call, None, None)
    assert student.log_in().status_code == 200


def failed_login(student: Student, call: str) -> httpx.Response:
    if call == "metadata":  # before DigiStub's page is reached
        return student.browser.get("/login/digid")
    return student.log_in()


class Late(httpx.BaseTransport):
    """DigiD takes its time, and there is none left for DUO, which never answers."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        time.sleep({"/token": 2.5, "/personen": 30}.get("/" + request.url.path.split("/")[-1], 0))
        return self.inner.handle_request(request)


@pytest.mark.long
@pytest.mark.rule("DUO-6")
def test_all_that_one_page_asks_is_done_in_time(portal: Portal) -> None:
    portal.outside.inside = Late(portal.outside.inside)
    student = Student(portal.browser(), MINOR)
    with in_time():
        page = student.log_in()
    assert (page.status_code, student.at) == (200, "gegevens")
    assert OUR_FAULT in page.text


@pytest.mark.each_run(4)
@pytest.mark.rule("IDN-6")
@pytest.mark.parametrize("how", {**FAULTS, **UNREACHABLE})
def test_digid_may_fail_in_every_way(portal: Portal, how: str) -> None:
    student = Student(portal.browser(), MINOR)
    with (
        watch.logged() as log,
        broken(portal, "/digistub/", {**FAULTS, **UNREACHABLE}[how]),
        in_time(),
    ):
        page = student.get("/login/digid")
    assert page.status_code == 400
    assert DIGID_IS_OUT in page.text
    assert CANARY not in page.text + log.text
    assert student.log_in().status_code == 200


def each_call() -> Iterator[object]:
    """Half way, where the switches of DigiStub don't reach; the others are in `make test-all`."""
    for call in ("jwks", "token", "userinfo"):
        for how in FAULTS:
            always = how in ("cut off", "wrong types", "large")
            yield pytest.param(call, how, marks=[] if always else [pytest.mark.long])


@pytest.mark.each_run(4)
@pytest.mark.rule("IDN-6")
@pytest.mark.parametrize(("call", "how"), list(each_call()))
def test_each_call_to_digid_may_fail_in_every_way(portal: Portal, call: str, how: str) -> None:
    student = Student(portal.browser(), MINOR)
    with watch.logged() as log, broken(portal, f"/{call}$", FAULTS[how]) as digid, in_time():
        page = student.log_in()
    assert digid.asked
    assert page.status_code == 400
    assert DIGID_IS_OUT in page.text
    assert CANARY not in page.text + log.text
    assert student.log_in().status_code == 200


@pytest.mark.rule("CAT-1")
def test_without_rio_the_copy_serves(portal: Portal) -> None:
    portal.outside.inside = Broken(portal.outside.inside, "/rio/", refused)
    before = len(portal.outside.calls)
    browser = portal.browser()
    assert browser.get("/aanmelden?instelling=99XX").status_code == 200
    student = Student(browser, UNKNOWN)
    student.log_in()
    assert student.send().status_code == 200
    asked = [call.url.path for call in portal.outside.calls[before:] if "/rio" in call.url.path]
    assert 1 <= len(asked) <= 2, "once, and again at once; then it is left alone for a minute"
