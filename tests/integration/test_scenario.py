"""The acceptance test of a SIS, played against servers of every kind (SIS-7)."""

from __future__ import annotations

import json
import re

import httpx
import pytest
from flask import Flask
from joserfc.jwk import ECKey

from app import clock
from app.services import koppelpunten, sis_clients
from digistub.sis import scenario
from digistub.sis.api import STATUSES, Api
from digistub.sis.follow import STUB
from digistub.sis.login import STUB_SECRET, Key, Secret, stub_client
from tests import watch
from tests.portal import Portal, open_portal
from tests.production import PORTAL as PRODUCTION
from tests.production import open_production
from tests.sis import OIN, SCHOOL
from tests.sis_process import generate, set_point


@pytest.mark.rule("SIS-7")
@pytest.mark.parametrize("kind", ["key", "secret"])
def test_a_koppelpunt_of_the_stub_is_the_stub_s_again_afterwards(portal: Portal, kind: str) -> None:
    """Played by another SIS; while it lasts that one takes the applications."""
    pair = ECKey.generate_key("P-256", auto_kid=True)
    supplier = "0" * 20
    sis_clients.set_up(supplier, "Een leverancier", ["91XX"], clock.real_now())
    sis_clients.add_jwk(supplier, json.dumps(pair.as_dict(private=False)), clock.real_now())
    set_point("91XX", sis=STUB)
    login: Key | Secret = Key.of(pair.as_dict(private=True))
    if kind == "secret":
        login = Secret(sis_clients.add_secret(supplier, clock.real_now()))
    api = Api(portal.base, supplier, login, httpx.WSGITransport(portal.app))
    said: list[str] = []
    assert scenario.play(api, "", said.append) == 0, "".join(said)
    assert watch.row_of("koppelpunt", code="91XX").sis == STUB


@pytest.mark.rule("SIS-7")
def test_a_server_that_does_wrong_fails_the_acceptance_test(portal: Portal) -> None:
    said: list[str] = []

    def play(secret: str) -> int:
        transport = httpx.WSGITransport(portal.app)
        api = Api(portal.base, OIN, Secret(secret), transport)
        return scenario.play(api, "", said.append)

    set_point(SCHOOL, off=True)
    assert play("stubsis") == 1
    assert "Dit koppelpunt staat uit" in "".join(said)
    assert play("fout") == 1
    assert "geen token voor 99999999999999999999" in "".join(said)


@pytest.mark.rule("SIS-7")
@pytest.mark.rule("STA-4")
@pytest.mark.parametrize(
    ("vavo", "told"), [("refuse", "hier geweigerd"), ("portal", "hier doorgelaten")]
)
def test_a_school_with_vavo_passes_whatever_its_environment_lets_through(
    sqlite_url: str, vavo: str, told: str
) -> None:
    portal = open_portal(sqlite_url, VAVO_STATUSES=vavo)
    transport = httpx.WSGITransport(portal.app)
    said: list[str] = []
    api = Api(portal.base, stub_client("92XX"), Secret(STUB_SECRET), transport)
    assert scenario.play(api, "", said.append) == 0, "".join(said)
    assert f"({told})" in "".join(said)


class Overheard(httpx.BaseTransport):
    """Remembers what was asked."""

    def __init__(self, app: Flask) -> None:
        self.inside = httpx.WSGITransport(app)
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.inside.handle_request(request)

    def changing(self) -> list[str]:
        """What takes or says something, of a server that lets it."""
        takes = re.compile("/(nieuw|ontvangst|foutmelding)$|/testdeur/sis/.")
        return [
            f"{one.method} {one.url.path}"
            for one in self.asked
            if takes.search(one.url.path)
            or one.method not in ("GET", "POST")
            or (one.url.path == STATUSES and one.read() not in (b"{}", b"{"))
        ]


@pytest.mark.rule("SIS-7")
@pytest.mark.rule("SIS-6")
@pytest.mark.parametrize(("code", "came"), [(SCHOOL, (18, 21)), ("20261130", (17, 22))])
def test_in_production_a_supplier_s_own_key_passes_what_can_be_played(
    sqlite_url: str, code: str, came: tuple[int, int]
) -> None:
    """There is no testers' door: what needs one is left out, and says so. Nothing is taken, also
    not by a code that has no capitals to change."""
    production = open_production(sqlite_url)
    pair = ECKey.generate_key("P-256", auto_kid=True)
    supplier = "0" * 20
    sis_clients.set_up(supplier, "Een leverancier", [SCHOOL], clock.real_now())
    sis_clients.add_jwk(supplier, json.dumps(pair.as_dict(private=False)), clock.real_now())
    point = koppelpunten.Settings(active_from=clock.real_now())
    koppelpunten.set_up(code, SCHOOL, point, clock.real_now(), production=True)
    generate(6)
    overheard = Overheard(production.app)
    api = Api(PRODUCTION, supplier, Key.of(pair.as_dict(private=True)), overheard)
    said: list[str] = []
    assert scenario.play(api, code, said.append) == 0, "".join(said)
    assert "deze server heeft geen testdeur" in "".join(said)
    assert overheard.changing() == []
    assert ("in 20261130 staat geen letter" in "".join(said)) == (code == "20261130")
    assert said[-1].strip() == f"{came[0]} goed, 0 fout, {came[1]} overgeslagen"
    untouched = watch.all_of("message", latest=True)
    assert all(m.waiting and m.error_at is None for m in untouched)
