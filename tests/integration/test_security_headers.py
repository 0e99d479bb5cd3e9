"""What every answer carries: headers, cookies, and what stands before the application."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import NoReturn

import httpx
import pytest
from flask import abort, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import access, db
from app.assets import manifest
from app.store import StoreDown
from tests import watch
from tests.portal import MINOR, Portal, Student, open_portal

SECURE = "https://portaal.test"
ERRORS = (400, 401, 403, 404, 405, 410, 413, 429, 500, 503)
RAISED = {
    "onverwacht": ValueError("Kanarie 999650002"),
    "bezet": db.Busy(),
    "weg": StoreDown(),
}
STATUS = {**{str(status): status for status in ERRORS}, "onverwacht": 500, "bezet": 503, "weg": 503}
MUST = ("default-src", "base-uri", "form-action", "frame-ancestors")


def policy_failures(policy: str) -> list[str]:
    """What internet.nl's check of a Content-Security-Policy counts as wrong, and a little more."""
    directives = {d.split()[0]: d.split()[1:] for d in policy.split(";")}
    failures = [f"{name} is missing" for name in MUST if name not in directives]
    if directives.get("default-src", [])[:1] not in (["'none'"], ["'self'"]):
        failures.append("default-src is open")
    for name, sources in directives.items():
        for source in sources:
            if source not in ("'none'", "'self'"):  # no hash, no nonce, no scheme, no host
                failures.append(f"{name} has {source}")
    return failures


def test_the_check_of_the_policy_sees_what_is_wrong() -> None:
    for bad in ("'unsafe-inline'", "'unsafe-eval'", "data:", "https:", "*", "cdn.example"):
        assert policy_failures(f"default-src 'none'; script-src {bad}")
    assert policy_failures("script-src 'self'")


def broken(base: str, database_url: str, **environ: str) -> Portal:
    """A portal with a page for everything that can go wrong."""
    portal = open_portal(database_url, BASE_URL=base, **environ)

    def view(act: Callable[[], NoReturn]) -> Callable[[], NoReturn]:
        return access.public(lambda: act())

    def fall(error: Exception) -> NoReturn:
        raise error

    for status in ERRORS:
        portal.app.add_url_rule(
            f"/stuk/{status}", f"stuk{status}", view(lambda status=status: abort(status))
        )
    for name, error in RAISED.items():
        portal.app.add_url_rule(f"/stuk/{name}", name, view(lambda error=error: fall(error)))
    portal.app.add_url_rule("/wie", "wie", access.public(who))
    return portal


def who() -> dict[str, str]:
    return {
        "peer": request.remote_addr or "",
        "scheme": request.scheme,
        "host": request.host,
        "others": " ".join(sorted(n for n in dict(request.headers) if "Forwarded" in n)),
    }


@pytest.fixture
def secure(sqlite_url: str) -> Portal:
    return broken(SECURE, sqlite_url)


def all_answers(portal: Portal) -> list[httpx.Response]:
    """The whole way of a student, and every error."""
    browser = portal.browser(Referer=f"{portal.base}/")
    trail = watch.Trail().follow(browser)
    student = Student(browser, MINOR)
    for address in ("/", "/login", "/aanmelden?instelling=99XX", "/taal/nl", "/healthz", "/readyz"):
        browser.get(address)
    student.log_in(fault="access_denied")
    student.log_in()
    student.send()
    for address in ("/mijn", "/uitgelogd/wissen", "/sessie/verlengen"):
        browser.get(address)
    for what in STATUS:
        browser.get(f"/stuk/{what}")
    browser.post("/mijn/nieuw", data={"csrf_token": "oud"})
    browser.post("/mijn/nieuw", content=b"x" * 1_000_000)
    browser.request("TRACE", "/mijn")
    browser.request("OPTIONS", "/mijn")
    browser.request("HEAD", "/mijn")
    browser.post("/uitloggen", data={"csrf_token": watch.token(browser.get("/mijn").text)})
    browser.get("/mijn")
    return trail.ours


