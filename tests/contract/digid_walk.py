"""A login at DigiStub, with the test in the portal's place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc.jwk import ECKey, RSAKey

from app.domain.ports import LoginStart
from app.registers.digid import DigidProvider
from digistub import CLIENT_ID, CLIENT_SECRET
from digistub.people import PEOPLE
from tests.contract.digistub_process import PORTAL
from tests.digid_login import answer

BACK = f"{PORTAL}/login/digid/terug"
LOGGED_OUT = f"{PORTAL}/uitgelogd"
BSN = PEOPLE[0].bsn
RSA = RSAKey.generate_key(2048, auto_kid=True)
EC = ECKey.generate_key("P-256", auto_kid=True)


def _client(name: str, **more: Any) -> dict[str, Any]:
    return {
        "client_id": name,
        "redirect_uris": [BACK],
        "post_logout_redirect_uris": [LOGGED_OUT],
        **more,
    }


CLIENTS = [
    _client("signs-rsa", jwks={"keys": [RSA.as_dict(private=False)]}),
    _client("signs-ec", jwks={"keys": [EC.as_dict(private=False)]}),
    _client("bsn-in-token", client_secret="geheim", bsn_in_id_token=True),
]


def provider(issuer: str, **more: Any) -> DigidProvider:
    if "client_id" not in more:
        more = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **more}
    return DigidProvider(issuer, **more)


def walk(
    digid: DigidProvider, browser: httpx.Client, bsn: str = BSN, level: str = "20", fault: str = ""
) -> tuple[LoginStart, Mapping[str, str]]:
    """To DigiStub's page and back: what was kept, and the query the portal gets."""
    start = digid.start(BACK)
    response = answer(browser, browser.get(start.url), bsn, level, fault)
    back = urlsplit(response.headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
    return start, dict(parse_qsl(back.query))
