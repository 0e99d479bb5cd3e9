"""DigiStub in a process of its own, once a worker, and a browser to visit it with; and the test
services in this process, once a module, working again before each test."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.digid_walk import CLIENTS
from tests.contract.digistub_process import running_digistub
from tests.contract.world import Stub


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_digistub(tmp_path_factory.mktemp("digistub"), CLIENTS) as address:
        yield address


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def mended(issuer: str, browser: httpx.Client) -> Iterator[str]:
    """The address of DigiStub's switches; everything works again afterwards."""
    yield f"{issuer}/fouten"
    browser.post(f"{issuer}/fouten", data={"alles": "ja"})


@pytest.fixture(scope="module")
def only_stub(tmp_path_factory: pytest.TempPathFactory) -> Stub:
    return Stub(tmp_path_factory.mktemp("digistub"))


@pytest.fixture
def stub(only_stub: Stub) -> Stub:
    only_stub.world.mend()
    return only_stub
