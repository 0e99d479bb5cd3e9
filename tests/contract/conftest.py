"""DigiStub in a process of its own, once a worker, and a browser to visit it with."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.digid_walk import CLIENTS
from tests.contract.digistub_process import running_digistub


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
