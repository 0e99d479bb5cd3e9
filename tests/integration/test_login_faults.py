"""Every way in which DigiD can fail: said in plain words, in the log once, and nobody gets in."""

from __future__ import annotations

import time
from itertools import count

import httpx
import pytest

from digistub.people import fresh_bsn
from digistub.tokens import FAULTS
from tests import watch
from tests.portal import Portal, Student

PRESCRIBED = (
    "Er is een fout opgetreden in de communicatie met DigiD. Probeert u het later nogmaals. "
    "Indien deze fout blijft aanhouden, kijk dan op de website https://www.digid.nl voor de "
    "laatste informatie."
)
STOPPED = "Je hebt het inloggen met DigiD gestopt."
TOO_LOW = "niet veilig genoeg"

# What DigiStub does wrong: what the page says, and the reason in the log.
FAILS = {
    "access_denied": (STOPPED, "LoginCancelled"),
    "login_required": (STOPPED, "LoginCancelled"),
    "server_error": (PRESCRIBED, "LoginUnavailable"),
    "temporarily_unavailable": (PRESCRIBED, "LoginUnavailable"),
    "acr-lower": (TOO_LOW, "LevelTooLow"),
    "token-500": (PRESCRIBED, "LoginUnavailable"),
    "token-html": (PRESCRIBED, "LoginUnavailable"),
    "token-slow": (PRESCRIBED, "LoginUnavailable"),
    "userinfo-500": (PRESCRIBED, "LoginUnavailable"),
    "alg-none": (PRESCRIBED, "token"),
    "foreign-key": (PRESCRIBED, "signature"),
    "embedded-jwk": (PRESCRIBED, "signature"),
    "unknown-key": (PRESCRIBED, "key"),
    "aud-other": (PRESCRIBED, "aud"),
    "aud-other-azp": (PRESCRIBED, "aud"),
    "aud-two": (PRESCRIBED, "aud"),
    "azp-other": (PRESCRIBED, "azp"),
    "iss-wrong": (PRESCRIBED, "iss"),
    "nonce-wrong": (PRESCRIBED, "nonce"),
    "nonce-missing": (PRESCRIBED, "nonce"),
    "exp-past": (PRESCRIBED, "exp"),
    "exp-missing": (PRESCRIBED, "exp"),
    "iat-old": (PRESCRIBED, "iat"),
    "iat-missing": (PRESCRIBED, "iat"),
    "sub-missing": (PRESCRIBED, "sub"),
    "no-id-token": (PRESCRIBED, "id_token"),
    "acr-missing": (PRESCRIBED, "acr"),
    "acr-unknown": (PRESCRIBED, "acr"),
    "userinfo-other": (PRESCRIBED, "userinfo-sub"),
    "sofi": (PRESCRIBED, "sofinummer"),
    "sector-other": (PRESCRIBED, "bsn"),
    "no-bsn": (PRESCRIBED, "bsn"),
    "bsn-elfproef": (PRESCRIBED, "elfproef"),
    "bsn-short": (PRESCRIBED, "bsn"),
    "response-iss": (PRESCRIBED, "answer-iss"),
}
NO_FAULT = {"sector"}
numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture
def bsn() -> str:
    """Of somebody who was never here before."""
    return fresh_bsn("9997", next(numbers))


def is_in(browser: httpx.Client) -> bool:
    return browser.get("/mijn").status_code == 200


def test_every_fault_of_digistub_is_in_the_table() -> None:
    assert set(FAULTS) - NO_FAULT <= set(FAILS)


@pytest.mark.each_run(12)
@pytest.mark.rule("IDN-5")
@pytest.mark.rule("IDN-6")
@pytest.mark.parametrize("fault", FAILS)
def test_what_goes_wrong_is_said_and_lets_nobody_in(portal: Portal, bsn: str, fault: str) -> None:
    said, reason = FAILS[fault]
    student = Student(portal.browser(), bsn)
    before = watch.rows("store")
    began = time.monotonic()
    with watch.logged() as log:
        page = student.log_in(fault=fault)
    assert time.monotonic() - began < 5
    assert (page.status_code, page.url.path) == (400, "/login/digid/terug")
    assert said in page.text
    assert "Opnieuw inloggen met DigiD" in page.text
    assert not is_in(student.browser)
    assert watch.rows("store") == before
    failed = log.events("login_failed")
    assert [line["reason"] for line in failed] == [reason]
    assert set(failed[0]) == {"event", "reference", "reason"}
    assert failed[0]["reference"] in {line["reference"] for line in log.lines if "route" in line}
    assert bsn not in log.text
    assert bsn not in page.text
    assert student.log_in().status_code == 200


@pytest.mark.rule("IDN-5")
def test_a_bsn_with_its_sector_is_the_same_person(portal: Portal, bsn: str) -> None:
    student = Student(portal.browser(), bsn)
    student.log_in(fault="sector")
    draft = student.draft
    student.log_in()
    assert student.draft == draft
