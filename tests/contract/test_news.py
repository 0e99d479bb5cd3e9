"""The word to a SIS that there is news: in production only on the open internet (SIS-9)."""

from __future__ import annotations

import json
import socket
from typing import Any

import httpx
import pytest

from app.domain.ports import Misconfigured, News, RegisterError, Unavailable
from app.registers.news import Nudger, PublicOnly, addresses, is_public

SIS = "https://sis.example/nieuws?school=99XX"
NEWS = News("00AA", "Koppelpunt A", 2)


class Heard(httpx.BaseTransport):
    """A SIS that notes what it is told."""

    def __init__(self, status: int = 200, **headers: str) -> None:
        self.status, self.headers = status, headers
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return httpx.Response(self.status, headers=self.headers, content=b"<p>Dank u")


@pytest.mark.rule("SIS-9")
@pytest.mark.parametrize("status", [200, 202, 204])
def test_what_is_said_is_the_existing_coupling_s(status: int) -> None:
    heard = Heard(status)
    Nudger(lambda _: heard, public_only=False).nudge(SIS, NEWS)
    (request,) = heard.requests
    assert (request.method, str(request.url)) == ("POST", SIS)
    assert json.loads(request.content) == {
        "koppelpuntCode": "00AA",
        "koppelpuntNaam": "Koppelpunt A",
        "geschatteNieuweAanmeldingen": 2,
    }


@pytest.mark.parametrize("status", [301, 307, 401, 404, 429, 500, 503])
def test_a_sis_that_does_not_hear_is_an_error_and_no_redirect_is_followed(status: int) -> None:
    heard = Heard(status, Location="https://127.0.0.1/")
    with pytest.raises(RegisterError):
        Nudger(lambda _: heard, public_only=False).nudge(SIS, NEWS)
    assert len(heard.requests) == 1


PRIVATE = (
    *("127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
    *("100.64.0.1", "192.0.2.1", "224.0.0.1", "255.255.255.255", "198.18.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1"),
    *("::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::1", "fec0::1", "192.0.0.8", "192.88.99.1"),
    *("3fff::1", "3fff:fff::1", "4000::1", "1::1", "5f00::1", "8000::1", "e000::1", "100::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::"),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_network_is_never_called(address: str) -> None:
    assert not is_public(address)
    heard = Heard()
    for found in ([address], ["93.184.216.34", address], [address, "93.184.216.34"]):
        transport = PublicOnly(heard, lambda _host, _port, found=found: found)  # type: ignore[misc]
        with httpx.Client(transport=transport) as client, pytest.raises(httpx.HTTPError):
            client.post(SIS)
    assert heard.requests == []


@pytest.mark.parametrize("address", ["93.184.216.34", "2a00:1450:400e:80d::200e", "::ffff:8.8.8.8"])
def test_what_was_looked_up_is_what_is_called(address: str) -> None:
    """A name that means another address a moment later makes no difference."""
    heard = Heard()
    with httpx.Client(transport=PublicOnly(heard, lambda _host, _port: [address])) as client:
        client.post(SIS, json={"a": 1})
    (request,) = heard.requests
    assert request.url.host == address
    assert request.headers["Host"] == "sis.example"
    assert request.extensions["sni_hostname"] == "sis.example"
    assert json.loads(request.content) == {"a": 1}


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://169.254.169.254/x",
            "https://[::1]/",
            "https://127.0.0.1:8000/",
            "https://2130706433/",
        ),
        *("https://0x7f.1/", "https://localhost/", "https://127.1/", "https://[::ffff:127.0.0.1]/"),
    ],
)
def test_in_production_every_way_to_write_an_inner_address_is_refused(url: str) -> None:
    heard = Heard()
    with pytest.raises((Misconfigured, Unavailable)):
        Nudger(lambda _: heard, public_only=True).nudge(url, NEWS)
    assert heard.requests == []


def test_a_name_that_nobody_knows_is_an_error() -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    with httpx.Client(transport=PublicOnly(Heard(), nobody)) as client:
        with pytest.raises(httpx.HTTPError):
            client.post(SIS)


def test_addresses_are_looked_up() -> None:
    found: Any = addresses("localhost", 443)
    assert set(found) <= {"127.0.0.1", "::1"}
    assert found