def test_every_answer_carries_the_headers(secure: Portal) -> None:
    answers = all_answers(secure)
    assert {answer.status_code for answer in answers} >= {200, 204, 303, *ERRORS}
    for answer in answers:
        given = answer.headers
        assert policy_failures(given["Content-Security-Policy"]) == [], answer
        assert given["X-Content-Type-Options"] == "nosniff"
        assert given["Referrer-Policy"] == "same-origin"
        assert given["Cross-Origin-Opener-Policy"] == "same-origin"
        assert given["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in given["Permissions-Policy"]
        assert given["Cache-Control"] == "no-store", answer
        age, _, rest = given["Strict-Transport-Security"].partition("; ")
        assert int(age.removeprefix("max-age=")) >= 31_536_000
        assert rest == "includeSubDomains"
        assert "X-Powered-By" not in given
        assert len(given.get_list("Content-Security-Policy")) == 1


def test_without_https_there_is_no_hsts(portal: Portal) -> None:
    assert "Strict-Transport-Security" not in portal.browser().get("/").headers


def cookies(answers: list[httpx.Response]) -> list[SimpleCookie]:
    return [SimpleCookie(line) for a in answers for line in a.headers.get_list("Set-Cookie")]


@pytest.mark.rule("IDN-7")
def test_cookies_are_ours_alone(secure: Portal) -> None:
    given = cookies(all_answers(secure))
    names = {name for cookie in given for name in cookie}
    assert names == {"__Host-sid", "taal"}
    for cookie in given:
        for name, morsel in cookie.items():
            assert morsel["secure"] is True
            assert morsel["httponly"] is True
            assert morsel["samesite"] == "Lax"
            assert morsel["path"] == "/"
            assert morsel["domain"] == ""
            if name == "__Host-sid" and morsel.value:
                assert (morsel["expires"], morsel["max-age"]) == ("", "")
                assert len(morsel.value) == 43


def test_over_http_the_cookie_has_another_name(portal: Portal) -> None:
    student = portal.student()
    assert set(student.browser.cookies.keys()) == {"sid"}


@pytest.mark.parametrize("what", STATUS)
def test_an_error_has_a_page_of_ours(secure: Portal, what: str) -> None:
    with watch.logged() as log:
        page = secure.browser(**{"Accept-Language": "nl"}).get(f"/stuk/{what}")
    assert page.status_code == STATUS[what]
    number = re.search(r"Noem dan dit nummer: ([0-9A-F]{8})", page.text)
    assert number
    assert number[1] in {line.get("reference") for line in log.lines}
    for secret in ("Kanarie", "999650002", "Traceback", "ValueError", "Werkzeug", "Flask", "app/"):
        assert secret not in page.text
    assert "Kanarie" not in log.text
    assert ("Retry-After" in page.headers) is (page.status_code in (429, 503))


def test_a_file_may_be_kept_and_does_no_harm(secure: Portal) -> None:
    browser = secure.browser()
    for asset in manifest().values():
        answer = browser.get(f"/static/{asset['file']}")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
        assert "Set-Cookie" not in answer.headers
        tag = {"If-Modified-Since": answer.headers["Last-Modified"]}
        others = [browser.get(f"/static/{asset['file']}", headers=tag)]
        others += [browser.post(f"/static/{asset['file']}")]
        assert [other.status_code for other in others] == [304, 405]
        for other in others:
            assert other.headers["X-Content-Type-Options"] == "nosniff"
            assert "max-age=31536000" in other.headers["Strict-Transport-Security"]
    for address in ("/static/", "/static/../config.py", "/static/%2e%2e/config.py", "/static/x.js"):
        assert browser.get(address).status_code == 404, address


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip", "gzip"),
        ("abracadabra", None),
        ("gzip;q=0", None),
        ("identity", None),
        ("*", "br"),
        ("", None),
    ],
)
def test_a_page_is_packed_as_the_browser_can_read_it(
    portal: Portal, accepted: str, encoding: str | None
) -> None:
    answer = portal.browser(**{"Accept-Encoding": accepted}).get("/")
    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "</html>" in answer.text


# --- proxies ------------------------------------------------------------------------------------

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "portaal.test",
    "X-Forwarded-Prefix": "/kwaad",
    "Forwarded": "for=203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "Client-Cert": ":MIIB:",
}


def from_peer(portal: Portal, peer: str, path: str, **more: str) -> tuple[str, httpx.Headers, str]:
    """Ask as this address does; status, headers and body."""
    method = more.pop("method", "GET")
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    environ = EnvironBuilder(path, "http://intern", headers=headers, method=method).get_environ()
    environ["REMOTE_ADDR"] = peer
    body, status, given = run_wsgi_app(portal.app, environ)
    return status[:3], httpx.Headers(list(given)), b"".join(body).decode()


@pytest.mark.parametrize("peer", ["10.1.2.3", "127.0.0.1", "", "geen adres", "::1"])
def test_headers_of_a_proxy_count_from_a_proxy_only(sqlite_url: str, peer: str) -> None:
    portal = broken("http://intern", sqlite_url, TRUSTED_PROXIES="10.9.0.0/16, fd00::/8")
    _, _, seen = from_peer(portal, peer, "/wie", **FORGED)
    assert "203.0.113.9" not in seen
    assert "portaal.test" not in seen
    assert '"scheme":"http"' in seen
    assert '"others":""' in seen


@pytest.mark.parametrize("peer", ["10.9.2.3", "fd00::7"])
def test_a_trusted_proxy_says_who_asks(sqlite_url: str, peer: str) -> None:
    portal = broken("http://intern", sqlite_url, TRUSTED_PROXIES="10.9.0.0/16, fd00::/8")
    _, _, seen = from_peer(portal, peer, "/wie", **FORGED)
    assert '"peer":"203.0.113.9"' in seen
    assert '"scheme":"https"' in seen
    assert '"host":"portaal.test"' in seen


def test_without_the_setting_nobody_is_a_proxy(sqlite_url: str) -> None:
    portal = broken("http://intern", sqlite_url)
    assert "203.0.113.9" not in from_peer(portal, "127.0.0.1", "/wie", **FORGED)[2]


def test_a_page_asked_for_over_http_is_sent_on_to_https(sqlite_url: str) -> None:
    portal = broken(SECURE, sqlite_url, TRUSTED_PROXIES="10.9.0.0/16")
    over_http = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "kwaad.test"}
    status, given, _ = from_peer(portal, "10.9.0.1", "/aanmelden?kenmerk=%C3%A9", **over_http)
    assert (status, given["Location"]) == ("301", f"{SECURE}/aanmelden?kenmerk=%C3%A9")
    status, given, _ = from_peer(portal, "10.9.0.1", "/uitloggen", method="POST", **over_http)
    assert (status, given.get("Location")) == ("403", None)
    assert given["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" in given
