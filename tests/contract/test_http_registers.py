"""Every register, built from settings."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from app import config
from app.domain.ports import Unavailable
from app.registers import build
from digistub.people import PEOPLE
from tests.contract.world import Stub


def settings(folder: Path, **more: str) -> config.Settings:
    return config.read({"APP_ENV": "test", "INSTANCE": str(folder), **more})


def test_without_addresses_the_test_services_answer(tmp_path: Path) -> None:
    stub = Stub(tmp_path)
    asked: list[str] = []

    def transport(address: str) -> httpx.BaseTransport:
        asked.append(address)
        return stub.transport

    registers = build(settings(tmp_path), transport)
    assert registers.persons.person(PEOPLE[0].bsn) is not None
    assert registers.educations.educations(PEOPLE[0].bsn)
    assert len(list(registers.catalogue.providers())) == 4
    start = registers.identity.start("http://127.0.0.1:8000/login/digid/terug")
    assert start.url.startswith("http://127.0.0.1:8000/digistub/")
    base = "http://127.0.0.1:8000/digistub"
    services = {f"{base}/{name}" for name in ("bag", "duo", "rio", "sbb")}
    assert set(asked) == {base, *services}


@pytest.mark.rule("DUO-3")
def test_the_setting_for_secrecy_reaches_the_adapter(tmp_path: Path) -> None:
    stub = Stub(tmp_path)
    registers = build(settings(tmp_path, DUO_SECRECY="1,2"), lambda _: stub.transport)
    assert vars(registers.persons)["_secrecy"] == {1, 2, 7}


def test_an_address_of_ones_own_is_asked_over_the_network(tmp_path: Path) -> None:
    own = settings(tmp_path, DUO_PERSONS_URL="http://127.0.0.1:1/duo", DUO_TIMEOUT="0.2")
    with pytest.raises(Unavailable):
        build(own, lambda _: None).persons.person(PEOPLE[0].bsn)
