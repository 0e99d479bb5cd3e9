"""A school's SIS: logs in, reads, and says what it thinks of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from app.api import throttle
from tests.contract.described import cambo
from tests.portal import Portal

OIN, SECRET, SCHOOL = "9" * 20, "stubsis", "99XX"
TOKEN = "/login/oauth2/token"
API = "/cambo/rest/v1"
OURS = "application/vnd.topicus.cambo+json"


def of_school(brin: str) -> str:
    """The OIN of the SIS of one of the other invented schools."""
    return OIN[:16] + brin


@dataclass
class Sis:
    """Every application that it gets is held against the description."""

    browser: httpx.Client
    oin: str = OIN
    secret: str = SECRET
    code: str = SCHOOL
    headers: dict[str, str] = field(default_factory=dict)

    def log_in(self) -> Sis:
        answer = self.browser.post(
            TOKEN,
            data={
                "grant_type": "client_credentials",
                "client_id": self.oin,
                "client_secret": self.secret,
            },
        )
        assert answer.status_code == 200, answer.text
        self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return self

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> httpx.Response:
        """Below the coupling's address; a path without a slash is one of the koppelpunt's."""
        answer = self.browser.get(
            self._address(path), params=query or None, headers={**self.headers, **(headers or {})}
        )
        if answer.is_success and answer.url.path.startswith(f"{API}/koppelpunt/"):
            found = answer.json()
            for one in found.get("items", [found]):
                cambo().check("vca_Aanmelding", one)
        return answer

    def post(self, path: str, **content: Any) -> httpx.Response:
        return self.browser.post(self._address(path), headers=self.headers, **content)

    def _address(self, path: str) -> str:
        if path.startswith("/"):
            return path
        return f"{API}/koppelpunt/{self.code}/aanmelding{path and '/'}{path}"

    def fresh(self) -> list[dict[str, Any]]:
        """What waits."""
        return self.items("nieuw")

    def items(self, path: str = "", **query: Any) -> list[dict[str, Any]]:
        answer = self.get(path, **query)
        assert answer.is_success, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def confirm(self, one: dict[str, Any], with_number: bool = True) -> httpx.Response:
        body = {"wijzigingsvolgnummer": one["wijzigingsvolgnummer"]} if with_number else None
        return self.post(f"{number(one)}/ontvangst", json=body)


def number(one: dict[str, Any]) -> int:
    """An application's own, which its addresses hold."""
    found: int = one["links"][0]["id"]
    return found


def sis(portal: Portal, brin: str = SCHOOL, code: str = "") -> Sis:
    """The SIS of one of the invented schools, logged in."""
    throttle.forget()
    oin = OIN if brin == SCHOOL else of_school(brin)
    return Sis(portal.browser(), oin, code=code or brin).log_in()
