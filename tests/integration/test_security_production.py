"""Production knows no DigiStub, no testers' door and no word of testing (IDN-2, IDN-10)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
import sectxt
import time_machine

from app import config
from app.i18n import LOCALES
from tests import watch
from tests.portal import MINOR, UNKNOWN, Portal, Student
from tests.production import PORTAL, Production, environment, open_production

ROOT = Path(__file__).parent.parent.parent
TESTING = re.compile(
    r"testomgeving|digistub|testdeur|testpersoon|test-strip|test environment|testmiljö", re.I
)


@pytest.fixture
def production(sqlite_url: str) -> Production:
    return open_production(sqlite_url)


def started(what: list[str], settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A process of its own with exactly these settings, until it ends."""
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *what],
        cwd=ROOT,
        env={**path, **settings},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize(
    "name",
    [
        *("DIGID_ISSUER", "DUO_PERSONS_URL", "RIO_URL", "MAIL_URL", "DATABASE_URL"),
        *("SECRET_KEY", "DATA_KEYS", "BSN_ORGANISATION", "DIGID_CLIENT_SECRET"),
        *("SECURITY_CONTACT", "SIS_CONTACT", "PRIVACY_CONTACT", "MAIL_FROM", "DELETION_LEDGER"),
    ],
)
def test_without_one_of_its_settings_production_does_not_start(
    sqlite_url: str, tmp_path: Path, name: str
) -> None:
    with pytest.raises(config.SettingsError, match=name):
        config.read(environment(sqlite_url, tmp_path, **{name: ""}))


@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize("base", ["http://portaal.test", "https://portaal.test/pad", "portaal"])
def test_production_has_an_https_address(sqlite_url: str, tmp_path: Path, base: str) -> None:
    with pytest.raises(config.SettingsError, match="BASE_URL"):
        config.read(environment(sqlite_url, tmp_path, BASE_URL=base))


@pytest.mark.rule("RET-3")
def test_the_deletion_ledger_has_a_whole_path(sqlite_url: str, tmp_path: Path) -> None:
    """Or each command would look for it where it was started."""
    with pytest.raises(config.SettingsError, match="DELETION_LEDGER"):
        config.read(environment(sqlite_url, tmp_path, DELETION_LEDGER="deletions.log"))


@pytest.mark.rule("IDN-2")
def test_the_application_stops_and_says_what_is_missing(sqlite_url: str, tmp_path: Path) -> None:
    ended = started(["-c", "import wsgi"], environment(sqlite_url, tmp_path, DIGID_ISSUER=""))
    assert ended.returncode != 0
    assert "DIGID_ISSUER" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.rule("IDN-2")
def test_the_application_loads_no_digistub(sqlite_url: str, tmp_path: Path) -> None:
    look = "import sys, wsgi; print([m for m in sys.modules if m.startswith('digistub')])"
    ended = started(["-c", look], environment(sqlite_url, tmp_path))
    assert (ended.returncode, ended.stdout.strip()) == (0, "[]"), ended.stderr


@pytest.mark.rule("IDN-2")
def test_digistub_does_not_start(tmp_path: Path) -> None:
    ended = started(
        ["-m", "digistub", "--port", "0", "--instance", str(tmp_path)], {"APP_ENV": "production"}
    )
    assert ended.returncode != 0
    assert "APP_ENV" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.each_run(2)
@pytest.mark.rule("IDN-2")
@pytest.mark.rule("IDN-10")
@pytest.mark.parametrize("language", [locale.code for locale in LOCALES])
def test_no_page_links_to_testing_or_speaks_of_it(production: Production, language: str) -> None:
    trail = walked(production.browser(**{"Accept-Language": language}), UNKNOWN)
    assert len(trail.pages) > 18
    for page in trail.pages:
        # The address of the broker, which this test has chosen, is no text of ours.
        text = page.text.replace("https://makelaar.test/digistub", "")
        assert not TESTING.search(text), (page.url, TESTING.findall(text))


@pytest.mark.rule("IDN-10")
def test_outside_production_every_page_says_so(portal: Portal) -> None:
    trail = walked(portal.browser(), MINOR)
    assert len(trail.pages) > 15
    for page in trail.pages:
        assert "Dit is een testomgeving." in page.text, page.url


def walked(browser: httpx.Client, bsn: str) -> watch.Trail:
    trail = watch.Trail().follow(browser)
    manuals = ("/docs/sis", "/docs/sis/api")
    for address in (
        "/",
        "/login",
        "/login/loginWithoutDigiD",
        "/aanmelden?instelling=99XX",
        *manuals,
    ):
        browser.get(address)
    student = Student(browser, bsn)
    student.log_in(fault="access_denied")
    student.log_in()
    while student.at != "verstuurd":
        student.answer()
    for address in ("/mijn", "/bestaat-niet", "/aanmelden?instelling=nee"):
        student.get(address)
    browser.post("/uitloggen", data={"csrf_token": watch.token(student.page.text)})
    for address in ("/uitgelogd", "/mijn"):
        student.get(address)
    return trail


@pytest.mark.rule("IDN-2")
@pytest.mark.rule("IDN-4")
def test_nothing_for_testers_is_there(production: Production) -> None:
    browser = production.browser()
    for address in ("/testdeur/klok", "/digistub", "/digistub/", "/digistub/authorize"):
        assert browser.get(address).status_code == 404
    assert browser.post("/testdeur/opnieuw").status_code in (400, 404)
    rules = {rule.rule for rule in production.app.url_map.iter_rules()}
    assert not [rule for rule in rules if TESTING.search(rule)]
    assert "DigiStub" not in browser.get("/login/loginWithoutDigiD").text
    assert "testdoor" not in production.app.cli.commands


@pytest.mark.rule("IDN-1")
def test_with_a_real_address_the_way_is_the_same(production: Production) -> None:
    student = production.student(MINOR)
    assert student.send().url == f"{PORTAL}/aanmelding/{student.draft}/verstuurd"


@pytest.mark.each_run(5)
@pytest.mark.parametrize("host", ["kwaad.test", "portaal.test.kwaad.test", "kwaad.portaal.test"])
@pytest.mark.parametrize("address", ["/", "/healthz", "/aanmelden?instelling=99XX", "/bestaat"])
def test_another_name_than_ours_is_refused(production: Production, host: str, address: str) -> None:
    answer = production.browser().get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.text + str(answer.headers)


@pytest.mark.parametrize("day", ["2026-11-25", "2028-02-29"])
def test_who_finds_a_hole_reads_whom_to_tell(production: Production, day: str) -> None:
    """Checklist item 6, by the reader that internet.nl uses."""
    with time_machine.travel(f"{day}T12:00:00Z", tick=False):
        answer = production.browser().get("/.well-known/security.txt")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        read = sectxt.Parser(answer.content)
        assert not read.errors
        assert {r["code"] for r in read.recommendations} == {"not_signed"}
    told = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert told["Contact"] == "https://stichting.example/lek-melden"
    assert told["Canonical"] == f"{PORTAL}/.well-known/security.txt"
    left = datetime.fromisoformat(told["Expires"]) - datetime.fromisoformat(f"{day}T12:00:00Z")
    assert timedelta(days=30) < left < timedelta(days=365)
