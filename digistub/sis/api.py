"""The coupling's API, for one client: tokens, and what may go wrong on the way."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from digistub.sis.login import Certificate, Login

CAMBO = "/cambo/rest/v1"
STATUSES = "/koppelpunt-mbo/v1/aanmeldstatussen"
TOKEN = "/login/oauth2/token"
MEDIA_TYPE = "application/vnd.topicus.cambo+json"
TIMEOUT = 15  # seconds
LONGEST_WAIT = 120  # seconds that a server may ask for


class Trouble(Exception):
    """No answer that counts. Asking again later may help."""

    def __init__(self, text: str, wait: float = 0) -> None:
        super().__init__(text)
        self.wait = wait  # seconds that the server asked for; 0: none


class Refused(Exception):
    """The server understood, and says no."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status}: {text}")
        self.status = status


class Api:
    """`transport` is for who has the server in the same process."""

    def __init__(
        self,
        server: str,
        client_id: str,
        login: Login,
        transport: httpx.BaseTransport | None = None,
        media_type: str = MEDIA_TYPE,
    ) -> None:
        self.server, self.client_id, self.login = server.rstrip("/"), client_id, login
        self.media_type, self.transport = media_type, transport
        context = ssl.create_default_context()
        if isinstance(login, Certificate):
            login.load(context)
        self.http = httpx.Client(
            transport=transport, verify=context, timeout=TIMEOUT, trust_env=False
        )
        self._token = ""

    def close(self) -> None:
        self.http.close()

    def token(self) -> str:
        """A fresh one. Raises Trouble or Refused."""
        answer = self.ask_token(self.login)
        if answer.status_code in (400, 401):
            raise Refused(answer.status_code, f"geen token voor {self.client_id}")
        found = _json(_sound(answer)).get("access_token")
        if not isinstance(found, str) or not found:
            raise Trouble("het antwoord heeft geen token")
        self._token = found
        return found

    def ask_token(self, login: Login) -> httpx.Response:
        """The answer as it is. Raises Trouble when there is none."""
        form, headers = login.proof(self.client_id, self.server + TOKEN)
        form = {"grant_type": "client_credentials", **form}
        return self.raw("POST", TOKEN, headers, data=form)

    def raw(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **sent: Any
    ) -> httpx.Response:
        """Without a token. Raises Trouble when no answer comes."""
        try:
            return self.http.request(method, self.server + path, headers=headers, **sent)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Trouble(f"geen antwoord ({type(error).__name__})") from None

    def call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **sent: Any
    ) -> httpx.Response:
        """With a token, and a fresh one when that is no longer good. Raises Trouble for 429, 5xx
        and no answer; anything else is an answer."""
        for _ in range(2):
            token = self._token or self.token()
            own = {"Accept": self.media_type, "Authorization": f"Bearer {token}"}
            answer = self.raw(method, path, {**own, **(headers or {})}, **sent)
            if answer.status_code != 401:
                return _sound(answer)
            self._token = ""
        return answer

    def get(self, path: str, headers: Mapping[str, str] | None = None, **query: Any) -> Any:
        """JSON. Raises Trouble or Refused."""
        return _json(_allowed(self.call("GET", CAMBO + path, headers, params=query)))

    def post(self, path: str, body: Any) -> Any:
        """The same."""
        return _json(_allowed(self.call("POST", path, json=body)))

    def koppelpunten(self) -> list[dict[str, Any]]:
        """With `koppelpuntcode`, `sis`, `wachtend`."""
        return things(self.get("/koppelpunt"), "koppelpuntcode")


def things(body: Any, needed: str) -> list[dict[str, Any]]:
    """What a list holds. Raises Trouble when it is none."""
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise Trouble("het antwoord heeft geen lijst")
    if not all(isinstance(item, dict) and needed in item for item in items):
        raise Trouble("het antwoord heeft een lijst van iets anders")
    return items


def _sound(answer: httpx.Response) -> httpx.Response:
    wait = _wait(answer)
    if answer.status_code == 429:
        raise Trouble("te vaak" + (f", wacht {wait:.0f} s" if wait else ""), wait)
    if answer.status_code == 408 or answer.status_code >= 500:
        raise Trouble(f"antwoord {answer.status_code}", wait)
    return answer


def _wait(answer: httpx.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return min(seconds, LONGEST_WAIT)


def _allowed(answer: httpx.Response) -> httpx.Response:
    if answer.status_code >= 300:
        raise Refused(answer.status_code, said(answer))
    return answer


def said(answer: httpx.Response) -> str:
    """What went wrong, in the server's words."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    text = body.get("foutmelding") if isinstance(body, dict) else None
    return str(text or answer.reason_phrase)[:300]


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        raise Trouble("het antwoord is geen JSON") from None
