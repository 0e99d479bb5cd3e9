"""RIO and its change feed are asked at their own address, whatever they answer (item 42)."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from app import config
from app.domain.ports import Misconfigured, RegisterError
from app.registers import build
from app.registers.http import Client
from app.registers.rio import RioCatalogue
from app.registers.rio_feed import RioFeed
from tests.contract.test_rio_reading import OFFER, SCHOOL, UNIT, UUID, pages
from tests.production import ENVIRONMENT
from tests.source import everything

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
RIO = "https://rio.example/v2"
INSIDE = (
    *("http://169.254.169.254/latest/meta-data/", "http://[::1]:8000/", "http://127.0.0.1:8000/"),
    *("file:///etc/passwd", "//evil.example/", "https://evil.example/v2/erkenningen?page=1"),
    *("http://rio.example/v2/", "https://rio.example:8443/", "https://rio.example@evil.example/"),
    *("gopher://127.0.0.1/", "../../../..//evil.example", "http://localhost/"),
)


class Answers(httpx.BaseTransport):
    """Says the same of every path that it knows, and remembers who was asked what."""

    def __init__(self, answers: dict[str, Any], status: int = 200, location: str = "") -> None:
        self.answers, self.status, self.location = answers, status, location
        self.asked: list[httpx.URL] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        body = self.answers.get(request.url.path.removeprefix("/v2"))
        if body is None:
            return httpx.Response(404, json={})
        headers = {"Content-Type": "application/json"}
        if self.location:
            headers["Location"] = self.location
        return httpx.Response(self.status, content=json.dumps(body).encode(), headers=headers)

    def stayed(self) -> bool:
        return all(
            (url.scheme, url.host, url.port, url.userinfo) == ("https", "rio.example", None, b"")
            for url in self.asked
        )


def rio(answers: Answers) -> RioCatalogue:
    return RioCatalogue(Client("rio", RIO, answers))


def hal(items: list[Any], next_: str) -> dict[str, Any]:
    links = {"self": {"href": RIO}, "next": {"href": next_}, "first": {"href": next_}}
    return {"_embedded": {"x": items}, "_links": links}


@pytest.mark.parametrize("elsewhere", INSIDE)
def test_a_next_page_elsewhere_is_our_own_next_page(elsewhere: str) -> None:
    """Only that there is one counts, never where it says it is."""
    answers = Answers(pages(school=hal([SCHOOL], elsewhere), offers=hal([OFFER], elsewhere)))
    with suppress(RegisterError):  # it never ends
        rio_of = rio(answers)
        for number, _ in enumerate(rio_of._pages("/aangeboden-opleidingen", {})):
            if number == 3:
                break
        next(iter(rio_of.providers()))
    assert [url.params["page"] for url in answers.asked[:4]] == ["0", "1", "2", "3"]
    assert answers.stayed()


@pytest.mark.parametrize("elsewhere", INSIDE)
def test_an_address_for_an_id_leads_nowhere_else(elsewhere: str) -> None:
    """Ids become part of a path: of ours."""
    answers = Answers(
        pages(
            training={"id": elsewhere, "volledigeNaam": "Kok"},
            unit=[UNIT, {**UNIT, "code": elsewhere}],
            provider={"code": elsewhere},
            place={"onderwijslocatiecode": elsewhere},
        )
    )
    with suppress(RegisterError):
        list(everything(rio(answers)))
    with suppress(RegisterError):
        rio(answers).programme(UUID)
    with suppress(RegisterError):
        rio(answers).programme(elsewhere)
    assert len(answers.asked) > 4
    assert answers.stayed()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("elsewhere", INSIDE)
def test_no_redirect_is_followed(elsewhere: str, status: int) -> None:
    answers = Answers(
        {"/wijzigingen": {}, f"/aangeboden-opleidingen/{UUID}": {}}, status, elsewhere
    )
    with pytest.raises(Misconfigured):
        RioFeed(Client("rio-feed", RIO, answers)).changed(LONG_AGO)
    with pytest.raises(Misconfigured):
        rio(answers).programme(UUID)
    assert len(answers.asked) == 2
    assert answers.stayed()


@pytest.mark.parametrize("elsewhere", INSIDE)
def test_a_feed_that_names_an_address_is_malformed(elsewhere: str) -> None:
    changed = {"wijzigingen": [{"aangebodenOpleidingcode": elsewhere}], "totEnMet": "2027-01-01"}
    answers = Answers({"/wijzigingen": changed})
    with pytest.raises(RegisterError):
        RioFeed(Client("rio-feed", RIO, answers)).changed(LONG_AGO)
    assert len(answers.asked) == 1


@pytest.mark.parametrize("name", ["RIO_URL", "RIO_FEED_URL"])
@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://rio.example", "rio.example", "//rio.example", "https:"]
)
def test_a_setting_is_an_address_of_the_web(tmp_path: Path, name: str, address: str) -> None:
    with pytest.raises(config.SettingsError, match=name):
        config.read({"APP_ENV": "test", "INSTANCE": str(tmp_path), name: address})


@pytest.mark.parametrize("name", ["RIO_URL", "RIO_FEED_URL"])
@pytest.mark.parametrize("address", ["http://169.254.169.254", "http://[::1]", "http://127.0.0.1"])
def test_production_asks_nobody_in_the_clear(tmp_path: Path, name: str, address: str) -> None:
    given = {**ENVIRONMENT, "DATABASE_URL": "sqlite://", "MAIL_URL": "smtp://mail.example"}
    given |= {"DELETION_LEDGER": str(tmp_path / "deletions.log")}
    settings = {**given, "INSTANCE": str(tmp_path), name: address}
    with pytest.raises(config.SettingsError, match=f"{name} must begin with https"):
        config.read(settings)


def test_each_register_is_asked_at_its_own_setting(tmp_path: Path) -> None:
    asked: dict[str, Answers] = {}

    def transport(address: str) -> httpx.BaseTransport:
        return asked.setdefault(address, Answers({}))

    own = {"RIO_URL": RIO, "RIO_FEED_URL": "https://feed.example"}
    registers = build(config.read({"APP_ENV": "test", "INSTANCE": str(tmp_path), **own}), transport)
    assert registers.feed is not None
    with suppress(RegisterError):
        registers.feed.changed(LONG_AGO)
    with suppress(RegisterError):
        registers.catalogue.programme(UUID)
    assert str(asked[RIO].asked[0]) == f"{RIO}/aangeboden-opleidingen/{UUID}"
    assert {url.host for url in asked[RIO].asked} == {urlsplit(RIO).hostname}
    assert {url.host for url in asked["https://feed.example"].asked} == {"feed.example"}
