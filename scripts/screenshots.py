"""Every page a student meets as a picture: `make screenshots`, in screenshots/<look>/.

A server of its own on a free port, with its own empty database; the way is walked in each look,
by somebody without an address at DUO, since that way has the most pages.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

from digistub.people import PEOPLE

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "screenshots"
WITHOUT_ADDRESS = PEOPLE[2].bsn
START = 60  # seconds
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@dataclass(frozen=True)
class Look:
    language: str
    width: int
    scheme: Literal["light", "dark"] = "light"
    forced: bool = False

    @property
    def name(self) -> str:
        contrast = "-contrast" if self.forced else ""
        return f"{self.language}-{self.width}-{self.scheme}{contrast}"


LOOKS = [
    Look("nl", 390),
    Look("nl", 1280),
    Look("nl", 390, "dark"),
    Look("nl", 320),
    Look("nl", 390, forced=True),
    Look("en", 1280, "dark"),
    Look("ar", 390),
    Look("ar", 1280),
]
ANSWERS = {
    "adres": {"postcode": "1234 AB", "number": "12", "street": "Lindelaan", "place": "Ons Dorp"},
    "contact": {"email": "student@voorbeeld.nl", "phone": "06 12345678"},
}


@contextmanager
def portal() -> Iterator[str]:
    """The address of a portal with the test catalogue, as `make run` would start it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as instance:
        environ = {**os.environ, "INSTANCE": instance, "HOST": "127.0.0.1", "PORT": str(port)}
        for command in (["migrate"], ["testdoor", "schools"], ["catalogue", "sync"]):
            flask = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
            subprocess.run(flask, cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)
        log = (Path(instance) / "log").open("w")
        server = subprocess.Popen(
            [sys.executable, "scripts/serve.py"], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz")
            yield address
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str) -> None:
    for _ in range(START * 5):
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"{address} does not answer")


class Walk:
    def __init__(self, page: Page, base: str, look: Look) -> None:
        self.page, self.base = page, base
        self.folder = PICTURES / look.name
        self.folder.mkdir(parents=True)
        self.taken = 0
        page.goto(f"{base}/taal/{look.language}")

    def picture(self, name: str) -> None:
        self.taken += 1
        self.page.screenshot(path=self.folder / f"{self.taken:02}-{name}.png", full_page=True)

    def visit(self, path: str, name: str) -> None:
        self.page.goto(self.base + path)
        self.picture(name)

    @property
    def at(self) -> str:
        return self.page.url.split("?")[0].rsplit("/", 1)[-1]

    def send(self) -> None:
        """Press the button of the question, and wait for what comes of it."""
        here = self.at
        self.page.locator("main form[method=post] .actions button").first.click()
        self.page.wait_for_url(lambda url: url.split("?")[0].rsplit("/", 1)[-1] != here)
        self.page.wait_for_load_state("networkidle")

    def before_login(self) -> None:
        self.visit("/", "start")
        self.visit("/login", "inloggen")
        self.visit("/login/loginWithoutDigiD", "zonder-digid")
        self.visit("/aanmelden?opleiding=bestaat-niet", "link-onbekend")
        self.visit("/bestaat-niet", "404")
        self.visit("/sessie-verlopen", "verlopen")

    def log_in(self) -> None:
        self.visit("/login/digid", "digistub")
        self.page.check(f"input[name=persoon][value='{WITHOUT_ADDRESS}']")
        self.page.click("button[value=inloggen] >> nth=0")
        self.page.locator("main h1").wait_for()

    def questions(self) -> None:
        for _ in range(10):
            name = self.at
            self.picture(name)
            if name == "controleren":
                break
            if name in ANSWERS:
                self.mistake(name)
            if name == "opleiding":
                self.choose()
            self.send()
        self.send()
        self.picture("verstuurd")
        self.visit("/mijn", "mijn")

    def mistake(self, name: str) -> None:
        for field in ANSWERS[name]:
            self.page.fill(f"[name={field}]", "")
        with self.page.expect_response(lambda answer: answer.status == 422):
            self.page.locator("main form[method=post] .actions button").first.click()
        self.page.locator("#fouten").wait_for()
        self.picture(f"{name}-fout")
        for field, text in ANSWERS[name].items():
            self.page.fill(f"[name={field}]", text)

    def choose(self) -> None:
        for words, name in (("xyzzy", "niets"), ("kok", "gevonden")):
            self.visit(f"{self.page.url.split('?')[0].removeprefix(self.base)}?q={words}", name)
        self.page.locator("[name=cohort]").first.check()


def main() -> None:
    shutil.rmtree(PICTURES, ignore_errors=True)
    with portal() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        for look in LOOKS:
            urllib.request.urlopen(f"{base}/testdeur/opnieuw", data=b"").close()
            context = browser.new_context(
                viewport={"width": look.width, "height": 844},
                color_scheme=look.scheme,
                forced_colors="active" if look.forced else "none",
                reduced_motion="reduce",
            )
            walk = Walk(context.new_page(), base, look)
            walk.before_login()
            walk.log_in()
            walk.questions()
            context.close()
            print(f"{walk.folder.relative_to(ROOT)}: {walk.taken} pictures")
        browser.close()


if __name__ == "__main__":
    main()
