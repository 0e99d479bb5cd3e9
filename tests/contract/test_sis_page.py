"""The page for suppliers of SISs, over HTTP to the portal's testers' door (SIS-8)."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import html5lib
import httpx
import pytest

from digistub.sis.api import Api
from digistub.sis.login import Key, Secret
from tests import watch
from tests.portal import Portal
from tests.sis import SCHOOL, sis
from tests.worlds import new_world

pytestmark = pytest.mark.each_run_on("sqlite")

PAGE = "/digistub/sis/"


def press(portal: Portal, what: str, **form: Any) -> httpx.Response:
    browser = portal.browser()
    answer = browser.post(PAGE + what, data=form)
    if "gemaakt=" in answer.headers.get("Location", ""):
        answer = browser.get(answer.headers["Location"])
    if answer.status_code != 303:
        html5lib.HTMLParser(strict=True).parse(answer.text)
    return answer


def shown(page: httpx.Response, name: str) -> str:
    found = re.search(rf"(?:^|<pre>){name} +(\S+)$", page.text, re.MULTILINE)
    assert found, f"the page shows no {name}"
    return found[1]


def opens(portal: Portal, client_id: str, login: Key | Secret) -> list[str]:
    api = Api(portal.base, client_id, login, httpx.WSGITransport(portal.app))
    return [point["koppelpuntcode"] for point in api.koppelpunten()]


@pytest.mark.rule("SIS-8")
def test_a_supplier_makes_its_own_keys(any_portal: Portal) -> None:
    page = press(any_portal, "sleutel", instelling="92XX", soort="geheim", naam="Mijn SIS")
    client_id = shown(page, "client_id")
    assert re.fullmatch(r"0000000900\d{10}", client_id)
    assert opens(any_portal, client_id, Secret(shown(page, "secret"))) == ["92XX"]
    pair = press(any_portal, "sleutel", instelling=SCHOOL, soort="paar")
    text = re.findall(r"<pre>(\{.*?\})</pre>", pair.text, re.DOTALL)[0]
    private = json.loads(unescape(text))
    assert opens(any_portal, shown(pair, "client_id"), Key.of(private)) == [SCHOOL]
    public = json.dumps({name: value for name, value in private.items() if name != "d"})
    own = press(any_portal, "sleutel", instelling=SCHOOL, soort="jwk", jwk=public)
    assert shown(own, "kid") == private["kid"]
    assert private["d"] not in own.text
    listed = any_portal.browser().get(PAGE).text
    assert client_id in listed
    assert "Mijn SIS" in listed
    assert shown(page, "secret") not in listed
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.rule("SIS-7")
@pytest.mark.rule("SIS-8")
def test_a_key_for_a_koppelpunt_on_the_stub_says_so(portal: Portal) -> None:
    told = "staat op de Stub SIS. Zet het hieronder op «Naar een eigen SIS»"
    form = {"instelling": "91XX", "soort": "geheim"}
    assert f"Koppelpunt 91XX {told}" in press(portal, "sleutel", **form).text
    assert told not in press(portal, "sleutel", instelling=SCHOOL, soort="geheim").text
    press(portal, "koppelpunt", koppelpunt="91XX", stub="nee")
    assert told not in press(portal, "sleutel", **form).text


@pytest.mark.rule("SIS-8")
def test_a_key_is_shown_once_and_reloading_makes_no_second(portal: Portal) -> None:
    browser, before = portal.browser(), len(watch.all_of("sis_client"))
    made = browser.post(PAGE + "sleutel", data={"instelling": SCHOOL, "soort": "geheim"})
    assert made.status_code == 303
    first, again = (browser.get(made.headers["Location"]) for _ in range(2))
    assert "Bewaar dit nu" in first.text
    assert "Bewaar dit nu" not in again.text
    assert len(watch.all_of("sis_client")) == before + 1
    pair = press(portal, "sleutel", instelling=SCHOOL, soort="paar")
    client_id = shown(pair, "client_id")
    assert f"--client {client_id} --key sleutel.json --once" in pair.text
    public = json.loads(unescape(re.findall(r"<pre>(\{.*?\})</pre>", pair.text, re.DOTALL)[0]))
    del public["d"]
    own = press(portal, "sleutel", instelling=SCHOOL, soort="jwk", jwk=json.dumps(public))
    assert "Bewaar dit nu" not in own.text
    assert "geheim <code>stubsis</code>" in own.text


@pytest.mark.rule("SIS-8")
def test_applications_are_asked_for_and_set_ready_again(any_portal: Portal) -> None:
    assert press(any_portal, "aanmeldingen", instelling=SCHOOL, aantal="").status_code == 303
    assert len(sis(any_portal).fresh()) == 16
    some = press(any_portal, "aanmeldingen", instelling=SCHOOL, soort=["minor", "interest"])
    assert some.headers["Location"].endswith("#aanmeldingen")
    assert [item["type"] for item in sis(any_portal).fresh()] == ["A", "I"]
    assert press(any_portal, "klaarzetten", instelling=SCHOOL).status_code == 303
    assert len(sis(any_portal).fresh()) == 18
    listed = any_portal.browser().get(PAGE).text
    assert listed.count("(interessemelding)</option>") == 3
    html5lib.HTMLParser(strict=True).parse(listed)


@pytest.mark.rule("SIS-7")
@pytest.mark.rule("SIS-8")
def test_a_koppelpunt_is_switched(portal: Portal) -> None:
    for form in ({"bevestigend": "ja"}, {"stub": "ja"}):
        assert press(portal, "koppelpunt", koppelpunt=SCHOOL, **form).status_code == 303
    point = watch.row_of("koppelpunt", code=SCHOOL)
    assert (point.acknowledging, point.sis) == (True, "Stub SIS")
    told = portal.browser().get(PAGE).text
    assert "Het herhaalt ze tot ze bevestigd zijn. Ze gaan naar de Stub SIS." in told


@pytest.mark.rule("SIS-7")
@pytest.mark.rule("STA-2")
def test_a_status_goes_over_the_real_coupling(any_portal: Portal) -> None:
    for school in (SCHOOL, "91XX"):
        press(any_portal, "aanmeldingen", instelling=school, soort="adult")
    for row, code in zip(watch.all_of("application"), ("OA", "LNI"), strict=True):
        page = press(any_portal, "status", aanmelding=row.ca_keten_id, status=code)
        assert page.status_code == 200
        assert f"Status {code} voor {row.keten_id}: Deze status telt." in page.text
    assert [row.status for row in watch.all_of("application")] == ["OFFERED", "REJECTED"]
    senders = {row.sender for row in watch.all_of("status_message")}
    assert senders == {"9" * 20, "9" * 16 + "91XX"}
    again = press(any_portal, "status", aanmelding=row.ca_keten_id, status=code)
    assert "Deze status is bewaard en verandert niets" in again.text


WRONG = {
    ("sleutel", "soort", "niets"): "Kies een soort",
    ("sleutel", "jwk", "{}"): "Dit is geen publieke sleutel",
    ("aanmeldingen", "aantal", "2000"): "van 1 tot en met 1000",
    ("aanmeldingen", "aantal", "0000000000011500"): "van 1 tot en met 1000",
    ("aanmeldingen", "zaad", "00000000000099999999999"): "van 0 tot en met 1000000000",
    ("aanmeldingen", "zaad", "9" * 5000): "van 0 tot en met 1000000000",
    ("koppelpunt", "koppelpunt", "99xx"): "Let op hoofdletters",
    ("klaarzetten", "instelling", "42XX"): "Kies een testinstelling",
    ("status", "status", "XX"): "Kies een aanmelding en een status",
}


@pytest.mark.rule("SIS-8")
@pytest.mark.parametrize(("what", "field", "value"), WRONG)
def test_what_can_not_be_is_said_on_the_page(
    one_portal: Portal, what: str, field: str, value: str
) -> None:
    form = {"instelling": SCHOOL, "soort": "jwk", "naam": '"><b>', field: value}
    if what == "aanmeldingen":
        del form["soort"]
    page = press(one_portal, what, **form)
    assert page.status_code == 422
    assert WRONG[what, field, value] in page.text
    assert "<title>Fout: " in page.text
    assert '"><b>' not in page.text


def test_a_portal_that_is_away_is_said(tmp_path: Path) -> None:
    world = new_world("http://127.0.0.1:9/digistub", tmp_path)
    browser = world.test_client()
    assert "Het portaal antwoordt niet." in browser.get("/sis/").text
    for what in ("sleutel", "koppelpunt", "aanmeldingen", "klaarzetten", "status"):
        answer = browser.post(f"/sis/{what}", data={"instelling": SCHOOL})
        assert answer.status_code == 422
        assert "Het portaal antwoordt niet." in answer.text


@pytest.mark.parametrize("what", ["sleutel", "status", "koppelpunt"])
def test_a_page_of_another_site_presses_no_button(one_portal: Portal, what: str) -> None:
    for headers in (
        {"Origin": "https://kwaad.example"},
        {"Origin": "http://kwaad.example", "Host": "kwaad.example"},  # its name points at us
    ):
        assert one_portal.browser().post(PAGE + what, headers=headers).status_code == 403
    own = {"Origin": one_portal.base}
    assert one_portal.browser().post(PAGE + what, headers=own).status_code == 422
