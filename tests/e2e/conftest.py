"""One portal and one Chromium a worker; a fresh window, and nobody remembered, for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.e2e.server import Server, running_portal
from tests.e2e.student import Student
from tests.e2e.watch import Watch
from tests.e2e.windows import launch, new_window

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_portal(tmp_path_factory.mktemp("portal")) as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.start_over()
    return running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def javascript() -> bool:
    """Whether scripts run; a test for both is parametrised with `BOTH`."""
    return True


@pytest.fixture
def watch(server: Server) -> Iterator[Watch]:
    watch = Watch(server)
    yield watch
    watch.ends()


@pytest.fixture
def window(chromium: Browser, watch: Watch, javascript: bool) -> Iterator[BrowserContext]:
    context = new_window(chromium, javascript)
    watch.over(context)
    yield context
    context.close()


@pytest.fixture
def student(window: BrowserContext, server: Server, javascript: bool) -> Student:
    return Student(window.new_page(), server, javascript)
